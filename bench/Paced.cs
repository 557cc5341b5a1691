using System.Diagnostics;

namespace Portal.Bench;

/// <summary>Pages opened at an even pace, one after the other, as somebody at work does: what they wait tells how much something else disturbs them.</summary>
internal static class Paced
{
    private const int Warming = 50;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static Func<bool> During(TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        return () => Stopwatch.GetElapsedTime(began) < time;
    }

    /// <param name="pages">Opened in turn, each by who sends the cookie.</param>
    /// <param name="goOn">Asked before each.</param>
    /// <returns>For each page the milliseconds within which all but one in a hundred came.</returns>
    public static async Task<double[]> DriveAsync(IReadOnlyList<(Uri Page, string Cookie)> pages, Func<bool> goOn, CancellationToken ct)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
        for (var warm = 0; warm < Warming; warm++) { foreach (var page in pages) { await OpenAsync(client, page, ct); } }
        var waits = pages.Select(_ => new List<double>()).ToArray();
        using var beat = new PeriodicTimer(Pace);
        for (var turn = 0; goOn() && await beat.WaitForNextTickAsync(ct); turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            await OpenAsync(client, pages[turn % pages.Count], ct);
            waits[turn % pages.Count].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return [.. waits.Select(w => w.Order().ElementAt((int)(w.Count * 0.99)))];
    }

    private static async Task OpenAsync(HttpClient client, (Uri Page, string Cookie) of, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, of.Page) { Headers = { { "Cookie", of.Cookie } } };
        using var answer = await client.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
    }
}
