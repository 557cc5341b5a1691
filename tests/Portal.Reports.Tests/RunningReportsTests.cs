using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Portal.Domain.Common;
using Portal.Reports.Rendering;
using Portal.Reports.Tests.Samples;
using Xunit;

namespace Portal.Reports.Tests;

public sealed class RunningReportsTests
{
    [Theory]
    [InlineData("from", "31.12.2026", "report.date-invalid")]
    [InlineData("stage", "sold", "report.choice-invalid")]
    [InlineData("partner", "4711", "report.company-unknown")]
    [InlineData("partner", "x", "report.company-unknown")]
    [InlineData("containing", "longer than twenty characters", "report.text-too-long")]
    [InlineData("colour", "red", "report.parameter-unknown")]
    public async Task An_answer_that_does_not_fit_is_refused_by_its_field(string key, string value, string code)
    {
        var refusal = Assert.Single((await RefusedAsync((key, value))).Refusals);

        Assert.Equal((code, key), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task All_wrong_answers_are_named_at_once() =>
        Assert.Equal(["report.date-invalid", "report.choice-invalid"], (await RefusedAsync(("from", "x"), ("stage", "y"))).Refusals.Select(r => r.Code));

    [Fact]
    public async Task A_period_that_ends_before_it_begins_is_refused() =>
        Assert.Equal("report.period-reversed", Assert.Single((await RefusedAsync(("from", "2026-02-01"), ("to", "2026-01-01"))).Refusals).Code);

    [Fact]
    public async Task An_unknown_report_is_not_found()
    {
        var outcome = await Any.Runner(new SampleReport([])).RunAsync(
            Any.Request(ReportFormat.Csv) with { Name = "unknown" }, await Any.DbAsync(), Stream.Null, null, TestContext.Current.CancellationToken);

        Assert.Equal(RefusalKind.NotFound, Assert.Single(outcome.Refusals).Kind);
    }

    [Fact]
    public async Task The_file_is_named_by_report_and_the_readers_day()
    {
        var outcome = await Any.Runner(new SampleReport([])).RunAsync(Any.Request(ReportFormat.Xlsx), await Any.DbAsync(), new MemoryStream(), null, TestContext.Current.CancellationToken);

        Assert.Equal("sample-2026-03-09.xlsx", outcome.FileName);
    }

    [Fact]
    public async Task Progress_is_told_each_thousand_rows_and_at_the_end()
    {
        var told = new List<long>();
        await Any.Runner(new SampleReport(Any.Many(2500))).RunAsync(Any.Request(ReportFormat.Csv), await Any.DbAsync(), Stream.Null, new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal([1000, 2000, 2500], told);
    }

    [Fact]
    public async Task A_run_stops_when_it_is_called_off()
    {
        using var stop = new CancellationTokenSource();
        var report = new SampleReport(Rows());
        var db = await Any.DbAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Any.Runner(report).RunAsync(Any.Request(ReportFormat.Xlsx), db, Stream.Null, null, stop.Token));
        Assert.InRange(report.Rows, 100, 20_000);

        IEnumerable<SampleRow> Rows()
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                if (i == 100) { stop.Cancel(); }
                yield return Any.Row();
            }
        }
    }

    [Fact]
    public async Task The_page_is_a_table_for_people_and_machines()
    {
        using var page = await HtmlAsync(new SampleReport(Any.Many(24)), Any.Request(ReportFormat.Html, "zh-Hans"));

        Assert.Equal("zh-Hans", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(["商机", "金额", "预计成交日", "最近修改", "数量", "成交概率", "天数", "评分", "已共享"], page.QuerySelectorAll(".report-table thead th[scope=col]").Select(h => h.TextContent));
        Assert.Equal(24, page.QuerySelectorAll(".report-table tbody tr:not([class])").Length);
        Assert.Equal(2, page.QuerySelectorAll("figure svg[role=img]").Length);
        Assert.Equal(2, page.QuerySelectorAll("figure table.report-data").Length);
        Assert.Equal("合计 24 行", page.QuerySelector(".report-total th")!.TextContent);
    }

    [Fact]
    public async Task Numbers_and_dates_follow_the_language()
    {
        string[] english = ["Alder Tools project", "1,250.50\u00A0EUR", "30 Jun 2026", "9 Mar 2026 15:05", "40\u00A0pcs", "40.0\u00A0%", "12", "3.8", "Yes"];
        string[] chinese = ["Alder Tools project", "1,250.50\u00A0EUR", "2026-06-30", "2026-03-09 15:05", "40\u00A0件", "40.0\u00A0%", "12", "3.8", "是"];
        using var en = await HtmlAsync(new SampleReport([Any.Row()]), Any.Request(ReportFormat.Html));
        using var zh = await HtmlAsync(new SampleReport([Any.Row()]), Any.Request(ReportFormat.Html, "zh-Hans"));

        Assert.Equal(english, en.QuerySelectorAll(".report-table tbody tr:not([class]) > *").Select(c => c.TextContent));
        Assert.Equal(chinese, zh.QuerySelectorAll(".report-table tbody tr:not([class]) > *").Select(c => c.TextContent));
    }

    [Fact]
    public async Task Markup_is_shown_not_obeyed()
    {
        const string Attack = "</td><script>alert(1)</script><a href=\"javascript:x\" onclick='y'>\u0000";
        using var page = await HtmlAsync(new SampleReport([Any.Row(title: Attack, territory: Attack)]), Any.Request(ReportFormat.Html, answers: ("containing", "<b>x</b>")));

        Assert.Empty(page.QuerySelectorAll("script, a, b, [onclick]"));
        Assert.Equal(Attack.Replace('\0', '\uFFFD'), page.QuerySelector(".report-table tbody tr:not([class]) th")!.TextContent);
    }

    [Fact]
    public async Task A_fragment_needs_no_inline_style()
    {
        using var page = await HtmlAsync(new SampleReport(Any.Many(5)), Any.Request(ReportFormat.Html) with { Fragment = true });

        Assert.Empty(page.QuerySelectorAll("style, [style], script, html[lang]"));
        Assert.Single(page.QuerySelectorAll("article.report"));
    }

    [Fact]
    public async Task A_page_of_first_rows_says_so_and_still_adds_up_all()
    {
        using var page = await HtmlAsync(new SampleReport(Any.Many(240)), Any.Request(ReportFormat.Html) with { Fragment = true, MostRows = 30 });

        Assert.Equal(30, page.QuerySelectorAll(".report-table tbody tr:not([class])").Length);
        Assert.Contains("30 of 240", page.QuerySelector(".report-note")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Total of 240 rows", page.QuerySelector(".report-total th")!.TextContent);
    }

    [Fact]
    public async Task An_empty_report_says_so()
    {
        using var page = await HtmlAsync(new SampleReport([]), Any.Request(ReportFormat.Html));

        Assert.Equal("No rows match these filters.", page.QuerySelector(".report-empty td")!.TextContent);
    }

    [Fact]
    public void Defaults_follow_the_readers_day()
    {
        var report = new SampleReport([]);

        Assert.Equal("2026-01-01", Any.Runner(report).Defaults(report, Any.Shanghai)["from"]);
    }

    private static async Task<ReportOutcome> RefusedAsync(params (string, string)[] answers) => await Any.Runner(new SampleReport([Any.Row()]))
        .RunAsync(Any.Request(ReportFormat.Csv, "en", answers), await Any.DbAsync(), Stream.Null, null, TestContext.Current.CancellationToken);

    private static async Task<IDocument> HtmlAsync(Report report, ReportRequest request) =>
        new HtmlParser().ParseDocument(System.Text.Encoding.UTF8.GetString(await Any.RunAsync(report, request)));

    private sealed class Told(List<long> list) : IProgress<long>
    {
        public void Report(long value) => list.Add(value);
    }
}
