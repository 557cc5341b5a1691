using System.CommandLine;
using System.Globalization;
using Portal.Bench.Data;
using Portal.Bench.Exports;
using Portal.Bench.Imports;
using Portal.Bench.Lists;
using Portal.Bench.Pdf;
using Portal.Bench.Search;
using Portal.Bench.Start;
using Portal.Bench.Yardsticks;

namespace Portal.Bench;

/// <summary>`dotnet run --project bench -c Release -- all`. What it measures and how to repeat it: docs/admin/bench.md.</summary>
internal static class BenchProgram
{
    /// <summary>What can be measured alone, in the order in which "all" does it, and whether it needs the portal as it is installed beside the code in this process.</summary>
    private static readonly (string Name, bool OfTheInstalled, Func<BenchRun, CancellationToken, Task> Measure)[] Parts =
    [
        ("lists", true, ListsAsync),
        ("growth", true, ListGrowth.MeasureAsync),
        ("search", true, CompanySearchSpeed.MeasureAsync),
        ("imports", true, ImportSpeed.MeasureAsync),
        ("exports", true, ExportSpeed.MeasureAsync),
        ("pdf", false, PdfSpeed.MeasureAsync),
        ("start", true, StartSpeed.MeasureAsync),
        ("identity", true, Identity.TokenSpeed.MeasureAsync),
    ];

    private static readonly Argument<string[]> Wanted = new("part") { Description = $"all, or some of {string.Join(", ", Parts.Select(part => part.Name))}", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<DirectoryInfo> Folder = new("--out") { Description = "Where data and houses lie, kept for the next run", DefaultValueFactory = _ => new DirectoryInfo("artifacts/bench") };
    private static readonly Option<long> Rows = new("--rows") { Description = "Opportunities of the usual house", DefaultValueFactory = _ => BenchData.Opportunities };
    private static readonly Option<bool> Large = new("--large") { Description = "Measure growth up to ten million opportunities, not one" };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long the load generator drives one page", DefaultValueFactory = _ => 3 };
    private static readonly Option<string> Portal = new("--portal") { Description = "The address that the measured portal gets", DefaultValueFactory = _ => "http://localhost:5082" };
    private static readonly Option<string> Yardsticks = new("--yardsticks") { Description = "Where the yardstick pages answer", DefaultValueFactory = _ => "http://localhost:5081" };
    private static readonly Option<FileInfo?> File = new("--file") { Description = "A yardstick file that is loaded already" };

    public static Task<int> Main(string[] args)
    {
        Wanted.AcceptOnlyFromAmong([.. Parts.Select(part => part.Name), "all"]);

        var data = new Command("data", "Writes the bench data as CSV and checks their sums") { Folder, Rows };
        data.SetAction(given => BenchData.Write(given.GetRequiredValue(Folder).FullName, new(given.GetRequiredValue(Rows))));

        var house = new Command("house", "Loads the bench data into a portal's own SQLite database, with people who log in, and prints where it lies") { Folder, Rows, Portal };
        house.SetAction(async (given, ct) => Console.WriteLine(await Run(given).UsualHouseAsync(ct)));

        var serve = new Command("serve", "Serves the yardstick pages, to look at") { Folder, Rows, File, Yardsticks };
        serve.SetAction((given, ct) => YardstickPage.ServeAsync(given.GetValue(File)?.FullName ?? Run(given).Yardstick(new(given.GetRequiredValue(Rows))).File, given.GetRequiredValue(Yardsticks), ct));

        var tokens = new Command("serve-tokens", "Serves the yardstick of the provider: a bare endpoint that signs") { Yardsticks };
        tokens.SetAction((given, ct) => Identity.TokenSpeed.ServeAsync(given.GetRequiredValue(Yardsticks), ct));

        var root = new RootCommand("Speed and memory of Portal, each a ratio against a yardstick that runs in the same call") { Wanted, Folder, Rows, Large, Seconds, Portal, data, house, serve, tokens };
        root.SetAction(MeasureAsync);
        return root.Parse(args).InvokeAsync();
    }

    private static async Task<int> MeasureAsync(ParseResult given, CancellationToken ct)
    {
        var run = Run(given);
        var wanted = given.GetRequiredValue(Wanted);
        var parts = Parts.Where(part => wanted.Contains("all") || wanted.Contains(part.Name)).ToList();
        if (parts.Exists(part => part.OfTheInstalled)) { await PublishedPortal.PublishAsync(run.Folder, ct); }
        foreach (var (name, _, measure) in parts)
        {
            BenchRun.Say(name);
            await measure(run, ct);
        }
        Console.WriteLine();
        Console.Write(run.Findings.Table());
        await System.IO.File.WriteAllTextAsync(Path.Combine(run.Folder, "table.md"), run.Findings.Table(), ct);
        return run.Findings.AllReachMust ? 0 : 1;
    }

    private static async Task ListsAsync(BenchRun run, CancellationToken ct)
    {
        var house = await run.UsualHouseAsync(ct);
        var (file, insert) = run.Yardstick(new(run.Rows));
        BenchRun.Say(string.Create(CultureInfo.InvariantCulture, $"bare indexed insert of the opportunities: {insert.TotalSeconds:0.00} s"));
        await using var pages = await BenchRun.YardstickPagesAsync(file, ct);
        await using var portal = await run.PortalAsync(house, ct);
        var page = new Uri(portal.Address, $"/partner/opportunities?stage={await PortalHouse.StageAsync(house, "proposal", ct)}");
        var cookie = await Session.SignInAsync(page, PortalHouse.Large, PortalHouse.Password);
        await OpportunityListSpeed.MeasureAsync(run.Findings, page, cookie, pages.Address, run.Round);
        await OpportunityListSpeed.MeasureRefusalsAsync(run.Findings, page, new Uri(portal.Address, "/partner/opportunities/1"), cookie, pages.Address, run.Round);
        var staff = new Uri(portal.Address, $"/opportunities{page.Query}&partner=1&columns=title,customer,stage,amount,close");
        await OpportunityListSpeed.MeasureScopeAsync(run.Findings, page, cookie, staff, await Session.SignInAsync(staff, PortalHouse.Staff, PortalHouse.Password), run.Round);
        var every = new Uri(portal.Address, "/partner/opportunities");
        await OpportunityListSpeed.MeasureSkewAsync(run.Findings, every, cookie, await Session.SignInAsync(every, PortalHouse.Small, PortalHouse.Password), run.Round);
    }

    private static BenchRun Run(ParseResult given) => new(
        given.GetRequiredValue(Folder).FullName, new Uri(given.GetValue(Portal) ?? "http://localhost:5082"), given.GetRequiredValue(Rows), given.GetValue(Large), TimeSpan.FromSeconds(Math.Max(1, given.GetValue(Seconds))));
}
