using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

public sealed class ChangingManyOpportunitiesTests
{
    [Theory, OnEachEngine]
    public async Task A_list_with_one_out_of_sight_changes_nothing(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var (mine, foreign) = (await house.OpenAsync(house.Ann), await house.OpenAsync(house.Max));
        await using var db = await house.AsAsync(house.Ann);
        var outcome = await new ChangeOpportunities(db).ExecuteAsync(new([mine.Id, foreign.Id], BulkField.Territory, house.North.Id), default);
        Assert.Equal(SalesRefusals.BulkNotAllSeen, outcome.Refusal);
        await using var system = house.System();
        Assert.Equal(0, await system.Opportunities.CountAsync(o => o.TerritoryId != null));
        Assert.Equal(0, await system.BulkChanges.CountAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_list_with_one_that_is_shared_to_read_changes_nothing(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var (mine, foreign) = (await house.OpenAsync(house.Ann), await house.OpenAsync(house.Max));
        await house.ShareAsync(foreign.Id, ScopeKeys.Person(house.Ann.Id), FieldSet.Full, GrantActions.Read);
        await using var db = await house.AsAsync(house.Ann);
        Assert.Equal(SalesRefusals.ReadOnly, (await new ChangeOpportunities(db).ExecuteAsync(new([mine.Id, foreign.Id], BulkField.Stage, house.Won.Id), default)).Refusal);
        Assert.Equal(2, await db.Opportunities.CountAsync(o => o.StageId == house.Lead.Id));
    }

    [Theory, OnEachEngine]
    public async Task Nobody_gives_away_in_bulk_what_they_could_not_take_back(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var mine = await house.OpenAsync(house.Ann);
        await using var ann = await house.AsAsync(house.Ann);
        Assert.Equal(SalesRefusals.BulkOutOfReach, (await new ChangeOpportunities(ann).ExecuteAsync(new([mine.Id], BulkField.Owner, house.Ben.Id), default)).Refusal);
        await using var lea = await house.AsAsync(house.Lea);
        Assert.Equal(1, (await new ChangeOpportunities(lea).ExecuteAsync(new([mine.Id], BulkField.Owner, house.Ben.Id), default)).Value.Changed);
    }

    [Theory, OnEachEngine]
    public async Task Undoing_takes_back_what_still_stands_and_names_what_was_changed_since(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var (first, second) = (await house.OpenAsync(house.Ann), await house.OpenAsync(house.Ben));
        await using var lea = await house.AsAsync(house.Lea);
        Assert.Equal(SalesRefusals.BulkOutOfReach, (await new ChangeOpportunities(lea).ExecuteAsync(new([first.Id, second.Id], BulkField.Owner, house.Max.Id), default)).Refusal);
        Assert.Equal(1, (await new ChangeOpportunities(lea).ExecuteAsync(new([first.Id, second.Id], BulkField.Owner, house.Ben.Id), default)).Value.Changed);
        Assert.Equal(2, (await new ChangeOpportunities(lea).ExecuteAsync(new([first.Id, second.Id], BulkField.Territory, house.North.Id), default)).Value.Changed);
        await using (var ben = await house.AsAsync(house.Ben))
        {
            Assert.Equal(1, (await new ChangeOpportunities(ben).ExecuteAsync(new([second.Id], BulkField.Territory, house.South.Id), default)).Value.Changed);
        }
        await using var again = await house.AsAsync(house.Lea);
        var undone = (await new UndoLastBulkChange(again).ExecuteAsync(default)).Value;
        Assert.Equal((BulkField.Territory, 1, 0), (undone.Field, undone.TakenBack, undone.OutOfSight));
        Assert.Equal([second.Id], undone.ChangedSince.Select(o => o.Id));
        Assert.Equal([null, house.South.Id], await again.Opportunities.OrderBy(o => o.Id).Select(o => o.TerritoryId).ToListAsync());
        Assert.Equal(SalesRefusals.NothingToUndo, (await new UndoLastBulkChange(again).ExecuteAsync(default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task An_undone_stage_is_a_move_back_with_the_chance_and_reason_of_before(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var lost = await house.OpenAsync(house.Ann, stage: house.Lost);
        await using var db = await house.AsAsync(house.Ann);
        var open = await new CreateOpportunity(db).ExecuteAsync(new(house.Draft() with { Probability = 33 }), default);
        Assert.Equal(2, (await new ChangeOpportunities(db).ExecuteAsync(new([lost.Id, open.Value.Id], BulkField.Stage, house.Proposal.Id), default)).Value.Changed);
        Assert.Equal(2, (await new UndoLastBulkChange(db).ExecuteAsync(default)).Value.TakenBack);
        var now = await db.Opportunities.AsNoTracking().ToDictionaryAsync(o => o.Id);
        Assert.Equal((house.Lost.Id, StageKind.Lost, "Price"), (now[lost.Id].StageId, now[lost.Id].Outcome, now[lost.Id].OutcomeReason));
        Assert.Equal((house.Lead.Id, 33), (now[open.Value.Id].StageId, now[open.Value.Id].Probability));
        Assert.Equal([house.Lead.Id, house.Proposal.Id, house.Lead.Id], await db.StageChanges.Where(c => c.OpportunityId == open.Value.Id).OrderBy(c => c.Id).Select(c => c.ToStageId).ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task One_persons_bulk_change_is_not_anothers_to_undo(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var mine = await house.OpenAsync(house.Ann);
        await using (var ann = await house.AsAsync(house.Ann)) { await new ChangeOpportunities(ann).ExecuteAsync(new([mine.Id], BulkField.Territory, house.North.Id), default); }
        await using var lea = await house.AsAsync(house.Lea);
        Assert.Equal(SalesRefusals.NothingToUndo, (await new UndoLastBulkChange(lea).ExecuteAsync(default)).Refusal);
    }
}
