using System.ComponentModel.DataAnnotations;
using Portal.Domain.Supply;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Supply;

/// <summary>Which figures are to be entered: chosen first, so that what was entered before can be shown.</summary>
public abstract class EntryChoice
{
    [Display(Name = "demand.enter.product"), LookUp("product")] public long? ProductId { get; set; }
    [Display(Name = "demand.enter.source")] public DemandSource Source { get; set; } = DemandSource.Forecast;
    [Display(Name = "demand.enter.site"), StringLength(DemandSignal.SiteLength)] public string? Site { get; set; }
    [Display(Name = "demand.enter.from")] public DateOnly? From { get; set; }
}

/// <summary>One row of the entry form.</summary>
public sealed class EntryRow
{
    public DateOnly Period { get; set; }
    [Display(Name = "demand.quantity")] public decimal? Quantity { get; set; }
}

/// <summary>The rows of an entry form as its view needs them.</summary>
/// <param name="Unit">Of the product.</param>
public sealed record EntryFormView(string ProductName, string Unit, DemandPeriod Granularity, IReadOnlyList<EntryRow> Rows);

public static class EntryRows
{
    /// <summary>A quarter of weeks or a year of months.</summary>
    public static int Count(DemandPeriod granularity) => granularity is DemandPeriod.Month ? 12 : 13;

    public static List<EntryRow> Of(DateOnly from, DemandPeriod granularity, IReadOnlyDictionary<DateOnly, decimal> entered)
    {
        var first = Periods.Of(from, granularity);
        return [.. Enumerable.Range(0, Count(granularity)).Select(i => Periods.Add(first, granularity, i)).Select(p => new EntryRow { Period = p, Quantity = entered.TryGetValue(p, out var quantity) ? quantity : null })];
    }

    public static IReadOnlyList<EnterDemand.Entry> Entries(IReadOnlyList<EntryRow> rows) => [.. rows.Take(60).Select(r => new EnterDemand.Entry(r.Period, r.Quantity))];
}
