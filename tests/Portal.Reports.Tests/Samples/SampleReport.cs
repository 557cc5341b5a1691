using System.Globalization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Reports.Rendering;
using Xunit;

namespace Portal.Reports.Tests.Samples;

public enum SampleStage { Lead, Proposal, ClosedWon }

public sealed record SampleRow(
    string? Title, SampleStage? Stage, string Territory, Money? Amount, DateOnly? CloseDate, DateTimeOffset? Changed,
    decimal? Quantity = null, string Unit = "", decimal? Probability = null, long? Days = null, decimal? Score = null, bool Shared = false);

/// <summary>One column of every kind, two levels of groups, charts and each kind of parameter.</summary>
public sealed class SampleReport(IEnumerable<SampleRow> rows) : Report<SampleRow>
{
    public static readonly DateParameter From = new() { Key = "from", Default = today => new(today.Year, 1, 1) };
    public static readonly DateParameter To = new() { Key = "to" };
    public static readonly ChoiceParameter StageChoice = new() { Key = "stage", Choices = ChoiceParameter.Of<SampleStage>() };
    public static readonly CompanyParameter Partner = new() { Key = "partner" };
    public static readonly TextParameter Containing = new() { Key = "containing", MaxLength = 20 };

    private static readonly Column<SampleRow> Territory = Columns<SampleRow>.Text("territory", r => r.Territory, 14);
    private static readonly Column<SampleRow> Stage = Columns<SampleRow>.Word("stage", r => r.Stage);

    public bool Grouped { get; init; } = true;
    /// <summary>So many charts of lines in place of the funnel.</summary>
    public int Lines { get; init; }
    public int Rows { get; private set; }

    public override string Name => "sample";
    public override string Permission => "reports.run";
    public override IReadOnlyList<ReportParameter> Parameters => [From, To, StageChoice, Partner, Containing];

    public override IReadOnlyList<Column<SampleRow>> Columns { get; } =
    [
        Columns<SampleRow>.Text("title", r => r.Title, 34),
        Territory,
        Stage,
        Columns<SampleRow>.Money("amount", r => r.Amount),
        Columns<SampleRow>.Date("close-date", r => r.CloseDate),
        Columns<SampleRow>.Instant("changed", r => r.Changed),
        Columns<SampleRow>.Quantity("quantity", r => r.Quantity, r => r.Unit),
        Columns<SampleRow>.Percent("probability", r => r.Probability, total: Total.Average),
        Columns<SampleRow>.Whole("days", r => r.Days, total: Total.Sum),
        Columns<SampleRow>.Number("score", r => r.Score, decimals: 1),
        Columns<SampleRow>.Flag("shared", r => r.Shared),
    ];

    public override IReadOnlyList<Column<SampleRow>> Groups(ReportContext context) => Grouped ? [Territory, Stage] : [];

    public override Refusal? Check(ReportContext context) =>
        context.Get(From) is { } from && context.Get(To) is { } to && to < from ? new("report.period-reversed", RefusalKind.Invalid, "to") : null;

    public override async IAsyncEnumerable<SampleRow> RowsAsync(ReportContext context)
    {
        Rows = 0;
        foreach (var row in rows)
        {
            if (Rows++ % 1000 == 0) { await Task.Yield(); }
            yield return row;
        }
    }

    public override Task<IReadOnlyList<Chart>> ChartsAsync(ReportContext context, CancellationToken ct) => Task.FromResult<IReadOnlyList<Chart>>(Lines > 0 ?
    [
        .. Enumerable.Range(1, Lines).Select(n => new Chart(ChartKind.Line, $"Lines {n}", "", [.. Enumerable.Range(1, 12).Select(week => $"2026-01-{week:00}")],
            [.. Enumerable.Range(1, 5).Select(s => new ChartSeries($"Ball bearing {s} 深沟球轴承 (pcs)", [.. Enumerable.Range(1, 12).Select(week => (decimal?)(week * s))]))]) { IsToldBelow = true }),
    ] :
    [
        new(ChartKind.Funnel, context.Text("chart.funnel"), context.Text("column.stage"), [.. Enum.GetValues<SampleStage>().Select(s => context.Language.Word(s))],
            [new(context.Text("column.amount"), [1_250_000m, 640_000m, 210_500m]), new(context.Text("chart.count"), [48, 21, 7], "")], "EUR"),
    ]);

    public override IReadOnlyList<RowChart<SampleRow>> RowCharts(ReportContext context) =>
        [new(ChartKind.Bar, context.Text("chart.by-territory"), context.Text("column.territory"), r => r.Territory, r => r.Days, context.Text("column.days"), "…")];
}

/// <summary>The product's words, and the sample's own in two languages.</summary>
public sealed class SampleText(string language) : IReportText
{
    private static readonly Dictionary<string, (string English, string Chinese)> Own = new()
    {
        ["report.sample.title"] = ("Sales pipeline", "销售漏斗"),
        ["report.sample.about"] = ("Open opportunities by territory and stage, with their expected value.", "按区域和阶段列出的在谈商机及其预期金额。"),
        ["column.title"] = ("Opportunity", "商机"),
        ["column.territory"] = ("Territory", "区域"),
        ["column.stage"] = ("Stage", "阶段"),
        ["column.amount"] = ("Amount", "金额"),
        ["column.close-date"] = ("Close date", "预计成交日"),
        ["column.changed"] = ("Last change", "最近修改"),
        ["column.quantity"] = ("Quantity", "数量"),
        ["column.probability"] = ("Probability", "成交概率"),
        ["column.days"] = ("Days", "天数"),
        ["column.score"] = ("Score", "评分"),
        ["column.shared"] = ("Shared", "已共享"),
        ["parameter.from"] = ("From", "开始日期"),
        ["parameter.to"] = ("Until", "结束日期"),
        ["parameter.stage"] = ("Stage", "阶段"),
        ["parameter.partner"] = ("Partner", "合作伙伴"),
        ["parameter.containing"] = ("Containing", "包含"),
        ["sample-stage.lead"] = ("Lead", "线索"),
        ["sample-stage.proposal"] = ("Proposal", "方案报价"),
        ["sample-stage.closed-won"] = ("Closed won", "赢单"),
        ["chart.funnel"] = ("Value by stage", "各阶段金额"),
        ["chart.count"] = ("deals", "个商机"),
        ["chart.by-territory"] = ("Days by territory", "各区域天数"),
    };

    private readonly ReportText _product = new(CultureInfo.GetCultureInfo(language));

    public string this[string key] => Own.TryGetValue(key, out var text) ? language == "zh-Hans" ? text.Chinese : text.English : _product[key];
}

public static class Any
{
    public static readonly DateTimeOffset Now = new(2026, 3, 9, 7, 5, 0, TimeSpan.Zero);
    public static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static SampleRow Row(string? title = "Alder Tools project", SampleStage? stage = SampleStage.Proposal, string territory = "North", decimal? amount = 1250.5m, string currency = "EUR") =>
        new(title, stage, territory, amount is { } a ? new Money(a, currency) : null, new(2026, 6, 30), Now, 40, "pcs", 0.4m, 12, 3.75m, true);

    /// <summary>Ordered by territory and stage, as the groups want them.</summary>
    public static IEnumerable<SampleRow> Many(int count)
    {
        string[] names = ["Alder Tools", "上海申通机电", "Birch Foods", "深圳市前海物流", "Cedar Optics", "北京华辰医疗器械", "Delta Marine"];
        for (var i = 0; i < count; i++)
        {
            var territory = (i * 4 / count) switch { 0 => "East", 1 => "North", 2 => "华东", _ => "West" };
            var stage = (SampleStage)(i * 12 / count % 3);
            yield return new($"{names[i % names.Length]} {i:00000}", stage, territory, new(1000 + i * 7.25m, i % 5 == 0 ? "CNY" : "EUR"),
                new DateOnly(2026, 1, 1).AddDays(i % 365), Now.AddMinutes(-i), i % 90, i % 3 == 0 ? "kg" : "pcs", i % 100 / 100m, i % 60, i % 50 / 10m, i % 2 == 0);
        }
    }

    public static ReportRequest Request(ReportFormat format, string language = "en", params (string Key, string Value)[] answers) =>
        new("sample", format, answers.ToDictionary(a => a.Key, a => a.Value), language, Shanghai, "Li Na");

    public static ReportRunner Runner(Report report, PdfPrinter? printer = null) =>
        new(new([report]), printer ?? new(new()), new StoppedClock(Now), language => new SampleText(language));

    /// <summary>Of the shared house, which lives as long as the tests; rows of the sample come from elsewhere.</summary>
    public static async Task<PortalDbContext> DbAsync() => (await House.SharedAsync()).Staff(Functions.Administrator);

    public static async Task<byte[]> RunAsync(Report report, ReportRequest request, PdfPrinter? printer = null)
    {
        using var file = new MemoryStream();
        var outcome = await Runner(report, printer).RunAsync(request, await DbAsync(), file, null, TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Refusals);
        return file.ToArray();
    }
}

public sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
