using System.Globalization;
using Portal.Domain.Supply;

namespace Portal.Reports.Supply;

/// <summary>A product's demand over some weeks, as one kind of source says.</summary>
/// <param name="Quantities">One for each week of the table; null where nothing is known.</param>
public sealed record DemandAcrossRow(DemandSource Source, string ProductCode, string ProductName, string Unit, decimal?[] Quantities);

/// <summary>Demand with products down and weeks across. It has no place of its own in the catalog: it is how people see <see cref="DemandByWeekReport"/>.</summary>
internal sealed class DemandAcross : Report<DemandAcrossRow>
{
    private static readonly Column<DemandAcrossRow> Source = Columns<DemandAcrossRow>.Word<DemandSource>("source", r => r.Source, 16);

    private readonly Report _of;
    private readonly IReadOnlyList<DateOnly> _weeks;

    /// <param name="isWhole">One table has room for all: its heads say the year, which a caption says otherwise.</param>
    public DemandAcross(Report of, IReadOnlyList<DateOnly> weeks, ReportLanguage language, bool isWhole)
    {
        (_of, _weeks) = (of, weeks);
        Caption = !isWhole ? language.Say("report.weeks", WeekOf(weeks[0]), WeekOf(weeks[^1])) : null;
        Columns =
        [
            Source,
            Columns<DemandAcrossRow>.Text("product", r => r.ProductName, 32),
            Columns<DemandAcrossRow>.Code("product-code", r => r.ProductCode, 12),
            Columns<DemandAcrossRow>.Unit("unit", r => r.Unit),
            .. weeks.Select((week, i) => Columns<DemandAcrossRow>.Across("quantity", $"{(isWhole ? WeekOf(week) : WeekOf(week)[5..])}\n{language.BriefDay(week)}", r => r.Quantities[i], r => r.Unit)),
            Columns<DemandAcrossRow>.Across("sum", null, r => r.Source is DemandSource.StockOnHand ? null : r.Quantities.Sum(), r => r.Unit, 11),
        ];
    }

    public override string Name => _of.Name;
    public override string Permission => _of.Permission;
    public override IReadOnlyList<Column<DemandAcrossRow>> Columns { get; }
    public override bool HasGrandTotal => false;
    internal override string? Caption { get; }

    public override IReadOnlyList<Column<DemandAcrossRow>> Groups(ReportContext context) => [Source];

    public override async IAsyncEnumerable<DemandAcrossRow> RowsAsync(ReportContext context)
    {
        DemandAcrossRow? row = null;
        await foreach (var figure in DemandByWeekReport.OfWeeksAsync(context, _weeks[0], _weeks[^1]))
        {
            if (row is null || row.Source != figure.Source || row.ProductCode != figure.ProductCode)
            {
                if (row is not null) { yield return row; }
                row = new(figure.Source, figure.ProductCode, figure.ProductName, figure.Unit, new decimal?[_weeks.Count]);
            }
            ref var quantity = ref row.Quantities[(figure.Week.DayNumber - _weeks[0].DayNumber) / 7];
            quantity = (quantity ?? 0) + figure.Quantity;
        }
        if (row is not null) { yield return row; }
    }

    /// <summary>ISO 8601: the year of a week is that of its Thursday.</summary>
    private static string WeekOf(DateOnly monday) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(monday.ToDateTime(default)):0000}-W{ISOWeek.GetWeekOfYear(monday.ToDateTime(default)):00}");
}
