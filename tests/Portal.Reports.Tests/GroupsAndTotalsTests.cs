using FsCheck;
using FsCheck.Fluent;
using Portal.Domain.Common;
using Portal.Reports.Rendering;
using Portal.Reports.Tests.Samples;
using Xunit;

namespace Portal.Reports.Tests;

/// <summary>What the one streaming pass gives, against LINQ over the whole list.</summary>
public sealed class GroupsAndTotalsTests
{
    private static readonly Gen<SampleRow> Rows =
        from territory in Gen.Elements("East", "North", "West")
        from stage in Gen.Elements<SampleStage?>(SampleStage.Lead, SampleStage.Proposal, null)
        from cents in Gen.Choose(-500_000, 9_000_000)
        from currency in Gen.Elements("CNY", "EUR", "USD")
        from none in Gen.Choose(0, 9)
        from unit in Gen.Elements("", "kg", "pcs")
        from days in Gen.Choose(0, 400)
        select new SampleRow("t", stage, territory, none == 0 ? null : new Money(cents / 100m, currency), null, null, none == 1 ? null : cents / 1000m, unit, none / 10m, none == 2 ? null : days);

    private static readonly Arbitrary<SampleRow[]> Ordered = Arb.From(Rows.ListOf().Select(list => list.OrderBy(r => r.Territory, StringComparer.Ordinal).ThenBy(r => r.Stage).ToArray()));

    [Fact]
    public void Each_group_and_the_whole_add_up_per_currency_and_unit() => Prop.ForAll(Ordered, rows =>
    {
        var seen = Run(rows);
        Assert.Equal(Expected(rows), Facts(seen.Whole));
        var territories = rows.GroupBy(r => r.Territory).Select(g => (0, g.Key, (long)g.Count(), Expected([.. g])));
        var stages = rows.GroupBy(r => (r.Territory, r.Stage)).Select(g => (1, g.Key.Stage is { } s ? ReportLanguage.EnumKey(s) : "", (long)g.Count(), Expected([.. g])));
        Assert.Equal(territories.OrderBy(t => t.Key), seen.Groups.Where(g => g.Level == 0).Select(g => (g.Level, g.Name, g.Rows, Facts(g.Lines))).OrderBy(t => t.Name));
        Assert.Equal(stages, seen.Groups.Where(g => g.Level == 1).Select(g => (g.Level, g.Name, g.Rows, Facts(g.Lines))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Groups_open_and_close_in_pairs_and_every_row_is_inside_its_own() => Prop.ForAll(Ordered, rows =>
    {
        var seen = Run(rows);
        Assert.Equal(rows.Length, seen.Paths.Count);
        Assert.All(rows.Zip(seen.Paths), pair => Assert.Equal($"{pair.First.Territory}/{(pair.First.Stage is { } s ? ReportLanguage.EnumKey(s) : "")}", pair.Second));
        Assert.Empty(seen.Open);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Amounts_in_one_currency_stand_on_one_line_in_every_column()
    {
        var whole = Run([Any.Row(currency: "USD"), Any.Row(currency: "CNY")]).Whole;

        Assert.Equal(["CNY", "USD"], whole.Select(line => line.First(c => c.Column == 3).Format.Unit));
    }

    private static string Expected(SampleRow[] rows)
    {
        var amounts = rows.Where(r => r.Amount is not null).GroupBy(r => r.Amount!.Value.Currency).Select(g => $"3 {g.Key} {g.Sum(r => r.Amount!.Value.Amount):0.####}");
        var quantities = rows.Where(r => r.Quantity is not null).GroupBy(r => r.Unit).Select(g => $"6 {g.Key} {g.Sum(r => r.Quantity):0.####}");
        var probability = rows.Where(r => r.Probability is not null).Select(r => r.Probability!.Value).ToList();
        var days = rows.Where(r => r.Days is not null).Select(r => r.Days!.Value).ToList();
        return string.Join("|", amounts.Concat(quantities)
            .Concat(probability.Count > 0 ? [$"7  {probability.Sum() / probability.Count:0.####}"] : [])
            .Concat(days.Count > 0 ? [$"8  {days.Sum():0.####}"] : []).Order(StringComparer.Ordinal));
    }

    private static string Facts(IReadOnlyList<IReadOnlyList<TotalCell>> lines) => string.Join("|", lines.SelectMany(l => l).Where(c => c.Value is not null)
        .Select(c => $"{c.Column} {c.Format.Unit} {c.Value:0.####}").Order(StringComparer.Ordinal));

    private static Recorder Run(SampleRow[] rows)
    {
        var recorder = new Recorder();
        var context = new ReportContext { Language = ReportLanguage.Of("en", TimeZoneInfo.Utc), Now = Any.Now, Db = Any.DbAsync().GetAwaiter().GetResult() };
        new SampleReport(rows).RenderAsync(context, recorder, null, null, CancellationToken.None).GetAwaiter().GetResult();
        return recorder;
    }

    private sealed class Recorder : IReportRenderer
    {
        private readonly List<string> _path = [];

        public List<(int Level, string Name, long Rows, IReadOnlyList<IReadOnlyList<TotalCell>> Lines)> Groups { get; } = [];
        public List<string> Paths { get; } = [];
        public IReadOnlyList<IReadOnlyList<TotalCell>> Whole { get; private set; } = [];
        public IReadOnlyList<string> Open => _path;
        public ICells Cells { get; } = new CsvWriter(Stream.Null);

        public Room Room => default;

        public bool Shows(int column) => false;

        public Task NextTableAsync(Report table, IReadOnlyList<int> grouped, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct) => Task.CompletedTask;

        public Task BeginAsync(Report report, ReportContext context, IReadOnlyList<int> grouped, IReadOnlyList<Chart> charts, CancellationToken ct) => Task.CompletedTask;

        public ValueTask BeginGroupAsync(int level, string name, CancellationToken ct)
        {
            Assert.Equal(level, _path.Count);
            _path.Add(name);
            return ValueTask.CompletedTask;
        }

        public ValueTask BeginRowAsync(CancellationToken ct)
        {
            Paths.Add(string.Join('/', _path));
            return ValueTask.CompletedTask;
        }

        public void EndRow() { }

        public ValueTask EndGroupAsync(int level, string name, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct)
        {
            Assert.Equal((level, name), (_path.Count - 1, _path[^1]));
            _path.RemoveAt(level);
            Groups.Add((level, name, rows, totals));
            return ValueTask.CompletedTask;
        }

        public Task EndAsync(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, IReadOnlyList<Chart> charts, CancellationToken ct)
        {
            Whole = totals;
            return Task.CompletedTask;
        }
    }
}
