using Microsoft.EntityFrameworkCore;
using Portal.Domain.Operations;
using Portal.Domain.Persistence;
using Portal.Web.Documents;

namespace Portal.Web.Demo;

/// <summary>How much was made, per kind of record.</summary>
public sealed record DemoCounts(int Companies, int Contacts, int Products, int SupplierItems, int Opportunities, int DemandSignals, int Comments, int Documents, int Shares, int People);

/// <summary>Who an e-mail address is to the identity provider.</summary>
public sealed record DemoAccount(string Issuer, string Subject);

/// <summary>
/// The generated house: the same companies, people and sales in every run, their times relative to today. N times the usual size keeps the first
/// house as it is and adds others like it.
/// </summary>
public sealed class DemoData(PortalDb portal, FileStore files, TimeProvider clock)
{
    public const int LargestScale = 1000;

    /// <summary>The newest thing lies this far back, so that keys made after the demo never meet keys made for it.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMinutes(5);

    /// <summary>Writes everything or nothing. The database is migrated and <see cref="FirstSetUp.IsUntouchedAsync"/>.</summary>
    /// <param name="accounts">By e-mail address; people without one cannot log in.</param>
    public async Task<DemoCounts> FillAsync(int scale, IReadOnlyDictionary<string, DemoAccount> accounts, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, LargestScale);
        await using var house = new DemoHouse(portal, clock.GetUtcNow() - Distance, scale);
        var counts = new DemoCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        await house.Db.InOneTransactionAsync(async () =>
        {
            await BuildAsync(house, accounts, ct);
            counts = await CountAsync(house.Db, ct);
            return true;
        }, ct);
        return counts;
    }

    private async Task BuildAsync(DemoHouse house, IReadOnlyDictionary<string, DemoAccount> accounts, CancellationToken ct)
    {
        if (await FirstSetUp.AddAsync(house.Db, house.Now, ct)) { await house.Db.SaveChangesAsync(ct); }
        foreach (var stage in await house.Db.Stages.ToListAsync(ct)) { house.Stages[stage.Code] = stage; }
        house.Db.ChangeTracker.Clear();
        await DemoCompanies.AddOrganisationAsync(house, accounts, ct);
        await DemoCatalog.AddAsync(house, ct);
        await DemoCompanies.AddCompaniesAsync(house, ct);
        await new DemoSales(house).AddAsync(ct);
        await new DemoSupply(house).AddAsync(ct);
        await new DemoDocuments(house, files, ct).AddAsync();
    }

    private static async Task<DemoCounts> CountAsync(PortalDbContext db, CancellationToken ct) => new(
        await db.Companies.CountAsync(ct), await db.Contacts.CountAsync(ct), await db.Products.CountAsync(ct), await db.SupplierItems.CountAsync(ct), await db.Opportunities.CountAsync(ct),
        await db.DemandSignals.CountAsync(ct), await db.Comments.CountAsync(ct), await db.Documents.CountAsync(ct), await db.Shares.CountAsync(ct), await db.People.CountAsync(ct));
}
