using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Web.Tests.Exchange;

/// <summary>The shipped profiles over the real files, against the control totals that their sources state.</summary>
public sealed class ImportingRealDataTests
{
    private static void NothingRefused(ImportWorld world) =>
        Assert.Empty(world.Refusals.Take(10).Select(r => $"{r.Records} {r.Place.File}:{r.Place.Row} {r.Column}={r.Value} {r.Reason.Code} {string.Join(',', r.Reason.Values)}"));

    private static async Task SecondRunChangesNothingAsync(ImportWorld world, string name, ImportResult first)
    {
        var again = await world.RealAsync(name);
        NothingRefused(world);
        Assert.Equal(0, again.Changed);
        Assert.Equal(first.Records.Select(r => (r.Name, Known: r.Created + r.Unchanged + r.Updated)), again.Records.Select(r => (r.Name, Known: r.Unchanged)));
    }

    [Theory, OnEachEngine]
    public async Task Northwind_comes_in_whole_and_a_second_run_changes_nothing(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RealAsync("northwind");
        NothingRefused(world);
        Assert.Equal((4, 4, 0, 0, 0, 0), result.Of("regions"));
        Assert.Equal((53, 53, 0, 0, 0, 0), result.Of("territories"));
        Assert.Equal((9, 9, 0, 0, 0, 0), result.Of("employees"));
        Assert.Equal((49, 49, 0, 0, 0, 0), result.Of("employee territories"));
        Assert.Equal((29, 29, 0, 0, 0, 0), result.Of("suppliers"));
        Assert.Equal((91, 91, 0, 0, 0, 0), result.Of("customers"));
        Assert.Equal((77, 77, 0, 0, 0, 0), result.Of("products"));
        Assert.Equal((77, 77, 0, 0, 0, 0), result.Of("supplier items"));
        Assert.Equal(2155, result.Of("orders").Read);

        await using var db = world.Db();
        Assert.Equal(51_317m, await db.DemandSignals.SumAsync(s => s.Quantity));
        Assert.Equal(89, await db.DemandSignals.Select(s => s.CompanyId).Distinct().CountAsync());
        Assert.Equal(new DateOnly(1996, 7, 1), await db.DemandSignals.MinAsync(s => s.Period));
        Assert.Equal("05021", await db.Sites.Where(s => s.Name == "Ana Trujillo Emparedados y helados").Select(s => s.PostalCode).SingleAsync());
        Assert.Equal("México D.F.", await db.Companies.Where(c => c.Code == "NW-ANATR").Select(c => c.City).SingleAsync());
        Assert.Equal("Andrew Fuller", await db.People.Where(p => p.Id == db.People.Where(n => n.Name == "Nancy Davolio").Select(n => n.ManagerId).Single()).Select(p => p.Name).SingleAsync());
        await SecondRunChangesNothingAsync(world, "northwind", result);
    }

    [Theory, OnEachEngine]
    public async Task Adventure_works_comes_in_whole_and_a_second_run_changes_nothing(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RealAsync("adventureworks");
        NothingRefused(world);
        Assert.Equal((104, 104, 0, 0, 0, 0), result.Of("vendors"));
        Assert.Equal((156, 156, 0, 0, 0, 0), result.Of("vendor contacts"));
        Assert.Equal((460, 460, 0, 0, 0, 0), result.Of("vendor items"));
        Assert.Equal((701, 701, 0, 0, 0, 0), result.Of("stores"));
        Assert.Equal((712, 712, 0, 0, 0, 0), result.Of("store sites"));
        Assert.Equal((753, 753, 0, 0, 0, 0), result.Of("store contacts"));
        Assert.Equal((504, 504, 0, 0, 0, 0), result.Of("products"));
        Assert.Equal((37, 37, 0, 0, 0, 0), result.Of("subcategories"));
        Assert.Equal((17, 17, 0, 0, 0, 0), result.Of("sales people"));
        Assert.Equal((10, 10, 0, 0, 0, 0), result.Of("territories"));
        Assert.Equal((19_820, 19_820, 0, 0, 0, 0), result.Of("customers"));

        await using var db = world.Db();
        Assert.Equal(104, await db.Companies.CountAsync(c => c.IsSupplier));
        Assert.Equal(702, await db.Companies.CountAsync(c => c.IsChannelPartner && c.Code != "DUNE"));
        Assert.Equal(1336, await db.Companies.CountAsync(c => c.IsCustomer && c.PartnerId != null));
        var store = await db.Companies.SingleAsync(c => c.Code == "AW-STORE-292");
        Assert.Equal(("Next-Door Bike Store", 800_000m, 1996, 13), (store.Name, store.AnnualRevenue!.Value, store.FoundedYear!.Value, store.EmployeeCount!.Value));
        Assert.NotNull(store.OwnerId);
        await SecondRunChangesNothingAsync(world, "adventureworks", result);
    }

    [Theory, OnEachEngine]
    public async Task All_opportunities_of_the_crm_come_in_with_stages_dates_values_and_partners(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RealAsync("crm-sales-opportunities");
        NothingRefused(world);
        Assert.Equal((85, 85, 0, 0, 0, 0), result.Of("accounts"));
        Assert.Equal((7, 7, 0, 0, 0, 0), result.Of("products"));
        Assert.Equal((35, 35, 0, 0, 0, 0), result.Of("sales agents"));
        Assert.Equal((8800, 8800, 0, 0, 0, 0), result.Of("opportunities"));

        await using var db = world.Db();
        var stages = await db.Opportunities.Join(db.Stages, o => o.StageId, s => s.Id, (o, s) => new { s.Code, o.Amount }).GroupBy(x => x.Code)
            .Select(g => new { g.Key, Count = g.Count(), Sum = g.Sum(x => x.Amount) }).ToDictionaryAsync(g => g.Key);
        Assert.Equal((4238, 2473, 1589, 500), (stages["won"].Count, stages["lost"].Count, stages["qualified"].Count, stages["lead"].Count));
        Assert.Equal(10_005_534m, stages["won"].Sum);
        Assert.Equal(0m, stages["lost"].Sum);
        Assert.Equal(1425, await db.Opportunities.CountAsync(o => o.CustomerId == null));
        Assert.Equal(30, await db.Opportunities.Select(o => o.OwnerId).Distinct().CountAsync());
        Assert.Equal(8800, await db.OpportunityLines.CountAsync());
        Assert.Equal(1480, await db.OpportunityLines.CountAsync(l => l.ProductId == db.Products.Where(p => p.Name == "GTX Pro").Select(p => p.Id).Single()));
        Assert.Equal(4238 + 2473, await db.StageChanges.CountAsync(c => c.FromStageId != null));
        var first = await db.Opportunities.SingleAsync(o => o.Number == "1C1I7A6R");
        Assert.Equal(("Cancity: GTX Plus Basic", "Cancity", "Moses Frase", 1054m), (first.Title, first.CustomerName, first.OwnerName, first.Amount));
        Assert.Equal((new DateOnly(2016, 10, 20), new DateOnly(2017, 3, 1), StageKind.Won), (first.OpenedOn, first.CloseDate!.Value, first.Outcome));
        Assert.Equal(15, await db.Companies.CountAsync(c => c.ParentId != null));
        Assert.Equal("Technology", await db.Companies.Where(c => c.Name == "Acme Corporation").Select(c => c.Industry).SingleAsync());
        Assert.Equal("PH", await db.Companies.Where(c => c.Name == "Bioholding").Select(c => c.Country).SingleAsync());
        Assert.Equal(3, await db.Companies.Where(c => c.IsCustomer).Select(c => c.PartnerId).Distinct().CountAsync());
        Assert.Equal(8800 - 1425, await db.Opportunities.CountAsync(o => o.PartnerId != null));
        await SecondRunChangesNothingAsync(world, "crm-sales-opportunities", result);
    }

    [Theory, OnEachEngine]
    public async Task Retail_lines_become_weekly_sell_through_that_adds_up_to_the_lines(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RealAsync("online-retail");
        NothingRefused(world);
        var (lines, goods, sold) = Lines();
        var sell = result.Records.Single(r => r.Name == "sell-through");
        Assert.Equal(209_029, lines);
        Assert.Equal(lines, sell.Read);
        Assert.Equal(["No goods: postage, fee, discount, sample or voucher", "No sale: stock movement at price zero", "Sales and cancellations of the week net to nothing"], sell.IgnoredFor.Keys.Select(k => k.En).Order(StringComparer.Ordinal));

        await using var db = world.Db();
        Assert.Equal(goods, await db.Products.CountAsync());
        Assert.Equal(sold, await db.DemandSignals.SumAsync(s => s.Quantity));
        Assert.Equal(36, await db.DemandSignals.Select(s => s.Site).Distinct().CountAsync());
        Assert.Equal("WHITE METAL LANTERN", await db.Products.Where(p => p.Code == "71053").Select(p => p.Name).SingleAsync());
        await SecondRunChangesNothingAsync(world, "online-retail", result);
    }

    /// <summary>The same totals worked out by other means: every line read with a plain split from the right.</summary>
    private static (int Lines, int Goods, decimal Sold) Lines()
    {
        string[] none = ["POST", "DOT", "M", "C2", "S", "D", "BANK CHARGES", "AMAZONFEE"];
        var (lines, sold, goods) = (0, 0m, new HashSet<string>());
        foreach (var line in Directory.GetFiles(SharedData.Folder("online-retail/by-day"), "*.csv").SelectMany(f => File.ReadLines(f).Skip(1)))
        {
            lines++;
            var (left, right) = (line.Split(','), line.Split(',')[^5..]);
            var code = left[1].ToUpperInvariant();
            if (none.Contains(code) || code.StartsWith("GIFT_", StringComparison.Ordinal)) { continue; }
            goods.Add(code);
            if (decimal.Parse(right[2], CultureInfo.InvariantCulture) != 0) { sold += decimal.Parse(right[0], CultureInfo.InvariantCulture); }
        }
        return (lines, goods.Count, sold);
    }
}
