using Portal.Domain.Common;

namespace Portal.Domain.Supply;

public enum DemandSource { Pipeline, SellThrough, Order, Forecast, StockOnHand }
public enum DemandPeriod { Day, Week, Month }

/// <summary>One figure: so much of a product, wanted (or sold, or held) at a place in a period, as one batch says.</summary>
public sealed class DemandSignal
{
    public const int SiteLength = 120;

    public required long Id { get; init; }
    public required long BatchId { get; init; }
    public required long ProductId { get; init; }
    /// <summary>Whose demand: customer or distributor. Suppliers never get it.</summary>
    public long? CompanyId { get; init; }
    /// <summary>Where: site, city or country in the reporter's words.</summary>
    public string Site { get; init; } = "";
    /// <summary>The first day of the period: the Monday of a week, the first of a month.</summary>
    public required DateOnly Period { get; init; }
    public DemandPeriod Granularity { get; init; } = DemandPeriod.Week;
    public required DemandSource Source { get; init; }
    /// <summary>In the product's unit; corrections may be negative.</summary>
    public required decimal Quantity { get; init; }
}

/// <summary>Figures that came together and are replaced together: a second delivery of the same origin never doubles the first.</summary>
public sealed class DemandBatch : Aggregate
{
    public const int OriginLength = 160;

    public required DemandSource Source { get; init; }
    /// <summary>Names the delivery, unique within its source: <c>opportunity:123</c>, <c>northwind:orders</c>.</summary>
    public required string Origin { get; init; }
    /// <summary>The company that reported; null for the house.</summary>
    public long? ReporterId { get; init; }
    /// <summary>How often the batch was replaced, from 1.</summary>
    public int Delivery { get; set; } = 1;
    /// <summary>How many signals it holds: who sees fewer of them may not replace them.</summary>
    public int SignalCount { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
}

public static class Periods
{
    /// <returns>The Monday of the day's ISO 8601 week.</returns>
    public static DateOnly WeekOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    /// <returns>The first day of the period that holds the day.</returns>
    public static DateOnly Of(DateOnly day, DemandPeriod granularity) => granularity switch
    {
        DemandPeriod.Day => day,
        DemandPeriod.Week => WeekOf(day),
        DemandPeriod.Month => MonthOf(day),
        _ => throw new ArgumentOutOfRangeException(nameof(granularity)),
    };

    /// <returns>The first day of the period so many periods later; earlier for a negative count.</returns>
    public static DateOnly Add(DateOnly start, DemandPeriod granularity, int count) => granularity switch
    {
        DemandPeriod.Day => start.AddDays(count),
        DemandPeriod.Week => start.AddDays(7 * count),
        DemandPeriod.Month => start.AddMonths(count),
        _ => throw new ArgumentOutOfRangeException(nameof(granularity)),
    };
}
