using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing;
using Portal.Web.Tests.Companies;
using Xunit;

namespace Portal.Web.Tests.Home;

public sealed class SearchingEverythingTests(RunningHouse house) : IClassFixture<RunningHouse>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<string[]> HitsAsync(string email, string words)
    {
        var browser = await house.Portal.AsAsync(email);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/search?q=" + Uri.EscapeDataString(words));
        request.Headers.Add("HX-Request", "true");
        var part = await SignIn.ReadAsync(await browser.SendAsync(request, Ct), Ct);
        return [.. part.QuerySelectorAll("a[data-search-hit]").Select(a => a.GetAttribute("href")!)];
    }

    [Fact]
    public async Task Two_chinese_characters_find_a_company()
    {
        var alpine = await house.CompanyAsync("ALPINE");
        Assert.Contains($"/companies/{alpine}", await HitsAsync("sales@portal.example", "高山"));
    }

    [Fact]
    public async Task A_part_of_a_word_finds_companies_people_and_products()
    {
        var hits = await HitsAsync("admin@portal.example", "pum");
        Assert.Contains(hits, h => h.StartsWith("/products/", StringComparison.Ordinal));
        Assert.Contains(hits, h => h.StartsWith("/opportunities/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_words_or_with_mere_signs_nothing_is_found()
    {
        Assert.Empty(await HitsAsync("admin@portal.example", ""));
        Assert.Empty(await HitsAsync("admin@portal.example", "'; -- %_"));
    }

    [Fact]
    public async Task A_partner_finds_its_own_opportunities_by_partner_addresses_and_no_others()
    {
        await using var db = house.Portal.System();
        var cascade = await house.CompanyAsync("CASCADE");
        var mine = await db.Opportunities.Where(o => o.PartnerId == cascade).OrderBy(o => o.Id).FirstAsync(Ct);
        var dune = await house.CompanyAsync("DUNE");
        var shared = db.Shares.Where(s => s.RecordClass == RecordClass.Opportunity).Select(s => s.RecordId);
        var rival = await db.Opportunities.Where(o => o.PartnerId == dune && !shared.Contains(o.Id)).OrderBy(o => o.Id).FirstAsync(Ct);
        Assert.Contains($"/partner/opportunities/{mine.Id}", await HitsAsync("reseller@cascade.example", mine.Number));
        Assert.Empty(await HitsAsync("reseller@cascade.example", rival.Number));
        Assert.All(await HitsAsync("reseller@cascade.example", "motors"), h => Assert.StartsWith("/partner/", h, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_summary_is_not_found_by_the_customer_whom_it_does_not_name()
    {
        var alpine = await house.CompanyAsync("ALPINE");
        await using var db = house.Portal.System();
        var now = db.Now;
        var opportunity = await db.Opportunities.Where(o => o.Outcome == StageKind.Open && o.CustomerName != "" && !db.Shares.Any(s => s.RecordId == o.Id)).OrderBy(o => o.Id).FirstAsync(Ct);
        db.Add(new Share
        {
            Id = db.Ids.Next(), Key = ScopeKeys.Company(alpine), RecordClass = RecordClass.Opportunity, RecordId = opportunity.Id, Fields = FieldSet.Summary, Actions = GrantActions.Read,
            Reason = "test", Until = now.AddDays(2), SharedBy = 1, SharedAt = now,
        });
        await db.SaveChangesAsync(Ct);
        var path = $"/partner/opportunities/{opportunity.Id}";
        Assert.Contains(path, await HitsAsync("supplier@alpine.example", opportunity.Number));
        Assert.DoesNotContain(path, await HitsAsync("supplier@alpine.example", opportunity.CustomerName));
    }

    [Theory]
    [InlineData("admin@portal.example")]
    [InlineData("reseller@cascade.example")]
    public async Task A_search_asks_the_database_six_times_at_most(string email) =>
        Assert.InRange(await house.StatementsAsync(email, "/search?q=an"), 1, 6);
}
