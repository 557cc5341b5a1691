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
        for (var round = 0; round <= Rounds; round++)
        {
            var bare = await Wrk.RunAsync(hello, 32, time);
            var first = await Wrk.RunAsync(page, 32, time, expected: 302);
            var second = await Wrk.RunAsync(foreign, 32, time, cookie, expected: 404);
            if (round == 0) { continue; }
            anonymous.Add((first, bare));
            unseen.Add((second, bare));
        }
        findings.Add("refused: no session, requests/s", Ratio(anonymous, load => load.PerSecond), new(0.5, 0.8, AtLeast: true), Both(anonymous, load => load.PerSecond, "/s"));
        findings.Add("refused: foreign record, requests/s", Ratio(unseen, load => load.PerSecond), new(0.5, 0.8, AtLeast: true), Both(unseen, load => load.PerSecond, "/s"));
    }

    private static double Ratio(List<(Load Page, Load Y)> rounds, Func<Load, double> of) => Findings.Median(rounds.Select(round => of(round.Page) / of(round.Y)));

    private static string Both(List<(Load Page, Load Y)> rounds, Func<Load, double> of, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(rounds.Select(round => of(round.Page))):0.###}{unit} against {Findings.Median(rounds.Select(round => of(round.Y))):0.###}{unit}");
}
