using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Supply;

public sealed class ReplacingADemandBatchTests
{
    private static readonly DateOnly Monday = SupplyWorld.Monday;

    [Theory, OnEachEngine]
    public async Task The_same_delivery_again_writes_nothing(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        DemandFigure[] delivery = [Week(world.Pump.Id, 3), Week(world.Valve.Id, 4)];
        Assert.Equal((2, 0, 0), Counts(await world.DeliverAsync(DemandSource.Order, "orders", delivery)));
        var again = await world.DeliverAsync(DemandSource.Order, "orders", [.. delivery.Reverse()]);
        Assert.False(again.Changed);
        Assert.Equal((0, 0, 2), Counts(again));
        await using var db = world.System();
        Assert.Equal(1, await db.DemandBatches.Select(b => b.Delivery).SingleAsync());
        Assert.Equal(1, await db.Audit.CountAsync(a => a.Entity == nameof(DemandBatch)));
    }

    [Theory, OnEachEngine]
    public async Task A_new_delivery_stands_in_the_place_of_the_last_and_touches_only_what_differs(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await world.DeliverAsync(DemandSource.Order, "orders", Week(world.Pump.Id, 3), Week(world.Valve.Id, 4));
        await world.DeliverAsync(DemandSource.Order, "other", Week(world.Pump.Id, 100));
        var second = await world.DeliverAsync(DemandSource.Order, "orders", Week(world.Pump.Id, 3), Week(world.Motor.Id, 5));
        Assert.Equal((1, 1, 1), Counts(second));
        Assert.Equal(2, second.Delivery);
        await using var db = world.System();
        Assert.Equal([3m, 5m], await db.DemandSignals.Where(s => s.BatchId == second.BatchId).Select(s => s.Quantity).OrderBy(q => q).ToListAsync());
        Assert.Equal(100m, await db.DemandSignals.Where(s => s.BatchId != second.BatchId).Select(s => s.Quantity).SingleAsync());
        Assert.Equal(["changed", "created", "created"], await db.Audit.Where(a => a.Entity == nameof(DemandBatch)).Select(a => a.Action).OrderBy(a => a).ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task Figures_of_one_delivery_for_the_same_place_and_week_add_up(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await world.DeliverAsync(DemandSource.SellThrough, "till", Week(world.Pump.Id, 3), Week(world.Pump.Id, 2.5m) with { Period = Monday.AddDays(6) }, Week(world.Pump.Id, 7) with { Site = "Lyon" });
        await using var db = world.System();
        Assert.Equal([5.5m, 7m], await db.DemandSignals.Select(s => s.Quantity).OrderBy(q => q).ToListAsync());
        Assert.All(await db.DemandSignals.ToListAsync(), s => Assert.Equal(Monday, s.Period));
    }

    [Theory, OnEachEngine]
    public async Task A_delivery_that_breaks_off_leaves_the_last_one_as_it_was(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await world.DeliverAsync(DemandSource.Order, "orders", Week(world.Pump.Id, 3));
        await Assert.ThrowsAsync<ScopeViolationException>(() => world.DeliverAsync(DemandSource.Order, "orders", [.. Enumerable.Range(0, 1500).Select(i => Week(world.Pump.Id, 1) with { Site = $"{i}" }), Week(4711, 1)]));
        await using var db = world.System();
        Assert.Equal(3m, (await db.DemandSignals.SingleAsync()).Quantity);
        Assert.Equal(1, (await db.DemandBatches.SingleAsync()).Delivery);
    }

    [Theory, OnEachEngine]
    public async Task Whoever_sees_only_a_part_of_a_batch_cannot_replace_it(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await world.DeliverAsync(DemandSource.Order, "orders", Week(world.Pump.Id, 3));
        await using var blind = world.Staff(Functions.Sales);
        await Assert.ThrowsAsync<ScopeViolationException>(() => new ReplaceDemandBatch(blind).ExecuteAsync(new(DemandSource.Order, "orders"), AsyncEnumerable.Empty<DemandFigure>(), default));
        await using var db = world.System();
        Assert.Equal(1, await db.DemandSignals.CountAsync());
    }

    [Theory, OnEachEngine]
    public async Task Nobody_delivers_pipeline_demand_or_a_nameless_batch(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using var db = world.Staff(Functions.Procurement);
        var replace = new ReplaceDemandBatch(db);
        var none = AsyncEnumerable.Empty<DemandFigure>();
        Assert.Equal(SupplyRefusals.PipelineIsDerived, (await replace.ExecuteAsync(new(DemandSource.Pipeline, "x"), none, default)).Refusal);
        Assert.Equal(SupplyRefusals.OriginMissing, (await replace.ExecuteAsync(new(DemandSource.Order, " "), none, default)).Refusal);
        var tooLong = new[] { Week(world.Pump.Id, 1) with { Site = new string('x', 121) } };
        Assert.Equal(SupplyRefusals.SiteTooLong(120), (await replace.ExecuteAsync(new(DemandSource.Order, "x"), tooLong.ToAsyncEnumerable(), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task Any_sequence_of_deliveries_leaves_exactly_the_last_one_of_each_origin(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        long[] products = [world.Pump.Id, world.Valve.Id, world.Motor.Id];
        var figure = from product in Gen.Elements(products)
                     from week in Gen.Choose(0, 3)
                     from site in Gen.Elements("", "Lyon", "上海")
                     from quantity in Gen.Choose(-50, 200)
                     select new DemandFigure(product, null, site, Monday.AddDays(7 * week), DemandPeriod.Week, quantity / 4m);
        var delivery = from source in Gen.Elements(DemandSource.Order, DemandSource.SellThrough)
                       from origin in Gen.Elements("a", "b")
                       from figures in figure.ArrayOf().Resize(12)
                       select (source, origin, figures);
        var round = 0;
        foreach (var sequence in delivery.ListOf(8).Sample(12, 6))
        {
            round++;
            var last = new Dictionary<(DemandSource, string), DemandFigure[]>();
            foreach (var (source, origin, figures) in sequence)
            {
                await world.DeliverAsync(source, $"{round}{origin}", figures);
                last[(source, $"{round}{origin}")] = figures;
            }
            await using var db = world.System();
            foreach (var ((source, origin), figures) in last)
            {
                var expected = figures.GroupBy(f => (f.ProductId, f.Site, f.Period)).Select(g => (g.Key.ProductId, g.Key.Site, g.Key.Period, g.Sum(f => f.Quantity))).OrderBy(x => x).ToArray();
                var held = await db.DemandSignals.Where(s => db.DemandBatches.Any(b => b.Id == s.BatchId && b.Source == source && b.Origin == origin)).ToListAsync();
                Assert.Equal(expected, held.Select(s => (s.ProductId, s.Site, s.Period, s.Quantity)).OrderBy(x => x).ToArray());
                Assert.Equal(held.Count, await db.DemandBatches.Where(b => b.Source == source && b.Origin == origin).Select(b => b.SignalCount).SingleOrDefaultAsync());
            }
        }
    }

    private static DemandFigure Week(long productId, decimal quantity) => new(productId, null, "", Monday, DemandPeriod.Week, quantity);

    private static (int Added, int Removed, int Kept) Counts(ReplaceDemandBatch.Outcome outcome) => (outcome.Added, outcome.Removed, outcome.Kept);
}
