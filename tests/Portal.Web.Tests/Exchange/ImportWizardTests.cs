using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Persistence;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Jobs;
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
