using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Reports.Rendering;

namespace Portal.Reports.Supply;

/// <summary>So much of a product in a week, as one kind of source says. Whose demand it is and where, the type cannot tell: suppliers read it too.</summary>
/// <param name="Week">Its Monday.</param>
public sealed record DemandRow(DemandSource Source, string ProductCode, string ProductName, string Unit, DateOnly Week, decimal Quantity);

/// <summary>Demand by product and week. Figures of days and months count in the week of their first day; stock is a level, so of several counts in a week the last holds.</summary>
public abstract class DemandByWeekReport : Report<DemandRow>
{
    private const int MostSeries = 5;
    private const int MostChartWeeks = 53;

    private static readonly ChoiceParameter Source = new() { Key = "source", Choices = ChoiceParameter.Of<DemandSource>() };
    private static readonly DateParameter From = new() { Key = "from", Default = today => Periods.WeekOf(today).AddDays(-8 * 7) };
    private static readonly DateParameter Until = new() { Key = "until", Default = today => Periods.WeekOf(today).AddDays(18 * 7 - 1) };
    private static readonly TextParameter Product = new() { Key = "product" };

    private static readonly Column<DemandRow> SourceColumn = Columns<DemandRow>.Word<DemandSource>("source", r => r.Source, 16);
    private static readonly Column<DemandRow> NameColumn = Columns<DemandRow>.Text("product", r => r.ProductName, 36);

    public sealed override IReadOnlyList<ReportParameter> Parameters => [Source, From, Until, Product];

    public sealed override IReadOnlyList<Column<DemandRow>> Columns { get; } =
    [
        SourceColumn,
        NameColumn,
        Columns<DemandRow>.Code("product-code", r => r.ProductCode, 18),
        Columns<DemandRow>.Text("week-number", r => $"{ISOWeek.GetYear(r.Week.ToDateTime(default)):0000}-W{ISOWeek.GetWeekOfYear(r.Week.ToDateTime(default)):00}", 12),
        Columns<DemandRow>.Date("week-of", r => r.Week),
        Columns<DemandRow>.Quantity("quantity", r => r.Quantity, r => r.Unit),
    ];

    public sealed override IReadOnlyList<Column<DemandRow>> Groups(ReportContext context) => [SourceColumn, NameColumn];

    /// <summary>Pipeline, orders and forecasts speak of the same goods: their sum would mean nothing.</summary>
    public sealed override bool HasGrandTotal => false;

    public sealed override Refusal? Check(ReportContext context) => ReportRefusals.Reversed(context, From, Until);

    public sealed override IAsyncEnumerable<DemandRow> RowsAsync(ReportContext context) => FoldedAsync(context, Asked(context));

    /// <summary>People read a product's weeks across. Where there are more than a file holds, they stay below each other.</summary>
    internal sealed override async Task<IReadOnlyList<Report>> TablesAsync(ReportContext context, Room room, CancellationToken ct)
    {
        if (room.All == 0) { return [this]; }
        var weeks = await WeeksAsync(context, ct);
        if (weeks.Count == 0 || weeks.Count > room.All) { return [this]; }
        var tables = (weeks.Count + room.Table - 1) / room.Table;
        return [.. weeks.Chunk((weeks.Count + tables - 1) / tables).Select(part => new DemandAcross(this, part, context.Language, isWhole: room.Table == room.All))];
    }

    /// <summary>From the first to the last day that is asked for; where no such day is named, that there are figures for.</summary>
    private static async Task<IReadOnlyList<DateOnly>> WeeksAsync(ReportContext context, CancellationToken ct)
    {
        DateOnly? from = context.Get(From), until = context.Get(Until);
        if (from is null || until is null)
        {
            var known = await Asked(context).GroupBy(_ => 1).Select(g => new { First = g.Min(s => s.Period), Last = g.Max(s => s.Period) }).FirstOrDefaultAsync(ct);
            if (known is null) { return []; }
            (from, until) = (from ?? known.First, until ?? known.Last);
        }
        var first = Periods.WeekOf(from.Value);
        return [.. Enumerable.Range(0, Math.Max(0, (Periods.WeekOf(until.Value).DayNumber - first.DayNumber) / 7 + 1)).Select(i => first.AddDays(7 * i))];
    }

    /// <summary>The rows of these weeks, in the order of <see cref="RowsAsync"/>.</summary>
    internal static IAsyncEnumerable<DemandRow> OfWeeksAsync(ReportContext context, DateOnly first, DateOnly last)
    {
        var end = last.AddDays(7);
        return FoldedAsync(context, Asked(context).Where(s => s.Period >= first && s.Period < end));
    }

    private static async IAsyncEnumerable<DemandRow> FoldedAsync(ReportContext context, IQueryable<DemandSignal> signals)
    {
        var figures = from sum in signals.GroupBy(s => new { s.Source, s.ProductId, s.Period }).Select(g => new { g.Key.Source, g.Key.ProductId, g.Key.Period, Quantity = g.Sum(s => s.Quantity) })
                      join product in context.Db.Products on sum.ProductId equals product.Id
                      orderby sum.Source, product.Name, product.Code, sum.Period
                      select new DemandRow(sum.Source, product.Code, product.Name, product.Unit, sum.Period, sum.Quantity);
        DemandRow? week = null;
        await foreach (var figure in figures.AsAsyncEnumerable())
        {
            var next = figure with { Week = Periods.WeekOf(figure.Week) };
            if (week is not null && week with { Quantity = 0 } == next with { Quantity = 0 })
            {
                week = week with { Quantity = week.Source is DemandSource.StockOnHand ? next.Quantity : week.Quantity + next.Quantity };
                continue;
            }
            if (week is not null) { yield return week; }
            week = next;
        }
        if (week is not null) { yield return week; }
    }

    /// <summary>For each source one chart with the products that have most. Two questions, however many sources there are.</summary>
    public sealed override async Task<IReadOnlyList<Chart>> ChartsAsync(ReportContext context, CancellationToken ct)
    {
        var leading = await LeadingAsync(context, ct);
        long[] ids = [.. leading.SelectMany(l => l.Value).Select(p => p.Id).Distinct()];
        var sums = await Asked(context).Where(s => ids.Contains(s.ProductId)).GroupBy(s => new { s.Source, s.ProductId, s.Period })
            .Select(g => new { g.Key.Source, g.Key.ProductId, g.Key.Period, Quantity = g.Sum(s => s.Quantity) }).ToListAsync(ct);
        var bySource = sums.ToLookup(s => s.Source);
        var charts = new List<Chart>();
        foreach (var (source, most) in leading)
        {
            var own = most.Select(p => p.Id).ToHashSet();
            var quantities = bySource[source].Where(s => own.Contains(s.ProductId)).GroupBy(s => (s.ProductId, Week: Periods.WeekOf(s.Period))).ToDictionary(g => g.Key, g => source is DemandSource.StockOnHand ? g.MaxBy(s => s.Period)!.Quantity : g.Sum(s => s.Quantity));
            if (quantities.Count == 0) { continue; }
            var last = quantities.Keys.Max(k => k.Week);
            var first = quantities.Keys.Min(k => k.Week);
            var count = Math.Min((last.DayNumber - first.DayNumber) / 7 + 1, MostChartWeeks);
            var weeks = Enumerable.Range(0, count).Select(i => last.AddDays(7 * (i - count + 1))).ToList();
            charts.Add(new(ChartKind.Line, context.Language.Say("chart.demand-by-week", context.Language.Word(source)), context.Text("column.week-of"),
                [.. weeks.Select(context.Language.TableDay)],
                [.. most.Select(p => new ChartSeries($"{p.Name} ({context.Language.Unit(p.Unit)})", [.. weeks.Select(w => (decimal?)quantities.GetValueOrDefault((p.Id, w)))]))]) { IsToldBelow = true });
        }
        return charts;
    }

    private sealed record Leader(long Id, string Name, string Unit);

    /// <summary>The products with most of each source. All are read in that order, and the first of each source kept.</summary>
    private static async Task<SortedDictionary<DemandSource, List<Leader>>> LeadingAsync(ReportContext context, CancellationToken ct)
    {
        var all = from sum in Asked(context).GroupBy(s => new { s.Source, s.ProductId }).Select(g => new { g.Key.Source, g.Key.ProductId, Quantity = g.Sum(s => s.Quantity) })
                  join product in context.Db.Products on sum.ProductId equals product.Id
                  orderby sum.Quantity descending, product.Code
                  select new { sum.Source, product.Id, product.Name, product.Unit };
        var leading = new SortedDictionary<DemandSource, List<Leader>>();
        await foreach (var one in all.AsAsyncEnumerable().WithCancellation(ct))
        {
            if (!leading.TryGetValue(one.Source, out var most)) { leading[one.Source] = most = []; }
            if (most.Count < MostSeries) { most.Add(new(one.Id, one.Name, one.Unit)); }
        }
        return leading;
    }

    private static IQueryable<DemandSignal> Asked(ReportContext context)
    {
        IQueryable<DemandSignal> signals = context.Db.DemandSignals;
        if (ChoiceParameter.Chosen<DemandSource>(context.Get(Source)) is { } source) { signals = signals.Where(s => s.Source == source); }
        if (context.Get(From) is { } from) { signals = signals.Where(s => s.Period >= from); }
        if (context.Get(Until) is { } until) { signals = signals.Where(s => s.Period <= until); }
        if (context.Get(Product) is { } words)
        {
            var products = context.Db.Products.Matching(context.Db, words).Select(p => p.Id);
            signals = signals.Where(s => products.Contains(s.ProductId));
        }
        return signals;
    }
}

/// <summary>For staff: all demand that the asker's reach covers.</summary>
public sealed class DemandByWeek : DemandByWeekReport
{
    public override string Name => "demand-by-week";
    public override string Permission => Permissions.ViewDemand;
}

/// <summary>For partners: a supplier's over what it supplies, a distributor's over what it reported.</summary>
public sealed class PartnerDemandByWeek : DemandByWeekReport
{
    public override string Name => "partner-demand-by-week";
    public override string Permission => Permissions.PartnerDemand;
}
