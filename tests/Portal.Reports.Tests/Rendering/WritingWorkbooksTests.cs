using System.Globalization;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Portal.Reports.Rendering;
using Portal.Reports.Tests.Samples;
using Xunit;

namespace Portal.Reports.Tests.Rendering;

public sealed class WritingWorkbooksTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Cells_are_typed_and_formatted()
    {
        var sheet = await RunAsync(new SampleReport([Any.Row()]));

        Assert.Equal(("inlineStr", "Alder Tools project"), (sheet.At("A2").Type, sheet.At("A2").Value));
        Assert.Equal(("n", "1250.5", "#,##0.00\"\u00A0EUR\""), (sheet.At("D2").Type, sheet.At("D2").Value, sheet.At("D2").Format));
        Assert.Equal(new DateTime(2026, 6, 30), DateTime.FromOADate(Number(sheet.At("E2"))));
        Assert.Equal("yyyy\\-mm\\-dd", sheet.At("E2").Format);
        // 07:05 UTC in Shanghai.
        Assert.Equal(new DateTime(2026, 3, 9, 15, 5, 0), DateTime.FromOADate(Number(sheet.At("F2"))), TimeSpan.FromSeconds(1));
        Assert.Equal(("40", "#,##0\"\u00A0pcs\""), (sheet.At("G2").Value, sheet.At("G2").Format));
        Assert.Equal(("0.4", "0.0%"), (sheet.At("H2").Value, sheet.At("H2").Format));
    }

    [Fact]
    public async Task The_header_is_frozen_and_filtered_and_columns_have_widths()
    {
        var sheet = await RunAsync(new SampleReport(Any.Many(20)) { Grouped = false });

        Assert.Equal("A1:K21", sheet.Filter);
        Assert.Equal("frozen", sheet.Xml.Descendants().Single(e => e.Name.LocalName == "pane").Attribute("state")!.Value);
        Assert.Equal(11, sheet.Xml.Descendants().Count(e => e.Name.LocalName == "col"));
        Assert.Equal("Opportunity", sheet.At("A1").Value);
    }

    [Fact]
    public async Task Totals_are_formulas_over_their_rows_where_there_is_one_currency_and_values_per_currency_otherwise()
    {
        var one = await RunAsync(new SampleReport([Any.Row(amount: 10), Any.Row(amount: 5.25m)]) { Grouped = false });
        Assert.Equal(("SUBTOTAL(109,D2:D3)", "15.25"), (one.At("D4").Formula, one.At("D4").Value));
        Assert.Equal("SUBTOTAL(101,H2:H3)", one.At("H4").Formula);

        var two = await RunAsync(new SampleReport([Any.Row(amount: 10), Any.Row(amount: 5.25m, currency: "CNY")]) { Grouped = false });
        Assert.Equal((null, "5.25", "#,##0.00\"\u00A0CNY\""), (two.At("D4").Formula, two.At("D4").Value, two.At("D4").Format));
        Assert.Equal((null, "10", "#,##0.00\"\u00A0EUR\""), (two.At("D5").Formula, two.At("D5").Value, two.At("D5").Format));
    }

    [Fact]
    public async Task Groups_are_outlined_and_their_subtotals_cover_their_rows()
    {
        var sheet = await RunAsync(new SampleReport(
        [
            Any.Row(territory: "East", amount: 1), Any.Row(territory: "East", amount: 2),
            Any.Row(territory: "West", amount: 4),
        ]));

        // 2-3 rows, 4 stage, 5 East, 6 row, 7 stage, 8 West, 9 total.
        Assert.Equal("SUBTOTAL(109,D2:D3)", sheet.At("D4").Formula);
        Assert.Equal("SUBTOTAL(109,D2:D4)", sheet.At("D5").Formula);
        Assert.Equal("East: subtotal of 2 rows", sheet.At("B5").Value);
        Assert.Equal(("SUBTOTAL(109,D6:D7)", "4"), (sheet.At("D8").Formula, sheet.At("D8").Value));
        Assert.Equal(("SUBTOTAL(109,D2:D8)", "7"), (sheet.At("D9").Formula, sheet.At("D9").Value));
        Assert.Equal(["2", "2", "1"], sheet.Xml.Descendants().Where(e => e.Name.LocalName == "row").Skip(1).Take(3).Select(r => r.Attribute("outlineLevel")!.Value));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1:A9)")]
    [InlineData("\t=1")]
    public async Task Text_never_becomes_a_formula(string text)
    {
        var sheet = await RunAsync(new SampleReport([Any.Row(title: text)]));

        Assert.Equal(("inlineStr", text, null, true), (sheet.At("A2").Type, sheet.At("A2").Value, sheet.At("A2").Formula, sheet.At("A2").QuotePrefix));
    }

    [Fact]
    public void Any_text_is_read_back_as_it_was() => Prop.ForAll<NonEmptyString>(text =>
    {
        // UTF-8 has no lone surrogates and XML no U+FFFE, U+FFFF: those become the replacement character.
        var expected = new string([.. text.Get.EnumerateRunes().SelectMany(r => r.ToString())]).Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD');
        return WriteAsync(text.Get).GetAwaiter().GetResult() == expected;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a\u0001b\u001F_x0041_ <&> \uFFFF")]
    [InlineData("line\r\nline\n ")]
    [InlineData("申通 🏭 \"quoted\" 'single'")]
    public async Task Characters_that_xml_cannot_hold_are_escaped(string text) =>
        Assert.Equal(text.Replace('\uFFFF', '\uFFFD'), await WriteAsync(text));

    [Fact]
    public async Task A_text_longer_than_a_cell_is_cut()
    {
        var read = await WriteAsync(new string('长', 40_000));

        Assert.Equal(32_767, read.Length);
        Assert.EndsWith("…", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_the_format_cannot_count_is_written_as_text()
    {
        using var file = new MemoryStream();
        await using var book = await XlsxWriter.CreateAsync(file, Book, Ct);
        await book.BeginSheetAsync(new("Days", [new("Day", 12)]), Ct);
        await book.BeginRowAsync(Ct);
        book.Date(new(1899, 12, 31));
        book.EndRow();
        await book.CompleteAsync(Ct);

        Assert.Equal("1899-12-31", Workbook.Open(file.ToArray()).Sheets[0].At("A2").Value);
    }

    [Fact]
    public async Task A_full_sheet_goes_on_in_a_next_one_with_its_own_header()
    {
        using var file = new MemoryStream();
        await using var book = await XlsxWriter.CreateAsync(file, Book, rowLimit: 4, Ct);
        await book.BeginSheetAsync(new("Rows", [new("No", 8, Align.End)]), Ct);
        for (var i = 1; i <= 7; i++)
        {
            await book.BeginRowAsync(Ct);
            book.Whole(i);
            book.EndRow();
        }
        await book.CompleteAsync(Ct);

        var sheets = Workbook.Open(file.ToArray()).Sheets;
        Assert.Equal(["Rows", "Rows (2)", "Rows (3)"], sheets.Select(s => s.Name));
        Assert.Equal([["1", "2", "3"], ["4", "5", "6"], ["7"]], sheets.Select(s => s.Rows.Skip(1).Select(r => r[0].Value)));
        Assert.Equal(["A1:A4", "A1:A4", "A1:A2"], sheets.Select(s => s.Filter));
    }

    [Fact]
    public async Task What_failed_halfway_is_not_a_workbook()
    {
        using var file = new MemoryStream();
        await using (var book = await XlsxWriter.CreateAsync(file, Book, Ct))
        {
            await book.BeginSheetAsync(new("Rows", [new("No", 8)]), Ct);
        }

        using var zip = new ZipArchive(new MemoryStream(file.ToArray()));
        Assert.Null(zip.GetEntry("xl/workbook.xml"));
    }

    [Theory]
    [InlineData("a/b:c*?[x]", "a b c   x")]
    [InlineData("'quoted'", "quoted")]
    [InlineData("A name that is much longer than thirty-one", "A name that is much longer than")]
    public async Task A_sheets_name_is_made_acceptable(string wanted, string name)
    {
        using var file = new MemoryStream();
        await using var book = await XlsxWriter.CreateAsync(file, Book, Ct);
        await book.BeginSheetAsync(new(wanted, [new("No", 8)]), Ct);
        await book.CompleteAsync(Ct);

        Assert.Equal(name, Workbook.Open(file.ToArray()).Sheets[0].Name);
    }

    [Fact]
    public async Task The_second_sheet_says_what_the_report_is()
    {
        var book = Workbook.Open(await Any.RunAsync(new SampleReport(Any.Many(12)), Any.Request(ReportFormat.Xlsx, "zh-Hans", ("partner", "7"), ("from", "2026-01-01"))));

        Assert.Equal(["销售漏斗", "说明", "图表数据"], book.Sheets.Select(s => s.Name));
        Assert.Equal(["制表人", "制表时间", "开始日期", "合作伙伴", "行数"], book.Sheets[1].Rows.Skip(3).Select(r => r[0].Value));
        Assert.Equal(["Li Na", "2026年3月9日 15:05 UTC+08:00", "2026年1月1日", "Bayside & Sons <Ltd>", "12"], book.Sheets[1].Rows.Skip(3).Select(r => r[1].Value));
    }

    private static XlsxBook Book => new("Rows", "Li Na", Any.Now, TimeZoneInfo.Utc);

    private static async Task<Workbook.Sheet> RunAsync(SampleReport report) =>
        Workbook.Open(await Any.RunAsync(report, Any.Request(ReportFormat.Xlsx))).Sheets[0];

    private static double Number(Cell cell) => double.Parse(cell.Value, CultureInfo.InvariantCulture);

    private static async Task<string> WriteAsync(string text)
    {
        using var file = new MemoryStream();
        await using var book = await XlsxWriter.CreateAsync(file, Book, Ct);
        await book.BeginSheetAsync(new("Texts", [new("Text", 30)]), Ct);
        await book.BeginRowAsync(Ct);
        book.Text(text);
        book.EndRow();
        await book.CompleteAsync(Ct);
        return Workbook.Open(file.ToArray()).Sheets[0].At("A2").Value;
    }
}
