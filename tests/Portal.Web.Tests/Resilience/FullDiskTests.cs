using System.Data.Common;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Persistence;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Tests.Companies;
using Portal.Web.Tests.Documents;
using Portal.Web.Tests.Exchange;
using Xunit;

namespace Portal.Web.Tests.Resilience;

/// <summary>A disk that holds no more, really: SQLite at the last page that it may have, and files on a disk of one megabyte.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_can_grow_no_more_says_so_writes_nothing_and_goes_on_once_there_is_room()
    {
        var disk = new FullDatabase();
        await using var portal = await RunningPortal.StartAsync(adapt: disk.AddTo);
        var staff = await portal.AsAsync("admin@portal.example");
        long opportunity;
        await using (var db = portal.System()) { opportunity = await db.Opportunities.Where(o => o.CustomerId != null).OrderBy(o => o.Id).Select(o => o.Id).FirstAsync(Ct); }
        var before = await CountsAsync(portal);

        disk.IsFull = true;
        // What the pages of the file have left takes some writes; then it would have to grow.
        var said = 0;
        HttpStatusCode answer;
        do
        {
            using var put = await CommentAsync(staff, opportunity);
            answer = put.StatusCode;
            if (answer is HttpStatusCode.Redirect) { said++; continue; }
            Assert.True(put.Headers.Contains("X-Correlation-Id"));
            Assert.Contains("No room left", await put.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        while (answer is HttpStatusCode.Redirect && said < 500);
        Assert.Equal(HttpStatusCode.InsufficientStorage, answer);
        var full = await CountsAsync(portal);
        Assert.Equal((before.Comments + said, before.Told + said, before.Audited + said), full);
        using (var page = await staff.GetAsync("/companies", Ct)) { Assert.Equal(HttpStatusCode.OK, page.StatusCode); }

        disk.IsFull = false;
        using var again = await CommentAsync(staff, opportunity);
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.Equal((full.Comments + 1, full.Told + 1, full.Audited + 1), await CountsAsync(portal));
    }

    private static async Task<HttpResponseMessage> CommentAsync(HttpClient staff, long opportunity)
    {
        using var page = await staff.GetAsync($"/opportunities/{opportunity}?tab=internal", Ct);
        var (action, fields) = HouseForms.Fields(await SignIn.ReadAsync(page, Ct), "#comments > .card-body > form");
        fields.RemoveAll(f => f.Key == "text");
        fields.Add(new("text", string.Concat(Enumerable.Range(0, 400).Select(i => $"word {i} "))));
        return await staff.PostAsync(action, new FormUrlEncodedContent(fields), Ct);
    }

    [Fact]
    public async Task An_import_that_ends_for_want_of_room_says_so_keeps_its_list_of_refused_rows_and_can_be_started_again()
    {
        var disk = new FullDatabase { FillsAt = "external_keys" };
        await using var portal = await RunningPortal.StartAsync(adapt: disk.AddTo);
        var manager = await portal.AsAsync("channel@portal.example");
        var rows = string.Concat(Enumerable.Range(1, 2_000).Select(i => $"{i},FULL-{i},{new string('x', 100)} {i},Turin\n"));
        var address = await ImportWizardTests.StartAsync(manager, $"id,code,name,city\n0,,Without a code,Graz\n{rows}");

        // The disk is still full: not even the end of the job can be written, and the asker is told all the same.
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await manager.GetStringAsync(address, Ct)).Contains("The disk of the portal is full", StringComparison.Ordinal)) { await beat.WaitForNextTickAsync(Ct); }
        var id = long.Parse(address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        await using var db = portal.System();
        Assert.Equal(JobState.Running, await db.Jobs.Where(j => j.Id == id).Select(j => j.State).SingleAsync(Ct));

        disk.IsFull = false;
        while (await db.Jobs.Where(j => j.Id == id).Select(j => j.State).SingleAsync(Ct) is JobState.Running) { await beat.WaitForNextTickAsync(Ct); }
        Assert.Contains("rows.csv,2,code", (await manager.GetStringAsync($"{address}/result", Ct)).Replace("companies.csv", "rows.csv", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, await db.Companies.CountAsync(c => c.Code.StartsWith("FULL-"), Ct));

        using var page = await manager.GetAsync(address, Ct);
        var (action, fields) = HouseForms.Fields(await SignIn.ReadAsync(page, Ct), "form[action$='/again']");
        using var again = await manager.PostAsync(action, new FormUrlEncodedContent(fields), Ct);
        var second = long.Parse(again.Headers.Location!.OriginalString.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        while (await db.Jobs.Where(j => j.Id == second).Select(j => j.State).SingleAsync(Ct) is JobState.Waiting or JobState.Running) { await beat.WaitForNextTickAsync(Ct); }
        Assert.Equal(2_000, await db.Companies.CountAsync(c => c.Code.StartsWith("FULL-"), Ct));
    }

    [Fact]
    public async Task A_file_that_finds_no_room_leaves_nothing_and_a_smaller_one_is_taken()
    {
        using var disk = new SmallDisk();
        Assert.SkipUnless(disk.IsMounted, "No small disk can be mounted here: that needs root, and a container that may mount.");
        await using var portal = await RunningPortal.StartAsync(adapt: disk.TakeFiles);
        var channel = await portal.AsAsync("channel@portal.example");
        await using var db = portal.System();
        var documents = await db.Documents.CountAsync(Ct);

        var large = await DocumentHouse.SendFileAsync(channel, "/documents/create", [.. Samples.Pdf("large"), .. new byte[3 << 20]], "large.pdf", ("Input.Title", "Large"));
        Assert.Equal(HttpStatusCode.InsufficientStorage, large.StatusCode);
        Assert.Contains("No room left", await large.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(disk.Files());
        Assert.Equal(documents, await db.Documents.CountAsync(Ct));

        var small = await DocumentHouse.SendFileAsync(channel, "/documents/create", Samples.Pdf("small"), "small.pdf", ("Input.Title", "Small"));
        Assert.Equal(HttpStatusCode.Redirect, small.StatusCode);
        Assert.Single(disk.Files());
        Assert.Equal(documents + 1, await db.Documents.CountAsync(Ct));
    }

    private static async Task<(int Comments, int Told, int Audited)> CountsAsync(RunningPortal portal)
    {
        await using var db = portal.System();
        return (await db.Comments.CountAsync(Ct), await db.Timeline.CountAsync(e => e.Kind == "comment.created", Ct), await db.Audit.CountAsync(a => a.Entity == "Comment", Ct));
    }

    /// <summary>While it is full, no connection may make the file larger than it is.</summary>
    private sealed class FullDatabase : DbCommandInterceptor
    {
        private const int SqliteFull = 13;
        private static readonly HttpContextAccessor Http = new();
        private volatile bool _filled;

        public volatile bool IsFull;

        /// <summary>Becomes full with the first statement of a job that holds these words; requests that look ahead do not count.</summary>
        public string? FillsAt { get; init; }

        public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<Action<DbContextOptionsBuilder>>(options => options.AddInterceptors(this));

        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Bound(command, result);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            new(Bound(command, result));

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            new(Bound(command, result));

        private InterceptionResult<T> Bound<T>(DbCommand command, InterceptionResult<T> result)
        {
            if (FillsAt is not null && !_filled && Http.HttpContext is null && command.CommandText.Contains(FillsAt, StringComparison.Ordinal)) { _filled = IsFull = true; }
            // A job's line can find room in its old place, which is chance; here it never does.
            if (IsFull && command.CommandText.StartsWith("UPDATE \"jobs\"", StringComparison.Ordinal)) { throw new SqliteException("database or disk is full", SqliteFull); }
            using var pragma = ((SqliteConnection)command.Connection!).CreateCommand();
            pragma.Transaction = (SqliteTransaction?)command.Transaction;
            // The least that is taken is the present size.
            pragma.CommandText = IsFull ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 1073741823";
            pragma.ExecuteNonQuery();
            return result;
        }
    }

    /// <summary>A disk in memory with a megabyte of room.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("portal-small-disk-").FullName;

        public SmallDisk() => IsMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder);

        public bool IsMounted { get; }

        /// <summary>The files of the portal lie on this disk.</summary>
        public void TakeFiles(WebApplicationBuilder builder) => Directory.CreateSymbolicLink(Path.Combine(builder.Configuration["Portal:DataFolder"]!, "files"), _folder);

        public string[] Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

        public void Dispose()
        {
            if (IsMounted) { Run("umount", "-l", _folder); }
            Directory.Delete(_folder);
        }

        private static bool Run(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception) { return false; }
        }
    }
}
