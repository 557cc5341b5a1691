using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

public sealed class ReadingAsAPartnerTests
{
    [Theory, OnEachEngine, Trait("asvs", "V8.2.3")]
    public async Task Full_sight_reads_the_customer_and_summary_sight_only_that_there_is_a_sale(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id, CloseDate = new(2026, 5, 17), Lines = [new(null, house.Pump.Id, 2, 3)] });
        await house.GrantAsync(house.Cascade, FieldSet.Full, GrantActions.Read);
        await house.ShareAsync(opened.Id, ScopeKeys.Company(house.Dune.Id), FieldSet.Summary, GrantActions.Read);
        await using var cascade = await house.AsAsync(house.Cascade);
        await using var dune = await house.AsAsync(house.Dune);
        Assert.Equal(("Acme", 6m), ((await cascade.OpportunityInFullAsync(opened.Id, default)) is { } full ? (full.CustomerName, full.Amount) : default));
        Assert.Single(await cascade.LinesOfOpportunityAsync(opened.Id, default));
        Assert.Null(await dune.OpportunityInFullAsync(opened.Id, default));
        Assert.Empty(await dune.LinesOfOpportunityAsync(opened.Id, default));
        var summary = (await dune.OpportunitySummaryForPartnerAsync(opened.Id, default))!;
        Assert.Equal(("Pumps", 2026, 5), (summary.Title, summary.CloseYear, summary.CloseMonth));
    }

    [Theory, OnEachEngine]
    public async Task A_rival_reads_nothing(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.GrantAsync(house.Dune, FieldSet.Full, GrantActions.Read);
        await using var dune = await house.AsAsync(house.Dune);
        Assert.Null(await dune.OpportunitySummaryForPartnerAsync(opened.Id, default));
        Assert.Null(await dune.OpportunityInFullAsync(opened.Id, default));
    }
}
