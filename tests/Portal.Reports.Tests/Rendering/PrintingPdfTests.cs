using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Reports.Rendering;
using Portal.Reports.Tests.Samples;
using Xunit;

namespace Portal.Reports.Tests.Rendering;

/// <summary>One warm browser for all of them, as in the product.</summary>
public sealed class WarmPrinter : IAsyncLifetime
{
    public PdfPrinter Printer { get; } = new(new() { FontFolder = Fonts.Folder });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Printer.DisposeAsync();
}

public sealed partial class PrintingPdfTests(WarmPrinter warm) : IClassFixture<WarmPrinter>
{
    [Fact]
    public async Task Every_row_and_every_chinese_word_is_real_text()
    {
        var text = await TextAsync(await PrintAsync(new SampleReport(Any.Many(120)), "zh-Hans", ("partner", "7")));

        Assert.All(Enumerable.Range(0, 120), i => Assert.Contains($"{i:00000}", text, StringComparison.Ordinal));
        Assert.All(["销售漏斗", "制表人", "合作伙伴", "阶段", "金额", "个商机", "深圳市前海物流", "方案报价", "华东", "Bayside & Sons <Ltd>", "合计 120 行"], word => Assert.Contains(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_tagged_and_titled()
    {
        var path = await FileAsync(await PrintAsync(new SampleReport(Any.Many(10)), "en"));
        var info = await ToolAsync("pdfinfo", path);

        Assert.Matches(@"Tagged:\s+yes", info);
        Assert.Matches(@"Title:\s+Sales pipeline", info);
        Assert.Matches("A4", info);
        var tree = await ToolAsync("pdfinfo", "-struct", path);
        Assert.All(["H1", "Table", "TH", "TD", "Figure"], tag => Assert.Contains(tag, tree, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_are_numbered_and_the_head_of_the_table_is_repeated()
    {
        var text = await TextAsync(await PrintAsync(new SampleReport(Any.Many(200)), "en"));
        var pages = text.TrimEnd('\f').Split('\f');

        Assert.InRange(pages.Length, 4, 40);
        for (var i = 0; i < pages.Length; i++) { Assert.Contains($"Page {i + 1} of {pages.Length}", pages[i], StringComparison.Ordinal); }
        // All but the last, on which the chart below the table may stand alone.
        Assert.All(pages[..^1], page => Assert.Contains("Close date", page, StringComparison.Ordinal));
        Assert.All(pages[1..], page => Assert.Contains("Li Na · 9 March 2026 15:05", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Charts_of_lines_fill_the_first_page_and_the_table_begins_on_the_next()
    {
        var text = await TextAsync(await PrintAsync(new SampleReport(Any.Many(60)) { Lines = 5 }, "en"));
        var pages = text.TrimEnd('\f').Split('\f');

        Assert.All(Enumerable.Range(1, 4), n => Assert.Contains($"Lines {n}", pages[0], StringComparison.Ordinal));
        Assert.Contains("Lines 5", pages[1], StringComparison.Ordinal);
        Assert.Contains("Close date", pages[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "half half")]
    [InlineData(3, "half half whole")]
    [InlineData(5, "half half half half whole")]
    public async Task A_chart_that_has_no_neighbour_has_the_row_to_itself(int lines, string rooms)
    {
        var html = Encoding.UTF8.GetString(await Any.RunAsync(new SampleReport(Any.Many(8)) { Lines = lines }, Any.Request(ReportFormat.Html)));
        var figures = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html).QuerySelectorAll(".report-abreast > figure");

        Assert.Equal(rooms, string.Join(' ', figures.Select(f => f.ClassList.Contains("report-alone") ? "whole" : "half")));
        // Drawn for its room: stretched to twice its width, its words would be twice as large.
        Assert.Equal(rooms, string.Join(' ', figures.Select(f => f.QuerySelector("svg")!.GetAttribute("viewBox")!.Split(' ')[2] == "620" ? "half" : "whole")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_head_of_a_table_stands_above_a_row_of_it_wherever_the_page_ends(bool grouped)
    {
        var html = Encoding.UTF8.GetString(await Any.RunAsync(new SampleReport(Any.Many(8)) { Grouped = grouped }, Any.Request(ReportFormat.Html)));
        const string end = "</table></div>";
        var (from, until) = (html.IndexOf("<div class=\"report-scroll\"", StringComparison.Ordinal), html.IndexOf(end, StringComparison.Ordinal) + end.Length);
        var atEveryHeight = string.Concat(Enumerable.Range(0, 14).Select(i => string.Create(CultureInfo.InvariantCulture, $"<div style=\"break-before:page;height:{138 + (i * 2.5):0.0}mm\"></div>{html[from..until]}")));
        using var pdf = new MemoryStream();

        await warm.Printer.PrintAsync(await FileAsync(Encoding.UTF8.GetBytes(html[..from] + atEveryHeight + html[until..])), pdf, TestContext.Current.CancellationToken);

        var pages = (await TextAsync(pdf.ToArray())).Split('\f').Where(page => page.Contains("Quantity", StringComparison.Ordinal)).ToList();
        Assert.InRange(pages.Count, 14, 56);
        Assert.All(pages, page => Assert.Matches(@"\b0000\d\b", page));
    }

    [Fact]
    public async Task Head_and_foot_of_the_pages_are_chinese_too()
    {
        var text = await TextAsync(await PrintAsync(new SampleReport(Any.Many(200)), "zh-Hans"));
        var pages = text.TrimEnd('\f').Split('\f');

        for (var i = 0; i < pages.Length; i++) { Assert.Contains($"第 {i + 1} 页，共 {pages.Length} 页", pages[i], StringComparison.Ordinal); }
        Assert.All(pages[1..], page => Assert.Contains("销售漏斗", page, StringComparison.Ordinal));
        Assert.All(pages[1..], page => Assert.Contains("Li Na · 2026年3月9日 15:05", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_fonts_are_embedded_and_know_their_characters()
    {
        var fonts = (await ToolAsync("pdffonts", await FileAsync(await PrintAsync(new SampleReport(Any.Many(10)), "zh-Hans")))).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];

        Assert.NotEmpty(fonts);
        // Columns: emb sub uni.
        Assert.All(fonts, font => Assert.Matches(@"\byes yes yes\b", font));
        Assert.All(fonts, font => Assert.Matches("NotoSansSC|Inter", font));
    }

    [Fact]
    public async Task Markup_in_a_cell_is_printed_as_text()
    {
        var text = await TextAsync(await PrintAsync(new SampleReport([Any.Row(title: "<img src=http://rival.example/x.png onerror=alert(1)>")]), "en"));

        Assert.Contains("<img src=http://rival.example/x.png", Spaces().Replace(text, " "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_beside_the_document_and_the_fonts_is_loaded()
    {
        var secret = Path.Combine(Directory.CreateTempSubdirectory("portal-pdf").FullName, "secret.html");
        await File.WriteAllTextAsync(secret, "secret words");
        var page = await FileAsync([.. "<!DOCTYPE html><p>open words</p>"u8, .. System.Text.Encoding.UTF8.GetBytes($"<iframe src=\"{new Uri(secret)}\"></iframe><script>document.body.append('script words')</script>")]);
        using var pdf = new MemoryStream();

        await warm.Printer.PrintAsync(page, pdf, TestContext.Current.CancellationToken);

        var text = await TextAsync(pdf.ToArray());
        Assert.Contains("open words", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret words", text, StringComparison.Ordinal);
        Assert.DoesNotContain("script words", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_at_once_do_not_mix()
    {
        var texts = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i => await TextAsync(await PrintAsync(new SampleReport([Any.Row(title: $"only-{i}")]), "en"))));

        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal([$"only-{i}"], Only().Matches(texts[i]).Select(m => m.Value));
        }
    }

    [Fact]
    public async Task A_browser_that_died_is_started_anew()
    {
        await using var printer = new PdfPrinter(new() { FontFolder = Fonts.Folder });
        Assert.NotEmpty(await Any.RunAsync(new SampleReport([Any.Row()]), Any.Request(ReportFormat.Pdf), printer));
        await printer.EndBrowserAsync();

        Assert.NotEmpty(await Any.RunAsync(new SampleReport([Any.Row()]), Any.Request(ReportFormat.Pdf), printer));
    }

    [Fact]
    public async Task Without_a_chromium_the_run_is_refused_and_nothing_is_written()
    {
        await using var printer = new PdfPrinter(new() { Chromium = "/nowhere/chromium" });
        using var output = new MemoryStream();

        var outcome = await Any.Runner(new SampleReport([Any.Row()]), printer)
            .RunAsync(Any.Request(ReportFormat.Pdf), await Any.DbAsync(), output, null, TestContext.Current.CancellationToken);

        Assert.Equal("report.chromium-not-at", Assert.Single(outcome.Refusals).Code);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task A_report_too_long_to_read_is_refused()
    {
        await using var printer = new PdfPrinter(new() { MostRows = 50 });
        using var output = new MemoryStream();

        var outcome = await Any.Runner(new SampleReport(Any.Many(51)), printer)
            .RunAsync(Any.Request(ReportFormat.Pdf), await Any.DbAsync(), output, null, TestContext.Current.CancellationToken);

        Assert.Equal("report.too-long-for-pdf", Assert.Single(outcome.Refusals).Code);
        Assert.Equal(0, output.Length);
    }

    private Task<byte[]> PrintAsync(SampleReport report, string language, params (string, string)[] answers) =>
        Any.RunAsync(report, Any.Request(ReportFormat.Pdf, language, answers), warm.Printer);

    private static async Task<string> FileAsync(byte[] bytes)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("portal-pdf").FullName, "report.html");
        await File.WriteAllBytesAsync(path, bytes);
        return path;
    }

    private static async Task<string> TextAsync(byte[] pdf) => await ToolAsync("pdftotext", "-layout", await FileAsync(pdf), "-");

    private static async Task<string> ToolAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.UTF8 })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"only-\d")]
    private static partial Regex Only();
}
