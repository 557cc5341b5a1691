#pragma warning disable RS0030 // The temporary tables of a connection can only be asked for in SQL.
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Xunit;

namespace Portal.Databases.Tests.Sales;

/// <summary>On SQLite rows of a table with triggers are gathered in a temporary table of the connection; what the database refuses must not leave it behind, since the connection goes on.</summary>
public sealed class WritingInBulkTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_batch_of_a_strict_import_leaves_no_gathered_rows_and_the_import_goes_on()
    {
        await using var house = await SalesHouse.OnAsync("Sqlite");
        await using var db = house.System();
        db.SavesInBulk = true;
        await db.InOneTransactionAsync(async () =>
        {
            await SaveAsync(db, house, "OP-1");
            // As an import does within its one transaction.
            var transaction = db.Database.CurrentTransaction!;
            await transaction.CreateSavepointAsync("batch", Ct);
            await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(db, house, "OP-2", "OP-1"));
            Assert.Equal(1, await GatheredAsync(db));
            await transaction.RollbackToSavepointAsync("batch", Ct);
            Assert.Equal(0, await GatheredAsync(db));

            await SaveAsync(db, house, "OP-3");
            await transaction.CreateSavepointAsync("batch", Ct);
            await Assert.ThrowsAsync<DbUpdateException>(() => RenumberAsync(db, "OP-3", to: "OP-1"));
            Assert.Equal(1, await GatheredAsync(db));
            await transaction.RollbackToSavepointAsync("batch", Ct);
            return true;
        }, Ct);

        Assert.Equal(["OP-1", "OP-3"], await db.Opportunities.Select(o => o.Number).Order().ToListAsync(Ct));
        Assert.Equal(0, await GatheredAsync(db));
    }

    [Fact]
    public async Task A_batch_that_is_refused_alone_leaves_none_on_its_connection()
    {
        await using var house = await SalesHouse.OnAsync("Sqlite");
        await using var db = house.System();
        await db.Database.OpenConnectionAsync(Ct);
        await SaveAsync(db, house, "OP-1");

        await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(db, house, "OP-2", "OP-1"));

        Assert.Equal(0, await GatheredAsync(db));
        await SaveAsync(db, house, "OP-2");
        Assert.Equal(["OP-1", "OP-2"], await db.Opportunities.Select(o => o.Number).Order().ToListAsync(Ct));
    }

    private static async Task SaveAsync(PortalDbContext db, SalesHouse house, params string[] numbers)
    {
        foreach (var number in numbers) { db.AddInBulk(new Opportunity { Id = house.Id(), Number = number, Title = number, StageId = house.Lead.Id, OwnerId = house.Ann.Id, OpenedOn = db.Today }); }
        try { await db.SaveChangesAsync(Ct); }
        finally { db.Forget(); }
    }

    private static async Task RenumberAsync(PortalDbContext db, string number, string to)
    {
        var opportunity = await db.Opportunities.AsTracking().SingleAsync(o => o.Number == number, Ct);
        db.Entry(opportunity).Property(o => o.Number).CurrentValue = to;
        try { await db.SaveChangesAsync(Ct); }
        finally { db.Forget(); }
    }

    private static Task<int> GatheredAsync(PortalDbContext db) =>
        db.Database.SqlQueryRaw<int>("SELECT count(*) AS \"Value\" FROM temp.sqlite_master WHERE name = 'portal_gathered'").SingleAsync(Ct);
}
