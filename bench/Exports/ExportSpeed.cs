using System.Diagnostics;
using System.Globalization;

namespace Portal.Bench.Exports;

/// <summary>Whole exports from a running portal, fetched by a signed-in person, against the same rows written without it.</summary>
internal static class ExportSpeed
{
    private const int Rounds = 3;

    public static async Task MeasureCsvAsync(Findings findings, Uri export, string cookie, int portal, string file) =>
        await MeasureAsync(findings, "CSV", export, cookie, portal, target => ExportYardsticks.WriteCsv(file, target), new(2, 1.2));

    public static async Task MeasureXlsxAsync(Findings findings, Uri export, string cookie, int portal, string file) =>
        await MeasureAsync(findings, "XLSX", export, cookie, portal, target => ExportYardsticks.WriteXlsx(file, target), new(1, 0.5));

    private static async Task MeasureAsync(Findings findings, string format, Uri export, string cookie, int portal, Action<string> yardstick, Bound bound)
    {
        List<double> ratios = [], seconds = [], bare = [];
        var above = 0.0;
        var target = Path.GetTempFileName();
        try
        {
            // The first round warms both sides and is not counted.
            for (var round = 0; round <= Rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                yardstick(target);
                var without = watch.Elapsed.TotalSeconds;

                await using var memory = Memory.Of(portal);
                watch.Restart();
                await FetchAsync(export, cookie, target);
                var with = watch.Elapsed.TotalSeconds;
                if (round == 0) { continue; }
                ratios.Add(with / without);
                seconds.Add(with);
                bare.Add(without);
                above = Math.Max(above, memory.Above);
            }
        }
        finally
        {
            File.Delete(target);
        }
        findings.Add($"{format} export, seconds", Findings.Median(ratios), bound, string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(seconds):0.00} s against {Findings.Median(bare):0.00} s"));
        findings.Add($"{format} export, memory above idle", above, new(40, 40), "MB");
    }

    private static async Task FetchAsync(Uri export, string cookie, string target)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.GetAsync(export, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var file = File.Create(target);
        await answer.Content.CopyToAsync(file);
    }
}
