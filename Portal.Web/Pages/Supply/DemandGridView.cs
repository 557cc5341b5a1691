using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Domain.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Supply;

/// <summary>A grid as its page shows it. Written by <c>_DemandGrid</c>, for staff and partners alike; what differs is said here.</summary>
/// <param name="Path">The page's own.</param>
/// <param name="Offered">The sources that the reader can choose among.</param>
/// <param name="ForStaff">Staff choose supplier and category, open products and the figures behind a cell.</param>
/// <param name="Empty">For a grid without a row.</param>
public sealed record DemandGridView(
    DemandChoice Choice, DemandGridPage Page, DateOnly Today, string Path, IReadOnlyList<DemandSource> Offered, bool ForStaff, EmptyList Empty,
    string? CategoryName = null, string? SupplierName = null, string? ProductName = null)
{
    /// <summary>Nothing is there, and nobody asked for anything in particular: what to do first is all that the page has to say.</summary>
    public bool IsEmpty => Page.Rows.Count == 0 && !Choice.IsMade;

    /// <summary>The units of all products of the choice, the one with the largest demand first.</summary>
    public IReadOnlyList<string> Units => [.. Page.Totals.Select(t => t.Unit).Distinct()];

    /// <summary>Those, and the one that is chosen.</summary>
    public IReadOnlyList<string> UnitsToChoose => Choice.Unit is null || Units.Contains(Choice.Unit) ? Units : [Choice.Unit, .. Units];

    /// <summary>Every source as the database summed it over all products of the first unit; stock is left to a chart of its own kind.</summary>
    public ChartView Chart(IStringLocalizer text)
    {
        var totals = Page.Totals.Where(t => t.Unit == Units[0]).ToList();
        return new(
            "demand-chart", text["demand.chart.in", Display.Unit(Units[0])],
            totals.Exists(t => t.Source is not DemandSource.StockOnHand) ? ChartKind.StackedBar : ChartKind.Line, text["demand.chart.period"],
            [.. Page.Periods.Select(p => PeriodNames.Brief(p, Choice.Across))],
            [.. totals.Where(t => t.Source is not DemandSource.StockOnHand || totals.Count == 1).Select(t => new ChartSeries(text[Display.Key(t.Source)], t.Quantities))], Display.Unit(Units[0]), Low: true);
    }

    /// <returns>One sum for each column over every source but stock; null where nothing in this unit is asked for.</returns>
    public decimal[]? DemandIn(string unit)
    {
        var totals = Page.Totals.Where(t => t.Unit == unit && t.Source is not DemandSource.StockOnHand).ToList();
        return totals.Count == 0 ? null : [.. Enumerable.Range(0, Page.Periods.Count).Select(i => totals.Sum(t => t.Quantities[i] ?? 0))];
    }

    public decimal?[]? StockIn(string unit) => Page.Totals.FirstOrDefault(t => t.Unit == unit && t.Source is DemandSource.StockOnHand)?.Quantities;

    /// <summary>The figures behind a cell, in the words of their list's filters.</summary>
    public string SignalsAddress(long productId, DateOnly period) => string.Create(CultureInfo.InvariantCulture,
        $"/demand/signals?product={productId}&period.from={period:yyyy-MM-dd}&period.to={Periods.Add(period, Choice.Across, 1).AddDays(-1):yyyy-MM-dd}{string.Concat(Choice.Sources.Select(s => "&source=" + s))}");
}
