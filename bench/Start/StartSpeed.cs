using System.Diagnostics;
using System.Globalization;
using Portal.Web.Demo;

namespace Portal.Bench.Start;

/// <summary>
/// From starting the program to its first page, on the demo database, against an empty application of Razor Pages and Entity Framework that shows one row of SQLite. The first page is the one that
/// anybody gets first: the log-in. The page that a person who is signed in gets first is measured too. The portal is published as it is installed, the empty application built for release; both are started by `dotnet`, the files in the system's cache.
/// </summary>
internal static class StartSpeed
{
    private const int Rounds = 5;

    private static readonly Bound StartBound = new(1.5, 1.3), IdleBound = new(160, 120), LoadedBound = new(260, 200);

    private static string EmptyApp => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../EmptyApp/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0/Portal.Bench.Empty.dll"));

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var house = await DemoHouseAsync(run, ct);
        string cookie;
        await using (var portal = await run.PortalAsync(house, ct))
        {
            cookie = await Session.SignInAsync(new Uri(portal.Address, "/"), "sales@portal.example", DemoPeople.Password);
        }

        List<(double Portal, double Home, double Empty)> rounds = [];
        // The first round brings the files into the system's cache and is not counted.
        for (var round = 0; round <= Rounds; round++)
        {
            var (empty, first, home) = (await EmptyAsync(ct), await FirstPageAsync(run, house, null, ct), await FirstPageAsync(run, house, cookie, ct));
            if (round > 0) { rounds.Add((first, home, empty)); }
        }
        var bare = Findings.Median(rounds.Select(r => r.Empty));
        run.Findings.Add("start to the first page (log-in)", Findings.Median(rounds.Select(r => r.Portal / r.Empty)), StartBound,
            string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(rounds.Select(r => r.Portal)):0.00} s against {bare:0.00} s"));
        run.Findings.Add("start to the first page of somebody signed in (home)", Findings.Median(rounds.Select(r => r.Home / r.Empty)), StartBound,
            string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(rounds.Select(r => r.Home)):0.00} s against {bare:0.00} s"));
        await MeasureMemoryAsync(run, house, cookie, ct);
    }

    private static async Task MeasureMemoryAsync(BenchRun run, string house, string cookie, CancellationToken ct)
    {
        double bare;
        await using (var empty = StartEmpty())
        {
            await empty.UntilItAnswersAsync("/", ct);
            bare = await IdleAsync(empty, ct);
        }
        await using var portal = Server.StartPortal(house, run.Portal);
        await portal.UntilItAnswersAsync("/", ct);
        run.Findings.Add("idle after the first page, MB", await IdleAsync(portal, ct), IdleBound, string.Create(CultureInfo.InvariantCulture, $"the empty application {bare:0} MB"));
        var list = new Uri(portal.Address, "/opportunities");
        await using var memory = Memory.Of(portal.ProcessId);
        for (var n = 0; n < 3; n++)
        {
            await Wrk.RunAsync(list, 32, run.Round, cookie);
            await Wrk.RunAsync(list, 1, run.Round, cookie);
        }
        run.Findings.Add("after list load, MB", Memory.Resident(portal.ProcessId), LoadedBound,
            string.Create(CultureInfo.InvariantCulture, $"most meanwhile {memory.Idle + memory.Above:0} MB; 32 connections and 1 in turn for {6 * run.Round.TotalSeconds:0} s"));
    }

    private static async Task<double> FirstPageAsync(BenchRun run, string house, string? cookie, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await using var portal = Server.StartPortal(house, run.Portal);
        await portal.UntilItAnswersAsync("/", ct, cookie);
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> EmptyAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await using var empty = StartEmpty();
        await empty.UntilItAnswersAsync("/", ct);
        return watch.Elapsed.TotalSeconds;
    }

    private static Server StartEmpty()
    {
        var address = Server.FreeAddress();
        return Server.Start(address, EmptyApp, "--urls", address.GetLeftPart(UriPartial.Authority), "--environment", "Production");
    }

    /// <summary>What a program holds once it has nothing more to do: ten seconds after its answer.</summary>
    private static async Task<double> IdleAsync(Server server, CancellationToken ct)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(10));
        await beat.WaitForNextTickAsync(ct);
        return Memory.Resident(server.ProcessId);
    }

    private static async Task<string> DemoHouseAsync(BenchRun run, CancellationToken ct)
    {
        var house = Path.Combine(run.Folder, "houses", "demo");
        var mark = Path.Combine(house, "loaded");
        var wanted = $"{run.Portal} {File.GetLastWriteTimeUtc(typeof(DemoPeople).Assembly.Location):O}";
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark, ct) == wanted) { return house; }
        if (Directory.Exists(house)) { Directory.Delete(house, recursive: true); }
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { PublishedPortal.Program, "demo", "--urls", run.Portal.GetLeftPart(UriPartial.Authority), "--Portal:DataFolder", house, "--environment", "Development" }) { start.ArgumentList.Add(argument); }
        using var demo = Process.Start(start)!;
        var said = await demo.StandardOutput.ReadToEndAsync(ct);
        await demo.WaitForExitAsync(ct);
        if (demo.ExitCode != 0) { throw new InvalidOperationException($"No demo house: {said}"); }
        await File.WriteAllTextAsync(mark, wanted, ct);
        return house;
    }
}
