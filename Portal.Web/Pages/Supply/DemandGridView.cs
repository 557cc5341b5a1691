using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Domain.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Supply;

/// <summary>A grid as its page shows it. Written by <c>_DemandGrid</c>, for staff and partners alike; what differs is said here.</summary>
/// <param name="Path">The page's own.</param>
/// <param name="Offered">The sources that the reader can choose among.</param>
/// <param name="ForStaff">Staff choose supplier and category, open products and the figures behind a cell.</param>
/// <param name="Empty">Text key for a grid without a row.</param>
public sealed record DemandGridView(
    DemandChoice Choice, DemandGridPage Page, DateOnly Today, string Path, IReadOnlyList<DemandSource> Offered, bool ForStaff, string Empty,
    string? CategoryName = null, string? SupplierName = null, string? ProductName = null)
{
    /// <summary>Every source as the database summed it over all products; stock is left to a chart of its own kind.</summary>
    public ChartView Chart(IStringLocalizer text) => new(
        "demand-chart", text["demand.chart"], Page.Totals.Keys.Any(s => s is not DemandSource.StockOnHand) ? ChartKind.StackedBar : ChartKind.Line, text["demand.chart.period"],
        [.. Page.Periods.Select(p => PeriodNames.Brief(p, Choice.Across))],
        [.. Page.Totals.Where(t => t.Key is not DemandSource.StockOnHand || Page.Totals.Count == 1).Select(t => new ChartSeries(text[Display.Key(t.Key)], t.Value))], Low: true);

    public decimal[] DemandTotals => [.. Enumerable.Range(0, Page.Periods.Count).Select(i => Page.Totals.Where(t => t.Key is not DemandSource.StockOnHand).Sum(t => t.Value[i] ?? 0))];

    public decimal?[]? StockTotals => Page.Totals.GetValueOrDefault(DemandSource.StockOnHand);

    /// <summary>The figures behind a cell, in the words of their list's filters.</summary>
    public string SignalsAddress(long productId, DateOnly period) => string.Create(CultureInfo.InvariantCulture,
        $"/demand/signals?product={productId}&period.from={period:yyyy-MM-dd}&period.to={Periods.Add(period, Choice.Across, 1).AddDays(-1):yyyy-MM-dd}{string.Concat(Choice.Sources.Select(s => "&source=" + s))}");
}
