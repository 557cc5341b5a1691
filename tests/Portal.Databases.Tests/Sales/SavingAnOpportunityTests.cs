using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

public sealed class SavingAnOpportunityTests
{
    [Theory, OnEachEngine]
    public async Task A_new_one_belongs_to_whoever_opens_it_and_begins_in_the_first_stage(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { Contacts = [new(house.Buyer.Id, "decision maker")], CompetitorId = house.Competitor.Id });
        await using var db = await house.AsAsync(house.Ann);
        var read = (await db.OpportunityForStaffAsync(opened.Id, default))!;
        Assert.Equal((house.Ann.Id, "Ann", house.Lead.Id, 10, "Acme", "Rival", 1L), (read.OwnerId!.Value, read.OwnerName, read.StageId, read.Probability, read.CustomerName, read.CompetitorName!, read.Version));
        Assert.StartsWith("OP-", read.Number, StringComparison.Ordinal);
        Assert.Equal([("Buyer", "decision maker")], (await db.ContactsOfOpportunityAsync(opened.Id, default)).Select(c => (c.LastName, c.Part!)));
        Assert.Equal([house.Lead.Id], await db.StageChanges.Where(c => c.OpportunityId == opened.Id).Select(c => c.ToStageId).ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task Its_amount_is_the_sum_of_its_lines_where_there_are_lines(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { Lines = [new(null, house.Pump.Id, 3, 12.5m), new(null, house.Valve.Id, 0.3333m, 10)] });
        Assert.Equal(40.833m, opened.Amount);
        var fine = await house.OpenAsync(house.Ann, house.Draft() with { Lines = [new(null, house.Pump.Id, 0.33336m, 30)] });
        Assert.Equal((0.3334m, 10.002m), (fine.Lines.Single().Quantity, fine.Amount));
        await using var db = await house.AsAsync(house.Ann);
        var lines = await db.LinesOfOpportunityAsync(opened.Id, default);
        Assert.Equal([("P1", 37.5m), ("V1", 3.333m)], lines.Select(l => (l.ProductCode!, l.LineTotal)));

        var edited = await new EditOpportunity(db).ExecuteAsync(new(opened.Id, opened.Version, house.Draft() with
        {
            OwnerId = house.Ann.Id, Lines = [new(lines[0].Id, house.Pump.Id, 4, 12.5m)],
        }), default);
        Assert.Equal(50m, edited.Value.Amount);
        Assert.Equal([lines[0].Id], (await db.LinesOfOpportunityAsync(opened.Id, default)).Select(l => l.Id));
    }

    [Theory, OnEachEngine]
    public async Task An_edit_over_a_newer_version_is_refused_even_where_only_a_contact_changed(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann);
        var same = house.Draft() with { OwnerId = house.Ann.Id };
        await using (var first = await house.AsAsync(house.Ann))
        {
            Assert.True((await new EditOpportunity(first).ExecuteAsync(new(opened.Id, opened.Version, same with { Contacts = [new(house.Buyer.Id, null)] }), default)).Succeeded);
        }
        await using var second = await house.AsAsync(house.Lea);
        Assert.Equal(SalesRefusals.ChangedMeanwhile, (await new EditOpportunity(second).ExecuteAsync(new(opened.Id, opened.Version, same with { Title = "Mine" }), default)).Refusal);
        Assert.Equal("Pumps", await second.Opportunities.Where(o => o.Id == opened.Id).Select(o => o.Title).SingleAsync());
    }

    [Theory, OnEachEngine]
    public async Task Two_edits_at_once_lose_neither(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann);
        await using var first = await house.AsAsync(house.Ann);
        await using var second = await house.AsAsync(house.Lea);
        var late = await second.Opportunities.SingleAsync(o => o.Id == opened.Id);
        Assert.True((await new MoveOpportunity(first).ExecuteAsync(new(opened.Id, house.Proposal.Id), default)).Succeeded);
        late.Title = "Late";
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync());
    }

    [Theory, OnEachEngine]
    public async Task Nobody_opens_what_they_would_not_see_but_may_hand_over_what_they_have(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await using var db = await house.AsAsync(house.Ann);
        Assert.Equal(SalesRefusals.OwnerOutOfReach, (await new CreateOpportunity(db).ExecuteAsync(new(house.Draft() with { OwnerId = house.Max.Id }), default)).Refusal);
        var opened = await house.OpenAsync(house.Ann);
        Assert.True((await new EditOpportunity(db).ExecuteAsync(new(opened.Id, opened.Version, house.Draft() with { OwnerId = house.Max.Id }), default)).Succeeded);
        Assert.Null(await db.OpportunityForStaffAsync(opened.Id, default));
        await using var max = await house.AsAsync(house.Max);
        Assert.Equal("Max", (await max.OpportunityForStaffAsync(opened.Id, default))!.OwnerName);
    }

    [Theory, OnEachEngine]
    public async Task What_is_out_of_sight_is_neither_edited_nor_moved(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann);
        await using var db = await house.AsAsync(house.Max);
        Assert.Equal(SalesRefusals.NotFound, (await new EditOpportunity(db).ExecuteAsync(new(opened.Id, 1, house.Draft()), default)).Refusal);
        Assert.Equal(SalesRefusals.NotFound, (await new MoveOpportunity(db).ExecuteAsync(new(opened.Id, house.Won.Id), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task A_share_to_read_does_not_let_a_colleague_edit_and_one_to_edit_does(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann);
        await house.ShareAsync(opened.Id, ScopeKeys.Person(house.Max.Id), FieldSet.Full, GrantActions.Read);
        await using var db = await house.AsAsync(house.Max);
        Assert.Equal(SalesRefusals.ReadOnly, (await new MoveOpportunity(db).ExecuteAsync(new(opened.Id, house.Won.Id), default)).Refusal);
        await house.ShareAsync(opened.Id, ScopeKeys.Person(house.Max.Id), FieldSet.Full, GrantActions.Read | GrantActions.Edit);
        Assert.True((await new MoveOpportunity(db).ExecuteAsync(new(opened.Id, house.Won.Id), default)).Succeeded);
    }

    [Theory, OnEachEngine]
    public async Task What_cannot_be_is_refused_with_the_field_that_it_concerns(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await using var db = await house.AsAsync(house.Ann);
        var draft = house.Draft();
        await RefusedAsync(draft with { Title = " " }, SalesRefusals.TitleMissing);
        await RefusedAsync(draft with { Title = new string('x', 201) }, SalesRefusals.TooLong("Title", 200));
        await RefusedAsync(draft with { Currency = "eur" }, SalesRefusals.CurrencyUnknown);
        await RefusedAsync(draft with { Currency = "XXQ" }, SalesRefusals.CurrencyUnknown);
        await RefusedAsync(draft with { Amount = -1 }, SalesRefusals.AmountOutOfRange);
        await RefusedAsync(draft with { Probability = 101 }, SalesRefusals.ProbabilityOutOfRange);
        await RefusedAsync(draft with { CustomerId = 1 }, SalesRefusals.CustomerUnknown);
        await RefusedAsync(draft with { PartnerId = house.Customer.Id }, SalesRefusals.PartnerUnknown);
        await RefusedAsync(draft with { CompetitorId = house.Customer.Id }, SalesRefusals.CompetitorUnknown);
        await RefusedAsync(draft with { TerritoryId = 1 }, SalesRefusals.TerritoryUnknown);
        await RefusedAsync(draft with { Contacts = [new(1, null)] }, SalesRefusals.ContactUnknown);
        await RefusedAsync(draft with { Lines = [new(null, house.Pump.Id, 1, 1), new(null, 1, 1, 1)] }, SalesRefusals.LineProductUnknown(1));
        await RefusedAsync(draft with { Lines = [new(null, house.Pump.Id, 0, 1)] }, SalesRefusals.LineQuantityOutOfRange(0));
        // Four places are stored: this would be nothing.
        await RefusedAsync(draft with { Lines = [new(null, house.Pump.Id, 0.00004m, 1)] }, SalesRefusals.LineQuantityOutOfRange(0));
        await RefusedAsync(draft with { Lines = [new(null, house.Pump.Id, 2, Opportunity.LargestAmount)] }, SalesRefusals.LinePriceOutOfRange(0));
        await RefusedAsync(draft with { Lines = [new(1, house.Pump.Id, 1, 1)] }, SalesRefusals.LineUnknown);
        Assert.Equal(0, await db.Opportunities.CountAsync());

        async Task RefusedAsync(OpportunityDraft wrong, Domain.Common.Refusal why) =>
            Assert.Equal(why, (await new CreateOpportunity(db).ExecuteAsync(new(wrong), default)).Refusal);
    }
}
