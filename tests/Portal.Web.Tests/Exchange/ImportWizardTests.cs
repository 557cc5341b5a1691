using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Exchange;
using Portal.Web.Jobs;
using Portal.Web.Pages.Exchange.Imports;
using Portal.Web.Tests.Companies;
using Xunit;

namespace Portal.Web.Tests.Exchange;

/// <summary>A person with a file: upload, mapping, preview, start, progress, cancel, the list of what was refused.</summary>
public sealed class ImportWizardTests(RunningHouse house) : IClassFixture<RunningHouse>
{
    private const string Header = "id,code,name,city,phone\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task<HttpClient> BrowserAsync() => house.Portal.AsAsync("channel@portal.example");

    /// <returns>The address of the check page.</returns>
    internal static async Task<HttpResponseMessage> UploadAsync(HttpClient browser, string what, string file, params string[] texts)
    {
        using var page = await browser.GetAsync("/imports", Ct);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in HouseForms.Fields(await SignIn.ReadAsync(page, Ct), "main form.portal-form").Values.Where(f => f.Key is not ("Input.What" or "Input.Files"))) { form.Add(new StringContent(value), name); }
        form.Add(new StringContent(what), "Input.What");
        foreach (var text in texts) { form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "Input.Files", file); }
        return await browser.PostAsync("/imports", form, Ct);
    }

    /// <summary>Uploads companies, accepts the guessed mapping and starts.</summary>
    internal static async Task<string> StartAsync(HttpClient browser, string text, bool strict = false, string what = "kind:company")
    {
        using var uploaded = await UploadAsync(browser, what, "companies.csv", text);
        var check = uploaded.Headers.Location!.OriginalString;
        using var mapped = await browser.SendFormAsync(await browser.GetAsync(check, Ct), Ct);
        Assert.Equal(HttpStatusCode.Redirect, mapped.StatusCode);
        using var preview = await browser.GetAsync(check, Ct);
        var (action, values) = HouseForms.Fields(await SignIn.ReadAsync(preview, Ct), "form[action$='/start']");
        if (strict) { values.Add(new("strict", "true")); }
        using var started = await browser.PostAsync(action, new FormUrlEncodedContent(values), Ct);
        return started.Headers.Location!.OriginalString;
    }

    private async Task<Job> UntilAsync(string address, Func<Job, bool> reached)
    {
        var id = long.Parse(address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            await using (var db = house.Portal.System())
            {
                var job = await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == id, Ct);
                if (reached(job)) { return job; }
            }
            await beat.WaitForNextTickAsync(Ct);
        }
    }

    private static string Rows(string prefix, int count) => string.Concat(Enumerable.Range(1, count).Select(i => $"{prefix}{i},{prefix}{i},{prefix} company {i},Turin,\n"));

    [Fact]
    public async Task The_mapping_is_guessed_from_the_columns_and_the_preview_shows_rows_and_what_is_wrong_with_them()
    {
        var browser = await BrowserAsync();
        using var uploaded = await UploadAsync(browser, "kind:company", "companies.csv", Header + "1,W-1,Wizard One,Graz,\n2,W-2,,Graz,\n");
        var address = uploaded.Headers.Location!.OriginalString;
        using var check = await browser.GetAsync(address, Ct);
        var (_, guessed) = HouseForms.Fields(await SignIn.ReadAsync(check, Ct), "form[action$='/map']");
        Assert.Contains(new("Fields[name]", "name"), guessed);
        Assert.Contains(new("Key", "id"), guessed);

        using var mapped = await browser.SendFormAsync(check, Ct);
        var page = await SignIn.ReadAsync(await browser.GetAsync(address, Ct), Ct);
        var table = page.QuerySelector("main table")!.TextContent;
        Assert.Contains("Wizard One", table, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("main table .portal-error"));
    }

    [Fact]
    public async Task The_preview_names_the_column_of_what_is_wrong_and_none_where_it_is_the_row()
    {
        var browser = await BrowserAsync();
        using var uploaded = await UploadAsync(browser, "kind:company", "companies.csv", Header + "1,W-1\n2,,Wizard Two,Graz,\n");
        using var mapped = await browser.SendFormAsync(await browser.GetAsync(uploaded.Headers.Location, Ct), Ct);
        var page = await SignIn.ReadAsync(await browser.GetAsync(uploaded.Headers.Location, Ct), Ct);
        Assert.Equal(["The row has 2 columns instead of 5.", "code: A value is needed."], page.QuerySelectorAll("main table .portal-error").Select(c => c.TextContent));
    }

    /// <summary>Chooses columns and what else the form asks, and shows the page that follows.</summary>
    private static async Task<IHtmlDocument> MapAsync(HttpClient browser, string address, params (string Field, string Value)[] chosen)
    {
        using var check = await browser.GetAsync(address, Ct);
        var (action, guessed) = HouseForms.Fields(await SignIn.ReadAsync(check, Ct), "form[action$='/map']");
        var values = guessed.Where(f => chosen.All(c => c.Field != f.Key)).Concat(chosen.Select(c => KeyValuePair.Create(c.Field, c.Value)));
        using var mapped = await browser.PostAsync(action, new FormUrlEncodedContent(values), Ct);
        Assert.Equal(HttpStatusCode.Redirect, mapped.StatusCode);
        return await SignIn.ReadAsync(await browser.GetAsync(address, Ct), Ct);
    }

    private static async Task<string> StartAsync(HttpClient browser, IHtmlDocument page)
    {
        var (action, values) = HouseForms.Fields(page, "form[action$='/start']");
        using var started = await browser.PostAsync(action, new FormUrlEncodedContent(values), Ct);
        return started.Headers.Location!.OriginalString;
    }

    [Fact]
    public async Task A_list_from_another_system_comes_in_with_its_own_numbers_words_and_names_of_columns()
    {
        var browser = await BrowserAsync();
        using var uploaded = await UploadAsync(browser, "kind:company", "kunden.csv", "Kundennummer;Firma;Typ;Land;Umsatz\nDE-1;Mueller Pumpen;客户;Germany;1.250.000,50\nDE-2;Zuerich Cafe;Customer, Distributor;CH;980.000\nDE-3;Wien Handel;;AT;\n");
        var page = await MapAsync(browser, uploaded.Headers.Location!.OriginalString, ("Otherwise[roles]", "ChannelPartner"), ("Otherwise[currency]", "CHF"));
        await UntilAsync(await StartAsync(browser, page), j => j.EndedAt is not null);
        await using var db = house.Portal.System();
        var made = await db.Companies.Where(c => c.Code.StartsWith("DE-")).OrderBy(c => c.Code).ToListAsync(Ct);
        Assert.Equal(
            [("DE-1", "Mueller Pumpen", "DE", 1_250_000.50m, true, false, false), ("DE-2", "Zuerich Cafe", "CH", 980_000m, true, true, false), ("DE-3", "Wien Handel", "AT", null, false, false, true)],
            made.ConvertAll(c => (c.Code, c.Name, c.Country, c.AnnualRevenue, c.IsCustomer, c.IsDistributor, c.IsChannelPartner)));
        Assert.All(made, c => Assert.Equal("CHF", c.Currency));
    }

    /// <summary>Says what words of the file mean, and shows the page that follows.</summary>
    private static async Task<IHtmlDocument> SayAsync(HttpClient browser, IHtmlDocument page, params (string Word, string Means)[] said)
    {
        var (action, values) = HouseForms.Fields(page, "form[action$='/words']");
        var answers = values.Where(f => f.Key.EndsWith(".Word", StringComparison.Ordinal)).ToDictionary(f => f.Key.Replace(".Word", ".Means", StringComparison.Ordinal), f => said.FirstOrDefault(s => s.Word == f.Value).Means ?? "");
        using var kept = await browser.PostAsync(action, new FormUrlEncodedContent([.. values.Where(f => !answers.ContainsKey(f.Key)), .. answers]), Ct);
        Assert.Equal(HttpStatusCode.Redirect, kept.StatusCode);
        return await SignIn.ReadAsync(await browser.GetAsync(action.Replace("/words", "", StringComparison.Ordinal), Ct), Ct);
    }

    private static IEnumerable<string?> Meanings(IHtmlDocument page) => page.QuerySelectorAll(".portal-import-words select").Cast<IHtmlSelectElement>().Select(s => s.Value);

    private static string[] AskedWords(IHtmlDocument page) => [.. page.QuerySelectorAll(".portal-import-words label").Select(l => l.TextContent.Trim())];

    [Fact]
    public async Task Words_that_the_portal_does_not_know_are_asked_for_once_and_kept_for_the_next_file()
    {
        var browser = await house.Portal.AsAsync("salesmanager@portal.example");
        string open, chinese, won;
        await using (var db = house.Portal.System())
        {
            var stages = await db.Stages.OrderBy(s => s.Position).ToListAsync(Ct);
            (open, chinese, won) = (stages[0].Name, stages[1].NameZh, stages.First(s => s.Kind is StageKind.Won).Name);
        }
        var text = $"Deal name,Sales stage,Value,Currency\nWords one,Prospecting,10,EUR\nWords two,prospecting,20,EUR\nWords three,{chinese},30,EUR\nWords four,Closed & won,40,Taler\nWords five,Nowhere,50,EUR\nWords six,{won.ToUpperInvariant()}!,60,EUR\n";
        using var uploaded = await UploadAsync(browser, "kind:opportunity", "deals.csv", text);
        var page = await MapAsync(browser, uploaded.Headers.Location!.OriginalString);
        Assert.Equal(["“Prospecting” 2 rows", "“Closed & won” 1 row", "“Nowhere” 1 row", $"“{won.ToUpperInvariant()}!” 1 row", "“Taler” 1 row"], AskedWords(page));

        page = await SayAsync(browser, page, ("Prospecting", open), ("Closed & won", won), ($"{won.ToUpperInvariant()}!", won), ("Taler", CheckModel.NoMeaning), ("Kreuzer", "EUR"));
        Assert.Equal(["Sales stage “Nowhere”: No record answers to this."], Refusals(await UntilAsync(await StartAsync(browser, page), j => j.EndedAt is not null)));
        await using (var after = house.Portal.System())
        {
            var made = await after.Opportunities.Where(o => o.Title.StartsWith("Words ")).OrderBy(o => o.Amount).Select(o => new { o.Title, Stage = o.Stage!.Name, o.Currency, o.Number, o.OwnerId, o.OwnerName }).ToListAsync(Ct);
            Assert.Equal([("Words one", open, "EUR"), ("Words two", open, "EUR"), ("Words three", (await after.Stages.SingleAsync(s => s.NameZh == chinese, Ct)).Name, "EUR"), ("Words four", won, "EUR"), ("Words six", won, "EUR")], made.ConvertAll(o => (o.Title, o.Stage, o.Currency)));
            var reader = await after.People.SingleAsync(p => p.Email == "salesmanager@portal.example", Ct);
            Assert.All(made, o => Assert.Equal((reader.Id, reader.Name), (o.OwnerId, o.OwnerName)));
            Assert.All(made, o => Assert.StartsWith("OP-", o.Number, StringComparison.Ordinal));
        }

        using var next = await UploadAsync(browser, "kind:opportunity", "deals.csv", text.Replace("Words", "Next words", StringComparison.Ordinal));
        page = await MapAsync(browser, next.Headers.Location!.OriginalString);
        Assert.Equal([open, won, "", won, CheckModel.NoMeaning], Meanings(page));
    }

    private static string[] Refusals(Job job) => [.. JsonSerializer.Deserialize<ImportSummary>(job.Summary!, JobQueue.JsonForm)!.First!.Select(r => $"{r.Column} “{r.Value}”: {r.Reason}")];

    [Fact]
    public async Task A_word_that_differs_by_case_and_marks_alone_means_what_it_is_spelled_like()
    {
        var browser = await BrowserAsync();
        using var uploaded = await UploadAsync(browser, "kind:company", "companies.csv", "code,name,roles\nAL-1,Alike,channel-partner\n");
        var page = await MapAsync(browser, uploaded.Headers.Location!.OriginalString);
        Assert.Equal(["ChannelPartner"], Meanings(page));
        Assert.Null((await UntilAsync(await StartAsync(browser, page), j => j.EndedAt is not null)).ResultFile);
    }

    [Fact]
    public async Task Whole_names_in_one_column_are_parted_where_it_is_chosen_for_both()
    {
        var browser = await BrowserAsync();
        string code;
        await using (var db = house.Portal.System()) { code = await db.Companies.Where(c => c.IsChannelPartner).OrderBy(c => c.Id).Select(c => c.Code).FirstAsync(Ct); }
        using var uploaded = await UploadAsync(browser, "kind:contact", "contacts.csv", $"Customer No,Contact name,Dept\n{code},Jan van der Whole,Whole\n{code},欧阳小明,Whole\n");
        var page = await MapAsync(browser, uploaded.Headers.Location!.OriginalString);
        Assert.Null((await UntilAsync(await StartAsync(browser, page), j => j.EndedAt is not null)).ResultFile);
        await using var after = house.Portal.System();
        Assert.Equal([("Jan", "van der Whole"), ("小明", "欧阳")], (await after.Contacts.Where(c => c.Department == "Whole").OrderBy(c => c.FirstName).ToListAsync(Ct)).ConvertAll(c => (c.FirstName, c.LastName)));
    }

    [Fact]
    public async Task Numbers_that_can_be_read_in_two_ways_are_not_taken_before_somebody_says_which()
    {
        var browser = await BrowserAsync();
        using var uploaded = await UploadAsync(browser, "kind:company", "companies.csv", "code;name;revenue\nTWO-1;Two Ways;1.250\n");
        var address = uploaded.Headers.Location!.OriginalString;
        var asked = await MapAsync(browser, address);
        Assert.Contains("can be read in two ways", asked.QuerySelector("main [role='alert']")!.TextContent, StringComparison.Ordinal);
        Assert.Null(asked.QuerySelector("form[action$='/start']"));
        var page = await MapAsync(browser, address, ("Numbers", "Comma"));
        Assert.Contains("1,250", page.QuerySelector("main table")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_company_that_a_page_made_is_changed_by_its_code_and_not_made_twice_or_refused()
    {
        var browser = await BrowserAsync();
        string code;
        await using (var db = house.Portal.System()) { code = await db.Companies.Where(c => c.IsChannelPartner).OrderBy(c => c.Id).Select(c => c.Code).FirstAsync(Ct); }
        var job = await UntilAsync(await StartAsync(browser, $"id,code,name,phone\n77,{code},Renamed By File,+49 1\n"), j => j.EndedAt is not null);
        Assert.Null(job.ResultFile);
        await using var after = house.Portal.System();
        Assert.Equal("Renamed By File", await after.Companies.Where(c => c.Code == code).Select(c => c.Name).SingleAsync(Ct));
    }

    [Fact]
    public async Task Contacts_without_a_key_column_come_in_once_however_often_they_are_brought()
    {
        var browser = await BrowserAsync();
        string code;
        await using (var db = house.Portal.System()) { code = await db.Companies.Where(c => c.IsChannelPartner).OrderBy(c => c.Id).Select(c => c.Code).FirstAsync(Ct); }
        var text = $"Customer No,First name,Last name,E-mail\n{code},Kay,Keyless,kay@keyless.example\n{code},Kim,Keyless,\n";
        for (var run = 0; run < 2; run++)
        {
            using var uploaded = await UploadAsync(browser, "kind:contact", "contacts.csv", text);
            var page = await MapAsync(browser, uploaded.Headers.Location!.OriginalString);
            Assert.Null((await UntilAsync(await StartAsync(browser, page), j => j.EndedAt is not null)).ResultFile);
        }
        await using var after = house.Portal.System();
        Assert.Equal(["Kay", "Kim"], await after.Contacts.Where(c => c.LastName == "Keyless").OrderBy(c => c.FirstName).Select(c => c.FirstName).ToListAsync(Ct));
    }

    [Theory]
    [InlineData("/products", "kind:product", "procurement@portal.example")]
    [InlineData("/companies", "kind:company", "channel@portal.example")]
    [InlineData("/supplier-items", "kind:supplier-item", "procurement@portal.example")]
    public async Task A_list_that_was_downloaded_here_comes_in_again_without_a_refused_row(string list, string kind, string reader)
    {
        var browser = await house.Portal.AsAsync(reader);
        var downloaded = await browser.GetStringAsync(list + "?export=csv", Ct);
        Assert.True(downloaded.Count(c => c == '\n') > 3, downloaded);
        using var uploaded = await UploadAsync(browser, kind, "list.csv", downloaded);
        var page = await MapAsync(browser, uploaded.Headers.Location!.OriginalString);
        var job = await UntilAsync(await StartAsync(browser, page), j => j.EndedAt is not null);
        Assert.True(job.ResultFile is null, job.ResultFile is null ? "" : await browser.GetStringAsync($"/jobs/{job.Id}/result", Ct));
    }

    [Fact]
    public async Task The_next_file_of_the_kind_finds_the_columns_as_they_were_chosen_and_another_persons_does_not()
    {
        const string Columns = "nr;wie es heisst;number;title\n";
        var browser = await house.Portal.AsAsync("salesmanager@portal.example");
        using var first = await UploadAsync(browser, "kind:company", "a.csv", Columns + "1;Recalled;x;y\n");
        await MapAsync(browser, first.Headers.Location!.OriginalString, ("Key", "number"), ("Fields[code]", "number"), ("Fields[name]", "wie es heisst"), ("Fields[parent]", "title"), ("By[parent]", ""), ("Source", "erp"));

        async Task<List<KeyValuePair<string, string>>> OfferedAsync(HttpClient reader, string text)
        {
            using var uploaded = await UploadAsync(reader, "kind:company", "b.csv", text);
            using var check = await reader.GetAsync(uploaded.Headers.Location, Ct);
            return HouseForms.Fields(await SignIn.ReadAsync(check, Ct), "form[action$='/map']").Values;
        }

        Assert.Superset(new HashSet<KeyValuePair<string, string>> { new("Fields[name]", "wie es heisst"), new("Fields[code]", "number"), new("By[parent]", ""), new("Source", "erp") }, (await OfferedAsync(browser, Columns)).ToHashSet());
        Assert.DoesNotContain(new("Fields[name]", "wie es heisst"), await OfferedAsync(await BrowserAsync(), Columns));
        Assert.Contains(new("Fields[name]", "name"), await OfferedAsync(browser, "id;code;name\n"));
    }

    [Fact]
    public async Task Somebody_elses_upload_is_not_found()
    {
        using var uploaded = await UploadAsync(await BrowserAsync(), "kind:company", "companies.csv", Header + "1,W-1,Wizard One,Graz,\n");
        var other = await house.Portal.AsAsync("admin@portal.example");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(uploaded.Headers.Location, Ct)).StatusCode);
    }

    [Fact]
    public async Task Several_files_for_one_mapping_are_refused_and_so_is_a_kind_that_is_none()
    {
        var browser = await BrowserAsync();
        using var two = await UploadAsync(browser, "kind:company", "companies.csv", Header, Header);
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);
        Assert.NotNull((await SignIn.ReadAsync(two, Ct)).QuerySelector(".portal-error:not(:empty)"));
        using var none = await UploadAsync(browser, "kind:secret", "companies.csv", Header);
        Assert.Equal(HttpStatusCode.OK, none.StatusCode);
    }

    [Fact]
    public async Task Good_rows_come_in_and_the_refused_ones_are_a_file_of_the_asker_alone()
    {
        var browser = await BrowserAsync();
        var address = await StartAsync(browser, Header + "1,GOOD-1,Good One,Graz,\n2,,=Bad,Graz,\n");
        var job = await UntilAsync(address, j => j.EndedAt is not null);
        Assert.Equal(JobState.Done, job.State);
        await using (var db = house.Portal.System()) { Assert.Equal("Good One", await db.Companies.Where(c => c.Code == "GOOD-1").Select(c => c.Name).SingleAsync(Ct)); }
        var page = await SignIn.ReadAsync(await browser.GetAsync(address, Ct), Ct);
        Assert.Equal(["companies.csv", "3", "code", "", "A value is needed."], page.QuerySelectorAll("main table")[^1].QuerySelectorAll("tbody tr").Single().Children.Select(c => c.TextContent));
        var link = page.QuerySelector("main a[href$='/result']")!.GetAttribute("href")!;
        var lines = (await browser.GetStringAsync(link, Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("companies.csv,3,code", lines[1], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await house.Portal.AsAsync("admin@portal.example")).GetAsync(link, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_row_that_the_page_would_refuse_is_told_in_the_pages_words_and_the_askers_language()
    {
        var browser = await house.Portal.AsAsync("procurement@portal.example");
        var address = await StartAsync(browser, "code,name,soldFrom,soldUntil\nWORDS-1,Pump,2026-01-01,2025-12-31\n", what: "kind:product");
        await UntilAsync(address, j => j.EndedAt is not null);
        var lines = (await browser.GetStringAsync(address + "/result", Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("companies.csv,2,soldUntil,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",停止销售日期早于开始销售日期。", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_import_with_a_refused_row_writes_nothing_and_says_which()
    {
        var browser = await BrowserAsync();
        var address = await StartAsync(browser, Header + Rows("STRICT-", 20) + "x,,,,\n", strict: true);
        var job = await UntilAsync(address, j => j.EndedAt is not null);
        Assert.NotNull(job.ResultFile);
        await using var db = house.Portal.System();
        Assert.False(await db.Companies.AnyAsync(c => c.Code.StartsWith("STRICT-"), Ct));
    }

    [Fact]
    public async Task The_page_says_that_all_or_nothing_makes_others_wait_who_save()
    {
        var browser = await BrowserAsync();
        using var uploaded = await UploadAsync(browser, "kind:company", "companies.csv", Header + Rows("WAITS-", 2));
        var check = uploaded.Headers.Location!.OriginalString;
        using var mapped = await browser.SendFormAsync(await browser.GetAsync(check, Ct), Ct);
        Assert.Equal(HttpStatusCode.Redirect, mapped.StatusCode);
        using var preview = await browser.GetAsync(check, Ct);
        Assert.Contains("everybody who saves or logs in waits", (await SignIn.ReadAsync(preview, Ct)).QuerySelector("label:has([name='strict'])")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_import_stops_and_keeps_its_list_of_refused_rows()
    {
        var browser = await BrowserAsync();
        var address = await StartAsync(browser, Header + "x,,,,\n" + Rows("CANCEL-", 40_000));
        Task<HttpResponseMessage> cancelling;
        await UntilAsync(address, j => j.State is JobState.Running);
        using var page = await browser.GetAsync(address, Ct);
        var (action, values) = HouseForms.Fields(await SignIn.ReadAsync(page, Ct), "form[action$='/cancel']");
        // Nothing is written while the turn is held here, so the import is stopped in the middle for certain.
        using (await house.Portal.Portal.Engine.EnterWriteAsync(Ct))
        {
            cancelling = browser.PostAsync(action, new FormUrlEncodedContent(values), Ct);
            await UntilAsync(address, _ => house.Portal.Services.GetRequiredService<JobQueue>().IsStopping(long.Parse(address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture)));
        }
        (await cancelling).Dispose();
        var job = await UntilAsync(address, j => j.EndedAt is not null);
        Assert.Equal(JobState.Cancelled, job.State);
        var refused = await browser.GetStringAsync(address + "/result", Ct);
        Assert.Contains("companies.csv,2,", refused, StringComparison.Ordinal);
        await using var db = house.Portal.System();
        Assert.InRange(await db.Companies.CountAsync(c => c.Code.StartsWith("CANCEL-"), Ct), 0, 39_999);
    }

    [Fact]
    public async Task Old_jobs_go_with_their_results_and_recent_ones_stay()
    {
        var queue = house.Portal.Services.GetRequiredService<JobQueue>();
        var folder = Path.Combine(house.Portal.Folder, "jobs");
        await using var db = house.Portal.System();
        var person = await db.People.Select(p => p.Id).FirstAsync(Ct);
        long[] ids = [db.Ids.Next(), db.Ids.Next()];
        DateTimeOffset[] ended = [db.Now.AddDays(-31), db.Now.AddDays(-29)];
        for (var n = 0; n < 2; n++)
        {
            db.Add(new Job { Id = ids[n], Kind = "report", Title = "Report", PersonId = person, Arguments = "{}", AskedAt = ended[n], EndedAt = ended[n], State = JobState.Done, ResultFile = $"{ids[n]}.result" });
            var file = Path.Combine(folder, $"{ids[n]}.result");
            await File.WriteAllTextAsync(file, "x", Ct);
            File.SetLastWriteTimeUtc(file, ended[n].UtcDateTime);
        }
        await db.SaveChangesAsync(Ct);

        Assert.Equal(1, await queue.ClearAsync(db.Now.AddDays(-30), Ct));
        Assert.Equal([ids[1]], await db.Jobs.Where(j => ids.Contains(j.Id)).Select(j => j.Id).ToListAsync(Ct));
        Assert.False(File.Exists(Path.Combine(folder, $"{ids[0]}.result")));
        Assert.True(File.Exists(Path.Combine(folder, $"{ids[1]}.result")));
    }
}
