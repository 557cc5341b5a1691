using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Bench.Data;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Commands;
using Portal.Reports;
using Portal.Reports.Rendering;
using Portal.Web.Host;

namespace Portal.Bench.Pdf;

/// <summary>
/// The report "opportunity-list" as PDF, in this process and with everything that the product does: the asker's rights, the query, the page written, printed with scripts off and the network
/// cut, tagged. Against it a warm Chromium whose page is used again and that is given the finished page and told to print it, tagged.
/// </summary>
internal static class PdfSpeed
{
    private const int Rounds = 12;

    private static readonly Bound Bound = new(1.2, 1.0);

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var house = await run.UsualHouseAsync(ct);
        await using var app = PortalHost.Build([$"--Portal:DataFolder={house}", $"--urls={run.Portal.GetLeftPart(UriPartial.Authority)}", "--environment=Production"], CommandHosting.AsCommand);
        var portal = app.Services.GetRequiredService<IPortalDb>();
        await using var system = portal.For(AccessScope.System("bench"), "bench");
        var staff = await system.People.Where(p => p.Email == PortalHouse.Staff).Select(p => p.Id).SingleAsync(ct);
        var asker = new Asker(portal, await app.Services.GetRequiredService<ScopeBuilder>().ForAsync(staff, ct) ?? throw new InvalidOperationException("Nobody asks."), app.Services.GetRequiredService<ReportRunner>());
        await using var bare = await WarmChromium.StartAsync();
        foreach (var (name, partner, most) in new[] { ("one page", 1500, 12), ("500 rows", 7, 500) })
        {
            Dictionary<string, string> answers = new() { ["partner"] = $"{partner}", ["close-until"] = CloseUntil(house, partner, most) };
            await MeasureAsync(run, name, asker, answers, bare, app.Services.GetRequiredService<PdfPrinter>(), ct);
        }
    }

    private static async Task MeasureAsync(BenchRun run, string name, Asker asker, Dictionary<string, string> answers, WarmChromium bare, PdfPrinter printer, CancellationToken ct)
    {
        var page = Path.Combine(Path.GetTempPath(), $"portal-bench-{Guid.NewGuid():N}.html");
        try
        {
            using (var html = new MemoryStream())
            {
                await asker.RunAsync(ReportFormat.Html, answers, html, ct);
                // The fonts that the product prints with, so that both print the same page.
                await File.WriteAllTextAsync(page, Encoding.UTF8.GetString(html.ToArray()).Replace("<style>", "<style>" + printer.FontFaces, StringComparison.Ordinal), ct);
            }
            List<double> ratios = [], product = [], yardstick = [];
            var (rows, bytes, bareBytes) = (0L, 0L, 0L);
            // The first rounds warm both sides and are not counted.
            for (var round = -3; round < Rounds; round++)
            {
                using var pdf = new MemoryStream();
                var watch = Stopwatch.StartNew();
                bareBytes = (await bare.PrintAsync(page)).Length;
                var without = watch.Elapsed.TotalMilliseconds;
                watch.Restart();
                rows = await asker.RunAsync(ReportFormat.Pdf, answers, pdf, ct);
                var with = watch.Elapsed.TotalMilliseconds;
                if (round < 0) { continue; }
                bytes = pdf.Length;
                ratios.Add(with / without);
                product.Add(with);
                yardstick.Add(without);
            }
            run.Findings.Add($"PDF, {name}", Findings.Median(ratios), Bound,
                string.Create(CultureInfo.InvariantCulture, $"{Findings.Median(product):0} ms against {Findings.Median(yardstick):0} ms; {rows} rows, {bytes / 1e3:0} kB against {bareBytes / 1e3:0} kB"));
        }
        finally
        {
            File.Delete(page);
        }
    }

    /// <summary>The day until which the partner has about so many opportunities.</summary>
    private static string CloseUntil(string house, int partner, int rows)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(house, "portal.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """SELECT "CloseDate" FROM opportunities WHERE "PartnerId" = @partner ORDER BY "CloseDate" LIMIT 1 OFFSET @rows - 1""";
        command.Parameters.AddWithValue("@partner", partner);
        command.Parameters.AddWithValue("@rows", rows);
        return (string?)command.ExecuteScalar() ?? throw new InvalidOperationException($"Partner {partner} has fewer than {rows} opportunities: measure with at least 100,000.");
    }

    private sealed record Asker(IPortalDb Portal, AccessScope Scope, ReportRunner Runner)
    {
        public async Task<long> RunAsync(ReportFormat format, Dictionary<string, string> answers, Stream to, CancellationToken ct)
        {
            await using var db = Portal.For(Scope, "bench");
            var outcome = await Runner.RunAsync(new("opportunity-list", format, answers, "en", TimeZoneInfo.Utc, Scope.PersonName), db, to, null, ct);
            return outcome.Succeeded ? outcome.Rows : throw new InvalidOperationException(outcome.Refusals[0].Code);
        }
    }
}
