using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>
/// Chooses the person record whose rights a program has when it calls by itself: it stands where others have a log-in. The record is the program's alone, so that the
/// trail never takes it for somebody.
/// </summary>
public sealed class ActForClient(PortalDbContext db)
{
    public static readonly Refusal PersonUnknown = new("client.person-unknown", Field: "PersonId");
    /// <summary>Somebody logs in by this record, or another program acts for it.</summary>
    public static readonly Refusal PersonTaken = new("client.person-taken", Field: "PersonId");

    /// <param name="issuer">What stands for programs of the log-in provider.</param>
    /// <param name="personId">Null for nobody: the program then has no rights.</param>
    /// <returns>Null once saved, or one of the refusals here.</returns>
    public async Task<Refusal?> ExecuteAsync(string issuer, string clientId, long? personId, CancellationToken ct)
    {
        var before = await db.People.FirstOrDefaultAsync(p => p.Issuer == issuer && p.Subject == clientId, ct);
        if (before?.Id == personId) { return null; }
        var person = personId is null ? null : await db.People.FirstOrDefaultAsync(p => p.Id == personId && p.Active, ct);
        if (personId is not null && person is null) { return PersonUnknown; }
        if (person is { Issuer: not null }) { return PersonTaken; }
        await db.InOneTransactionAsync(async () =>
        {
            before?.UnlinkAccount();
            // The place must be free before somebody else takes it.
            await db.SaveChangesAsync(ct);
            person?.LinkAccount(issuer, clientId);
            await db.SaveChangesAsync(ct);
            return true;
        }, ct);
        return null;
    }
}
