using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Data.Sqlite;
using Portal.Bench.Data;

namespace Portal.Bench.Imports;

/// <summary>How long lists take while somebody imports as many opportunities as the portal holds: uploaded, mapped and started by the portal's own pages, run by its job.</summary>
internal static class ListsMeanwhile
{
    private const string Importer = "importer@bench.example";
    private static readonly string[] Fields = ["title", "stage", "amount"];
    private static readonly Bound s_bound = new(3, 2);

    /// <param name="file">The opportunities, companies by their codes.</param>
    public static async Task MeasureAsync(BenchRun run, string file, CancellationToken ct)
    {
        var house = CopyOf(await run.UsualHouseAsync(ct), Path.Combine(run.Folder, "houses", "meanwhile"));
        await PortalCommand.AddPersonAsync(house, run.Portal, Importer, PortalHouse.Password, ct);
        await using var portal = await run.PortalAsync(house, ct);
        var own = new Uri(portal.Address, $"/partner/opportunities?stage={await PortalHouse.StageAsync(house, "proposal", ct)}");
        var all = new Uri(portal.Address, "/opportunities");
        (Uri, string)[] lists = [(own, await Session.SignInAsync(own, PortalHouse.Large, PortalHouse.Password)), (all, await Session.SignInAsync(all, PortalHouse.Staff, PortalHouse.Password))];
        using var importer = await Session.OpenAsync(portal.Address, Importer, PortalHouse.Password);
        var check = await UploadAsync(importer, portal.Address, file, ct);

        await Wrk.WarmAsync(own, run.Round, lists[0].Item2);
        var quiet = await Paced.DriveAsync(lists, Paced.During(TimeSpan.FromSeconds(Math.Max(10, run.Round.TotalSeconds * 4))), ct);
        var job = await importer.PostAsync(check, "/start", [], ct);
        var running = UntilDoneAsync(importer, job, ct);
        var busy = await Paced.DriveAsync(lists, () => !running.IsCompleted, ct);
        var time = await running;
        var there = await CountAsync(house, ct);
        if (there != run.Rows * 2) { throw new InvalidOperationException($"After the import there are {there} opportunities, not {run.Rows * 2}."); }
        foreach (var (name, n) in new[] { ("a partner's list", 0), ("the list of staff", 1) })
        {
            run.Findings.Add(string.Create(CultureInfo.InvariantCulture, $"p99 of {name} during an import of {run.Rows:N0}, against none"), busy[n] / quiet[n], s_bound,
                string.Create(CultureInfo.InvariantCulture, $"{busy[n]:0.0} ms against {quiet[n]:0.0} ms; the import took {time.TotalSeconds:0} s beside 50 pages a second"));
        }
    }

    /// <returns>The page that checks and starts it, mapped.</returns>
    private static async Task<Uri> UploadAsync(Session importer, Uri portal, string file, CancellationToken ct)
    {
        var content = new StreamContent(File.OpenRead(file)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var check = await importer.PostAsync(new Uri(portal, "/imports"), "", [("Input.What", "kind:opportunity")], ct, ("Input.Files", content, "opportunities.csv"));
        await importer.PostAsync(check, "/map",
        [
            ("Source", "bench"), ("Key", "id"), ("Fields[number]", "id"), .. Fields.Select(f => ($"Fields[{f}]", f)), ("Fields[partner]", "partner_code"), ("Fields[customer]", "customer_code"),
            ("Fields[closeDate]", "close_date"), ("Fields[openedOn]", "opened"), ("By[partner]", "code"), ("By[customer]", "code"), ("By[stage]", "code"),
        ], ct);
        return check;
    }

    private static async Task<TimeSpan> UntilDoneAsync(Session importer, Uri job, CancellationToken ct)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1));
        // The page asks for itself again as long as the job is open.
        while ((await importer.ReadAsync(job, ct)).Contains("hx-trigger=\"every", StringComparison.Ordinal)) { await beat.WaitForNextTickAsync(ct); }
        return watch.Elapsed;
    }

    private static async Task<long> CountAsync(string house, CancellationToken ct)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(house, "portal.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM opportunities";
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string CopyOf(string house, string target)
    {
        if (Directory.Exists(target)) { Directory.Delete(target, recursive: true); }
        foreach (var folder in Directory.EnumerateDirectories(house, "*", SearchOption.AllDirectories).Prepend(house)) { Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(house, folder))); }
        foreach (var file in Directory.EnumerateFiles(house, "*", SearchOption.AllDirectories)) { File.Copy(file, Path.Combine(target, Path.GetRelativePath(house, file))); }
        return target;
    }
}
