using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
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
