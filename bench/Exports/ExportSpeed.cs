using System.Diagnostics;
using System.Globalization;
using Portal.Bench.Data;

namespace Portal.Bench.Exports;

/// <summary>
/// The file that staff get from the list of opportunities, every row and eight columns, over HTTP from a running portal, against the same rows written without it in this process.
/// A million rows are fetched for the memory alone.
/// </summary>
internal static class ExportSpeed
{
    private const int Rounds = 3;
    private const long Many = 1_000_000;

    private static readonly Bound MemoryBound = new(40, 40);

    private static readonly (string Format, Bound Bound, Action<string, string> Yardstick, string Against)[] Kinds =
    [
        ("csv", new(2, 1.2), ExportYardsticks.WriteCsv, "the joined scan written line by line"),
        ("xlsx", new(1, 0.5), ExportYardsticks.WriteXlsx, "OpenXmlWriter"),
    ];

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var size = new HouseSize(run.Rows);
        var house = await run.UsualHouseAsync(ct);
        var (file, _) = run.Yardstick(size);
        foreach (var (format, bound, yardstick, against) in Kinds)
        {
            await using var portal = await run.PortalAsync(house, ct);
            var cookie = await SignInAndLookAroundAsync(portal);
            await MeasureAsync(run, $"{format.ToUpperInvariant()}, {run.Rows:N0} rows", Address(portal, format), cookie, portal.ProcessId, target => yardstick(file, target), against, bound, ct);
        }
        var large = await run.HouseAsync(new(Many), ct);
        foreach (var (format, _, _, _) in Kinds)
        {
            await using var portal = await run.PortalAsync(large, ct);
            var cookie = await SignInAndLookAroundAsync(portal);
            var watch = Stopwatch.StartNew();
            await using var memory = Memory.Of(portal.ProcessId);
            var bytes = await FetchAsync(Address(portal, format), cookie, Stream.Null, ct);
            run.Findings.Add($"{format.ToUpperInvariant()}, {Many:N0} rows, MB above idle", memory.Above, MemoryBound,
                string.Create(CultureInfo.InvariantCulture, $"from {memory.Idle:0} MB; {bytes / 1e6:0} MB of file in {watch.Elapsed.TotalSeconds:0.0} s"));
        }
    }

    private static Uri Address(Server portal, string format) => new(portal.Address, $"/opportunities?columns=title,number,customer,stage,amount,close,partner,opened&export={format}");

    /// <summary>Idle is a portal that serves pages: log-in and some of the list are behind it.</summary>
    private static async Task<string> SignInAndLookAroundAsync(Server portal)
    {
        var list = new Uri(portal.Address, "/opportunities");
        var cookie = await Session.SignInAsync(list, PortalHouse.Staff, PortalHouse.Password);
        await Wrk.RunAsync(list, 1, TimeSpan.FromSeconds(2), cookie);
        return cookie;
    }

    private static async Task MeasureAsync(BenchRun run, string what, Uri export, string cookie, int portal, Action<string> yardstick, string against, Bound bound, CancellationToken ct)
    {
        List<double> ratios = [], seconds = [], bare = [];
        var target = Path.GetTempFileName();
        await using var memory = Memory.Of(portal);
        try
        {
            // The first round warms both sides and is not counted.
            for (var round = 0; round <= Rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                yardstick(target);
                var without = watch.Elapsed.TotalSeconds;
                watch.Restart();
                await using (var file = File.Create(target)) { await FetchAsync(export, cookie, file, ct); }
                var with = watch.Elapsed.TotalSeconds;
                if (round == 0) { continue; }
                ratios.Add(with / without);
                seconds.Add(with);
                bare.Add(without);
            }
        }
        finally
        {
            File.Delete(target);
        }
        run.Findings.Add($"{what}, seconds", Findings.Median(ratios), bound, string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(seconds):0.00} s against {Findings.Median(bare):0.00} s by {against}"));
        run.Findings.Add($"{what}, MB above idle", memory.Above, MemoryBound, string.Create(CultureInfo.InvariantCulture, $"from {memory.Idle:0} MB, most of {Rounds + 1} exports"));
    }

    /// <returns>Bytes of the file.</returns>
    private static async Task<long> FetchAsync(Uri export, string cookie, Stream target, CancellationToken ct)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.GetAsync(export, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        for (int read; (read = await body.ReadAsync(buffer, ct)) > 0; bytes += read) { await target.WriteAsync(buffer.AsMemory(0, read), ct); }
        return bytes;
    }
}
