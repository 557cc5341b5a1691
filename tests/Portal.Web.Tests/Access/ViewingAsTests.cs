using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Identity.Sessions;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Demo;
using Portal.Web.Tests.Companies;
using Xunit;

namespace Portal.Web.Tests.Access;

[Collection(SupportHouses.Name)]
public sealed partial class ViewingAsTests(SupportHouse house)
{
    private const string Supplier = "supplier@alpine.example", DistributorAdmin = "distributor.admin@bayside.example", ResellerAdmin = "reseller.admin@cascade.example", Reseller = "reseller@cascade.example";

    /// <summary>What a view may show. A page that comes to this list is a decision; a file or an account page never does.</summary>
    private static readonly string[] Shown =
    [
        "/", "/look-up/{name}", "/partner/demand", "/partner/demand/report", "/partner/documents", "/partner/documents/view/{versionId:long}", "/partner/documents/{id:long}", "/partner/opportunities",
        "/partner/opportunities/summaries", "/partner/opportunities/{id:long}", "/partner/opportunities/{id:long}/advance", "/partner/people", "/partner/people/views", "/partner/products", "/reports", "/reports/{name}/{handler?}", "/search", "/views",
    ];

    [Theory]
    [InlineData(Supplier)]
    [InlineData(DistributorAdmin)]
    [InlineData(Reseller)]
    public async Task The_view_shows_exactly_what_the_person_sees(string email)
    {
        var (own, view) = (await house.LogInAsync(email), await house.ViewAsync(email));
        // The frame speaks the reader's language, dates too: both read English here. The choice is kept in the browser and is no part of the view.
        foreach (var browser in new[] { own, view }) { await SupportHouse.PostAsync(browser, "/preferences?handler=Language", ("language", "en"), ("returnUrl", "/")); }
        var pages = new Queue<string>(["/", "/partner/opportunities", "/partner/demand", "/partner/products", "/partner/documents", "/partner/people", "/reports", "/search?q=a"]);
        var seen = 0;
        HashSet<string> asked = [.. pages];
        while (pages.TryDequeue(out var page) && seen < 25)
        {
            var (hers, shown) = (await own.GetAsync(page), await view.GetAsync(page));
            Assert.Equal((page, hers.StatusCode), (page, shown.StatusCode));
            if (hers.StatusCode != HttpStatusCode.OK) { continue; }
            var (records, sameRecords) = (await RecordsAsync(hers), await RecordsAsync(shown));
            Assert.Equal(records, sameRecords);
            seen++;
            foreach (var next in records.Where(r => r.StartsWith("/partner/", StringComparison.Ordinal) && !r.Contains("/people/", StringComparison.Ordinal)).Take(3)) { if (asked.Add(next)) { pages.Enqueue(next); } }
        }
        Assert.True(seen > 5, $"only {seen} pages");
    }

    /// <summary>Everything on the page that names a record, and every number in it.</summary>
    private static async Task<List<string>> RecordsAsync(HttpResponseMessage page)
    {
        var main = (await SignIn.ReadAsync(page)).QuerySelector("main")!;
        var links = main.QuerySelectorAll("a[href^='/']").Select(a => a.GetAttribute("href")!).Where(h => Ids().IsMatch(h) && !h.Contains("/download/", StringComparison.Ordinal) && !h.Contains("export=", StringComparison.Ordinal));
        var amounts = main.QuerySelectorAll("td, dd, .card-body").SelectMany(cell => Amounts().Matches(cell.TextContent).Select(m => m.Value));
        return [.. links.Concat(amounts)];
    }

    [Fact]
    public async Task Nothing_is_written_by_any_request_of_a_view_and_no_file_or_account_page_opens()
    {
        var view = await house.ViewAsync(ResellerAdmin);
        foreach (var surface in (await Surfaces.OfAsync(house.Portal.Services)).Where(s => !s.IsOpen && s.Template != "/access/view-as/end"))
        {
            if (surface.Verb is "GET" or "HEAD" && Shown.Contains(surface.Template)) { continue; }
            var address = surface.Address(surface.Records.Select(r => r.Name).Concat(surface.Words).ToDictionary(name => name, _ => "1"));
            using var answer = await view.SendAsync(new HttpRequestMessage(new HttpMethod(surface.Verb), address));
            // A browser's session says nothing to the API.
            var refusal = surface.Template.StartsWith("/api/", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden;
            Assert.Equal((surface.Name, refusal), (surface.Name, answer.StatusCode));
        }
        foreach (var file in new[] { "/partner/opportunities?export=csv", "/partner/products?export=xlsx" }) { Assert.Equal(HttpStatusCode.Forbidden, (await view.GetAsync(file)).StatusCode); }
        foreach (var verb in new[] { "PUT", "PATCH", "DELETE" }) { Assert.Equal(HttpStatusCode.Forbidden, (await view.SendAsync(new HttpRequestMessage(new HttpMethod(verb), "/"))).StatusCode); }
        var posted = await SupportHouse.PostAsync(view, "/views?handler=Save&list=jobs&path=/jobs", ("name", "Mine"));
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
    }

    [Fact, Trait("asvs", "V8.1.2")]
    public async Task What_a_view_shows_is_on_the_list()
    {
        _ = await house.ViewAsync(Reseller);
        var loader = house.Portal.Services.GetRequiredService<Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageLoader>();
        SortedSet<string> shown = new(StringComparer.Ordinal);
        foreach (var endpoint in house.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var metadata = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page ? (await loader.LoadAsync(page, endpoint.Metadata)).Endpoint?.Metadata ?? endpoint.Metadata : endpoint.Metadata;
            var policy = metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null);
            if (metadata.GetMetadata<IAllowAnonymous>() is not null || policy is null || !OfPartners(policy) || metadata.GetMetadata<EndsViewAttribute>() is not null || !ViewingAs.IsShown(metadata)) { continue; }
            shown.Add("/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/'));
        }
        Assert.Equal(string.Join('\n', Shown), string.Join('\n', shown));

        static bool OfPartners(string policy) => policy.StartsWith("partner", StringComparison.Ordinal) || policy is Permissions.SignedIn or Permissions.RunReports;
    }

    [Fact]
    public async Task Every_page_says_who_looks_as_whom_until_when_and_offers_the_end()
    {
        var view = await house.ViewAsync(Reseller);
        foreach (var page in new[] { "/", "/partner/opportunities", "/reports" })
        {
            var banner = (await SignIn.ReadAsync(await view.GetAsync(page))).QuerySelector(".portal-viewing")!;
            Assert.Contains("王磊", banner.TextContent, StringComparison.Ordinal);
            Assert.Contains("Ines Duartez", banner.TextContent, StringComparison.Ordinal);
            Assert.Matches("[0-9]{2}:[0-9]{2}", banner.TextContent);
            Assert.NotNull(banner.QuerySelector("form[action='/access/view-as/end'] button"));
        }
        Assert.Contains("Ines Duartez", await (await view.GetAsync("/account/sessions")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Ines Duartez", await (await view.GetAsync("/never/was/there")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_gives_the_own_sight_back_and_is_on_record()
    {
        var view = await house.ViewAsync(Reseller, "The end of a view");
        Assert.Equal(HttpStatusCode.OK, (await view.GetAsync("/reports")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await view.GetAsync("/companies")).StatusCode);
        var ended = await SupportHouse.PostAsync(view, "/access/view-as/end");
        Assert.Equal("/access/view-as", ended.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await view.GetAsync("/companies")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await view.GetAsync("/partner/opportunities")).StatusCode);
        await using var db = house.Portal.System();
        var record = await db.SupportViews.SingleAsync(v => v.Reason == "The end of a view");
        Assert.NotNull(record.EndedAt);
        var trail = await db.Audit.Where(e => e.Entity == nameof(SupportView) && e.RecordId == record.Id).OrderBy(e => e.Id).ToListAsync();
        Assert.Equal(["created", "changed"], trail.Select(e => e.Action).Where(a => a != "opened"));
        Assert.Contains(trail, e => e.Action == "opened" && e.PersonName == "王磊" && e.Changes.Contains("/reports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_page_that_opens_is_written_down_before_it_is_shown()
    {
        var view = await house.ViewAsync(Reseller, "Which pages were opened");
        await view.GetAsync("/partner/products?q=a");
        await using var db = house.Portal.System();
        var record = await db.SupportViews.SingleAsync(v => v.Reason == "Which pages were opened");
        var opened = await db.Audit.SingleAsync(e => e.RecordId == record.Id && e.Action == "opened");
        Assert.Equal("""{"Path":[null,"/partner/products"]}""", opened.Changes);
        Assert.Equal(record.ViewerId, opened.PersonId);
    }

    [Theory]
    [InlineData("Until", "its time is over")]
    [InlineData("EndedAt", "somebody ended it")]
    public async Task A_view_is_over_with_the_next_request_when(string column, string why)
    {
        var view = await house.ViewAsync(Reseller, why);
        Assert.Equal(HttpStatusCode.OK, (await view.GetAsync("/partner/opportunities")).StatusCode);
        await using (var db = house.Portal.System())
        {
            var past = db.Now.AddSeconds(-1);
            var open = db.SupportViews.Where(v => v.Reason == why);
            await (column == "Until" ? open.ExecuteUpdateAsync(set => set.SetProperty(v => v.Until, past)) : open.ExecuteUpdateAsync(set => set.SetProperty(v => v.EndedAt, past)));
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await view.GetAsync("/partner/opportunities")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await view.GetAsync("/companies")).StatusCode);
    }

    [Fact]
    public async Task Whoever_loses_the_function_loses_the_view()
    {
        var view = await house.ViewAsync(Supplier);
        Assert.Equal(HttpStatusCode.OK, (await view.GetAsync("/partner/demand")).StatusCode);
        await using var db = house.Portal.System();
        var support = await db.People.Include(p => p.Functions).SingleAsync(p => p.Email == SupportHouse.Support);
        Assert.Null(support.Assign([Functions.Service]));
        await db.SaveChangesAsync();
        try
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await view.GetAsync("/partner/demand")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await view.GetAsync("/access/view-as")).StatusCode);
        }
        finally
        {
            Assert.Null(support.Assign([Functions.Service, Functions.Support]));
            await db.SaveChangesAsync();
        }
    }

    [Fact]
    public async Task Nobody_views_as_staff_as_oneself_as_the_inactive_or_from_within_a_view()
    {
        var browser = await house.LogInAsync(SupportHouse.Support);
        await using var db = house.Portal.System();
        var gone = new Person { Id = db.Ids.Next(), Name = "Gone", Email = $"gone{db.Ids.Next()}@cascade.example", CompanyId = await db.People.Where(p => p.Email == Reseller).Select(p => p.CompanyId).SingleAsync(), Active = false };
        Assert.Null(gone.Assign([Functions.ResellerPerson]));
        db.Add(gone);
        await db.SaveChangesAsync();
        foreach (var id in new[] { await house.PersonAsync("admin@portal.example"), await house.PersonAsync(SupportHouse.Support), gone.Id, 0 })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/access/view-as/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await SupportHouse.PostAsync(browser, $"/access/view-as/{id}", ("Input.Reason", "x"))).StatusCode);
        }
        var view = await house.ViewAsync(Supplier);
        Assert.Equal(HttpStatusCode.Forbidden, (await SupportHouse.PostAsync(view, $"/access/view-as/{await house.PersonAsync(Reseller)}", ("Input.Reason", "x"))).StatusCode);
    }

    [Fact]
    public async Task A_view_wants_a_reason()
    {
        var browser = await house.LogInAsync(SupportHouse.Support);
        using var answer = await SupportHouse.BeginAsync(browser, await house.PersonAsync(Reseller), "  ");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/partner/opportunities")).StatusCode);
    }

    [Fact]
    public async Task The_companys_administrator_reads_who_looked_and_why_and_a_rival_does_not()
    {
        await house.ViewAsync(Reseller, "Who may read this reason");
        async Task<string> ReadAsync(string email) => await (await (await house.LogInAsync(email)).GetAsync("/partner/people/views")).Content.ReadAsStringAsync();
        var own = await ReadAsync(ResellerAdmin);
        Assert.Contains("Who may read this reason", own, StringComparison.Ordinal);
        Assert.Contains("王磊", own, StringComparison.Ordinal);
        Assert.DoesNotContain("Who may read this reason", await ReadAsync(DistributorAdmin), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await house.LogInAsync(Reseller)).GetAsync("/partner/people/views")).StatusCode);
    }

    [Fact, Trait("asvs", "V7.4.5")]
    public async Task A_view_is_over_in_the_log_when_an_administrator_ends_its_session_or_takes_the_function()
    {
        var (admin, supporter) = (await house.LogInAsync("admin@portal.example"), await house.PersonAsync(SupportHouse.Support));
        var account = $"/access/people/{supporter}/account";
        async Task<(DateTimeOffset? Ended, DateTimeOffset Until)> LastAsync()
        {
            await using var db = house.Portal.System();
            var view = await db.SupportViews.Where(v => v.ViewerId == supporter).OrderByDescending(v => v.Id).FirstAsync();
            return (view.EndedAt, view.Until);
        }
        async Task<HashSet<string>> SessionsAsync() =>
            [.. (await SignIn.ReadAsync(await admin.GetAsync(account))).QuerySelectorAll("input[name=session]").Select(field => field.GetAttribute("value")!)];
        await SupportHouse.PostAsync(admin, account + "?handler=EndOthers");
        var view = await house.ViewAsync(Reseller);
        var viewing = await SessionsAsync();
        await house.LogInAsync(SupportHouse.Support);
        Assert.Equal(HttpStatusCode.Redirect, (await SupportHouse.PostAsync(admin, account + "?handler=End", ("session", (await SessionsAsync()).Except(viewing).Single()))).StatusCode);
        Assert.Null((await LastAsync()).Ended);
        Assert.Equal(HttpStatusCode.OK, (await view.GetAsync("/partner/opportunities")).StatusCode);

        await SupportHouse.PostAsync(admin, account + "?handler=End", ("session", viewing.Single()));
        Assert.True((await LastAsync()) is { Ended: { } ended, Until: var until } && ended < until);
        Assert.NotEqual(HttpStatusCode.OK, (await view.GetAsync("/partner/opportunities")).StatusCode);

        view = await house.ViewAsync(Reseller);
        Assert.Null((await LastAsync()).Ended);
        var form = await admin.GetAsync($"/access/people/{supporter}");
        Assert.Equal(HttpStatusCode.Redirect, (await admin.SendFormAsync(form, default, ("Input.Functions", Functions.Service))).StatusCode);
        Assert.NotNull((await LastAsync()).Ended);
        await using var db = house.Portal.System();
        (await db.People.Include(p => p.Functions).SingleAsync(p => p.Id == supporter)).Assign([Functions.Service, Functions.Support]);
        await db.SaveChangesAsync();
    }

    [Fact]
    public async Task A_view_is_over_in_the_log_whatever_ended_its_session_and_one_begun_since_is_not()
    {
        var supporter = await house.PersonAsync(SupportHouse.Support);
        var sessions = house.Portal.Services.GetRequiredService<HostSessions>();
        async Task<(long Id, DateTimeOffset? Ended, DateTimeOffset Until)> LastAsync()
        {
            await using var db = house.Portal.System();
            var view = await db.SupportViews.Where(v => v.ViewerId == supporter).OrderByDescending(v => v.Id).FirstAsync();
            return (view.Id, view.EndedAt, view.Until);
        }
        async Task AccountAsync(Func<AccountLife, Accounts, string, Task> act)
        {
            await using var services = house.Portal.Services.CreateAsyncScope();
            var accounts = services.ServiceProvider.GetRequiredService<Accounts>();
            await act(services.ServiceProvider.GetRequiredService<AccountLife>(), accounts, (await accounts.FindSubjectAsync(SupportHouse.Support, default))!);
        }
        var elsewhere = await house.LogInAsync(SupportHouse.Support);
        (string Why, Func<Task> End)[] ends =
        [
            ("a new password in another browser", async () => await elsewhere.SubmitAsync(await elsewhere.GetAsync("/identity/account/password"), default, ("password", "chosen in another browser"))),
            ("a new password by command", () => AccountAsync((_, accounts, subject) => accounts.SetPasswordAsync(subject, DemoPeople.Password, default))),
            ("a lost second step", () => AccountAsync((life, _, subject) => life.ResetSecondFactorAsync(subject, default))),
            ("a disabled account", () => AccountAsync(async (life, _, subject) => { await life.DisableAsync(subject, default); await life.EnableAsync(subject, default); })),
        ];
        foreach (var (why, end) in ends)
        {
            // Whoever looks logged in by the password of the demo.
            if (why != ends[1].Why) { await house.ViewAsync(Reseller); }
            else { await SupportHouse.BeginAsync(elsewhere, await house.PersonAsync(Reseller), why); }
            var begun = await LastAsync();
            Assert.True(begun.Ended is null, why);
            await end();
            await sessions.TellEndedViewsAsync(default);
            var over = await LastAsync();
            Assert.True(over.Id == begun.Id && over.Ended is { } ended && ended < over.Until, why);
        }
        await house.ViewAsync(Reseller);
        await sessions.TellEndedViewsAsync(default);
        Assert.Null((await LastAsync()).Ended);
    }

    [Fact, Trait("asvs", "V7.5.3")]
    public async Task Rights_and_sight_are_given_after_a_fresh_proof_and_nothing_typed_is_lost()
    {
        var (admin, reseller) = (await house.LogInAsync("admin@portal.example"), await house.PersonAsync(Reseller));
        var (person, people) = ($"/access/people/{reseller}", await admin.GetAsync($"/access/people/{reseller}"));
        long company;
        await using (var db = house.Portal.System()) { company = await db.Companies.Where(c => c.Code == "ALPINE").Select(c => c.Id).SingleAsync(); }
        var (share, grants, add) = (await admin.GetAsync($"/access/share/company/{company}"), await admin.GetAsync("/access/grants"), await admin.GetAsync("/access/people/add"));
        await house.AgeProofsAsync(TimeSpan.FromMinutes(11));
        async Task KeptBackAsync(HttpResponseMessage form, string field, params (string, string)[] typed)
        {
            var answer = await admin.SendFormAsync(form, default, [.. typed, (field, "Typed before")]);
            var page = await SignIn.ReadAsync(answer);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("/sign-in?again=true&returnUrl=/account/proved", page.QuerySelector("[role=alert] a[target=_blank]")?.GetAttribute("href"));
            Assert.Equal("Typed before", page.QuerySelector($"[name='{field}']")!.GetAttribute("value") ?? page.QuerySelector($"[name='{field}']")!.TextContent.Trim());
        }
        await KeptBackAsync(people, "Input.JobTitle", ("Input.Functions", Functions.PartnerAdmin));
        await KeptBackAsync(people, "Input.JobTitle", ("Input.Active", "false"));
        await KeptBackAsync(add, "Input.Name", ("Input.Email", "typed@portal.example"), ("Input.Functions", Functions.Sales));
        await KeptBackAsync(share, "Input.Reason", ("Input.PersonId", $"{reseller}"));
        await KeptBackAsync(grants, "Input.Reason", ("Input.Group", ScopeKeys.Kind(Portal.Domain.Companies.CompanyRole.ChannelPartner)), ("Input.Rule", "Opportunity RegisteredOn"), ("Input.Until", "2030-01-01"));
        await using (var db = house.Portal.System())
        {
            Assert.False(await db.People.AnyAsync(p => p.JobTitle == "Typed before" || p.Email == "typed@portal.example") || await db.Shares.AnyAsync(s => s.Reason == "Typed before") || await db.Grants.AnyAsync(g => g.Reason == "Typed before"));
        }
        // What gives no right, and sight within the house, asks for nothing.
        Assert.Equal(HttpStatusCode.Redirect, (await admin.SendFormAsync(await admin.GetAsync(person), default, ("Input.JobTitle", "Buyer"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.SendFormAsync(share, default, ("Input.PersonId", $"{await house.PersonAsync("sales@portal.example")}"), ("Input.Reason", "Looks after them"))).StatusCode);

        // Proved in the other tab, the form at hand goes through.
        var proof = await admin.FollowAsync(await admin.GetAsync("/sign-in?again=true&returnUrl=/account/proved"));
        var proved = await admin.FollowAsync(await admin.SubmitAsync(proof, default, ("email", "admin@portal.example"), ("password", Portal.Web.Demo.DemoPeople.Password)));
        Assert.Equal("/account/proved", proved.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.SendFormAsync(share, default, ("Input.PersonId", $"{reseller}"), ("Input.Reason", "After the proof"))).StatusCode);
        await using var after = house.Portal.System();
        var given = await after.Shares.SingleAsync(s => s.Reason == "After the proof");
        given.Until = after.Now;
        await after.SaveChangesAsync();
    }

    [Fact, Trait("asvs", "V7.5.3")]
    public async Task An_old_log_in_is_proved_once_more_before_a_view_begins()
    {
        var browser = await house.LogInAsync(SupportHouse.Support);
        var page = $"/access/view-as/{await house.PersonAsync(Reseller)}";
        await house.AgeProofsAsync(TimeSpan.FromMinutes(11));
        var posted = await SupportHouse.PostAsync(browser, page, ("Input.Reason", "x"));
        Assert.StartsWith("/sign-in?again=true", posted.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var asked = await browser.GetAsync(page);
        Assert.StartsWith("/sign-in?again=true", asked.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var form = await browser.FollowAsync(asked);
        Assert.Equal("/identity/log-in", form.RequestMessage!.RequestUri!.AbsolutePath);
        var answer = await browser.SubmitAsync(form, default, ("email", SupportHouse.Support), ("password", Portal.Web.Demo.DemoPeople.Password));
        var back = await browser.FollowAsync(answer);
        Assert.Equal((page, HttpStatusCode.OK), (back.RequestMessage!.RequestUri!.AbsolutePath, back.StatusCode));
        Assert.Equal("/", (await browser.SubmitAsync(back, default, ("Input.Reason", "Proved once more"))).Headers.Location?.OriginalString);
    }

    [Fact, Trait("asvs", "V7.5.3")]
    public async Task A_way_into_somebodys_account_is_handed_out_after_a_fresh_proof()
    {
        var (admin, colleague) = (await house.LogInAsync("admin@portal.example"), await house.LogInAsync(ResellerAdmin));
        var reseller = await house.PersonAsync(Reseller);
        await house.AgeProofsAsync(TimeSpan.FromMinutes(11));
        foreach (var (browser, page, act) in new[] { (admin, $"/access/people/{reseller}/account", "invite"), (admin, $"/access/people/{reseller}/account", "reset"), (admin, $"/access/people/{reseller}/account", "second-factor"), (colleague, $"/partner/people/{reseller}", "invite") })
        {
            var answer = await SupportHouse.PostAsync(browser, $"{page}?handler=Act", ("act", act));
            Assert.StartsWith("/sign-in?again=true", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("[0-9]{10,}")]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9][0-9,.]*[0-9]")]
    private static partial Regex Amounts();
}

/// <summary>A scope that only reads writes nothing, whichever way a page would take.</summary>
public sealed class ReadingAsSomebodyTests
{
    [Theory, OnEachEngine]
    public async Task Every_way_of_writing_is_refused(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        long id;
        await using (var db = test.Portal.For(AccessScope.System("test")))
        {
            var person = new Person { Id = id = db.Ids.Next(), Name = "Kim", Email = "kim@portal.example" };
            db.Add(person);
            await db.SaveChangesAsync();
        }
        var scope = AccessScope.ForStaff(id, "Kim", [Functions.Administrator], [], [], []);
        async Task RefusedAsync(Func<PortalDbContext, Task> write)
        {
            await using (var own = test.Portal.For(scope)) { await write(own); }
            await using var read = test.Portal.For(scope.ToRead());
            Assert.Equal(1, await read.People.CountAsync());
            await Assert.ThrowsAsync<ReadOnlyScopeException>(() => write(read));
        }
        await RefusedAsync(async db => { (await db.People.SingleAsync()).JobTitle = $"{db.Ids.Next()}"; await db.SaveChangesAsync(); });
        await RefusedAsync(db => db.People.ExecuteUpdateAsync(set => set.SetProperty(p => p.Phone, "1")));
        await RefusedAsync(db => db.Set<IdempotencyKey>().ExecuteDeleteAsync());
        await RefusedAsync(db => db.InOneTransactionAsync(() => Task.FromResult(true), default));
    }
}
