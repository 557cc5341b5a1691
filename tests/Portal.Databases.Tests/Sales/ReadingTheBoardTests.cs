using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

public sealed class ReadingTheBoardTests
{
    [Theory, OnEachEngine]
    public async Task Each_column_shows_its_first_cards_by_close_date_as_far_as_the_asker_sees_them(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var late = await house.OpenAsync(house.Ann, house.Draft("Late") with { CloseDate = new(2027, 3, 1) });
        var soon = await house.OpenAsync(house.Ben, house.Draft("Soon") with { CloseDate = new(2027, 1, 1) });
        var later = await house.OpenAsync(house.Ann, house.Draft("Later") with { CloseDate = new(2027, 4, 1) });
        var proposal = await house.OpenAsync(house.Ann, house.Draft("Proposal"), house.Proposal);
        await house.OpenAsync(house.Max, house.Draft("Elsewhere"));
        await using var lea = await house.AsAsync(house.Lea);
        var all = await lea.BoardAsync([house.Lead.Id, house.Proposal.Id], 2, null, default);
        Assert.Equal([soon.Id, late.Id], all[house.Lead.Id].Select(c => c.Id));
        Assert.Equal([proposal.Id], all[house.Proposal.Id].Select(c => c.Id));
        var anns = await lea.BoardAsync([house.Lead.Id], 2, house.Ann.Id, default);
        Assert.Equal([late.Id, later.Id], anns[house.Lead.Id].Select(c => c.Id));
    }

    [Theory, OnEachEngine]
    public async Task A_summary_row_tells_the_month_and_a_full_reader_finds_the_whole(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { CloseDate = new(2027, 3, 17) });
        await house.ShareAsync(opened.Id, ScopeKeys.Company(house.Dune.Id), FieldSet.Summary, GrantActions.Read);
        await house.ShareAsync(opened.Id, ScopeKeys.Company(house.Cascade.Id), FieldSet.Full, GrantActions.Read);
        await using var dune = await house.AsAsync(house.Dune);
        await using var cascade = await house.AsAsync(house.Cascade);
        var row = await dune.Opportunities.Select(OpportunitySummaryRow.Of).SingleAsync();
        Assert.Equal(("2027-03", "Lead"), (row.CloseMonth, row.StageName));
        Assert.Equal(0, await dune.OpportunitiesInFull.CountAsync());
        Assert.Equal("Acme", (await cascade.OpportunitiesInFull.SingleAsync()).CustomerName);
    }
}
