using System.Diagnostics;
using System.Globalization;
using Portal.Bench.Data;
using Portal.Domain.Exchange;

namespace Portal.Bench.Imports;

/// <summary>The opportunities by the product's own import, with validation, scope check and audit, against the bare indexed insert.</summary>
internal static class ImportSpeed
{
    private const int Rounds = 3;

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var size = new HouseSize(run.Rows);
        var csv = run.Csv(size);
        var file = WithCodes(csv);
        List<double> ratios = [], seconds = [], bare = [], checks = [];
        var above = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(run.Yardstick(size).Insert.TotalSeconds);
            await using var house = await ImportHouse.OpenAsync(Path.Combine(run.Folder, "houses", "import"), ct);
            // The companies warm what the opportunities go through as well.
            await house.LoadCompaniesAsync(csv, ct);
            var check = Stopwatch.StartNew();
            await house.LoadOpportunitiesAsync(file, new() { DryRun = true }, ct);
            checks.Add(check.Elapsed.TotalSeconds);
            var watch = Stopwatch.StartNew();
            await using var memory = Memory.Of(Environment.ProcessId);
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var result = await house.LoadOpportunitiesAsync(file, new(), ct);
            seconds.Add(watch.Elapsed.TotalSeconds);
            BenchRun.Say(string.Create(CultureInfo.InvariantCulture, $"import {seconds[^1]:0.00} s, of the processor {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0.00} s, bare {bare[^1]:0.00} s, dry run {checks[^1]:0.00} s, memory +{memory.Above:0} MB"));
            above = Math.Max(above, memory.Above);
            if (result.Records[0].Created != run.Rows) { throw new InvalidOperationException($"The import made {result.Records[0].Created} of {run.Rows} opportunities."); }
            ratios.Add(seconds[^1] / bare[^1]);
        }
        run.Findings.Add("import, memory above idle", above, new(60, 60), "MB, in the importing process");
        run.Findings.Add(string.Create(CultureInfo.InvariantCulture, $"import of {run.Rows:N0} opportunities, seconds"), Findings.Median(ratios), new(6, 3),
            string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(seconds):0.00} s against {Findings.Median(bare):0.00} s; a dry run takes {Findings.Median(checks):0.00} s"));
        await ListsMeanwhile.MeasureAsync(run, file, ct);
    }

    /// <summary>Companies by their codes, as a file from another system would name them.</summary>
    internal static string WithCodes(string csv)
    {
        var file = Path.Combine(csv, "opportunities-with-codes.csv");
        using var target = new StreamWriter(file);
        target.Write("id,title,partner_code,customer_code,stage,amount,close_date,opened\n");
        foreach (var line in File.ReadLines(Path.Combine(csv, "opportunities.csv")).Skip(1))
        {
            var cells = line.Split(',');
            cells[2] = $"P{int.Parse(cells[2], CultureInfo.InvariantCulture):D5}";
            cells[3] = $"C{int.Parse(cells[3], CultureInfo.InvariantCulture):D6}";
            target.Write(string.Join(',', cells) + "\n");
        }
        return file;
    }
}
