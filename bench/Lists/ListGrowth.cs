using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Bench.Data;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Sqlite;

namespace Portal.Bench.Lists;

/// <summary>
/// What becomes of the opportunity list as the house grows a thousandfold: its first page and its next one over HTTP, and the bounded count and the totals by stage through the
/// product's own queries in the measuring process, all of a partner that holds a tenth of the rows.
/// </summary>
internal static partial class ListGrowth
{
    private const long Small = 10_000, Large = 10_000_000, Usual = 1_000_000;
    private const int Questions = 200, CountBound = 10_000;

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var size = run.Large ? Large : Usual;
        var few = await PagesAsync(run, new(Small), ct);
        var many = await PagesAsync(run, new(size), ct);
        Add("first page", many.First, few.First);
        Add("key page", many.Next, few.Next);
        var (count, totals) = await QuestionsAsync(await run.HouseAsync(new(size), ct), ct);
        run.Findings.Add($"bounded count at {Words(size)} rows, ms", count, new(5, 1), "10,001 of a partner with a tenth of the rows");
        run.Findings.Add($"stage totals at {Words(size)} rows, ms", totals, new(5, 1), "of a partner with a tenth of the rows");

        void Add(string what, double large, double small) => run.Findings.Add(
            $"{what} at {Words(size)} rows against 10k, p50", large / small, new(1.3, 1.1), string.Create(CultureInfo.InvariantCulture, $"{large:0.###} ms against {small:0.###} ms"));
    }

    private static string Words(long rows) => $"{rows / 1_000_000}M";

    private static async Task<(double First, double Next)> PagesAsync(BenchRun run, HouseSize size, CancellationToken ct)
    {
        var house = await run.HouseAsync(size, ct);
        await using var portal = await run.PortalAsync(house, ct);
        var first = new Uri(portal.Address, $"/partner/opportunities?stage={await PortalHouse.StageAsync(house, "proposal", ct)}");
        var cookie = await Session.SignInAsync(first, PortalHouse.Large, PortalHouse.Password);
        var next = new Uri(first, await NextAsync(first, cookie, ct));
        var rounds = await OpportunityListSpeed.InTurnAsync(() => Wrk.RunAsync(first, 1, run.Round, cookie), () => Wrk.RunAsync(next, 1, run.Round, cookie));
        return (Findings.Median(rounds.Select(round => round.Page.P50)), Findings.Median(rounds.Select(round => round.Y.P50)));
    }

    private static async Task<string> NextAsync(Uri page, string cookie, CancellationToken ct)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return WebUtility.HtmlDecode(NextLink().Match(await client.GetStringAsync(page, ct)).Groups[1].Value);
    }

    private static async Task<(double Count, double Totals)> QuestionsAsync(string house, CancellationToken ct)
    {
        using var engine = new SqliteEngine($"Data Source={Path.Combine(house, "portal.db")}");
        var portal = new PortalDb(engine, TimeProvider.System, new IdSource(TimeProvider.System), new AccessVersion());
        long person, stage;
        await using (var all = portal.For(AccessScope.System("bench")))
        {
            person = await all.People.Where(p => p.Email == PortalHouse.Large).Select(p => p.Id).SingleAsync(ct);
            stage = await all.Stages.Where(s => s.Code == "proposal").Select(s => s.Id).SingleAsync(ct);
        }
        var scope = await new ScopeBuilder(portal).ForAsync(person, ct) ?? throw new InvalidOperationException($"{PortalHouse.Large} is not in the house.");
        return (await MedianAsync(db => db.OpportunitiesInFull.Where(o => o.StageId == stage).Take(CountBound + 1).CountAsync(ct)), await MedianAsync(db => db.StageTotalsAsync(ownerId: null, ct)));

        async Task<double> MedianAsync<T>(Func<PortalDbContext, Task<T>> ask)
        {
            var times = new List<double>(Questions);
            for (var n = 0; n < Questions; n++)
            {
                await using var db = portal.For(scope);
                var watch = Stopwatch.StartNew();
                _ = await ask(db);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            return Findings.Median(times);
        }
    }

    [GeneratedRegex("rel=\"next\" href=\"([^\"]*)\"")]
    private static partial Regex NextLink();
}
