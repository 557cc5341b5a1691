using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Bench;

/// <summary>What one run of the load generator found.</summary>
/// <param name="P50">Half of the answers came within this many milliseconds.</param>
/// <param name="P99">All but one in a hundred came within this many milliseconds.</param>
internal sealed record Load(double PerSecond, double P50, double P99);

/// <summary>Drives `wrk` (Debian package wrk), one thread.</summary>
internal static partial class Wrk
{
    /// <param name="post">A form to be posted; null for a GET.</param>
    /// <param name="expected">The status that every answer must have; another one makes the run worthless.</param>
    /// <exception cref="InvalidOperationException">wrk is missing, or an answer had another status.</exception>
    public static async Task<Load> RunAsync(Uri url, int connections, TimeSpan time, string? cookie = null, int expected = 200, string? post = null)
    {
        if (post is null) { await ExpectAsync(url, cookie, expected); }
        var script = post is null ? null : Script(post);
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-t1", $"-c{connections}", $"-d{(int)time.TotalSeconds}s", "--latency", "-H", $"Cookie: {cookie}", .. script is null ? Array.Empty<string>() : ["-s", script], url.ToString()]) { start.ArgumentList.Add(argument); }
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk is missing: it is the Debian package wrk.");
        var text = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (wrk.ExitCode != 0 || text.Contains("Socket errors", StringComparison.Ordinal)) { throw new InvalidOperationException($"{url}: {text}"); }
        if (expected < 400 && text.Contains("Non-2xx", StringComparison.Ordinal)) { throw new InvalidOperationException($"{url}: {text}"); }
        return new Load(double.Parse(PerSecond().Match(text).Groups[1].Value, CultureInfo.InvariantCulture), Milliseconds(P50().Match(text)), Milliseconds(P99().Match(text)));
    }

    /// <summary>Drives the page until it gets no faster: a program is compiled while it runs, and beside a load of two processors that takes a while.</summary>
    public static async Task WarmAsync(Uri url, TimeSpan window, string? cookie = null, int expected = 200)
    {
        var (best, without) = (0.0, 0);
        for (var round = 0; round < MostWarming && without < 2; round++)
        {
            var now = (await RunAsync(url, 32, window, cookie, expected)).PerSecond;
            without = now > best * 1.05 ? 0 : without + 1;
            best = Math.Max(best, now);
        }
    }

    private const int MostWarming = 15;

    /// <summary>A form that wrk posts again and again. It holds a secret of a house that is thrown away.</summary>
    private static string Script(string form)
    {
        var path = Path.Combine(Path.GetTempPath(), "portal-bench-post.lua");
        File.WriteAllText(path, $"wrk.method = \"POST\"\nwrk.body = \"{form}\"\nwrk.headers[\"Content-Type\"] = \"application/x-www-form-urlencoded\"\n");
        return path;
    }

    private static async Task ExpectAsync(Uri url, string? cookie, int expected)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        if (cookie is not null) { client.DefaultRequestHeaders.Add("Cookie", cookie); }
        using var answer = await client.GetAsync(url);
        if ((int)answer.StatusCode != expected) { throw new InvalidOperationException($"{url} answers {(int)answer.StatusCode}, not {expected}."); }
    }

    private static double Milliseconds(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, "s" => 1000, "m" => 60_000, var unit => throw new FormatException(unit) };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"50%\s+([\d.]+)([a-z]+)")]
    private static partial Regex P50();

    [GeneratedRegex(@"99%\s+([\d.]+)([a-z]+)")]
    private static partial Regex P99();
}
