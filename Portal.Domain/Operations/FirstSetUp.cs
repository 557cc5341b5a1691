using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;

namespace Portal.Domain.Operations;

/// <summary>What a house needs before anybody can work: a pipeline and the standard rules for partners.</summary>
public static class FirstSetUp
{
    /// <summary>
    /// Installs each part once, into a database that has none of it and nobody in it. Rules that an administrator ended or removed never come back.
    /// Saves nothing.
    /// </summary>
    /// <param name="db">Of a system scope.</param>
    /// <param name="at">From when the rules hold.</param>
    /// <returns>Whether something was added.</returns>
    public static async Task<bool> AddAsync(PortalDbContext db, DateTimeOffset at, CancellationToken ct)
    {
        if (await db.Stages.AnyAsync(ct) || await db.Grants.AnyAsync(ct) || await db.People.AnyAsync(ct)) { return false; }
        db.AddRange(StandardStages.Make(db.Ids));
        db.AddRange(StandardGrants.Make(db.Ids, at));
        return true;
    }

    /// <summary>Whether nobody has worked here yet: no person and no company. What the first set-up installs does not count.</summary>
    public static async Task<bool> IsUntouchedAsync(PortalDbContext db, CancellationToken ct) =>
        !await db.People.AnyAsync(ct) && !await db.Companies.AnyAsync(ct);
}
