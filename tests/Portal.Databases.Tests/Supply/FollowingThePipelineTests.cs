using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Supply;

/// <summary>A salesperson with an own reach sees no demand signal, and what that person does moves the pipeline demand all the same.</summary>
public sealed class FollowingThePipelineTests
{
    private static readonly DateOnly Monday = SupplyWorld.Monday;

    [Theory, OnEachEngine]
    public async Task A_new_opportunity_stands_for_its_lines_times_its_chance_in_the_week_of_its_close_date(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        var opportunity = await world.OpportunityAsync(10, Monday.AddDays(4));
        await using var db = world.System();
        var signal = await db.DemandSignals.SingleAsync();
        Assert.Equal((world.Pump.Id, world.Harbour.Id, Monday, DemandSource.Pipeline, 4m), (signal.ProductId, signal.CompanyId, signal.Period, signal.Source, signal.Quantity));
        var batch = await db.DemandBatches.SingleAsync();
        Assert.Equal((DemandFromPipeline.Origin(opportunity.Id), 1, 1), (batch.Origin, batch.Delivery, batch.SignalCount));
        await using var seller = world.Staff(Functions.Sales);
        Assert.Equal(0, await seller.DemandSignals.CountAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_change_of_lines_chance_or_date_moves_it_and_other_changes_leave_it(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        var id = (await world.OpportunityAsync(10, Monday)).Id;
        await ChangeAsync(world, id, o => o.NextStep = "Call");
        Assert.Equal([(Monday, 4m, 1)], await DemandAsync(world));
        await ChangeAsync(world, id, o => o.Probability = 50);
        Assert.Equal([(Monday, 5m, 2)], await DemandAsync(world));
        await ChangeAsync(world, id, o => o.CloseDate = Monday.AddDays(8));
        Assert.Equal([(Monday.AddDays(7), 5m, 3)], await DemandAsync(world));
        await ChangeAsync(world, id, o => o.Lines[0].Price(20, 10));
        Assert.Equal([(Monday.AddDays(7), 10m, 4)], await DemandAsync(world));
        await ChangeAsync(world, id, o => o.Lines[0].WantedOn = Monday.AddDays(15));
        Assert.Equal([(Monday.AddDays(14), 10m, 5)], await DemandAsync(world));
    }

    [Theory, OnEachEngine]
    public async Task A_won_opportunity_an_undated_one_and_one_without_lines_stand_for_nothing(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await world.OpportunityAsync(10, null);
        foreach (var change in new Action<Opportunity>[]
        {
            o => o.MoveTo(world.Won, "Price", DateTimeOffset.UnixEpoch, world.Seller.Id, o.Id + 1),
            o => o.CloseDate = null,
            o => o.Lines.Clear(),
        })
        {
            var id = (await world.OpportunityAsync(10, Monday)).Id;
            Assert.Single(await DemandAsync(world));
            await ChangeAsync(world, id, change);
            Assert.Empty(await DemandAsync(world));
        }
        await using var db = world.System();
        Assert.Equal(0, await db.DemandBatches.CountAsync());
    }

    [Theory, OnEachEngine]
    public async Task What_fails_with_the_opportunity_leaves_no_demand(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        await using (var db = world.Staff(Functions.Sales))
        {
            await db.InOneTransactionAsync(async () =>
            {
                var opportunity = new Opportunity { Id = db.Ids.Next(), Number = "OP-X", Title = "x", OwnerId = world.Seller.Id, StageId = world.Open.Id, Probability = 50, CloseDate = Monday };
                opportunity.Lines.Add(OpportunityLine.Of(db.Ids.Next(), opportunity.Id, world.Pump.Id, 10, 1));
                db.Add(opportunity);
                await db.SaveChangesAsync();
                return false;
            }, default);
        }
        Assert.Empty(await DemandAsync(world));
    }

    [Theory, OnEachEngine]
    public async Task The_asker_s_context_holds_nothing_of_it_afterwards(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        var id = (await world.OpportunityAsync(10, Monday)).Id;
        await using var db = world.Staff(Functions.Sales);
        (await db.Opportunities.SingleAsync(o => o.Id == id)).Probability = 90;
        await db.SaveChangesAsync();
        Assert.Empty(db.ChangeTracker.Entries<DemandSignal>());
        Assert.Empty(db.ChangeTracker.Entries<DemandBatch>());
    }

    [Theory, OnEachEngine]
    public async Task A_bulk_update_is_followed_on_demand_and_a_full_run_mends_whatever_is_amiss(string engine)
    {
        await using var world = await SupplyWorld.OnAsync(engine);
        var id = (await world.OpportunityAsync(10, Monday)).Id;
        await using var db = world.System();
        await db.Opportunities.ExecuteUpdateAsync(o => o.SetProperty(x => x.Probability, 70));
        await DemandFromPipeline.RecomputeAsync(db, id, default);
        Assert.Equal([(Monday, 7m, 2)], await DemandAsync(world));

        await db.Opportunities.ExecuteUpdateAsync(o => o.SetProperty(x => x.Probability, 20));
        db.Add(new DemandBatch { Id = db.Ids.Next(), Source = DemandSource.Pipeline, Origin = DemandFromPipeline.Origin(4711) });
        await db.SaveChangesAsync();
        Assert.Equal(1, await DemandFromPipeline.RecomputeAllAsync(db, default));
        Assert.Equal([(Monday, 2m, 3)], await DemandAsync(world));
        Assert.Equal(1, await db.DemandBatches.CountAsync());
        var before = await db.DemandSignals.Select(s => s.Id).SingleAsync();
        await DemandFromPipeline.RecomputeAllAsync(db, default);
        Assert.Equal(before, await db.DemandSignals.Select(s => s.Id).SingleAsync());
    }

    private static async Task ChangeAsync(SupplyWorld world, long id, Action<Opportunity> change)
    {
        await using var db = world.Staff(Functions.Sales);
        var opportunity = await db.Opportunities.Include(o => o.Lines).Include(o => o.StageHistory).AsSplitQuery().SingleAsync(o => o.Id == id);
        change(opportunity);
        await db.SaveChangesAsync();
    }

    private static async Task<List<(DateOnly Week, decimal Quantity, int Delivery)>> DemandAsync(SupplyWorld world)
    {
        await using var db = world.System();
        var signals = await db.DemandSignals.OrderBy(s => s.Period).ToListAsync();
        var deliveries = await db.DemandBatches.ToDictionaryAsync(b => b.Id, b => b.Delivery);
        return signals.ConvertAll(s => (s.Period, s.Quantity, deliveries[s.BatchId]));
    }
}
