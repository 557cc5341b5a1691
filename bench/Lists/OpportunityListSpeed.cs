using System.Globalization;

namespace Portal.Bench.Lists;

/// <summary>The portal's opportunity list, signed in and whole, against the yardstick page Y, in turn in one run.</summary>
internal static class OpportunityListSpeed
{
    private const int Rounds = 3;

    /// <param name="page">The partner's opportunity list, `proposal` only, newest close date first.</param>
    /// <param name="yardsticks">Where `serve` answers.</param>
    public static async Task MeasureAsync(Findings findings, Uri page, string cookie, Uri yardsticks, TimeSpan time)
    {
        var y = new Uri(yardsticks, "/y?partner=1&stage=proposal");
        List<(Load Page, Load Y)> wide = [], narrow = [];
        await Wrk.WarmAsync(page, time, cookie);
        // The first round warms both sides and is not counted.
        for (var round = 0; round <= Rounds; round++)
        {
            var many = (await Wrk.RunAsync(page, 32, time, cookie), await Wrk.RunAsync(y, 32, time));
            var one = (await Wrk.RunAsync(page, 1, time, cookie), await Wrk.RunAsync(y, 1, time));
            if (round == 0) { continue; }
            wide.Add(many);
            narrow.Add(one);
        }
        findings.Add("list, 32 connections, requests/s", Ratio(wide, load => load.PerSecond), new(0.30, 0.60, AtLeast: true), Both(wide, load => load.PerSecond, "/s"));
        findings.Add("list, 1 connection, p50", Ratio(narrow, load => load.P50), new(3.5, 2), Both(narrow, load => load.P50, " ms"));
        findings.Add("list, 32 connections, p99", Ratio(wide, load => load.P99), new(4, 1.5), Both(wide, load => load.P99, " ms"));
    }

    /// <summary>What it costs to say no: no session, and a record that the person does not see, against a bare hello.</summary>
    /// <param name="foreign">A page of a record that the signed-in person does not see.</param>
    public static async Task MeasureRefusalsAsync(Findings findings, Uri page, Uri foreign, string cookie, Uri yardsticks, TimeSpan time)
    {
        var hello = new Uri(yardsticks, "/hello");
        List<(Load Page, Load Y)> anonymous = [], unseen = [];
        await Wrk.WarmAsync(page, time, expected: 303);
        await Wrk.WarmAsync(foreign, time, cookie, expected: 404);
        for (var round = 0; round <= Rounds; round++)
        {
            var bare = await Wrk.RunAsync(hello, 32, time);
            var first = await Wrk.RunAsync(page, 32, time, expected: 303);
            var second = await Wrk.RunAsync(foreign, 32, time, cookie, expected: 404);
            if (round == 0) { continue; }
            anonymous.Add((first, bare));
            unseen.Add((second, bare));
        }
        findings.Add("refused: no session, requests/s", Ratio(anonymous, load => load.PerSecond), new(0.5, 0.8, AtLeast: true), Both(anonymous, load => load.PerSecond, "/s"));
        findings.Add("refused: foreign record, requests/s", Ratio(unseen, load => load.PerSecond), new(0.5, 0.8, AtLeast: true), Both(unseen, load => load.PerSecond, "/s"));
    }

    /// <summary>The same rows and columns as a partner sees them within its rights and as staff who see everything filter them.</summary>
    /// <param name="unscoped">The list of staff with the partner and the stage as filters and the partner's columns.</param>
    public static async Task MeasureScopeAsync(Findings findings, Uri scoped, string partner, Uri unscoped, string staff, TimeSpan time)
    {
        var rounds = await InTurnAsync(() => Wrk.RunAsync(scoped, 1, time, partner), () => Wrk.RunAsync(unscoped, 1, time, staff));
        findings.Add("list scoped against unscoped, p50", Ratio(rounds, load => load.P50), new(1.1, 1), Both(rounds, load => load.P50, " ms"));
    }

    /// <summary>Every stage of a partner that holds a tenth of all rows and of one that holds 0.04 %, by the rows that the page shows.</summary>
    public static async Task MeasureSkewAsync(Findings findings, Uri page, string large, string small, TimeSpan time)
    {
        var (many, few) = (await RowsAsync(page, large), await RowsAsync(page, small));
        var rounds = await InTurnAsync(() => Wrk.RunAsync(page, 1, time, large), () => Wrk.RunAsync(page, 1, time, small));
        findings.Add("list of 10 % of the rows against 0.04 %, per row shown, p50", Ratio(rounds, load => load.P50) * few / many, new(1.5, 1.1), $"{Both(rounds, load => load.P50, " ms")}; {many} and {few} rows shown");
    }

    /// <summary>Two measurements in turn; the first round warms both sides and is not counted.</summary>
    internal static async Task<List<(Load Page, Load Y)>> InTurnAsync(Func<Task<Load>> page, Func<Task<Load>> other)
    {
        List<(Load, Load)> rounds = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var both = (await page(), await other());
            if (round > 0) { rounds.Add(both); }
        }
        return rounds;
    }

    private static async Task<int> RowsAsync(Uri page, string cookie)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return (await client.GetStringAsync(page)).Split("<td class=\"lead\"").Length - 1;
    }

    internal static double Ratio(List<(Load Page, Load Y)> rounds, Func<Load, double> of) => Findings.Median(rounds.Select(round => of(round.Page) / of(round.Y)));

    internal static string Both(List<(Load Page, Load Y)> rounds, Func<Load, double> of, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(rounds.Select(round => of(round.Page))):0.###}{unit} against {Findings.Median(rounds.Select(round => of(round.Y))):0.###}{unit}");
}
