using System.Net;
using System.Text;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Demo;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>Requests that nothing in the portal asked for.</summary>
[Collection(Isolation.Name)]
public sealed class UnknownAndUntokenedTests(MatrixRuns runs)
{
    [Fact]
    public async Task Five_hundred_addresses_of_nothing_get_one_answer()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        var person = await run.Portal.AsAsync(IsolationWorld.People[0]);
        foreach (var (browser, expected) in new[] { (run.Portal.Browser(), HttpStatusCode.SeeOther), (person, HttpStatusCode.NotFound) })
        {
            byte[]? first = null;
            foreach (var path in Unknown().Take(500))
            {
                using var answer = await browser.GetAsync(path);
                Assert.True(answer.StatusCode == expected, $"{path}: {answer.StatusCode}");
                Assert.Null(EveryAnswer.ProblemOf(answer));
                var body = await answer.Content.ReadAsByteArrayAsync();
                Assert.True(body.AsSpan().SequenceEqual(first ??= body), $"{path} has words of its own: {Encoding.UTF8.GetString(body)}");
            }
        }
    }

    [Fact, Trait("asvs", "V3.5.1")]
    public async Task No_form_is_taken_without_its_token()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        List<string> taken = [];
        foreach (var surface in run.All.Where(s => s.Verb == "POST" && s.IsPage))
        {
            var values = surface.Records.Where(r => r.InRoute).Select(r => (r.Name, Value: "1")).Concat(surface.Words.Select(w => (Name: w, Value: w == "recordClass" ? "Company" : "x"))).ToDictionary(v => v.Name, v => v.Value);
            var person = IsolationWorld.People.FirstOrDefault(p => surface.IsOpen || surface.Policy is { } policy && run.Model.May(p, policy));
            if (person is null) { continue; }
            using var form = new FormUrlEncodedContent([new("name", "x")]);
            using var answer = await (await run.Portal.AsAsync(person)).PostAsync(surface.Address(values), form);
            if (answer.StatusCode != HttpStatusCode.BadRequest) { taken.Add($"{surface.Name}: {(int)answer.StatusCode}"); }
        }
        Assert.Empty(taken);
    }

    [Fact]
    public async Task No_page_fails_over_a_handler_that_it_has_not()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        var browser = await run.Portal.AsAsync("admin@portal.example");
        List<string> shown = [];
        foreach (var surface in run.All.Where(s => s is { IsPage: true, Verb: "GET", Handler: "", Words.Count: 0 } && s.Policy is { } policy && run.Model.May("admin@portal.example", policy)))
        {
            var values = surface.Records.Where(r => r.InRoute).ToDictionary(r => r.Name, r => run.Model.All(r.Kind).FirstOrDefault(1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            var address = surface.Address(values);
            using var answer = await browser.GetAsync(surface.Template.Contains("{handler", StringComparison.Ordinal) ? address + "/nothing" : address + "?handler=nothing");
            if ((int)answer.StatusCode >= 500) { shown.Add($"{surface.Name}: {(int)answer.StatusCode}"); }
        }
        Assert.Empty(shown);
    }

    [Fact, Trait("asvs", "V3.2.1 V3.5.1 V3.5.8")]
    public async Task No_other_site_embeds_fetches_or_posts_to_what_needs_a_log_in_and_links_to_it_open()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        (string Site, string Mode, string Dest)[] asked =
        [
            ("cross-site", "no-cors", "image"), ("cross-site", "navigate", "iframe"), ("cross-site", "navigate", "embed"), ("cross-site", "cors", "empty"), ("same-site", "no-cors", "object"),
        ];
        async Task<HttpResponseMessage> SendAsync(HttpClient browser, Surface surface, string address, (string Site, string Mode, string Dest) from)
        {
            using var request = new HttpRequestMessage(new HttpMethod(surface.Verb), address);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", from.Site);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", from.Mode);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Dest", from.Dest);
            return await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        List<string> problems = [], files = [];
        foreach (var surface in run.All.Where(s => !s.IsOpen))
        {
            // Where the matrix let somebody in, as that person; else anybody will do, since the answer may not depend on it.
            var seen = run.Cells.FirstOrDefault(cell => cell.Surface == surface && cell is { Status: 200, Person.Length: > 0 } && !surface.Template.StartsWith("/api/", StringComparison.Ordinal));
            var browser = await run.Portal.AsAsync(seen?.Person ?? IsolationWorld.People[0]);
            var address = seen?.Address ?? surface.Address(surface.Records.Where(r => r.InRoute).Select(r => (r.Name, Value: "1")).Concat(surface.Words.Select(w => (Name: w, Value: "x"))).ToDictionary(v => v.Name, v => v.Value));
            foreach (var from in surface.Verb is "GET" or "HEAD" ? asked : [.. asked, ("cross-site", "navigate", "document")])
            {
                using var refused = await SendAsync(browser, surface, address, from);
                if (refused.StatusCode != HttpStatusCode.Forbidden) { problems.Add($"{surface.Name} {from}: {(int)refused.StatusCode}"); }
            }
            if (surface.Verb != "GET" || seen is null) { continue; }
            using var opened = await SendAsync(browser, surface, address, ("cross-site", "navigate", "document"));
            // Or 404 by now: among what the matrix sent were forms that take a record away.
            if (opened.StatusCode == HttpStatusCode.Forbidden) { problems.Add($"a link to {surface.Name} is refused"); }
            if (opened.Content.Headers.ContentDisposition is not null) { files.Add(surface.Name); }
        }
        Assert.True(problems.Count == 0, $"{problems.Count} problems:\n{string.Join('\n', problems.Take(60))}");
        Assert.Superset(new HashSet<string> { "GET /documents/download/{versionId:long}", "GET /documents/view/{versionId:long}", "GET /jobs/{id:long}/{handler?} (Result)" }, files.ToHashSet());
    }

    [Theory, Trait("asvs", "V3.5.3")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Other_verbs_do_nothing(string verb)
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        await using var rows = await Rows.OpenAsync(run.Portal);
        var browser = await run.Portal.AsAsync(IsolationWorld.People[0]);
        var before = await rows.ChangesAsync();
        foreach (var surface in run.All.Where(s => !s.IsOpen && s is { Verb: "GET", Words.Count: 0 }))
        {
            var address = surface.Address(surface.Records.Where(r => r.InRoute).ToDictionary(r => r.Name, r => run.Model.All(r.Kind).FirstOrDefault(1).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            using var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(verb), address));
            Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{verb} {address}: {(int)answer.StatusCode}");
        }
        Assert.Equal(before, await rows.ChangesAsync());
    }

    [Fact, Trait("asvs", "V3.3.1 V3.3.2 V3.3.4")]
    public async Task Cookies_of_a_log_in_are_for_this_site_and_its_server_alone()
    {
        var run = await runs.OnAsync(Engines.Sqlite);
        using var browser = run.Portal.Browser();
        List<string> cookies = [];
        async Task<HttpResponseMessage> KeepAsync(Task<HttpResponseMessage> asked)
        {
            var answer = await asked;
            if (answer.Headers.TryGetValues("Set-Cookie", out var set)) { cookies.AddRange(set); }
            return answer;
        }
        var page = await KeepAsync(browser.GetAsync("/sign-in?returnUrl=%2F"));
        while (page.Headers.Location is { } next) { page = await KeepAsync(browser.GetAsync(next)); }
        page = await KeepAsync(browser.SubmitAsync(page, default, ("email", IsolationWorld.People[0]), ("password", DemoPeople.Password)));
        await KeepAsync(browser.GetAsync(page.Headers.Location));
        Assert.Contains(cookies, c => c.StartsWith("__Host-portal-session=", StringComparison.Ordinal));
        foreach (var cookie in cookies)
        {
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("samesite=none", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static IEnumerable<string> Unknown()
    {
        string[] heads = ["", "/companies", "/partner", "/api-docs", "/identity", "/admin", "/swagger", "/.git", "/.env", "/wp-admin", "/server-status", "/data", "/files", "/backup", "/portal.db", "/reports/none/none/none", "/jobs/x"];
        string[] tails = ["/never", "/1/2/3", "/index.php", "/web.config", "/appsettings.json.bak", "/~root", "/%2e%2e%2fetc/passwd", "/..%5c..%5cwin.ini", "/%E5%85%AC%E5%8F%B8", "/null", "/undefined", "/0x10", "/%20", "/a.asp", "/trace.axd", "/elmah.axd", "/actuator/env"];
        for (var round = 0; ; round++)
        {
            foreach (var head in heads) { foreach (var tail in tails) { yield return $"{head}/nothing-{round}{tail}"; } }
        }
    }
}
