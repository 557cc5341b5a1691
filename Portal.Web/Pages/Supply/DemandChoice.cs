using System.Globalization;
using System.Text;
using Microsoft.Extensions.Localization;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Supply;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Supply;

/// <summary>What part of the demand the address of a grid page asks for. What cannot be read is as if it were not there: an old address still opens the page.</summary>
public sealed record DemandChoice(
    DemandPeriod Across, DateOnly From, IReadOnlyList<DemandSource> Sources, long? CategoryId, long? SupplierId, long? ProductId, string Words, DemandGridPlace? Place, string? Unit = null)
{
    private const string Order = "name";
    private const int LongestWords = 100;

    /// <summary>A quarter in weeks, a year in months.</summary>
    public int Columns => Across is DemandPeriod.Month ? 12 : 13;

    public DemandGridQuery Query => new(Across, From, Columns, Sources, CategoryId, SupplierId, ProductId, Words, Unit);

    public bool IsFiltered => CategoryId is not null || SupplierId is not null || ProductId is not null || Unit is not null || Words.Length > 0;

    /// <summary>Whether the address says anything; else all is as usual.</summary>
    public bool IsMade { get; private init; }

    /// <param name="offered">The sources that the reader can choose among.</param>
    /// <param name="usual">Those that count where none is chosen.</param>
    /// <param name="weeksBack">How far the first column lies before this week, where no day is chosen.</param>
    public static DemandChoice Read(IQueryCollection query, DateOnly today, IReadOnlyList<DemandSource> offered, IReadOnlyList<DemandSource> usual, int weeksBack)
    {
        var across = Enum.TryParse<DemandPeriod>(query["across"], ignoreCase: true, out var named) && named is DemandPeriod.Month ? DemandPeriod.Month : DemandPeriod.Week;
        var from = DateOnly.TryParseExact(query["from"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1990 and <= 2200 ? day : today.AddDays(-7 * weeksBack);
        var chosen = offered.Where(source => query["source"].Any(word => string.Equals(word, source.ToString(), StringComparison.OrdinalIgnoreCase))).ToArray();
        var words = query["q"].ToString().Trim();
        return new(
            across, Periods.Of(from, across), chosen.Length > 0 ? chosen : usual, Id(query, "category"), Id(query, "supplier"), Id(query, "product"),
            words.Length > LongestWords ? words[..LongestWords] : words,
            KeyCursor.Decode(query["at"]) is { Sort: Order, Value: { } name } cursor ? new(name, cursor.Id, cursor.Backward) : null,
            query["unit"].ToString().Trim() is { Length: > 0 and <= Product.UnitLength } unit ? unit : null) { IsMade = query.Count > 0 };
    }

    /// <summary>The address of the same choice, changed.</summary>
    public string Address(string path)
    {
        var address = new StringBuilder(path).Append("?across=").Append(Across).Append("&from=").Append(From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        foreach (var source in Sources) { address.Append("&source=").Append(source); }
        if (CategoryId is { } category) { address.Append(CultureInfo.InvariantCulture, $"&category={category}"); }
        if (SupplierId is { } supplier) { address.Append(CultureInfo.InvariantCulture, $"&supplier={supplier}"); }
        if (ProductId is { } product) { address.Append(CultureInfo.InvariantCulture, $"&product={product}"); }
        if (Unit is { } unit) { address.Append("&unit=").Append(Uri.EscapeDataString(unit)); }
        if (Words.Length > 0) { address.Append("&q=").Append(Uri.EscapeDataString(Words)); }
        if (Place is { } place) { address.Append("&at=").Append(new KeyCursor(place.Backward, Order, place.Name, place.Id).Encode()); }
        return address.ToString();
    }

    /// <summary>Further along the time, from the first product on.</summary>
    public DemandChoice Moved(int columns) => this with { From = Periods.Add(From, Across, columns), Place = null };

    private static long? Id(IQueryCollection query, string name) => long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}

/// <summary>The names of periods in the reader's language.</summary>
public static class PeriodNames
{
    /// <summary>Day and month of the first day, or the month: <c>23 Nov</c>, <c>11月23日</c>, <c>Nov 2026</c>.</summary>
    public static string Brief(DateOnly first, DemandPeriod across)
    {
        var forms = CultureInfo.CurrentCulture.DateTimeFormat;
        var pattern = across is DemandPeriod.Month ? forms.YearMonthPattern : forms.MonthDayPattern;
        return first.ToString(pattern.Replace("MMMM", "MMM", StringComparison.Ordinal), CultureInfo.CurrentCulture);
    }

    /// <summary>As <see cref="Brief"/>, a week with its number before it.</summary>
    public static string Full(DateOnly first, DemandPeriod across, IStringLocalizer text) => across switch
    {
        DemandPeriod.Day => Display.Date(first),
        DemandPeriod.Week => $"{text["demand.week", Week(first)]} · {Brief(first, across)}",
        _ => Brief(first, across),
    };

    /// <summary>First to last day.</summary>
    public static string Span(DateOnly first, DemandPeriod across) =>
        across is DemandPeriod.Day ? Display.Date(first) : $"{Display.Date(first)} – {Display.Date(Periods.Add(first, across, 1).AddDays(-1))}";

    /// <returns>The ISO 8601 number of the week.</returns>
    public static int Week(DateOnly first) => ISOWeek.GetWeekOfYear(first);
}
