using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Ui;
using Xunit;

namespace Portal.Web.Tests.Ui;

/// <summary>What stands around a list is kept for the person; the list itself never is.</summary>
public sealed partial class ListsInTheirFrameTests(ListsInTheirFrameTests.House house) : IClassFixture<ListsInTheirFrameTests.House>
{
    private const string Administrator = "admin@portal.example", Seller = "sales@portal.example", Cascade = "reseller@cascade.example";

    public sealed class House : IAsyncLifetime
    {
        public RunningPortal Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Portal = await RunningPortal.StartAsync();

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Administrator, 10)]
    [InlineData(Cascade, 4)]
    public async Task Each_list_page_is_the_same_out_of_its_frame_as_out_of_its_view(string person, int atLeast)
    {
        var browser = await house.Portal.AsAsync(person);
        var pages = 0;
        foreach (var path in PathsWithoutParameters())
        {
            var first = await browser.GetAsync(path, Ct);
            if (first.StatusCode != HttpStatusCode.OK || !(await first.Content.ReadAsStringAsync(Ct)).Contains("class=\"portal-list\"", StringComparison.Ordinal)) { continue; }
            pages++;
            foreach (var query in new[] { "?q=an&at=nowhere", "" })
            {
                var framed = await BodyAsync(browser, path + query);
                var viewed = await BodyAsync(browser, path + query, $"{SiteCookies.NameOf(SiteCookies.Note, isHttps: true)}=nothing");
                Assert.Equal(viewed, framed);
                Assert.Contains($"name=\"returnUrl\" value=\"{WebUtility.HtmlEncode(path + query)}\"", framed, StringComparison.Ordinal);
            }
        }
        Assert.True(pages >= atLeast, $"{person} found {pages} lists");
    }

    [Fact]
    public async Task A_row_that_was_added_or_taken_away_shows_at_the_next_request()
    {
        var browser = await house.Portal.AsAsync(Cascade);
        var before = await BodyAsync(browser, "/partner/opportunities?columns=number");
        Assert.Equal(before, await BodyAsync(browser, "/partner/opportunities?columns=number"));
        await using var db = house.Portal.System();
        var cascade = await db.Companies.Where(c => c.Code == "CASCADE").Select(c => c.Id).SingleAsync(Ct);
        var mine = (await db.Opportunities.Where(o => o.PartnerId == cascade).OrderByDescending(o => o.CloseDate).ToListAsync(Ct)).First(o => before.Contains(o.Number, StringComparison.Ordinal));
        mine.PartnerId = null;
        await db.SaveChangesAsync(Ct);
        Assert.DoesNotContain(mine.Number, await browser.GetStringAsync("/partner/opportunities?columns=number", Ct), StringComparison.Ordinal);
        mine.PartnerId = cascade;
        await db.SaveChangesAsync(Ct);
        Assert.Contains(mine.Number, await browser.GetStringAsync("/partner/opportunities?columns=number", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_frame_changes_with_language_theme_and_note()
    {
        var browser = await house.Portal.AsAsync(Seller);
        var english = await BodyAsync(browser, "/contacts");
        Assert.Contains("data-theme=\"system\"", english, StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", await BodyAsync(browser, "/contacts", $"{SiteCookies.NameOf(SiteCookies.Theme, isHttps: true)}=dark"), StringComparison.Ordinal);
        Assert.Contains("lang=\"en\"", english, StringComparison.Ordinal);
        Assert.Equal(english, await BodyAsync(browser, "/contacts"));
    }

    [Fact]
    public async Task The_rows_are_counted_when_the_reader_gets_to_the_foot()
    {
        await using var db = house.Portal.System();
        var all = await db.Contacts.CountAsync(Ct);
        Assert.True(all > 50);
        var words = $"{all.ToString("#,##0", CultureInfo.InvariantCulture)} rows";
        var browser = await house.Portal.AsAsync(Administrator);
        var page = await SignIn.ReadAsync(await browser.GetAsync("/contacts", Ct), Ct);
        var link = page.QuerySelector(".portal-list-foot [role=status] a")!;
        Assert.Equal("revealed", link.GetAttribute("hx-trigger"));

        using var asked = new HttpRequestMessage(HttpMethod.Get, link.GetAttribute("hx-get"));
        asked.Headers.Add("HX-Request", "true");
        Assert.Equal(words, await (await browser.SendAsync(asked, Ct)).Content.ReadAsStringAsync(Ct));

        var withoutScript = await SignIn.ReadAsync(await browser.GetAsync(link.GetAttribute("href"), Ct), Ct);
        Assert.Equal(words, withoutScript.QuerySelector(".portal-list-foot [role=status]")!.TextContent);
        Assert.DoesNotContain("count=", withoutScript.QuerySelector(".portal-list-foot a[rel=next]")!.GetAttribute("href")!, StringComparison.Ordinal);
    }

    private static async Task<string> BodyAsync(HttpClient browser, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null) { request.Options.Set(SignIn.OneMoreCookie, cookie); }
        var answer = await browser.SendAsync(request, Ct);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        return FormKey().Replace(await answer.Content.ReadAsStringAsync(Ct), "");
    }

    private IEnumerable<string> PathsWithoutParameters() => house.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.Parameters.Count == 0 && e.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor>() is not null)
        .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Where(path => !path.StartsWith("/identity", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    [GeneratedRegex("name=\"(__key|__RequestVerificationToken)\"[^>]*>")]
    private static partial Regex FormKey();
}
