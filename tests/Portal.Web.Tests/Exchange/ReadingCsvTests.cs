using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Portal.Domain.Exchange;
using Portal.Web.Exchange.Readers;
using Xunit;

namespace Portal.Web.Tests.Exchange;

public sealed class ReadingCsvTests
{
    public static TheoryData<string> Spectrum => ["comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"];

    [Theory]
    [MemberData(nameof(Spectrum))]
    public void Every_file_of_csv_spectrum_reads_as_its_json_says(string name)
    {
        var table = Read.File(SharedData.File("csv-quirks/csv-spectrum/csvs", $"{name}.csv"));
        var expected = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(File.ReadAllText(SharedData.File("csv-quirks/csv-spectrum/json", $"{name}.json")))!;
        var actual = table.Rows.Select(r => table.Header.Zip(r.Values).ToDictionary(c => c.First, c => (string?)c.Second ?? "")).ToList();
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("utf8.csv", "4|5|ʤ")]
    [InlineData("utf8_bom.csv", "4|5|ʤ")]
    [InlineData("utf16le_bom.csv", "4|5|ʤ")]
    [InlineData("utf16be_bom.csv", "4|5|ʤ")]
    [InlineData("cp1252.csv", "4|5|æøå")]
    public void The_encoding_is_found(string file, string second)
    {
        var table = Read.File(SharedData.File("csv-quirks/exceldatareader", file));
        Assert.Equal(["a", "b", "c"], table.Header);
        Assert.Equal(second, table.Line(1));
    }

    [Fact]
    public void A_thousand_people_read_whole()
    {
        var table = Read.File(SharedData.File("csv-quirks/exceldatareader", "MOCK_DATA.csv"));
        Assert.Equal(1000, table.Rows.Count);
        Assert.Empty(table.Refused);
        Assert.Equal(1001, table.Rows[^1].Row);
    }

    [Fact]
    public void Headers_lose_blanks_and_zero_bytes()
    {
        var table = Read.File(SharedData.File("csv-quirks/exceldatareader", "simple_whitespace_null.csv"));
        Assert.Equal(["a", "b", "c"], table.Header);
        Assert.Equal("1|2|3", table.Line(0));
    }

    [Fact]
    public void A_bulk_copy_with_two_character_separators_reads_by_its_stated_form()
    {
        var table = Read.File(SharedData.File("csv-quirks/mssql-bcp", "BusinessEntityContact.csv"), new()
        {
            Delimiter = "+|",
            RowEnd = "&|\n",
            HasHeader = false,
            Columns = ["company", "person", "type", "guid", "changed"],
        });
        Assert.Equal(909, table.Rows.Count);
        Assert.Empty(table.Refused);
        Assert.Equal("292|291|11|7D4D2DBC-4A44-48F5-911D-A63ABAFD5120|2017-12-13 13:21:02.243", table.Line(0));
    }

    [Fact]
    public void Tab_separated_bulk_copies_are_detected()
    {
        var vendors = Read.File(SharedData.File("csv-quirks/mssql-bcp", "Vendor.csv"), new() { HasHeader = false });
        Assert.Equal(104, vendors.Rows.Count);
        Assert.Equal(8, vendors.Header.Count);
        Assert.Empty(vendors.Refused);
        Assert.Equal(163, Read.File(SharedData.File("csv-quirks/mssql-bcp", "SalesPersonQuotaHistory.csv"), new() { HasHeader = false }).Rows.Count);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "1|2")]
    [InlineData("a;b\n1,5;2\n", "1,5|2")]
    [InlineData("a\tb\n1;5\t2\n", "1;5|2")]
    [InlineData("a|b\n\"1|1\"|2\n", "1|1|2")]
    [InlineData("name\nonly, one\n", "only, one")]
    public void The_delimiter_is_detected(string text, string first) => Assert.Equal(first, Read.Text(text, text.StartsWith("name", StringComparison.Ordinal) ? new() { Delimiter = ";" } : null).Line(0));

    [Fact]
    public void A_row_knows_the_physical_line_on_which_it_begins()
    {
        var table = Read.Text("a,b\r\n\r\n1,\"x\r\ny\nz\"\r\n2,q\r\n\r\n3,r\r\n");
        Assert.Equal([3L, 6, 8], table.Rows.Select(r => r.Row));
        Assert.Equal("x\r\ny\nz", table[0, 1]);
    }

    [Fact]
    public void Lines_before_the_header_are_passed_over_and_counted()
    {
        var table = Read.Text("Report of \"today\nprinted; once\na;b\n1;2\n", new() { SkipRows = 2 });
        Assert.Equal(["a", "b"], table.Header);
        Assert.Equal(4, table.Rows[0].Row);
    }

    [Fact]
    public void A_lone_quote_inside_a_field_is_an_ordinary_character() =>
        Assert.Equal("5\" pipe|2", Read.Text("a,b\n5\" pipe,2\n").Line(0));

    [Fact]
    public void A_quote_that_never_closes_is_refused_with_the_line_where_it_opens()
    {
        var table = Read.Text("a,b\n1,2\n3,\"open\n5,6\n7,8\n");
        Assert.Equal("1|2", table.Line(0));
        Assert.Equal((3L, ImportRefusals.QuoteNotClosed), (table.Rows[1].Row, table.Rows[1].Malformed));
        Assert.Equal(2, table.Rows.Count);
    }

    [Fact]
    public void Text_after_a_closing_quote_refuses_that_row_only()
    {
        var table = Read.Text("a,b\n\"x\"y,2\n3,4\n");
        Assert.Equal(ImportRefusals.TextAfterQuote, table.Rows[0].Malformed);
        Assert.Equal("3|4", table.Line(1));
    }

    [Fact]
    public void A_row_that_breaks_off_is_refused_and_one_that_runs_over_as_well()
    {
        var table = Read.Text("a,b,c\n1,2,3,4\n5,6,7,,\n8,9");
        Assert.Equal(ImportRefusals.RowTooLong(4, 3), table.Rows[0].Malformed);
        Assert.Equal("5|6|7", table.Line(1));
        Assert.Equal(ImportRefusals.RowTooShort(2, 3), table.Rows[2].Malformed);
        Assert.Equal("8|9|", Read.Text("a,b,c\n8,9", new() { AllowShortRows = true }).Line(0));
    }

    [Fact]
    public void An_endless_record_is_refused_before_it_fills_the_memory()
    {
        var text = "a,b\n1,2\n3,\"" + new string('x', 3_000_000);
        var table = Read.Text(text, limits: new() { RowBytes = 1 << 20 });
        Assert.Equal("1|2", table.Line(0));
        Assert.Equal(ImportRefusals.RowTooLarge, table.Rows[1].Malformed);
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        Assert.Equal(ImportRefusals.FileEmpty, Read.Refusal([]));
        Assert.Equal(ImportRefusals.FileEmpty, Read.Refusal("\n\n  \n"u8.ToArray()));
    }

    [Theory]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 0x1A, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 4, 0, 0, 0, 3, 0, 8, 6, 0, 0, 0 })]
    [InlineData(new byte[] { (byte)'M', (byte)'Z', 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xB8, 0, 0, 0, 0x0E, 0x1F, 0xBA, 0x0E })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 1, 0, 0x60, 0, 0x60, 0, 0, 0xFF, 0xDB, 0, 0x43, 0, 8, 6, 6, 7 })]
    public void What_is_no_text_is_refused_whatever_its_name(byte[] content) =>
        Assert.Equal("import.not-text", Rows.Open(new MemoryStream(content), new(), ReadLimits.Default).Refusal!.Code);

    [Fact]
    public void Bytes_that_the_stated_encoding_lacks_spoil_their_cell_only()
    {
        var table = Read.Bytes([.. "a,b\n"u8, 0xE6, (byte)'x', .. ",2\n"u8], new() { Encoding = "utf-8" });
        Assert.Equal(ImportRefusals.Undecodable, Assert.IsType<ValueProblem>(table[0, 0]).Code);
        Assert.Equal("2", table[0, 1]);
        Assert.Equal(ImportRefusals.EncodingUnknown("utf-99"), Read.Refusal("a"u8.ToArray(), new() { Encoding = "utf-99" }));
    }

    [Theory]
    [InlineData("GB18030")]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Chinese_text_is_read_in_every_encoding_without_a_mark(string encoding)
    {
        const string Text = "公司名称,城市,电话\n北京华为数码技术有限公司,北京,010-1234\n上海浦东发展银行股份有限公司,上海,021-9876\n";
        Assert.True(TextEncodings.Named(encoding).Succeeded);
        var table = Read.Bytes(TextEncodings.Named(encoding).Value.GetBytes(Text));
        Assert.Equal(["公司名称", "城市", "电话"], table.Header);
        Assert.Equal("上海浦东发展银行股份有限公司|上海|021-9876", table.Line(1));
    }

    [Fact]
    public void Western_text_of_the_old_code_page_is_not_taken_for_Chinese()
    {
        const string Text = "Firma;Ort\nMüller & Söhne;Köln\nCafé Élysée;Besançon\nÅngström AB;Malmö\n";
        Assert.Equal("Café Élysée|Besançon", Read.Bytes(TextEncodings.Western.GetBytes(Text)).Line(1));
    }

    [Fact]
    public void A_file_cut_inside_its_last_character_keeps_its_encoding()
    {
        var bytes = Encoding.UTF8.GetBytes("a,b\nMünchen,1\nKö");
        Assert.Equal("München|1", Read.Bytes(bytes[..^1]).Line(0));
    }

    private static readonly char[] Awkward = [',', ';', '|', '\t', '"', '\n', '\r', ' ', '\'', 'a', 'é', '中', '=', '0'];

    [Fact]
    public void Any_table_written_with_quotes_reads_back_as_it_was()
    {
        var cell = Gen.ArrayOf(Gen.Elements(Awkward)).Select(c => new string(c));
        var table = from columns in Gen.Choose(2, 6)
                    from rows in Gen.ListOf(Gen.ArrayOf(cell, columns))
                    from separator in Gen.Elements(",", ";", "\t", "|", "+|")
                    from end in Gen.Elements("\n", "\r\n")
                    select (columns, rows, separator, end);
        Prop.ForAll(table.ToArbitrary(), t =>
        {
            var text = new StringBuilder().AppendJoin(t.separator, Enumerable.Range(1, t.columns).Select(c => $"c{c}")).Append(t.end);
            foreach (var row in t.rows) { text.AppendJoin(t.separator, row.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append(t.end); }
            var read = Read.Text(text.ToString(), new() { Delimiter = t.separator, Encoding = "utf-8" });
            Assert.Equal(t.rows, read.Rows.Select(r => r.Values.Select(v => (string?)v ?? "").ToArray()));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_bytes_at_all_end_in_rows_or_refusals_never_in_an_exception()
    {
        var bytes = Gen.ArrayOf(Gen.Frequency((3, Gen.Elements<byte>((byte)',', (byte)'"', (byte)'\n', (byte)'\r', (byte)'a', 0)), (1, Gen.Choose(0, 255).Select(b => (byte)b))));
        Prop.ForAll(bytes.ToArbitrary(), b =>
        {
            if (Read.Refusal(b) is null) { Assert.All(Read.Bytes(b).Rows, r => Assert.True(r.Row >= 1)); }
        }).QuickCheckThrowOnFailure();
    }
}
