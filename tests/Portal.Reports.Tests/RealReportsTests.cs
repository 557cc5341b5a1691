using System.Globalization;
using System.Text;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Reports.Rendering;
using Portal.Reports.Tests.Samples;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Reports.Tests;

/// <summary>The product's own reports over a real database, as the people who run them.</summary>
public sealed class RealReportsTests
{
    private static readonly ReportCatalog Catalog = ReportCatalog.Standard();

    [Theory, OnEachEngine]
    public async Task Every_report_runs_in_every_format_for_who_may_run_it(string engine)
    {
        await using var house = await House.OnAsync(engine);
        foreach (var open in Askers(house))
        {
            await using var db = await open();
            foreach (var report in Runner().Offered(db.Scope))
            {
                foreach (var format in new[] { ReportFormat.Csv, ReportFormat.Xlsx, ReportFormat.Html })
                {
                    foreach (var language in ReportLanguage.Codes) { Assert.NotEmpty(await RunAsync(db, report.Name, format, language)); }
                }
            }
        }
    }

    [Fact]
    public async Task What_may_not_be_run_is_answered_like_what_there_is_not()
    {
        var house = await House.SharedAsync();
        foreach (var open in Askers(house))
        {
            await using var db = await open();
            var refused = Catalog.All.Except(Runner().Offered(db.Scope)).ToList();
            foreach (var name in refused.Select(r => r.Name).Append("nothing"))
            {
                using var output = new MemoryStream();
                var outcome = await Runner().RunAsync(new(name, ReportFormat.Csv, new Dictionary<string, string>(), "en", TimeZoneInfo.Utc, "x"), db, output, null, default);
                Assert.Equal(("report.unknown", 0L), (Assert.Single(outcome.Refusals).Code, output.Length));
            }
        }
    }

    [Fact]
    public async Task Staff_and_partners_are_offered_no_report_in_common()
    {
        var house = await House.SharedAsync();
        await using var staff = house.Staff(Functions.Administrator);
        await using var partner = await house.PartnerAsync(House.Bayside, Functions.DistributorPerson);

        Assert.Empty(Runner().Offered(staff.Scope).Intersect(Runner().Offered(partner.Scope)));
        Assert.Equal(["customer-directory", "demand-by-week", "document-receipts", "opportunity-list", "sales-pipeline", "supplier-items"], Runner().Offered(staff.Scope).Select(r => r.Name));
    }

    [Theory, OnEachEngine]
    public async Task The_pipeline_adds_up_open_opportunities_by_stage(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Manager);

        var rows = await CsvAsync(db, "sales-pipeline", "zh-Hans", ("by", "stage"));

        Assert.Equal(["Fans without partner", "Motors for dune", "Pumps for cascade", "Valves for cascade"], rows.Skip(1).Select(r => r[0]).Order(StringComparer.Ordinal));
        Assert.Equal(["线索", "线索", "方案报价", "方案报价"], rows.Skip(1).Select(r => r[2]));
        var expected = rows.Single(r => r[0] == "Valves for cascade");
        Assert.Equal(("500.25", "EUR", "0.4", "200.1"), (expected[7], expected[8], expected[9], expected[10]));

        var book = Workbook.Open(await RunAsync(db, "sales-pipeline", ReportFormat.Xlsx, "en", ("by", "stage")));
        var chart = book.Sheets[2].Rows.Where(r => r.Count == 3).Select(r => $"{r[0].Value} {r[1].Value} {r[2].Value}").ToList();
        Assert.Equal(["Stage Amount Opportunities", "Lead 1070 2", "Proposal 500.25 1", "Stage Amount Opportunities", "Lead 0 0", "Proposal 8000 1"], chart);
        var drawn = Page(await RunAsync(db, "sales-pipeline", ReportFormat.Html, "en", ("by", "stage"))).QuerySelectorAll("svg text").Select(t => t.TextContent).ToList();
        Assert.Contains("2 opportunities", drawn);
        Assert.Contains("1 opportunity", drawn);
        // Each is drawn too, over its own cells: amounts alone, since the counts have another unit.
        Assert.Equal(["Amount", "Lead", "Proposal", "1070", "500.25"], book.Part("xl/charts/chart1.xml").Descendants().Where(e => e.Name.LocalName == "v").Select(e => e.Value));
        foreach (var (part, sums) in new[] { ("xl/charts/chart1.xml", "1070 500.25"), ("xl/charts/chart2.xml", "0 8000") })
        {
            var range = book.Part(part).Descendants().Where(e => e.Name.LocalName == "f").Select(e => e.Value).Last();
            var (from, to) = (int.Parse(range.Split('$')[2].TrimEnd(':'), CultureInfo.InvariantCulture), int.Parse(range.Split('$')[4], CultureInfo.InvariantCulture));
            var sheet = book.Sheets[2];
            Assert.Equal(sums, string.Join(' ', Enumerable.Range(from, to - from + 1).Select(n => sheet.Rows[sheet.RowNumbers.ToList().IndexOf(n)][1].Value)));
        }
    }

    [Theory, OnEachEngine]
    public async Task The_pipeline_is_grouped_by_what_was_chosen_with_none_last(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Manager);

        Assert.Equal(["Cascade", "Cascade", "Dune", ""], (await CsvAsync(db, "sales-pipeline", "en", ("by", "partner"))).Skip(1).Select(r => r[4]));
        Assert.Equal(["Ada", "Ada", "Li Na", "Li Na"], (await CsvAsync(db, "sales-pipeline", "en", ("by", "owner"))).Skip(1).Select(r => r[3]));
        Assert.Equal(["Motors for dune"], (await CsvAsync(db, "sales-pipeline", "en", ("by", "territory"), ("partner", "9"))).Skip(1).Select(r => r[0]));
        Assert.Equal(["Valves for cascade"], (await CsvAsync(db, "sales-pipeline", "en", ("by", "territory"), ("containing", "valve"))).Skip(1).Select(r => r[0]));
    }

    [Theory, OnEachEngine]
    public async Task A_seller_with_own_reach_reports_own_opportunities_only(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Sales);

        Assert.Equal(["OP-105", "OP-101", "OP-104"], (await CsvAsync(db, "opportunity-list", "en")).Skip(1).Select(r => r[1]));
        Assert.Equal(["OP-105"], (await CsvAsync(db, "opportunity-list", "en", ("outcome", "won"))).Skip(1).Select(r => r[1]));
    }

    [Theory, OnEachEngine]
    public async Task A_partner_reports_its_own_rows_and_reads_nothing_of_its_rivals(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var cascade = await house.PartnerAsync(House.Cascade, Functions.ResellerPerson);
        await using var dune = await house.PartnerAsync(House.Dune, Functions.ResellerPerson);

        Assert.Equal(["OP-101", "OP-102"], (await CsvAsync(cascade, "partner-opportunities", "en")).Skip(1).Select(r => r[1]));
        foreach (var (db, rival) in new[] { (cascade, "dune"), (dune, "cascade") })
        {
            foreach (var report in Runner().Offered(db.Scope).Where(r => r.Name != "shared-opportunities"))
            {
                foreach (var format in new[] { ReportFormat.Csv, ReportFormat.Html })
                {
                    Assert.DoesNotContain(rival, Encoding.UTF8.GetString(await RunAsync(db, report.Name, format, "en")), StringComparison.OrdinalIgnoreCase);
                }
            }
        }
    }

    [Theory, OnEachEngine]
    public async Task A_summary_share_tells_neither_customer_nor_amount_nor_day(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var cascade = await house.PartnerAsync(House.Cascade, Functions.ResellerPerson);

        var rows = await CsvAsync(cascade, "shared-opportunities", "en");

        Assert.Equal(["Opportunity", "Number", "Stage", "Outcome", "Closes in"], rows[0]);
        Assert.Contains(["Motors for dune", "OP-103", "Proposal", "Open", "March 2026"], rows);
        Assert.Contains("2026年3月", (await CsvAsync(cascade, "shared-opportunities", "zh-Hans")).Select(r => r[4]));
        Assert.DoesNotContain("OP-103", Encoding.UTF8.GetString(await RunAsync(cascade, "partner-opportunities", ReportFormat.Csv, "en")), StringComparison.Ordinal);
    }

    [Theory, OnEachEngine]
    public async Task Days_are_added_up_to_their_week(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Procurement);

        var rows = await CsvAsync(db, "demand-by-week", "en", ("source", "order"));

        Assert.Equal([["Orders", "Alpine pump", "P-1", "2026-W11", "2026-03-09", "13.5", "PCE"], ["Orders", "Alpine pump", "P-1", "2026-W12", "2026-03-16", "20", "PCE"]], rows.Skip(1));
    }

    [Theory, OnEachEngine]
    public async Task On_paper_a_product_is_one_line_with_its_weeks_across_and_the_sum_behind(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Procurement);

        var page = Page(await RunAsync(db, "demand-by-week", ReportFormat.Html, "en", ("source", "order"), ("from", "2026-03-02"), ("until", "2026-03-22")));

        var table = Assert.Single(page.QuerySelectorAll("table.report-table"));
        Assert.Equal(["Product", "Product code", "Unit", "W102 Mar", "W119 Mar", "W1216 Mar", "Sum"], table.QuerySelectorAll("thead th").Select(Said));
        var row = Assert.Single(table.QuerySelectorAll("tbody tr"), r => string.IsNullOrEmpty(r.ClassName));
        Assert.Equal(["Alpine pump", "P-1", "pcs", "", "13.50", "20", "33.50"], row.Children.Select(Said));
        Assert.Equal(["Orders: subtotal of 1 row pcs", "", "13.50", "20", "33.50"], table.QuerySelectorAll("tr.report-subtotal > *").Select(Said));
        // The axis says days as the cells of a table do.
        Assert.Contains("9 Mar 2026", page.QuerySelectorAll("svg text").Select(t => t.TextContent));
    }

    [Theory, OnEachEngine]
    public async Task Half_a_year_of_weeks_stands_in_two_tables_and_five_years_stay_below_each_other(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Procurement);

        var half = Page(await RunAsync(db, "demand-by-week", ReportFormat.Html, "zh-Hans"));
        Assert.Equal([13, 13], half.QuerySelectorAll("table.report-table").Select(t => t.QuerySelectorAll("th.report-narrow").Length));
        Assert.Equal(2, half.QuerySelectorAll("h2.report-caption").Length);
        var years = Page(await RunAsync(db, "demand-by-week", ReportFormat.Html, "en", ("from", "2022-01-03"), ("until", "2026-12-31")));
        Assert.Empty(years.QuerySelectorAll("th.report-narrow"));
        Assert.NotEmpty(years.QuerySelectorAll("table.report-table tbody td"));
    }

    [Theory, OnEachEngine]
    public async Task A_supplier_reads_demand_for_its_products_and_not_whose_it_is(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var alpine = await house.PartnerAsync(House.Alpine, Functions.SupplierPerson);
        await using var elm = await house.PartnerAsync(House.Elm, Functions.SupplierPerson);

        var page = Encoding.UTF8.GetString(await RunAsync(alpine, "partner-demand-by-week", ReportFormat.Html, "en"));
        Assert.Contains("Alpine pump", page, StringComparison.Ordinal);
        Assert.All(["secret site", "上海申通", "Bayside", "Elm"], word => Assert.DoesNotContain(word, page, StringComparison.Ordinal));
        Assert.Equal(["Elm motor"], (await CsvAsync(elm, "partner-demand-by-week", "en")).Skip(1).Select(r => r[1]));
        Assert.Equal(["Alpine pump", "Alpine 水泵"], (await CsvAsync(alpine, "partner-items", "en")).Skip(1).Select(r => r[0]));
    }

    [Theory, OnEachEngine]
    public async Task A_distributor_reads_what_it_reported(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var bayside = await house.PartnerAsync(House.Bayside, Functions.DistributorPerson);

        Assert.Equal(["Sell-through Elm motor 11", "Stock on hand Alpine pump 100"], (await CsvAsync(bayside, "partner-demand-by-week", "en")).Skip(1).Select(r => $"{r[0]} {r[1]} {r[5]}"));
    }

    [Theory, OnEachEngine]
    public async Task A_receipts_day_is_the_readers_day(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Marketing);

        // In Shanghai the 9th begins at 16:00 UTC on the 8th.
        var rows = await CsvAsync(db, "document-receipts", "en", ("from", "2026-03-09"), ("until", "2026-03-09"));

        Assert.Equal(["Confirmed", "Downloaded"], rows.Skip(1).Select(r => r[4]));
        Assert.Equal("2026-03-08T16:01:00Z", rows[1][5]);
        Assert.Equal(["Cascade", "Dune"], rows.Skip(1).Select(r => r[2]));
    }

    [Theory, OnEachEngine]
    public async Task A_customer_stands_with_its_partner_owner_and_longest_known_contact(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Staff(Functions.Service);

        var rows = await CsvAsync(db, "customer-directory", "zh-Hans");

        Assert.Equal(2, rows.Count - 1);
        Assert.Equal(["上海申通机电", "SHENTONG", "活跃", "", "中型", "上海", "中国", "", "Cascade", "Li Na", "", "", "王芳", "wang@shentong.example"], rows.Single(r => r[1] == "SHENTONG"));
        Assert.Equal(["ZINC"], (await CsvAsync(db, "customer-directory", "en", ("status", "paused"))).Skip(1).Select(r => r[1]));
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Page(byte[] html) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(Encoding.UTF8.GetString(html));

    private static string Said(AngleSharp.Dom.IElement cell) => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<Func<Task<PortalDbContext>>> Askers(House house)
    {
        foreach (var function in Functions.All.Values.Where(f => f.IsStaff)) { yield return () => Task.FromResult(house.Staff(function.Name)); }
        yield return () => house.PartnerAsync(House.Alpine, Functions.SupplierPerson);
        yield return () => house.PartnerAsync(House.Bayside, Functions.DistributorPerson);
        yield return () => house.PartnerAsync(House.Cascade, Functions.ResellerPerson, Functions.PartnerAdmin);
    }

    private static ReportRunner Runner() => new(Catalog, new PdfPrinter(new()), new StoppedClock(Any.Now));

    private static async Task<byte[]> RunAsync(PortalDbContext db, string name, ReportFormat format, string language, params (string Key, string Value)[] answers)
    {
        var report = Catalog.Find(name)!;
        var all = Runner().Defaults(report, Any.Shanghai).Where(a => a.Value.Length > 0).ToDictionary();
        foreach (var (key, value) in answers) { all[key] = value; }
        using var output = new MemoryStream();
        var outcome = await Runner().RunAsync(new(name, format, all, language, Any.Shanghai, db.Scope.PersonName), db, output, null, TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Refusals);
        return output.ToArray();
    }

    private static async Task<List<string[]>> CsvAsync(PortalDbContext db, string name, string language, params (string Key, string Value)[] answers) =>
        CsvFile.Read(await RunAsync(db, name, ReportFormat.Csv, language, answers));
}
