using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Creates, changes and removes the teams of the house. Who leads a team sees what its people own; who belongs to one is said with the person (<see cref="EditPerson"/>).</summary>
public sealed class SaveTeam(PortalDbContext db)
{
    /// <inheritdoc cref="Catalog.SaveProduct.Request"/>
    /// <param name="LeaderId">An active person of the house; null for a team that nobody leads.</param>
    public sealed record Request(long? Id, long? Version, string Name, long? LeaderId = null);

    public static readonly Refusal NotFound = new("team.not-found", RefusalKind.NotFound);
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal Changed = new("team.changed", RefusalKind.Conflict);
    public static readonly Refusal NameMissing = new("team.name-missing", Field: nameof(Request.Name));
    public static readonly Refusal LeaderUnknown = new("team.leader-unknown", Field: nameof(Request.LeaderId));
    /// <summary>People belong to it, or records are shared with it.</summary>
    public static readonly Refusal InUse = new("team.in-use");

    public static Refusal NameTaken(string name) => new("team.name-taken", RefusalKind.Conflict, nameof(Request.Name), name);
    public static Refusal NameTooLong { get; } = new("team.name-too-long", Field: nameof(Request.Name), Values: [Team.NameLength]);

    /// <returns>The saved team, or why it was not saved.</returns>
    public async Task<Result<Team>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var name = request.Name.Trim();
        if (name.Length == 0) { return NameMissing; }
        if (name.Length > Team.NameLength) { return NameTooLong; }
        var team = request.Id is { } id ? await db.Teams.AsTracking().FirstOrDefaultAsync(t => t.Id == id, ct) : null;
        if (request.Id is not null && team is null) { return NotFound; }
        if (team is not null && request.Version is { } read && read != team.Version) { return Changed; }
        if (request.LeaderId is { } leader && leader != team?.LeaderId && !await db.People.ActiveStaff().AnyAsync(p => p.Id == leader, ct)) { return LeaderUnknown; }
        if (await db.Teams.AnyAsync(t => t.Name == name && t.Id != request.Id, ct)) { return NameTaken(name); }
        if (team is null) { db.Add(team = new Team { Id = db.Ids.Next(), Name = name }); }
        (team.Name, team.LeaderId) = (name, request.LeaderId);
        try
        {
            await db.SaveChangesAsync(ct);
            return team;
        }
        catch (DbUpdateConcurrencyException)
        {
            return Changed;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return NameTaken(name);
        }
    }

    /// <returns>Null once the team is gone; refused while anything hangs on it.</returns>
    public async Task<Refusal?> RemoveAsync(long id, CancellationToken ct)
    {
        if (await db.Teams.AsTracking().FirstOrDefaultAsync(t => t.Id == id, ct) is not { } team) { return NotFound; }
        if (await db.People.AnyAsync(p => p.TeamId == id, ct) || await db.IsSharedWithAsync(ScopeKeys.Team(id), ct)) { return InUse; }
        db.Remove(team);
        await db.SaveChangesAsync(ct);
        return null;
    }
}
