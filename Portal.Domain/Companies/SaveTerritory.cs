using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>Creates, changes and removes territories. Who looks after one is said with the person (<see cref="EditPerson"/>).</summary>
public sealed class SaveTerritory(PortalDbContext db)
{
    /// <inheritdoc cref="Catalog.SaveProduct.Request"/>
    /// <param name="Region">The channel region that it belongs to: documents and shares can be addressed to it.</param>
    /// <param name="ParentId">The larger territory that it is a part of.</param>
    public sealed record Request(long? Id, long? Version, string Code, string Name, string? Region = null, long? ParentId = null);

    public static readonly Refusal NotFound = new("territory.not-found", RefusalKind.NotFound);
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal Changed = new("territory.changed", RefusalKind.Conflict);
    public static readonly Refusal CodeMissing = new("territory.code-missing", Field: nameof(Request.Code));
    public static readonly Refusal NameMissing = new("territory.name-missing", Field: nameof(Request.Name));
    public static readonly Refusal ParentUnknown = new("territory.parent-unknown", Field: nameof(Request.ParentId));
    /// <summary>A company, an opportunity, a person, a share or a smaller territory names it.</summary>
    public static readonly Refusal InUse = new("territory.in-use");

    public static Refusal CodeTaken(string code) => new("territory.code-taken", RefusalKind.Conflict, nameof(Request.Code), code);

    /// <returns>The saved territory, or why it was not saved.</returns>
    public async Task<Result<Territory>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (Check(request) is { } refusal) { return refusal; }
        var code = request.Code.Trim();
        var territory = request.Id is { } id ? await db.Territories.AsTracking().FirstOrDefaultAsync(t => t.Id == id, ct) : null;
        if (request.Id is not null && territory is null) { return NotFound; }
        if (territory is not null && request.Version is { } read && read != territory.Version) { return Changed; }
        if (await db.Territories.AnyAsync(t => t.Code == code && t.Id != request.Id, ct)) { return CodeTaken(code); }
        if (await CheckParentAsync(request, ct) is { } misplaced) { return misplaced; }
        if (territory is null) { db.Add(territory = new Territory { Id = db.Ids.Next(), Code = code, Name = request.Name }); }
        (territory.Code, territory.Name, territory.Region, territory.ParentId) = (code, request.Name, string.IsNullOrWhiteSpace(request.Region) ? null : request.Region.Trim(), request.ParentId);
        try
        {
            await db.SaveChangesAsync(ct);
            return territory;
        }
        catch (DbUpdateConcurrencyException)
        {
            return Changed;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return CodeTaken(code);
        }
    }

    /// <returns>Null once the territory is gone; refused while anything hangs on it.</returns>
    public async Task<Refusal?> RemoveAsync(long id, CancellationToken ct)
    {
        if (await db.Territories.AsTracking().FirstOrDefaultAsync(t => t.Id == id, ct) is not { } territory) { return NotFound; }
        if (await db.Companies.AnyAsync(c => c.TerritoryId == id, ct) || await db.Opportunities.AnyAsync(o => o.TerritoryId == id, ct)
            || await db.Set<PersonTerritory>().AnyAsync(t => t.TerritoryId == id, ct) || await db.Territories.AnyAsync(t => t.ParentId == id, ct)
            || await db.IsSharedWithAsync(ScopeKeys.Territory(id), ct)) { return InUse; }
        db.Remove(territory);
        await db.SaveChangesAsync(ct);
        return null;
    }

    private static Refusal? Check(Request request) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Code) => CodeMissing,
        _ when request.Code.Trim().Length > Territory.CodeLength => CompanyRefusals.TooLong(nameof(request.Code), Territory.CodeLength),
        _ when string.IsNullOrWhiteSpace(request.Name) => NameMissing,
        _ when request.Name.Trim().Length > Territory.NameLength => CompanyRefusals.TooLong(nameof(request.Name), Territory.NameLength),
        _ when request.Region?.Trim().Length > Territory.RegionLength => CompanyRefusals.TooLong(nameof(request.Region), Territory.RegionLength),
        _ => null,
    };

    private async Task<Refusal?> CheckParentAsync(Request request, CancellationToken ct)
    {
        if (request.ParentId is not { } parent) { return null; }
        var trees = CompanyPointers.Territories();
        await trees.LoadAsync(db, [parent], wayUp: true, ct);
        if (trees.Find(parent) is null) { return ParentUnknown; }
        return request.Id is { } id && trees.IsCircle(id, parent) ? CompanyRefusals.TerritoryCircle : null;
    }
}
