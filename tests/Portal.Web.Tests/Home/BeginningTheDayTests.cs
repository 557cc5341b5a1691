using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Sales;
using Portal.Testing;
using Portal.Web.Demo;
using Portal.Web.Tests.Companies;
using Xunit;

namespace Portal.Web.Tests.Home;

public sealed class BeginningTheDayTests(RunningHouse house) : IClassFixture<RunningHouse>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> People => [.. DemoPeople.WhoLogIn.Select(p => p.Email)];

    [Theory]
    [MemberData(nameof(People))]
    public async Task The_home_page_opens_for_everybody_with_six_statements_at_most(string email)
    {
        Assert.InRange(await house.StatementsAsync(email, "/"), 1, 6);
        var browser = await house.Portal.AsAsync(email);
        var page = await SignIn.ReadAsync(await browser.GetAsync("/", Ct), Ct);
        Assert.NotEmpty(page.QuerySelectorAll("main .card h2"));
    }

    [Fact]
    public async Task Every_link_of_a_partners_home_leads_somewhere()
    {
        var browser = await house.Portal.AsAsync("reseller@cascade.example");
        var page = await SignIn.ReadAsync(await browser.GetAsync("/", Ct), Ct);
        foreach (var path in page.QuerySelectorAll("main a[href^='/']").Select(a => a.GetAttribute("href")!.Split('#')[0]).Distinct())
        {
            Assert.Equal((HttpStatusCode.OK, path), ((await browser.GetAsync(path, Ct)).StatusCode, path));
        }
    }

    [Theory]
    [InlineData("reseller@cascade.example")]
    [InlineData("supplier@alpine.example")]
    [InlineData("distributor@bayside.example")]
    public async Task Every_link_of_a_partners_home_stands_in_its_card(string email)
    {
        var browser = await house.Portal.AsAsync(email);
        var page = await SignIn.ReadAsync(await browser.GetAsync("/", Ct), Ct);
        Assert.DoesNotContain(page.QuerySelectorAll("main .portal-home a"), link => link.Closest(".card") is null);
    }

    [Fact]
    public async Task A_partner_reports_progress_and_the_owner_finds_it_at_home_and_what_was_read_meanwhile_is_a_conflict()
    {
        var cascade = await house.CompanyAsync("CASCADE");
        long record;
        string owner, stage;
        await using (var db = house.Portal.System())
        {
            owner = "sales@portal.example";
            var open = await db.Opportunities.Where(o => o.PartnerId == cascade && o.Outcome == StageKind.Open && db.People.Any(p => p.Id == o.OwnerId && p.Email == owner)).OrderByDescending(o => o.Id).FirstAsync(Ct);
            record = open.Id;
            stage = (await db.Stages.Where(s => s.Kind == StageKind.Open && s.Id != open.StageId).OrderBy(s => s.Position).Select(s => s.Id).FirstAsync(Ct)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        var path = $"/partner/opportunities/{record}/advance";
        var (reseller, rival) = (await house.Portal.AsAsync("reseller@cascade.example"), await house.Portal.AsAsync("reseller@dune.example"));
        Assert.Contains(path, await reseller.GetStringAsync($"/partner/opportunities/{record}", Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await rival.GetAsync(path, Ct)).StatusCode);
        var (first, second) = (await reseller.GetAsync(path, Ct), await reseller.GetAsync(path, Ct));

        var told = await reseller.SendFormAsync(first, Ct, ("Input.StageId", stage), ("Input.NextStep", "Visit the plant together"), ("Input.NextStepOn", "2031-02-03"));
        Assert.Equal(HttpStatusCode.Found, told.StatusCode);
        Assert.Contains("Visit the plant together", await (await house.Portal.AsAsync(owner)).GetStringAsync("/", Ct), StringComparison.Ordinal);

        var late = await reseller.SendFormAsync(second, Ct, ("Input.NextStep", "Send the offer"));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        var shown = await late.Content.ReadAsStringAsync(Ct);
        Assert.Contains("Visit the plant together", shown, StringComparison.Ordinal);
        Assert.Contains("Send the offer", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_question_waits_for_the_partner_until_it_answers_and_an_internal_word_never_shows()
    {
        var cascade = await house.CompanyAsync("CASCADE");
        long record;
        await using (var db = house.Portal.System())
        {
            record = await db.Opportunities.Where(o => o.PartnerId == cascade).OrderBy(o => o.Id).Select(o => o.Id).FirstAsync(Ct);
            db.Add(Word(db.Ids.Next(), "When can you deliver, please?", null, isInternal: false, db.Now));
            db.Add(Word(db.Ids.Next(), "Their margin is thin.", null, isInternal: true, db.Now));
            await db.SaveChangesAsync(Ct);
        }
        var home = await HomeAsync();
        Assert.Contains("When can you deliver, please?", home, StringComparison.Ordinal);
        Assert.DoesNotContain("Their margin is thin.", home, StringComparison.Ordinal);

        await using (var db = house.Portal.System())
        {
            db.Add(Word(db.Ids.Next(), "In week 50.", cascade, isInternal: false, db.Now));
            await db.SaveChangesAsync(Ct);
        }
        Assert.DoesNotContain("When can you deliver, please?", await HomeAsync(), StringComparison.Ordinal);

        async Task<string> HomeAsync() => await (await (await house.Portal.AsAsync("reseller@cascade.example")).GetAsync("/", Ct)).Content.ReadAsStringAsync(Ct);

        Comment Word(long id, string body, long? company, bool isInternal, DateTimeOffset at) => new()
        {
            Id = id, RecordClass = RecordClass.Opportunity, RecordId = record, AuthorId = 1, AuthorName = "Somebody", AuthorCompanyId = company, Body = body, Internal = isInternal, At = at,
        };
    }
}
