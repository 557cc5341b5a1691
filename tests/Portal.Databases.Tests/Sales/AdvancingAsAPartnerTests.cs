using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;
using static Portal.Domain.Sales.AdvanceOpportunity;

namespace Portal.Databases.Tests.Sales;

public sealed class AdvancingAsAPartnerTests
{
    private const GrantActions MayChange = GrantActions.Read | GrantActions.Edit;

    [Theory, OnEachEngine]
    public async Task A_partner_that_may_change_moves_the_stage_and_sets_the_next_step_and_history_audit_and_story_tell_who(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, MayChange);
        await using (var cascade = await house.AsAsync(house.Cascade))
        {
            Assert.True((await new AdvanceOpportunity(cascade).ExecuteAsync(new(opened.Id, At(house.Lead), new(house.Proposal.Id, " Offer in writing ", new(2026, 3, 4))), default)).Succeeded);
        }
        await using var db = house.System();
        var now = await db.Opportunities.SingleAsync();
        Assert.Equal((house.Proposal.Id, 50, "Offer in writing", new DateOnly(2026, 3, 4)), (now.StageId, now.Probability, now.NextStep, now.NextStepOn));
        Assert.Equal([(house.Ann.Id, house.Lead.Id), (77, house.Proposal.Id)], (await db.StageChanges.OrderBy(c => c.Id).ToListAsync()).Select(c => (c.PersonId, c.ToStageId)));
        Assert.Contains(nameof(Opportunity.NextStep), await db.Audit.Where(a => a.PersonId == 77 && a.RecordId == opened.Id).Select(a => a.Changes).SingleAsync(), StringComparison.Ordinal);
        var told = await db.Timeline.SingleAsync(e => e.PersonId == 77);
        Assert.Equal((house.Customer.Id, "opportunity.changed"), (told.CompanyId, told.Kind));
    }

    [Theory, OnEachEngine]
    public async Task Only_what_is_seen_in_full_and_may_be_changed_moves(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var (own, shared) = (await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id }), await house.OpenAsync(house.Ann));
        await house.GrantAsync(house.Cascade, FieldSet.Full, GrantActions.Read | GrantActions.Comment);
        await house.ShareAsync(shared.Id, ScopeKeys.Company(house.Cascade.Id), FieldSet.Summary, MayChange);
        await house.ShareAsync(own.Id, ScopeKeys.Company(house.Cascade.Id), FieldSet.Full, MayChange, TimeSpan.FromDays(-1));
        await using (var cascade = await house.AsAsync(house.Cascade))
        {
            Assert.Equal(SalesRefusals.ReadOnly, await RefusalAsync(cascade, house, own.Id));
            Assert.Equal(SalesRefusals.ReadOnly, await RefusalAsync(cascade, house, shared.Id));
        }
        await using (var dune = await house.AsAsync(house.Dune))
        {
            Assert.Equal(SalesRefusals.NotFound, await RefusalAsync(dune, house, own.Id));
            Assert.Equal(SalesRefusals.NotFound, await RefusalAsync(dune, house, 999));
        }
        await house.ShareAsync(shared.Id, ScopeKeys.Company(house.Dune.Id), FieldSet.Full, MayChange);
        await using var next = await house.AsAsync(house.Dune);
        Assert.Null(await RefusalAsync(next, house, shared.Id));
        Assert.Equal(SalesRefusals.NotFound, await RefusalAsync(next, house, own.Id));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.2.3")]
    public async Task Nothing_but_stage_and_next_step_is_a_partners_to_change(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, MayChange);
        await using var cascade = await house.AsAsync(house.Cascade);
        Assert.Equal(SalesRefusals.ReadOnly, (await new EditOpportunity(cascade).ExecuteAsync(new(opened.Id, opened.Version, house.Draft("Mine")), default)).Refusal);
        Assert.Equal(SalesRefusals.ReadOnly, (await new MoveOpportunity(cascade).ExecuteAsync(new(opened.Id, house.Won.Id), default)).Refusal);
        Assert.Equal(SalesRefusals.ReadOnly, (await new ChangeOpportunities(cascade).ExecuteAsync(new([opened.Id], BulkField.Stage, house.Won.Id), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task Another_standing_is_a_conflict_and_what_a_partner_does_not_see_is_none(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, MayChange);
        await using (var ann = await house.AsAsync(house.Ann)) { Assert.True((await new EditOpportunity(ann).ExecuteAsync(new(opened.Id, opened.Version, house.Draft() with { PartnerId = house.Cascade.Id, InternalNotes = "Thin margin" }), default)).Succeeded); }
        await using (var cascade = await house.AsAsync(house.Cascade)) { Assert.Null(await RefusalAsync(cascade, house, opened.Id)); }
        await using var again = await house.AsAsync(house.Cascade);
        Assert.Equal(SalesRefusals.ChangedMeanwhile, await RefusalAsync(again, house, opened.Id));
    }

    [Theory, OnEachEngine]
    public async Task Lost_needs_a_reason_of_the_partners_own_and_what_is_closed_stays_closed(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Cascade, FieldSet.Full, MayChange);
        await using var cascade = await house.AsAsync(house.Cascade);
        Assert.Equal(SalesRefusals.ReasonMissing, await RefusalAsync(cascade, house, opened.Id, house.Lost));
        Assert.Null(await RefusalAsync(cascade, house, opened.Id, house.Lost, "Price"));
        Assert.Equal(SalesRefusals.Closed, (await new AdvanceOpportunity(cascade).ExecuteAsync(new(opened.Id, At(house.Lost), At(house.Lead)), default)).Refusal);
    }

    private static Standing At(SalesStage stage) => new(stage.Id, null, null);

    private static async Task<Domain.Common.Refusal?> RefusalAsync(PortalDbContext db, SalesHouse house, long id, SalesStage? to = null, string? reason = null) =>
        (await new AdvanceOpportunity(db).ExecuteAsync(new(id, At(house.Lead), At(to ?? house.Proposal), reason), default)).Refusal;
}
