using System.Text;
using FsCheck.Fluent;
using FsCheck;
using Portal.Reports.Rendering;
using Portal.Reports.Tests.Samples;
using Xunit;

namespace Portal.Reports.Tests.Rendering;

public sealed class WritingCsvTests
{
    [Fact]
    public async Task The_file_starts_with_a_byte_order_mark_and_lines_end_in_cr_lf()
    {
        var bytes = await Any.RunAsync(new SampleReport([Any.Row()]), Any.Request(ReportFormat.Csv));

        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.EndsWith("\r\n", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_are_invariant_whatever_the_language()
    {
        var rows = CsvFile.Read(await Any.RunAsync(new SampleReport([Any.Row(title: "申通, \"机电\"")]), Any.Request(ReportFormat.Csv, "zh-Hans")));

        Assert.Equal(["商机", "区域", "阶段", "金额", "金额（币种）", "预计成交日", "最近修改", "数量", "数量（单位）", "成交概率", "天数", "评分", "已共享"], rows[0]);
        Assert.Equal(["申通, \"机电\"", "North", "方案报价", "1250.5", "EUR", "2026-06-30", "2026-03-09T07:05:00Z", "40", "pcs", "0.4", "12", "3.75", "是"], rows[1]);
        Assert.Equal(2, rows.Count);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+49 30 1234")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    [InlineData("\n=1")]
    [InlineData("＝1+1")]
    public async Task Text_that_looks_like_a_formula_gets_an_apostrophe(string text)
    {
        var rows = CsvFile.Read(await WriteAsync(csv => csv.Text(text)));

        Assert.Equal("'" + text, rows[0][0]);
    }

    [Fact]
    public async Task A_negative_number_stays_a_number()
    {
        var rows = CsvFile.Read(await WriteAsync(csv => { csv.Number(-12.5m, 2); csv.Whole(-3); csv.Money(-0.01m, "EUR"); }));

        Assert.Equal(["-12.5", "-3", "-0.01", "EUR"], rows[0]);
    }

    [Fact]
    public void Any_text_is_read_back_as_it_was_but_for_the_apostrophe() => Prop.ForAll<NonNull<string>>(text =>
    {
        var clean = text.Get.Replace("\0", "", StringComparison.Ordinal);
        var read = CsvFile.Read(WriteAsync(csv => { csv.Text("a"); csv.Text(clean); csv.Text("z"); }).GetAwaiter().GetResult())[0];
        var guarded = clean.Length > 0 && "=+-@\t\r\n＝＋－＠".Contains(clean[0], StringComparison.Ordinal) ? "'" + clean : clean;
        return read.Length == 3 && read[1] == guarded;
    }).QuickCheckThrowOnFailure();

    private static async Task<byte[]> WriteAsync(Action<CsvWriter> row)
    {
        using var file = new MemoryStream();
        var csv = new CsvWriter(file);
        row(csv);
        await csv.EndRowAsync(CancellationToken.None);
        await csv.CompleteAsync(CancellationToken.None);
        return file.ToArray();
    }
}
