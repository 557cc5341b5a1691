using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Supply;

public sealed class SeeingDemandTests
{
    private static readonly DateOnly Monday = SupplyWorld.Monday;

    [Theory, OnEachEngine]
    public async Task A_supplier_sees_the_demand_for_what_it_makes_added_up_and_no_other_supplier_s(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using var alpine = await world.AsAsync(world.Alpine);
        await using var elm = await world.AsAsync(world.Elm);
        var alpines = await alpine.DemandSignals.ForSupplier().ToListAsync();
        Assert.Equal([new(world.Pump.Id, Monday, DemandSource.Order, 30), new(world.Pump.Id, Monday, DemandSource.SellThrough, 12), new(world.Valve.Id, Monday.AddDays(7), DemandSource.Forecast, 5)],
            alpines.OrderBy(d => d.ProductId).ThenBy(d => d.Source.ToString()).ToArray());
        Assert.Equal([world.Motor.Id], await elm.DemandSignals.ForSupplier().Select(d => d.ProductId).ToListAsync());
        Assert.Equal([world.Motor.Id], await elm.Products.Select(p => p.Id).ToListAsync());
        Assert.Equal([world.Motor.Id], await elm.SupplierItems.Select(i => i.ProductId).ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_distributor_sees_what_it_reported_of_itself_and_nothing_of_its_rival_or_of_orders(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using var bayside = await world.AsAsync(world.Bayside);
        await using var harbour = await world.AsAsync(world.Harbour);
        Assert.Equal([12m], await bayside.DemandSignals.ForDistributor(bayside).Select(d => d.Quantity).ToListAsync());
        Assert.Equal(0, await harbour.DemandSignals.CountAsync());
        Assert.Equal(12m, (await GridAsync(bayside)).Totals.Single(t => t.Source is DemandSource.SellThrough).Quantities.Sum());
        Assert.Empty((await GridAsync(harbour)).Rows);
    }

    [Theory, OnEachEngine]
    public async Task A_distributor_that_supplies_too_reads_its_own_figures_alone_one_by_one(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using (var system = world.System())
        {
            (await system.Companies.SingleAsync(c => c.Id == world.Bayside.Id)).SetRoles([CompanyRole.Supplier, CompanyRole.Distributor]);
            system.Add(new SupplierItem { Id = system.Ids.Next(), SupplierId = world.Bayside.Id, ProductId = world.Pump.Id });
            await system.SaveChangesAsync();
        }
        await using var bayside = await world.AsAsync(world.Bayside);
        Assert.Equal([10m, 12m, 20m], await bayside.DemandSignals.Select(d => d.Quantity).OrderBy(q => q).ToListAsync());
        Assert.Equal([12m, 20m], (await bayside.DemandSignals.ForDistributor(bayside).Select(d => d.Quantity).ToListAsync()).Order());
    }

    [Theory, OnEachEngine]
    public async Task A_distributor_enters_its_own_figures_and_nobody_else_s(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using (var bayside = await world.AsAsync(world.Bayside))
        {
            var enter = new EnterDemand(bayside);
            var entered = await enter.ExecuteAsync(new(DemandSource.StockOnHand, world.Motor.Id, world.Harbour.Id, "Dock", DemandPeriod.Week, [new(Monday, 8), new(Monday.AddDays(7), 9)]), default);
            Assert.Equal(2, entered.Value.Added);
            var corrected = await enter.ExecuteAsync(new(DemandSource.StockOnHand, world.Motor.Id, null, "Dock", DemandPeriod.Week, [new(Monday, 6), new(Monday.AddDays(7), null)]), default);
            Assert.Equal((1, 2, 0), (corrected.Value.Added, corrected.Value.Removed, corrected.Value.Kept));
            Assert.Equal(SupplyRefusals.SourceNotYours, (await enter.ExecuteAsync(new(DemandSource.Order, world.Motor.Id, null, "", DemandPeriod.Week, [new(Monday, 8)]), default)).Refusal);
        }
        await using var system = world.System();
        var signal = await system.DemandSignals.SingleAsync(s => s.Source == DemandSource.StockOnHand);
        Assert.Equal((world.Bayside.Id, 6m), (signal.CompanyId, signal.Quantity));
        await using var alpine = await world.AsAsync(world.Alpine);
        Assert.Equal(SupplyRefusals.SourceNotYours, (await new EnterDemand(alpine).ExecuteAsync(new(DemandSource.SellThrough, world.Pump.Id, null, "", DemandPeriod.Week, [new(Monday, 8)]), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task Staff_correct_a_delivered_figure_by_the_difference(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        await new EnterDemand(db).ExecuteAsync(new(DemandSource.Forecast, world.Valve.Id, null, "", DemandPeriod.Week, [new(Monday.AddDays(7), -2)]), default);
        Assert.Equal(3m, (await GridAsync(db)).Totals.Single(t => t.Source is DemandSource.Forecast).Quantities.Sum());
    }

    [Theory, OnEachEngine]
    public async Task The_grid_folds_weeks_into_months_and_adds_up_what_is_not_on_the_page_too(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var weeks = await GridAsync(db);
        Assert.Equal(["Motor", "Pump", "Valve"], weeks.Rows.Select(r => r.Name));
        Assert.Equal([42m, 0m], weeks.Rows[1].Demand![..2]);
        Assert.Equal([0m, 5m], weeks.Rows[2].Demand![..2]);
        var months = await DemandGrid.ReadAsync(db, new(DemandPeriod.Month, Monday, 2, []), null, default);
        Assert.Equal([new DateOnly(2026, 11, 1), new DateOnly(2026, 12, 1)], months.Periods);
        Assert.Equal(42m, months.Rows[1].Demand![0]);
        Assert.Equal(5m, months.Rows[2].Demand![0]);
        var ordersOnly = await DemandGrid.ReadAsync(db, new(DemandPeriod.Week, Monday, 4, [DemandSource.Order], SupplierId: world.Alpine.Id), null, default);
        Assert.Equal([30m], ordersOnly.Rows.Select(r => r.Demand!.Sum()));
        Assert.Equal(30m, ordersOnly.Totals.Single(t => t.Source is DemandSource.Order).Quantities.Sum());
    }

    [Theory, OnEachEngine]
    public async Task Pieces_and_kilograms_are_added_up_apart_and_one_unit_can_be_looked_at_alone(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using (var system = world.System())
        {
            (await system.Products.SingleAsync(p => p.Id == world.Valve.Id)).Unit = "kg";
            (await system.Products.SingleAsync(p => p.Id == world.Motor.Id)).Unit = "EA";
            await system.SaveChangesAsync();
        }
        await world.DeliverAsync(DemandSource.Forecast, "more", Figure(world.Valve.Id, world.Bayside.Id, 7, 1), Figure(world.Pump.Id, world.Bayside.Id, 2, 1), Figure(world.Motor.Id, world.Bayside.Id, 1, 1));
        await using var db = world.Staff(Functions.Procurement);

        var forecasts = (await DemandGrid.ReadAsync(db, new(DemandPeriod.Week, Monday, 4, [DemandSource.Forecast]), null, default)).Totals;
        Assert.Equal([("KGM", 12m), ("PCE", 3m)], forecasts.Select(t => (t.Unit, t.Quantities.Sum()!.Value)));

        var kilograms = await DemandGrid.ReadAsync(db, new(DemandPeriod.Week, Monday, 4, [DemandSource.Forecast], Unit: "KGM"), null, default);
        Assert.Equal([world.Valve.Id], kilograms.Rows.Select(r => r.ProductId));
        Assert.Equal(["KGM"], kilograms.Totals.Select(t => t.Unit));
        var pieces = await DemandGrid.ReadAsync(db, new(DemandPeriod.Week, Monday, 4, [DemandSource.Forecast], Unit: "PCE"), null, default);
        Assert.Equal([world.Motor.Id, world.Pump.Id], pieces.Rows.Select(r => r.ProductId));
    }

    [Theory, OnEachEngine]
    public async Task Stock_is_a_level_beside_the_demand_and_a_month_shows_what_was_counted_last(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await world.DeliverAsync(DemandSource.StockOnHand, "stock", Figure(world.Pump.Id, world.Bayside.Id, 100, 2), Figure(world.Pump.Id, world.Bayside.Id, 80, 3), Figure(world.Pump.Id, world.Harbour.Id, 5, 3));
        await using var db = world.Staff(Functions.Procurement);
        var weeks = (await GridAsync(db)).Rows.Single(r => r.ProductId == world.Pump.Id);
        Assert.Equal([null, null, 100m, 85m], weeks.Stock);
        Assert.Equal(42m, weeks.Demand!.Sum());
        var months = await DemandGrid.ReadAsync(db, new(DemandPeriod.Month, Monday, 2, [DemandSource.StockOnHand]), null, default);
        Assert.Equal([null, 85m], months.Rows.Single().Stock);
        Assert.Null(months.Rows.Single().Demand);
        Assert.Empty(months.Totals);
    }

    [Theory, OnEachEngine]
    public async Task The_grid_pages_by_key_in_both_directions(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using (var system = world.System())
        {
            for (var i = 0; i < 60; i++) { system.Add(new Portal.Domain.Catalog.Product { Id = system.Ids.Next(), Code = $"Q{i}", Name = i % 3 == 0 ? "Same" : $"Name {i:00}" }); }
            await system.SaveChangesAsync();
            var products = await system.Products.Select(p => p.Id).ToListAsync();
            await world.DeliverAsync(DemandSource.Order, "all", [.. products.Select(p => new DemandFigure(p, null, "", Monday, DemandPeriod.Week, 1))]);
        }
        await using var db = world.Staff(Functions.Procurement);
        var query = new DemandGridQuery(DemandPeriod.Week, Monday, 4, []);
        var forward = new List<long>();
        var pages = new List<DemandGridPage>();
        for (DemandGridPlace? place = null; ;)
        {
            var page = await DemandGrid.ReadAsync(db, query, place, default);
            pages.Add(page);
            forward.AddRange(page.Rows.Select(r => r.ProductId));
            if ((place = page.Next) is null) { break; }
        }
        Assert.Equal(63, forward.Distinct().Count());
        Assert.Equal(63, forward.Count);
        Assert.All(pages, p => Assert.Equal(63m, p.Totals.Single(t => t.Source is DemandSource.Order).Quantities[0]));
        var back = await DemandGrid.ReadAsync(db, query, pages[2].Previous, default);
        Assert.Equal(pages[1].Rows.Select(r => r.ProductId), back.Rows.Select(r => r.ProductId));
        Assert.Null((await DemandGrid.ReadAsync(db, query, back.Previous, default)).Previous);
    }

    [Theory, OnEachEngine]
    public async Task The_cells_of_a_page_are_one_query_that_an_index_answers_alone(string engine)
    {
        await using var world = await WithDemandAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        world.Statements.Clear();
        await GridAsync(db);
        Assert.Equal(3, world.Statements.Count(s => s.Contains("SELECT", StringComparison.Ordinal)));
        if (engine != Engines.Sqlite) { return; }
        await using var supplier = await world.AsAsync(world.Alpine);
        foreach (var asker in new[] { db, supplier })
        {
            long[] ids = [world.Pump.Id, world.Valve.Id];
            var cells = asker.DemandSignals.Between(Monday, Monday.AddDays(28)).Where(s => ids.Contains(s.ProductId)).ForSupplier();
            Assert.Contains("SEARCH d USING COVERING INDEX IX_demand_signals_ProductId_Period", await PlanAsync(asker, cells.ToQueryString()), StringComparison.Ordinal);
        }
    }

    private static async Task<string> PlanAsync(DbContext db, string sql)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        await db.Database.OpenConnectionAsync();
        var (parameters, query) = (sql.Split('\n').Where(l => l.StartsWith(".param", StringComparison.Ordinal)), string.Join('\n', sql.Split('\n').Where(l => !l.StartsWith(".param", StringComparison.Ordinal))));
        foreach (var line in parameters)
        {
            var parameter = command.CreateParameter();
            var parts = line.Split(' ', 4);
            (parameter.ParameterName, parameter.Value) = (parts[2], parts[3].Trim('\''));
            command.Parameters.Add(parameter);
        }
        command.CommandText = "EXPLAIN QUERY PLAN " + query;
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync()) { plan.Add(reader.GetString(3)); }
        return string.Join('\n', plan);
    }

    private static Task<DemandGridPage> GridAsync(Portal.Domain.Persistence.PortalDbContext db) => DemandGrid.ReadAsync(db, new(DemandPeriod.Week, Monday, 4, []), null, default);

    private static async Task<SupplyWorld> WithDemandAsync(string engine)
    {
        var world = await SupplyWorld.OnAsync(engine);
        await world.DeliverAsync(DemandSource.Order, "orders", Figure(world.Pump.Id, world.Harbour.Id, 10, 0), Figure(world.Pump.Id, world.Bayside.Id, 20, 0), Figure(world.Motor.Id, world.Harbour.Id, 7, 0));
        await world.DeliverAsync(DemandSource.SellThrough, "bayside", Figure(world.Pump.Id, world.Bayside.Id, 12, 0));
        await world.DeliverAsync(DemandSource.Forecast, "plan", Figure(world.Valve.Id, null, 5, 1));
        return world;
    }

    private static DemandFigure Figure(long product, long? company, decimal quantity, int week) => new(product, company, "", Monday.AddDays(7 * week), DemandPeriod.Week, quantity);
}
