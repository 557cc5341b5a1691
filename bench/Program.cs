using System.CommandLine;
using System.Globalization;
using Portal.Bench.Data;
using Portal.Bench.Exports;
using Portal.Bench.Lists;
using Portal.Bench.Yardsticks;

namespace Portal.Bench;

/// <summary>`dotnet run --project bench -c Release -- COMMAND`. How to repeat a measurement: docs/admin/bench.md.</summary>
internal static class BenchProgram
{
    private static readonly Option<DirectoryInfo> Folder = new("--out") { Description = "Where the bench data lie", DefaultValueFactory = _ => new DirectoryInfo("artifacts/bench") };
    private static readonly Option<long> Rows = new("--rows") { Description = "How many opportunities: 10000, 100000, 1000000 or 10000000", DefaultValueFactory = _ => BenchData.Opportunities };
    private static readonly Option<string> Yardsticks = new("--yardsticks") { Description = "Where the yardstick pages answer", DefaultValueFactory = _ => "http://localhost:5081" };
    private static readonly Option<DirectoryInfo> House = new("--house") { Description = "The data folder of the portal that is measured; load empties it", DefaultValueFactory = _ => new DirectoryInfo("artifacts/bench/house") };
    private static readonly Option<string> Portal = new("--portal") { Description = "The address of the portal that is measured", DefaultValueFactory = _ => "http://localhost:5082" };
    private static readonly Option<FileInfo?> File = new("--file") { Description = "A yardstick file that is loaded already" };
    private static readonly Option<string> Page = new("--page") { Description = "The address of partner 1's opportunity list, stage proposal", Required = true };
    private static readonly Option<string?> Foreign = new("--foreign") { Description = "The address of a record that the person does not see" };
    private static readonly Option<string> Email = new("--as") { Description = "Who looks at the list", Required = true };
    private static readonly Option<string> Password = new("--password") { Description = "Their password", DefaultValueFactory = _ => PortalHouse.Password };
    private static readonly Option<string> Csv = new("--csv") { Description = "The address that gives every opportunity as CSV", Required = true };
    private static readonly Option<string> Xlsx = new("--xlsx") { Description = "The address that gives every opportunity as XLSX", Required = true };
    private static readonly Option<int> Process = new("--pid") { Description = "The portal's process, whose memory is watched", Required = true };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "Length of each round", DefaultValueFactory = _ => 5 };

    public static Task<int> Main(string[] args)
    {
        var data = new Command("data", "Writes the bench data as CSV and checks their sums") { Folder, Rows };
        data.SetAction(given => BenchData.Write(given.GetRequiredValue(Folder).FullName, given.GetRequiredValue(Rows)));

        var serve = new Command("serve", "Loads the bench data into the yardstick file and serves the yardstick pages") { Folder, File, Yardsticks };
        serve.SetAction(ServeAsync);

        var load = new Command("load", "Loads the bench data into a portal's own database with people who log in") { Folder, House, Portal };
        load.SetAction(async (given, ct) =>
        {
            var folder = given.GetRequiredValue(Folder).FullName;
            if (!System.IO.File.Exists(Path.Combine(folder, "signals.csv"))) { BenchData.Write(folder, BenchData.Opportunities); }
            var house = given.GetRequiredValue(House).FullName;
            await PortalHouse.LoadAsync(folder, house, given.GetRequiredValue(Portal), ct);
            Console.WriteLine($"{given.GetRequiredValue(Portal)}/partner/opportunities?stage={await PortalHouse.StageAsync(house, "proposal", ct)}");
        });

        var list = new Command("list", "Measures the opportunity list and refused requests of a running portal against the yardstick pages") { Folder, Page, Foreign, Email, Password, Seconds };
        list.SetAction(ListAsync);

        var exports = new Command("exports", "Measures whole exports of a running portal against the bare rows written the same way") { Folder, Csv, Xlsx, Process, Email, Password };
        exports.SetAction(ExportsAsync);

        return new RootCommand("Speed and memory of Portal, each a ratio against a yardstick that runs in the same call") { data, serve, load, list, exports }.Parse(args).InvokeAsync();
    }

    private static Task ServeAsync(ParseResult given, CancellationToken ct) =>
        YardstickPage.ServeAsync(given.GetValue(File)?.FullName ?? Load(given), given.GetRequiredValue(Yardsticks), ct);

    private static async Task<int> ListAsync(ParseResult given, CancellationToken ct)
    {
        var page = new Uri(given.GetRequiredValue(Page));
        var cookie = await Session.SignInAsync(page, given.GetRequiredValue(Email), given.GetRequiredValue(Password));
        await using var yardsticks = await YardstickServer.StartAsync(Load(given), ct);
        var time = TimeSpan.FromSeconds(given.GetRequiredValue(Seconds));
        var findings = new Findings();
        await OpportunityListSpeed.MeasureAsync(findings, page, cookie, yardsticks.Address, time);
        if (given.GetValue(Foreign) is { } foreign) { await OpportunityListSpeed.MeasureRefusalsAsync(findings, page, new Uri(foreign), cookie, yardsticks.Address, time); }
        findings.Print();
        return findings.AllReachMust ? 0 : 1;
    }

    private static async Task<int> ExportsAsync(ParseResult given, CancellationToken ct)
    {
        Uri csv = new(given.GetRequiredValue(Csv)), xlsx = new(given.GetRequiredValue(Xlsx));
        var cookie = await Session.SignInAsync(csv, given.GetRequiredValue(Email), given.GetRequiredValue(Password));
        var file = Load(given);
        var findings = new Findings();
        await ExportSpeed.MeasureCsvAsync(findings, csv, cookie, given.GetRequiredValue(Process), file);
        await ExportSpeed.MeasureXlsxAsync(findings, xlsx, cookie, given.GetRequiredValue(Process), file);
        findings.Print();
        return findings.AllReachMust ? 0 : 1;
    }

    private static string Load(ParseResult given)
    {
        var folder = given.GetRequiredValue(Folder).FullName;
        if (!System.IO.File.Exists(Path.Combine(folder, "signals.csv"))) { BenchData.Write(folder, BenchData.Opportunities); }
        var file = Path.Combine(folder, "yardstick.db");
        var time = YardstickFile.Load(folder, file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare indexed insert of the opportunities: {time.TotalSeconds:0.00} s"));
        return file;
    }
}
