using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Portal.Bench.Data;

namespace Portal.Bench.Search;

/// <summary>
/// The list of companies with a word that 625 of them have in their names, fifty shown, as staff see it, whole. Beside it the bare index query, the same word through a full-text index
/// in the order of names, fifty rows, prepared; and the yardstick page Y.
/// </summary>
internal static class CompanySearchSpeed
{
    private const int Rounds = 3, Few = 20_000, Many = 2_000_000, BareQueries = 200;

    private const string Bare = """
        SELECT c.id, c.code, c.name, c.city, c.email, c.partner_id FROM customer_names n JOIN customers c ON c.id = n.rowid
        WHERE customer_names MATCH @words ORDER BY c.name, c.id LIMIT 50
        """;

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var few = await MeasureAsync(run, new(BenchData.Opportunities, Few), ct);
        var many = await MeasureAsync(run, new(BenchData.Opportunities, Many), ct);
        run.Findings.Add("company search, 2M companies against 20k, p50", many / few, new(3, 3), string.Create(CultureInfo.InvariantCulture, $"{many:0.###} ms against {few:0.###} ms"));
    }

    /// <returns>Milliseconds in which half of the pages came.</returns>
    private static async Task<double> MeasureAsync(BenchRun run, HouseSize size, CancellationToken ct)
    {
        var house = await run.HouseAsync(size, ct);
        var (file, _) = run.Yardstick(size);
        await using var pages = await BenchRun.YardstickPagesAsync(file, ct);
        await using var portal = await run.PortalAsync(house, ct);
        var page = new Uri(portal.Address, $"/companies?q={BenchData.SearchWord.ToLowerInvariant()}");
        var y = new Uri(pages.Address, "/y?partner=1&stage=proposal");
        var cookie = await Session.SignInAsync(page, PortalHouse.Staff, PortalHouse.Password);
        List<(double Page, double Bare, double Y)> rounds = [];
        await Wrk.WarmAsync(page, run.Round, cookie);
        // The first round warms all sides and is not counted.
        for (var round = 0; round <= Rounds; round++)
        {
            var (listed, bare, plain) = (await Wrk.RunAsync(page, 1, run.Round, cookie), BareMilliseconds(file), await Wrk.RunAsync(y, 1, run.Round));
            if (round > 0) { rounds.Add((listed.P50, bare, plain.P50)); }
        }
        var p50 = Findings.Median(rounds.Select(round => round.Page));
        run.Findings.Add($"company search, {size.Customers:N0} companies, p50", Findings.Median(rounds.Select(round => round.Page / (round.Bare + round.Y))), new(2, 1.3), string.Create(CultureInfo.InvariantCulture,
            $"{p50:0.###} ms against the bare index query {Findings.Median(rounds.Select(round => round.Bare)):0.###} ms + Y {Findings.Median(rounds.Select(round => round.Y)):0.###} ms"));
        return p50;
    }

    private static double BareMilliseconds(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Bare;
        command.Parameters.AddWithValue("@words", $"\"{BenchData.SearchWord}\"");
        command.Prepare();
        var times = new List<double>(BareQueries);
        for (var n = 0; n < BareQueries; n++)
        {
            var watch = Stopwatch.StartNew();
            using (var rows = command.ExecuteReader())
            {
                while (rows.Read()) { _ = (rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetInt64(5)); }
            }
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return Findings.Median(times);
    }
}
