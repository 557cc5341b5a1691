using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Identity;
using Portal.Identity.Clients;
using Portal.Identity.Federation;
using Portal.Reports;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Portal.Web.Api;
using Portal.Web.Ui.Forms;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>What is asked for: of a record, how it stands to the person who asks.</summary>
public enum Asked { Seen, Shared, Hidden, Absent, Zero, Negative, NoNumber, TooLong, Mixed }

/// <param name="Person">An e-mail address; empty for somebody not logged in.</param>
/// <param name="Problem">Null where the answer is as it must be.</param>
public sealed record Cell(Surface Surface, string Person, Asked Asked, string Address, int Status, string? Problem)
{
    public override string ToString() => $"{Surface.Name} by {(Person.Length == 0 ? "anybody" : Person)}, {Asked} ({Address}): {Status}. {Problem}";
}

/// <summary>A form as a page offered it to a person.</summary>
public sealed record OfferedForm(Surface Surface, string Person, string Address, IReadOnlyList<(string Name, string Value)> Fields);

/// <summary>
/// Every surface of the running portal, by every verb, as every person and as nobody, over records that the person sees, does not see and that never
/// were. Reads come first, then writes that must be refused, then writes that must be let in.
/// </summary>
public sealed partial class MatrixRun : IAsyncDisposable
{
    private const long AbsentId = 1234567890123456789;

    /// <summary>Enough of them to meet every kind of company.</summary>
    private const int RecordsForTabs = 12;

    private const string Program = "matrix", Robot = "robot", Redirect = "https://matrix.example/callback";

    private readonly Dictionary<string, HttpClient> _browsers = [];
    private readonly Dictionary<string, string> _accessTokens = [];
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, byte[]> _notFound = [];
    private readonly Dictionary<string, IReadOnlyList<(string Word, string? Policy)>> _words = [];
    private readonly ConcurrentDictionary<(string Surface, string Person, string Tab), bool> _tabsRead = new();
    private int _requests;

    private MatrixRun(RunningPortal portal, RecordedSql sql) => (Portal, Sql) = (portal, sql);

    public RunningPortal Portal { get; }
    public RecordedSql Sql { get; }
    public IReadOnlyList<Surface> All { get; private set; } = [];
    public SightModel Model { get; private set; } = null!;
    public ConcurrentQueue<Cell> Cells { get; } = new();
    /// <summary>Words that reached somebody who must not know them.</summary>
    public ConcurrentDictionary<string, string> Leaks { get; } = new();
    /// <summary>What the matrix would have to be told to ask some surface.</summary>
    public ConcurrentDictionary<string, bool> Untold { get; } = new();
    public ConcurrentQueue<string> HeaderProblems { get; } = new();
    public ConcurrentQueue<OfferedForm> Forms { get; } = new();
    public SortedDictionary<string, string> SumsBefore { get; private set; } = [];
    public SortedDictionary<string, string> SumsAfterReads { get; private set; } = [];
    public List<string> WritesOnRefusal { get; } = [];
    public HashSet<string> LetIn { get; } = [];
    /// <summary>What some record's page offered to somebody as a part of its own, as it stands in the address.</summary>
    public ConcurrentDictionary<Surface, ConcurrentDictionary<string, bool>> Tabs { get; } = new();
    /// <summary>Answers from which one could learn that a record exists.</summary>
    public SortedSet<string> Tells { get; } = new(StringComparer.Ordinal);

    private IEnumerable<Surface> Closed => All.Where(s => !s.IsOpen);

    public static async Task<MatrixRun> OnAsync(string engine)
    {
        var sql = new RecordedSql();
        var portal = await RunningPortal.StartAsync(engine, IsolationWorld.Template, builder => { IsolationWorld.Still(builder); sql.AddTo(builder); builder.Configuration["Identity:StepUpMinutes"] = "120"; Patient(builder); });
        var run = new MatrixRun(portal, sql);
        await run.PrepareAsync();
        await run.ReadAsync();
        await run.WriteAsync();
        // Among all that was posted were the ends of sessions.
        portal.ForgetBrowsers();
        return run;
    }

    /// <summary>The run is longer than a token lives, and asks more often than a program may. Its tokens hang on no session: that one was used is written down.</summary>
    private static void Patient(WebApplicationBuilder builder)
    {
        builder.Configuration["Portal:ApiRequestsPerMinute"] = "1000000";
        builder.Services.Configure<PortalIdentityOptions>(options => options.AccessTokenLifetime = TimeSpan.FromHours(2));
    }

    private async Task PrepareAsync()
    {
        Model = await SightModel.ReadAsync(Portal, IsolationWorld.People);
        await IsolationWorld.PutFilesAsync(Portal, Model);
        All = await Surfaces.OfAsync(Portal.Services);
        await using (var services = Portal.Services.CreateAsyncScope())
        {
            _words["/reports/"] = [.. ReportCatalog.Standard().All.Select(r => (r.Name, (string?)r.Permission))];
            _words["/look-up/"] = [.. services.ServiceProvider.GetServices<ILookUp>().Select(l => (l.Name, (string?)l.Permission))];
            _words["/access/clients/"] = [("portal", null), (Robot, null)];
            var settings = new FederationSettings("Somebody's log-in", "portal", null, FederatedProvider.DefaultScope, FederatedProvider.DefaultClaim, [], Admits: false, VouchesForEmails: false);
            var (provider, _) = await services.ServiceProvider.GetRequiredService<FederationRegistry>().AddAsync("1", "https://login.somebody.example", settings, CancellationToken.None);
            _words["/access/providers/"] = [(provider!.Value.ToString("N"), null)];
            var registered = await services.ServiceProvider.GetRequiredService<ClientRegistry>().AddAsync(
                new() { ClientId = Program, Name = "Matrix", Kind = ClientKind.Public, RedirectUris = [Redirect], GrantTypes = [GrantTypes.Code, GrantTypes.Refresh], Scopes = ["openid", "offline_access", .. ApiScopes.All.Select(scope => scope.Name)] }, CancellationToken.None);
            Assert.True(registered.Succeeded, string.Join('\n', registered.Problems));
            registered = await services.ServiceProvider.GetRequiredService<ClientRegistry>().AddAsync(
                new() { ClientId = Robot, Name = "Robot", Kind = ClientKind.Confidential, GrantTypes = [GrantTypes.ClientCredentials], Scopes = [ApiScopes.CompaniesRead] }, CancellationToken.None);
            Assert.True(registered.Succeeded, string.Join('\n', registered.Problems));
        }
        foreach (var person in IsolationWorld.People.Append(IsolationWorld.Nobody).Append(""))
        {
            var browser = person.Length == 0 ? Portal.Browser() : await Portal.AsAsync(person);
            _browsers[person] = browser;
            var form = await SignIn.ReadAsync(await browser.GetAsync("/sign-out"));
            _tokens[person] = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            if (person.Length > 0) { _accessTokens[person] = (await browser.TokensAsync(Program, Redirect, $"openid offline_access {string.Join(' ', ApiScopes.All.Select(scope => scope.Name))}")).GetProperty("access_token").GetString()!; }
            _notFound[person] = await (await browser.GetAsync("/never/was/there")).Content.ReadAsByteArrayAsync();
        }
    }

    private async Task ReadAsync()
    {
        await using var rows = await Rows.OpenAsync(Portal);
        SumsBefore = await rows.SumsAsync();
        var reads = Closed.Where(s => s.Verb == "GET").ToList();
        await ByEachAsync(reads, ReadAsync);
        await ByEachAsync(Tabs.Keys, ReadTabsOfOthersAsync);
        await ByEachAsync(Tabs.Keys, AskForTabsOutOfSightAsync);
        await CountAsync();
        SumsAfterReads = await rows.SumsAsync();
    }

    private Task ByEachAsync(ICollection<Surface> surfaces, Func<Surface, string, Task> ask) => Parallel.ForEachAsync(_browsers.Keys, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (person, _) =>
    {
        foreach (var surface in surfaces) { await ask(surface, person); }
    });

    private async Task ReadAsync(Surface surface, string person)
    {
        foreach (var (words, policies) in WordsOf(surface))
        {
            var may = MayAll(person, [surface.Policy, .. policies]);
            foreach (var asked in AskedOf(surface, person, may))
            {
                if (Values(surface, person, asked, words) is not { } values) { continue; }
                var address = surface.Address(values);
                if (MatrixExceptions.Questions.TryGetValue(surface.Template, out var question)) { address += (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + question; }
                var cell = await GetAsync(surface, person, asked, address, policies);
                if (asked is Asked.Seen or Asked.Shared && cell.Status == 200) { await ReadOnAsync(surface, person, cell.Address); }
            }
        }
    }

    /// <summary>Whoever may do nothing here is asked once; whoever may, in every way.</summary>
    private static IEnumerable<Asked> AskedOf(Surface surface, string person, bool may) =>
        surface.Main is null ? [Asked.Seen] : may ? [Asked.Seen, Asked.Shared, Asked.Hidden, Asked.Absent, Asked.Zero, Asked.Negative, Asked.NoNumber, Asked.TooLong] : [person.Length == 0 ? Asked.Absent : Asked.Hidden];

    private async Task<Cell> GetAsync(Surface surface, string person, Asked asked, string address, string?[] policies)
    {
        using var answer = await SendAsync(person, new HttpRequestMessage(HttpMethod.Get, address), $"{surface.Name}|{asked}");
        var body = await answer.Content.ReadAsByteArrayAsync();
        Look(answer, body, person, address);
        if (answer.StatusCode == HttpStatusCode.OK && IsHtml(answer)) { _bodies[(person, address)] = Encoding.UTF8.GetString(body); }
        var problem = ProblemOf(surface, person, asked, answer, policies);
        if (problem is null && answer.StatusCode == HttpStatusCode.NotFound && !surface.Template.StartsWith("/api", StringComparison.Ordinal) && !body.AsSpan().SequenceEqual(_notFound[person])) { problem = "not the words of every other 404"; }
        var cell = new Cell(surface, person, asked, address, (int)answer.StatusCode, problem);
        Cells.Enqueue(cell);
        if (cell is { Asked: Asked.Seen, Problem: null, Status: < 400 } && person.Length > 0 && MayAll(person, [surface.Policy])) { lock (LetIn) { LetIn.Add(surface.Name); } }
        return cell;
    }

    private readonly ConcurrentDictionary<(string, string), string> _bodies = new();

    /// <summary>Which tabs a page has hangs on its record: more of those that the person sees are opened, and each tab is read once.</summary>
    private async Task ReadTabsOfOthersAsync(Surface surface, string person)
    {
        if (surface.Main is not { } main || !MayAll(person, [surface.Policy])) { return; }
        foreach (var id in Model.SeenBy(person, main.Kind).Skip(1).Take(RecordsForTabs))
        {
            var address = surface.Address(new Dictionary<string, string> { [main.Name] = id.ToString(CultureInfo.InvariantCulture) });
            await GetAsync(surface, person, Asked.Seen, address, []);
            if (_bodies.TryRemove((person, address), out var html)) { await ReadTabsAsync(surface, person, address, html); }
        }
    }

    private async Task AskForTabsOutOfSightAsync(Surface surface, string person)
    {
        var may = MayAll(person, [surface.Policy]);
        foreach (var asked in may ? [Asked.Hidden, Asked.Absent] : AskedOf(surface, person, may))
        {
            if (Values(surface, person, asked, new Dictionary<string, string>()) is not { } values) { continue; }
            foreach (var tab in Tabs[surface].Keys) { await GetAsync(surface, person, asked, With(surface.Address(values), tab), []); }
        }
    }

    private async Task ReadTabsAsync(Surface surface, string person, string address, string html)
    {
        foreach (var tab in TabLinks().Matches(html).Where(m => m.Groups["page"].Value == address).Select(m => m.Groups["tab"].Value))
        {
            Tabs.GetOrAdd(surface, _ => new())[tab] = true;
            if (!_tabsRead.TryAdd((surface.Name, person, tab), true)) { continue; }
            await GetAsync(surface, person, Asked.Seen, With(address, tab), []);
            if (_bodies.TryRemove((person, With(address, tab)), out var read)) { NoteList(surface, person, With(address, tab), read); }
        }
    }

    /// <summary>A page that opened is read in its other forms too: its tabs, its files, its parts, what is found in it, and the forms that it offers.</summary>
    private async Task ReadOnAsync(Surface surface, string person, string address)
    {
        if (!_bodies.TryRemove((person, address), out var html)) { return; }
        NoteList(surface, person, address, html);
        await ReadTabsAsync(surface, person, address, html);
        List<string> more = [];
        if (html.Contains("export=csv", StringComparison.Ordinal)) { more.AddRange(["export=csv", "export=xlsx"]); }
        if (html.Contains("name=\"q\"", StringComparison.Ordinal)) { more.AddRange(["q=a", "q=%E5%85%AC"]); }
        if (surface.Template.StartsWith("/reports/", StringComparison.Ordinal)) { more.Add("show=true"); }
        foreach (var record in surface.Records.Where(r => r.Optional && !r.InRoute && Model.Knows(r.Kind)))
        {
            if (Model.HiddenFrom(person, record.Kind).Cast<long?>().FirstOrDefault() is { } hidden) { more.Add($"{record.Name}={hidden}"); }
        }
        foreach (var extra in more)
        {
            using var answer = await SendAsync(person, new HttpRequestMessage(HttpMethod.Get, With(address, extra)), $"{surface.Name}|{extra}");
            var body = await answer.Content.ReadAsByteArrayAsync();
            Look(answer, body, person, With(address, extra));
            if ((int)answer.StatusCode >= 500) { Cells.Enqueue(new(surface, person, Asked.Seen, With(address, extra), (int)answer.StatusCode, "failed")); }
        }
        using var part = new HttpRequestMessage(HttpMethod.Get, address);
        part.Headers.Add("HX-Request", "true");
        using var partial = await SendAsync(person, part, $"{surface.Name}|part");
        Look(partial, await partial.Content.ReadAsByteArrayAsync(), person, address + " (part)");
        if (!html.Contains("method=\"post\"", StringComparison.Ordinal) || Forms.Count(f => f.Person == person) > 400) { return; }
        using var again = new HttpResponseMessage { Content = new StringContent(html), RequestMessage = new(HttpMethod.Get, new Uri(new Uri(RunningPortal.PublicUrl), address)) };
        foreach (var form in (await SignIn.ReadAsync(again)).QuerySelectorAll("main form[method=post]").OfType<IHtmlFormElement>()) { Harvest(form, person, address); }
    }

    private void Harvest(IHtmlFormElement form, string person, string page)
    {
        var target = new Uri(new Uri(RunningPortal.PublicUrl + page), form.GetAttribute("action") is { Length: > 0 } action ? action : page);
        var handler = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(target.Query).GetValueOrDefault("handler").ToString();
        List<(string Name, string Value)> fields = [];
        foreach (var element in form.Elements)
        {
            switch (element)
            {
                case IHtmlInputElement { Name.Length: > 0 } input when input.Type is not ("checkbox" or "radio" or "file" or "submit") || input.IsChecked || input.Name == "ids": fields.Add((input.Name!, input.Value)); break;
                case IHtmlSelectElement { Name.Length: > 0 } select: fields.Add((select.Name!, select.Value ?? "")); break;
                case IHtmlTextAreaElement { Name.Length: > 0 } text: fields.Add((text.Name!, text.Value)); break;
            }
        }
        // A button may send the form elsewhere.
        var ways = form.QuerySelectorAll("button[formaction]").Select(b => new Uri(new Uri(RunningPortal.PublicUrl + page), b.GetAttribute("formaction")!)).Append(target);
        foreach (var way in ways.Distinct())
        {
            var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(way.Query).GetValueOrDefault("handler").ToString();
            var surface = All.FirstOrDefault(s => s.Verb == "POST" && s.IsPage && s.Takes(way.AbsolutePath, asked));
            if (surface is not null) { Forms.Enqueue(new(surface, person, way.PathAndQuery, fields)); }
        }
    }

    private async Task WriteAsync()
    {
        await using var rows = await Rows.OpenAsync(Portal);
        var posts = Closed.Where(s => s.Verb == "POST" && s.IsPage).ToList();
        var before = Portal.Engine == Engines.Sqlite ? await rows.ChangesAsync() : 0;
        async Task WatchAsync(Surface surface, string person, string what)
        {
            if (Portal.Engine != Engines.Sqlite) { return; }
            var now = await rows.ChangesAsync();
            if (now != before) { WritesOnRefusal.Add($"{surface.Name} by {person}, {what}"); }
            before = now;
        }
        foreach (var surface in posts)
        {
            foreach (var person in _browsers.Keys)
            {
                await RefuseAsync(surface, person, WatchAsync);
            }
        }
        foreach (var surface in Closed.Where(s => s.Verb is not ("GET" or "POST")))
        {
            foreach (var person in _browsers.Keys) { await RefuseProgramAsync(surface, person, WatchAsync); }
        }
        foreach (var forms in Forms.GroupBy(f => f.Surface.Name))
        {
            foreach (var form in forms.DistinctBy(f => Model.IsPartner(f.Person)).Take(2)) { await SwapAsync(form, WatchAsync); }
        }
        foreach (var surface in posts.OrderBy(s => MatrixExceptions.Last.ContainsKey(s.Name))) { await LetInAsync(surface); }
    }

    private async Task RefuseAsync(Surface surface, string person, Func<Surface, string, string, Task> watch)
    {
        foreach (var (words, policies) in WordsOf(surface))
        {
            var may = MayAll(person, [surface.Policy, .. policies]);
            Asked[] ways = !may ? [Asked.Hidden] : surface.Main is null ? [] : surface.Main.Many ? [Asked.Hidden, Asked.Mixed, Asked.Absent] : [Asked.Hidden, Asked.Absent];
            Dictionary<Asked, string> answers = [];
            foreach (var asked in ways)
            {
                if (Values(surface, person, asked, words) is not { } values) { continue; }
                var address = surface.Address(values);
                using var answer = await PostAsync(person, address, FormOf(surface, values), $"{surface.Name}|{asked}");
                Look(answer, await answer.Content.ReadAsByteArrayAsync(), person, address);
                Cells.Enqueue(new(surface, person, asked, address, (int)answer.StatusCode, ProblemOf(surface, person, asked, answer, policies)));
                await watch(surface, person, asked.ToString());
                answers[asked] = await WordsOfAsync(person, answer);
            }
            if (answers.TryGetValue(Asked.Hidden, out var hidden) && answers.TryGetValue(Asked.Absent, out var absent) && hidden != absent) { Tells.Add($"{surface.Name} answers {person} otherwise for what is hidden than for what never was"); }
        }
    }

    /// <summary>A write of the API by whoever may not, or on what is not theirs.</summary>
    private async Task RefuseProgramAsync(Surface surface, string person, Func<Surface, string, string, Task> watch)
    {
        var words = surface.Words.ToDictionary(word => word, word => word == "source" ? "Forecast" : "matrix");
        Asked[] ways = !MayAll(person, [surface.Policy]) ? [Asked.Hidden] : surface.Main is null ? [] : [Asked.Hidden, Asked.Absent];
        Dictionary<Asked, string> answers = [];
        foreach (var asked in ways)
        {
            if (Values(surface, person, asked, words) is not { } values) { continue; }
            var address = surface.Address(values);
            using var request = new HttpRequestMessage(new HttpMethod(surface.Verb), address) { Content = new StringContent("""{"figures":[],"nextStep":"Call"}""", Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
            if (surface.Main is not null) { request.Headers.Add("If-Match", "*"); }
            using var answer = await SendAsync(person, request, $"{surface.Name}|{asked}");
            Look(answer, await answer.Content.ReadAsByteArrayAsync(), person, address);
            Cells.Enqueue(new(surface, person, asked, address, (int)answer.StatusCode, ProblemOf(surface, person, asked, answer, [])));
            await watch(surface, person, asked.ToString());
            answers[asked] = await WordsOfAsync(person, answer);
        }
        if (answers.TryGetValue(Asked.Hidden, out var hidden) && answers.TryGetValue(Asked.Absent, out var absent) && hidden != absent) { Tells.Add($"{surface.Name} answers {person} otherwise for what is hidden than for what never was"); }
    }

    /// <summary>Status and words of an answer and of the page that it leads to, without what differs each time.</summary>
    private async Task<string> WordsOfAsync(string person, HttpResponseMessage answer)
    {
        var text = $"{(int)answer.StatusCode} {answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}";
        if (answer.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther && answer.Headers.Location is { } next)
        {
            using var page = await SendAsync(person, new HttpRequestMessage(HttpMethod.Get, next), "where a form leads");
            text += await page.Content.ReadAsStringAsync();
        }
        return Numbers().Replace(Secrets().Replace(text, ""), "#");
    }

    /// <summary>With a value in each field of a bulk act, so that the act comes as far as its records.</summary>
    private List<(string Name, string Value)> Filled(OfferedForm form) =>
    [
        .. form.Fields.Select(f => f.Name.StartsWith("Bulk", StringComparison.Ordinal) && f.Value.Length == 0 && RecordKinds.OfField(form.Surface.Template, f.Name[4..] + (f.Name.EndsWith("Id", StringComparison.Ordinal) ? "" : "Id")) is var kind && Model.Knows(kind)
            ? (f.Name, Model.SeenBy(form.Person, kind).First().ToString(CultureInfo.InvariantCulture)) : f),
    ];

    /// <summary>A form that is all right but for one id, which is of a record out of sight or of none at all.</summary>
    private async Task SwapAsync(OfferedForm form, Func<Surface, string, string, Task> watch)
    {
        for (var at = 0; at < form.Fields.Count; at++)
        {
            var (name, value) = form.Fields[at];
            if (!IdField().IsMatch(name)) { continue; }
            var kind = RecordKinds.OfField(form.Surface.Template, name[(name.LastIndexOf('.') + 1)..]);
            if (kind == RecordKinds.Unknown) { continue; }
            long? hidden = Model.Knows(kind) ? Model.HiddenFrom(form.Person, kind).Cast<long?>().FirstOrDefault() : null;
            var answers = new List<string>();
            foreach (var id in new[] { hidden, AbsentId }.OfType<long>())
            {
                var fields = Filled(form);
                fields[at] = (name, id.ToString(CultureInfo.InvariantCulture));
                using var answer = await PostAsync(form.Person, form.Address, fields, $"{form.Surface.Name}|swap {name}");
                var body = await answer.Content.ReadAsByteArrayAsync();
                Look(answer, body, form.Person, form.Address);
                if ((int)answer.StatusCode >= 500) { Cells.Enqueue(new(form.Surface, form.Person, Asked.Hidden, form.Address, (int)answer.StatusCode, $"failed on {name}={id}")); }
                await watch(form.Surface, form.Person, $"{name}={(id == AbsentId ? "absent" : "hidden")}");
                answers.Add(await WordsOfAsync(form.Person, answer));
            }
            if (answers is [var first, var second] && first != second) { Tells.Add($"{form.Surface.Name} answers {form.Person} otherwise for a hidden {name} than for one that never was"); }
        }
    }

    /// <summary>By the forms that pages offered, else by hand: somebody must get through to the handler.</summary>
    private async Task LetInAsync(Surface surface)
    {
        foreach (var form in Forms.Where(f => f.Surface.Name == surface.Name).Take(6))
        {
            using var answer = await PostAsync(form.Person, form.Address, form.Fields, $"{surface.Name}|allowed");
            if (Note(surface, form.Person, form.Address, answer)) { return; }
        }
        foreach (var person in IsolationWorld.People)
        {
            foreach (var (words, policies) in WordsOf(surface))
            {
                if (!MayAll(person, [surface.Policy, .. policies]) || Values(surface, person, Asked.Seen, words) is not { } values) { continue; }
                // Not every record that is seen stands as the act needs it: a job that is done cannot be cancelled.
                string[] records = surface.Main is { Kind: not RecordKinds.OfClass } main ? [.. Model.SeenBy(person, main.Kind).Take(3).Select(id => id.ToString(CultureInfo.InvariantCulture))] : [""];
                foreach (var record in records)
                {
                    if (record.Length > 0) { values[surface.Main!.Name] = record; }
                    using var answer = await PostAsync(person, surface.Address(values), [.. FormOf(surface, values), .. MatrixExceptions.Answers.GetValueOrDefault(surface.Name, [])], $"{surface.Name}|allowed");
                    if (Note(surface, person, surface.Address(values), answer)) { return; }
                }
            }
        }
    }

    private bool Note(Surface surface, string person, string address, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        if (status >= 500) { Cells.Enqueue(new(surface, person, Asked.Seen, address, status, "failed")); }
        if (status is 400 or 401 or 403 or 404 or >= 500) { return false; }
        LetIn.Add(surface.Name);
        return true;
    }

    private static List<(string, string)> FormOf(Surface surface, IReadOnlyDictionary<string, string> values) =>
        [.. surface.Records.Where(r => !r.InRoute && values.ContainsKey(r.Name)).SelectMany(r => values[r.Name].Split(',').Select(v => (r.Name, v)))];

    /// <summary>Every way of filling the words in a route, with the policies that each way asks for besides.</summary>
    private IEnumerable<(IReadOnlyDictionary<string, string> Words, string?[] Policies)> WordsOf(Surface surface)
    {
        if (surface.Words.Count == 0) { return [(new Dictionary<string, string>(), [])]; }
        if (surface.Words is ["recordClass"]) { return Enum.GetNames<RecordClass>().Select(c => ((IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["recordClass"] = c }, Array.Empty<string?>())); }
        var known = _words.FirstOrDefault(w => surface.Template.StartsWith(w.Key, StringComparison.Ordinal)).Value;
        if (known is null || surface.Words.Count > 1)
        {
            Untold.TryAdd($"{surface.Name}: which words may stand for {string.Join(", ", surface.Words)}?", true);
            return [];
        }
        return known.Select(w => ((IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [surface.Words[0]] = w.Word }, new[] { w.Policy }));
    }

    /// <returns>Null where there is no such record.</returns>
    private Dictionary<string, string>? Values(Surface surface, string person, Asked asked, IReadOnlyDictionary<string, string> words)
    {
        var values = new Dictionary<string, string>(words);
        if (surface.Main is not { } main) { return values; }
        string KindOf(RecordParameter record) => record.Kind == RecordKinds.OfClass ? SightModel.KindOf(Enum.Parse<RecordClass>(words["recordClass"])) : record.Kind;
        var kind = KindOf(main);
        if (!Model.Knows(kind)) { return null; }
        var known = person.Length > 0 && person != IsolationWorld.Nobody;
        long? seen = known ? Model.SeenBy(person, kind).Cast<long?>().FirstOrDefault() : null;
        // Whoever sees everything of a kind is asked about the first of them where only the permission is in question.
        var hidden = known ? Model.HiddenFrom(person, kind).Cast<long?>().FirstOrDefault() ?? (surface.Policy is { } policy && Model.May(person, policy) ? null : Model.All(kind).Cast<long?>().FirstOrDefault()) : Model.All(kind).Cast<long?>().FirstOrDefault();
        var text = asked switch
        {
            Asked.Seen => seen?.ToString(CultureInfo.InvariantCulture),
            Asked.Shared => known ? Model.SharedWith(person, kind).Cast<long?>().FirstOrDefault()?.ToString(CultureInfo.InvariantCulture) : null,
            Asked.Hidden => hidden?.ToString(CultureInfo.InvariantCulture),
            Asked.Mixed => seen is null ? null : $"{seen},{hidden ?? AbsentId}",
            Asked.Absent => AbsentId.ToString(CultureInfo.InvariantCulture),
            Asked.Zero => "0",
            Asked.Negative => "-7",
            Asked.NoNumber => "x1",
            _ => "99999999999999999999999",
        };
        if (text is null) { return null; }
        values[main.Name] = text;
        foreach (var other in surface.Records.Where(r => r != main && !r.Optional))
        {
            var below = Model.All(KindOf(other)).Where(id => Model.Above(KindOf(other), id) is { } above && above.Kind == kind && above.Id.ToString(CultureInfo.InvariantCulture) == text).Cast<long?>().FirstOrDefault();
            values[other.Name] = (below ?? (known ? Model.SeenBy(person, KindOf(other)).Cast<long?>().FirstOrDefault() : null) ?? AbsentId).ToString(CultureInfo.InvariantCulture);
        }
        return values;
    }

    private bool MayAll(string person, IEnumerable<string?> policies) =>
        person.Length > 0 && person != IsolationWorld.Nobody && policies.OfType<string>().All(p => Model.May(person, p));

    /// <returns>What is wrong with the answer; null where it is as it must be.</returns>
    private string? ProblemOf(Surface surface, string person, Asked asked, HttpResponseMessage answer, string?[] policies)
    {
        var status = (int)answer.StatusCode;
        var place = answer.Headers.Location?.OriginalString ?? "";
        var api = surface.Template.StartsWith("/api", StringComparison.Ordinal);
        if (person.Length == 0)
        {
            return api ? status == 401 ? null : "must be 401" : status is 302 or 303 && place.StartsWith("/sign-in", StringComparison.Ordinal) ? null : "must lead to the log-in";
        }
        if (person == IsolationWorld.Nobody)
        {
            return api ? status == 403 ? null : "must be 403" : status is 302 or 303 && place == "/no-access" ? null : "must lead to the page that says whom to ask";
        }
        if (surface.Policy is not { } policy) { return "has no policy"; }
        if (!Model.May(person, policy)) { return status == 403 ? null : "must be 403: the person may not"; }
        // A handler may ask for more than its page before it looks at the record, and a bulk act may find fault with the rest of the form first; that nothing was
        // written is watched apart.
        if (surface.Verb == "POST" && asked is not Asked.Seen && (status == 403 || surface.Main is { Many: true } && status is 200 or 302 or 409 or 422)) { return null; }
        if (asked is not (Asked.Seen or Asked.Shared)) { return status == 404 ? null : "must be 404: not the person's to know"; }
        if (!MayAll(person, policies) && !MatrixExceptions.SameForAll.ContainsKey(surface.Name)) { return status == 404 ? null : "must be 404: not offered to the person"; }
        if (status < 400) { return null; }
        return status is 403 or 404 && MatrixExceptions.Narrower.ContainsKey(surface.Name) ? null : "must be let in";
    }

    private void Look(HttpResponseMessage answer, byte[] body, string person, string address)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)) { text.Append(name).Append(": ").AppendJoin(", ", values.Select(Uri.UnescapeDataString)).AppendLine(); }
        text.Append(TextOf(body));
        foreach (var word in Canary.In(text.ToString()))
        {
            var depth = person.Length == 0 || person == IsolationWorld.Nobody ? Depth.None : Model.Of(person, word.Kind, word.Id);
            if (depth < word.Depth) { Leaks.TryAdd($"{(person.Length == 0 ? "anybody" : person)} reads {word.Depth} of {word.Kind} at {Numbers().Replace(address, "#")}", $"{address}: {word.Id}, sees {depth}"); }
        }
        // Tokens stay on the server.
        if (Token().IsMatch(text.ToString())) { Leaks.TryAdd($"{(person.Length == 0 ? "anybody" : person)} reads a token at {Numbers().Replace(address, "#")}", address); }
        if (EveryAnswer.ProblemOf(answer) is { } problem) { HeaderProblems.Enqueue($"{address}: {problem}"); }
    }

    /// <summary>A workbook is a zip archive; what it says stands in its parts.</summary>
    public static string TextOf(byte[] body)
    {
        if (body is not [(byte)'P', (byte)'K', 3, 4, ..]) { return Encoding.UTF8.GetString(body); }
        var text = new StringBuilder();
        using var archive = new ZipArchive(new MemoryStream(body));
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            text.AppendLine(entry.FullName).AppendLine(reader.ReadToEnd());
        }
        return text.ToString();
    }

    private static bool IsHtml(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == "text/html";

    private Task<HttpResponseMessage> PostAsync(string person, string address, IEnumerable<(string Name, string Value)> fields, string what)
    {
        var form = fields.Where(f => f.Name is not ("__RequestVerificationToken" or OnceFilter.Field)).Select(f => KeyValuePair.Create(f.Name, f.Value))
            .Append(new("__RequestVerificationToken", _tokens[person])).Append(new(OnceFilter.Field, Guid.NewGuid().ToString("N")));
        return SendAsync(person, new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) }, what);
    }

    private Task<HttpResponseMessage> SendAsync(string person, HttpRequestMessage request, string what)
    {
        request.Headers.Add(RecordedSql.Header, $"{Interlocked.Increment(ref _requests)}|{Uri.EscapeDataString(what)}");
        // To the API everybody comes by a program; the cookies that go along say nothing there.
        if (request.RequestUri!.OriginalString.StartsWith("/api", StringComparison.Ordinal) && _accessTokens.TryGetValue(person, out var token)) { request.Headers.Authorization = new("Bearer", token); }
        return _browsers[person].SendAsync(request, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    [GeneratedRegex("""href="(?<page>[^"?]*)\?(?<tab>tab=[\w-]+)["&]""")]
    private static partial Regex TabLinks();

    [GeneratedRegex(@"(^|\.)(id|ids|\w+Ids?)$")]
    private static partial Regex IdField();

    [GeneratedRegex("(?:value|data-once|nonce|content)=\"[^\"]{20,}\"|[0-9a-f]{32}")]
    private static partial Regex Secrets();

    [GeneratedRegex(@"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.")]
    private static partial Regex Token();

    [GeneratedRegex("[0-9]{5,}")]
    private static partial Regex Numbers();
}

/// <summary>One run per engine, for every test that reads its outcome.</summary>
public sealed class MatrixRuns : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<MatrixRun>>> _runs = new();

    public Task<MatrixRun> OnAsync(string engine) => _runs.GetOrAdd(engine, e => new(() => MatrixRun.OnAsync(e))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Values.Where(r => r.IsValueCreated && r.Value.IsCompletedSuccessfully)) { await (await run.Value).DisposeAsync(); }
    }
}

[CollectionDefinition(Name)]
public sealed class Isolation : ICollectionFixture<MatrixRuns>
{
    public const string Name = "isolation";
}
