using System.IO.Compression;
using System.Text;
using Portal.Domain.Exchange;
using Portal.Web.Exchange.Readers;
using Xunit;

namespace Portal.Web.Tests.Exchange;

public sealed class ReadingWorkbookTests
{
    private static readonly SourceFormat NoHeader = new() { HasHeader = false };

    private static Read.Table Quirk(string name, SourceFormat? format = null) => Read.File(SharedData.File("xlsx-quirks", $"{name}.xlsx"), format);

    [Fact]
    public void Every_quirk_reads_or_is_refused()
    {
        var files = Directory.GetFiles(SharedData.Folder("xlsx-quirks"), "*.xlsx");
        Assert.Equal(25, files.Length);
        Assert.All(files, path =>
        {
            using var file = File.OpenRead(path);
            var opened = Rows.Open(file, NoHeader, ReadLimits.Default);
            if (Path.GetFileName(path) == "EmptyZipFile.xlsx") { Assert.Equal(ImportRefusals.NotAWorkbook, opened.Refusal); return; }
            using var rows = opened.Value;
            var table = rows.Rows.ToList();
            Assert.NotEmpty(table);
            Assert.DoesNotContain(table, r => r.Malformed == ImportRefusals.FileBreaksOff);
        });
    }

    [Fact]
    public void Cells_without_references_stand_in_their_order()
    {
        var table = Quirk("NoDimensionOrCellReferenceAttribute");
        Assert.Equal(["Date", "Name", "IndexGross", "PriceReturn", "DividendReturnGross", "TotalReturnGross", "Stocks", "PriceIndex"], table.Header);
        Assert.Equal(new DateTime(2017, 3, 6), table[0, 0]);
        Assert.Equal(249m, table[0, 6]);
        Assert.Equal("GPR 250 EUR AUS", Quirk("NoDimensionOrCellReferenceAttribute", new() { Sheet = "country" })[0, 1]);
    }

    [Fact]
    public void References_that_are_none_and_titles_above_the_header_do_no_harm()
    {
        var table = Quirk("Fillreport", new() { SkipRows = 1 });
        Assert.Equal(["Account Number", "Trader", "Order Number", "Leg Number", "Buy Or Sell", "Quantity"], table.Header.Take(6));
        Assert.Equal(74085m, table[0, 0]);
    }

    [Fact]
    public void Lower_case_references_and_gaps_keep_their_columns()
    {
        var table = Quirk("LowerCaseReferenceAttribute", NoHeader);
        Assert.Equal("A1|B1||D1|E1", table.Line(0));
        Assert.Equal("A2||C2||E2", table.Line(1));
    }

    [Fact]
    public void A_wrong_dimension_is_not_believed()
    {
        var table = Quirk("Test_git_issue_271_InvalidDimension", new() { SkipRows = 1 });
        Assert.Equal(3, table.Header.Count);
        Assert.Equal([5L, 6, 7, 8, 9], table.Rows.Take(5).Select(r => r.Row));
    }

    [Fact]
    public void Backslashes_in_the_archive_and_sparse_headers_are_read()
    {
        var table = Quirk("Test_git_issue_385_backslash");
        Assert.Equal(["col1", "#2", "col3"], table.Header.Take(3));
        Assert.Equal("10x11", table[1, 0]);
    }

    [Fact]
    public void Dates_count_from_1904_where_the_workbook_says_so()
    {
        var table = Quirk("Test_git_Issue_649_Date1904_Parsings", NoHeader);
        Assert.Equal(12, table.Rows[0].Row);
        Assert.Equal(new DateTime(2023, 9, 1), table[0, 12]);
    }

    [Fact]
    public void A_date_outside_the_calendar_is_a_problem_of_its_cell()
    {
        Assert.Equal(new ValueProblem(ImportRefusals.NotADate, "1000000000000"), Quirk("Test_git_issue_14_InvalidOADate", NoHeader)[0, 0]);
        Assert.Equal(310101195608231000m, Quirk("Test_Issue_7433_IllegalOleAutDate", NoHeader)[0, 0]);
    }

    [Fact]
    public void Error_values_are_problems_and_formulas_give_their_result()
    {
        Assert.Equal("!import.cell-error:#DIV/0!|!import.cell-error:#N/A|!import.cell-error:#VALUE!", Quirk("Test_git_issue_329_error", NoHeader).Line(0));
        Assert.All(Quirk("Test_Issue_BoolFormula", NoHeader).Rows[0].Values, v => Assert.Equal(true, v));
        var mixed = Quirk("Test_Encoding_Formula_Date_1520");
        Assert.Equal(329.34825m, mixed[0, 3]);
        Assert.Equal(new TimeSpan(11, 0, 0), mixed[1, 4]);
    }

    [Fact]
    public void Sheets_are_found_by_name_and_by_place()
    {
        using var file = File.OpenRead(SharedData.File("xlsx-quirks", "TestMultiSheet.xlsx"));
        Assert.Equal(["Sheet2", "Sheet1", "Sheet3"], XlsxRows.SheetNames(file, ReadLimits.Default).Value);
        Assert.Equal(2m, Quirk("TestMultiSheet", new() { HasHeader = false, Sheet = "sheet1" })[0, 0]);
        Assert.Equal(3m, Quirk("TestMultiSheet", new() { HasHeader = false, Sheet = "3" })[0, 0]);
        using var again = File.OpenRead(SharedData.File("xlsx-quirks", "TestMultiSheet.xlsx"));
        Assert.Equal(ImportRefusals.SheetMissing("Prices"), Rows.Open(again, new() { Sheet = "Prices" }, ReadLimits.Default).Refusal);
    }

    [Theory]
    [InlineData(1, "1900-01-01")]
    [InlineData(59, "1900-02-28")]
    [InlineData(60, "!import.not-a-date:60")]
    [InlineData(61, "1900-03-01")]
    [InlineData(36526, "2000-01-01")]
    [InlineData(2958465, "9999-12-31")]
    [InlineData(2958466, "!import.not-a-date:2958466")]
    [InlineData(-1, "!import.not-a-date:-1")]
    public void The_day_that_never_was_in_1900_shifts_nothing(double serial, string shown) => Assert.Equal(shown, Read.Shown(NumberFormats.ToDate(serial, NumberMeaning.Date, false)));

    [Fact]
    public void A_workbook_cut_anywhere_ends_in_a_refusal()
    {
        var whole = Book(Sheet(Enumerable.Range(1, 500).Select(i => $"<row r=\"{i}\"><c t=\"inlineStr\"><is><t>value {i * 7919}</t></is></c></row>")));
        for (var length = 0; length < whole.Length; length += 97)
        {
            var cut = whole[..length];
            if (Read.Refusal(cut) is null) { Assert.NotEmpty(Read.Bytes(cut).Refused); }
        }
    }

    [Fact]
    public void Xml_that_breaks_off_inside_the_archive_keeps_the_rows_before_it()
    {
        var sheet = Sheet(["<row><c t=\"inlineStr\"><is><t>a</t></is></c></row>", "<row><c><v>1</v></c></row>", "<row><c><v>2"]);
        var table = Read.Bytes(Book(sheet[..sheet.IndexOf("</sheetData>", StringComparison.Ordinal)]));
        Assert.Equal(1m, table[0, 0]);
        Assert.Equal(ImportRefusals.FileBreaksOff, table.Rows[^1].Malformed);
    }

    [Fact]
    public void A_document_type_is_refused_and_nothing_is_expanded()
    {
        var bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>" + Sheet(["<row><c t=\"str\"><v>&b;</v></c></row>"]);
        Assert.Equal(ImportRefusals.FileBreaksOff, Read.Refusal(Book(bomb)));
    }

    [Fact]
    public void A_part_that_unpacks_out_of_all_proportion_is_refused_before_it_is_read()
    {
        var bomb = Book(Sheet([new string(' ', 20_000_000)]));
        Assert.True(bomb.Length < 200_000);
        Assert.Equal(ImportRefusals.WorkbookUnsafe, Read.Refusal(bomb));
    }

    [Fact]
    public void Too_many_parts_or_bytes_are_refused()
    {
        var rows = Sheet(["<row><c><v>1</v></c></row>"]);
        Assert.Equal(ImportRefusals.WorkbookTooLarge, Read.Refusal(Book(rows, extraParts: 20), limits: new() { ArchiveEntries = 10 }));
        Assert.Equal(ImportRefusals.WorkbookTooLarge, Read.Refusal(Book(rows), limits: new() { ArchiveBytes = 100 }));
        var texts = string.Concat(Enumerable.Range(0, 100).Select(i => $"<si><t>text {i}</t></si>"));
        Assert.Equal(ImportRefusals.WorkbookTooLarge, Read.Refusal(Book(rows, sharedTexts: $"<sst>{texts}</sst>"), limits: new() { SharedTextBytes = 500 }));
    }

    [Fact]
    public void A_column_beyond_the_format_is_refused_with_its_row()
    {
        var table = Read.Bytes(Book(Sheet(["<row><c><v>1</v></c></row>", "<row><c r=\"ZZZZ2\"><v>1</v></c></row>", "<row><c><v>2</v></c></row>"])), NoHeader);
        Assert.Equal((2L, ImportRefusals.RowTooLarge), (table.Rows[1].Row, table.Rows[1].Malformed));
        Assert.Equal(2m, table[2, 0]);
    }

    [Fact]
    public void A_million_empty_rows_are_no_rows()
    {
        var sheet = Sheet(["<row r=\"1\"><c><v>1</v></c></row>", .. Enumerable.Range(2, 1_000_000).Select(i => $"<row r=\"{i}\"/>"), "<row r=\"1048576\"><c><v>2</v></c></row>"]);
        var table = Read.Bytes(Book(sheet), NoHeader);
        Assert.Equal([1L, 1_048_576], table.Rows.Select(r => r.Row));
    }

    [Fact]
    public void The_old_format_and_encrypted_workbooks_are_told_apart_from_text() =>
        Assert.Equal(ImportRefusals.WorkbookEncrypted, Read.Refusal([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]));

    [Fact]
    public void Rich_text_loses_its_phonetic_guide_and_escapes_become_characters()
    {
        const string Texts = "<sst><si><r><t>東</t></r><r><t>京_x000A_A</t></r><rPh sb=\"0\" eb=\"1\"><t>とうきょう</t></rPh></si><si/><si><t xml:space=\"preserve\"> b </t></si></sst>";
        var table = Read.Bytes(Book(Sheet(["<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>2</v></c><c t=\"s\"><v>9</v></c></row>"]), sharedTexts: Texts), NoHeader);
        Assert.Equal("東京\nA| b |!import.cell-error:9", table.Line(0));
    }

    private static string Sheet(IEnumerable<string> rows) =>
        $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{string.Concat(rows)}</sheetData></worksheet>";

    private static byte[] Book(string sheet, string? sharedTexts = null, int extraParts = 0)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(zip, "xl/workbook.xml", "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            Part(zip, "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
            Part(zip, "xl/worksheets/sheet1.xml", sheet);
            if (sharedTexts is not null) { Part(zip, "xl/sharedStrings.xml", sharedTexts); }
            for (var i = 0; i < extraParts; i++) { Part(zip, $"xl/media/{i}.bin", "x"); }
        }
        return memory.ToArray();
    }

    private static void Part(ZipArchive zip, string name, string content)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
    }
}
