using Microsoft.EntityFrameworkCore;
using Portal.Domain.Catalog;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

/// <summary>Which part of the demand a grid shows.</summary>
/// <param name="Across">Week or month. A figure counts in the week or month that holds the first day of its own period.</param>
/// <param name="From">Any day of the first column.</param>
/// <param name="Columns">1 to <see cref="DemandGrid.MostColumns"/>.</param>
/// <param name="Sources">Empty for all.</param>
/// <param name="SupplierId">Only products that this company supplies.</param>
/// <param name="Text">Words of the product's name or code.</param>
/// <param name="Unit">Only products that are counted in it; see <see cref="Units.CountedAs"/>.</param>
public sealed record DemandGridQuery(
    DemandPeriod Across, DateOnly From, int Columns, IReadOnlyCollection<DemandSource> Sources, long? CategoryId = null, long? SupplierId = null, long? ProductId = null, string? Text = null, string? Unit = null)
{
    public DateOnly First => Periods.Of(From, Across);
    public DateOnly Until => Periods.Add(First, Across, Columns);
}

/// <summary>A place in the order of products, before or after which a page lies.</summary>
public sealed record DemandGridPlace(string Name, long Id, bool Backward);

/// <param name="Demand">One number for each column, over the chosen sources but stock; null where none of them is chosen.</param>
/// <param name="Stock">For each column what was counted last, null where nothing was; null altogether where stock is not chosen. A level and no demand: it is never added to the rest.</param>
public sealed record DemandGridRow(long ProductId, string Code, string Name, string Unit, decimal[]? Demand, decimal?[]? Stock);

/// <summary>What one source asks for over all products that are counted in one unit: pieces and kilograms are never added up.</summary>
/// <param name="Unit">As <see cref="Units.CountedAs"/>.</param>
/// <param name="Quantities">One for each column.</param>
public sealed record DemandTotal(string Unit, DemandSource Source, decimal?[] Quantities);

/// <param name="Totals">
/// Over all products of the query, not of the page, the unit with the largest demand first. Stock has none across months, in which products are counted on
/// different days.
/// </param>
public sealed record DemandGridPage(
    IReadOnlyList<DateOnly> Periods, IReadOnlyList<DemandGridRow> Rows, IReadOnlyList<DemandTotal> Totals, DemandGridPlace? Previous, DemandGridPlace? Next);

/// <summary>
/// Products down, periods across. Every cell of the page comes from one query that the database groups, read from an index that holds all it needs;
/// the readers' types are as <see cref="DemandForSupplier"/>: no company, no site, for whoever asks.
/// </summary>
public static class DemandGrid
{
    public const int MostColumns = 26;
    public const int PageSize = 25;

    public static async Task<DemandGridPage> ReadAsync(PortalDbContext db, DemandGridQuery query, DemandGridPlace? place, CancellationToken ct)
    {
        var (first, until) = (query.First, query.Until);
        DemandSource[] sources = query.Sources.Count == 0 ? Enum.GetValues<DemandSource>() : [.. query.Sources];
        var signals = db.DemandSignals.Between(first, until).Where(s => sources.Contains(s.Source));
        var filtered = Products(db, query);
        var products = (filtered ?? db.Products).Where(p => signals.Any(s => s.ProductId == p.Id));

        var (page, previous, next) = await PageAsync(products, place, ct);
        var ids = page.ConvertAll(p => p.Id);
        var cells = await signals.Where(s => ids.Contains(s.ProductId)).ForSupplier().ToListAsync(ct);
        var totals = await (from signal in signals
                            join product in filtered ?? db.Products on signal.ProductId equals product.Id
                            group signal.Quantity by new { product.Unit, signal.Source, signal.Period } into sum
                            select new { sum.Key.Unit, sum.Key.Source, sum.Key.Period, Quantity = sum.Sum() }).ToListAsync(ct);

        var columns = new DemandColumns(query);
        var byProduct = cells.ToLookup(c => c.ProductId);
        var hasDemand = sources.Any(s => s is not DemandSource.StockOnHand);
        var hasStock = sources.Contains(DemandSource.StockOnHand);
        return new(
            columns.Periods,
            page.ConvertAll(p => new DemandGridRow(
                p.Id, p.Code, p.Name, p.Unit,
                hasDemand ? columns.Sum(byProduct[p.Id].Where(c => c.Source is not DemandSource.StockOnHand).Select(c => (c.Period, c.Quantity))) : null,
                hasStock ? columns.Last(byProduct[p.Id].Where(c => c.Source is DemandSource.StockOnHand).Select(c => (c.Period, c.Quantity))) : null)),
            [.. totals.Where(t => t.Source is not DemandSource.StockOnHand || query.Across is not DemandPeriod.Month).GroupBy(t => Units.CountedAs(t.Unit))
                .OrderByDescending(unit => unit.Where(t => t.Source is not DemandSource.StockOnHand).Sum(t => t.Quantity)).ThenBy(unit => unit.Key, StringComparer.Ordinal)
                .SelectMany(unit => unit.GroupBy(t => t.Source).OrderBy(g => g.Key).Select(g => new DemandTotal(unit.Key, g.Key,
                    columns.Of(g.Key, g.GroupBy(t => t.Period).Select(period => (period.Key, period.Sum(t => t.Quantity)))))))],
            previous, next);
    }

    /// <returns>Null where the query names no product in particular.</returns>
    private static IQueryable<Product>? Products(PortalDbContext db, DemandGridQuery query)
    {
        IQueryable<Product> all = db.Products, products = all;
        if (query.ProductId is { } product) { products = products.Where(p => p.Id == product); }
        if (query.CategoryId is { } category) { products = products.Where(p => p.CategoryId == category); }
        if (query.SupplierId is { } supplier) { products = products.Where(p => db.SupplierItems.Any(i => i.ProductId == p.Id && i.SupplierId == supplier && i.Active)); }
        if (query.Unit is { } unit)
        {
            var written = Units.WrittenFor(unit);
            products = products.Where(p => written.Contains(p.Unit));
        }
        if (!string.IsNullOrWhiteSpace(query.Text)) { products = products.Matching(db, query.Text); }
        return ReferenceEquals(products, all) ? null : products;
    }

    private sealed record Line(long Id, string Code, string Name, string Unit);

    private static async Task<(List<Line> Page, DemandGridPlace? Previous, DemandGridPlace? Next)> PageAsync(IQueryable<Product> products, DemandGridPlace? place, CancellationToken ct)
    {
        // The plain bound beside the exact condition is what an index is sought by.
        var ordered = place switch
        {
            null => products.OrderBy(p => p.Name).ThenBy(p => p.Id),
            { Backward: false } => products.Where(p => p.Name.CompareTo(place.Name) >= 0 && (p.Name.CompareTo(place.Name) > 0 || p.Id > place.Id)).OrderBy(p => p.Name).ThenBy(p => p.Id),
            { Backward: true } => products.Where(p => p.Name.CompareTo(place.Name) <= 0 && (p.Name.CompareTo(place.Name) < 0 || p.Id < place.Id)).OrderByDescending(p => p.Name).ThenByDescending(p => p.Id),
        };
        var page = await ordered.Take(PageSize + 1).Select(p => new Line(p.Id, p.Code, p.Name, p.Unit)).ToListAsync(ct);
        var more = page.Count > PageSize;
        if (more) { page.RemoveAt(PageSize); }
        var backward = place is { Backward: true };
        if (backward) { page.Reverse(); }
        if (page.Count == 0) { return (page, null, null); }
        var previous = backward ? more : place is not null;
        var next = backward || more;
        return (page,
            previous ? new(page[0].Name, page[0].Id, Backward: true) : null,
            next ? new(page[^1].Name, page[^1].Id, Backward: false) : null);
    }
}

/// <summary>Folds figures into the columns of a grid.</summary>
public sealed class DemandColumns
{
    private readonly DemandPeriod _across;
    private readonly Dictionary<DateOnly, int> _column;

    public DemandColumns(DemandGridQuery query)
    {
        _across = query.Across;
        Periods = [.. Enumerable.Range(0, query.Columns).Select(i => Supply.Periods.Add(query.First, query.Across, i))];
        _column = Periods.Index().ToDictionary(p => p.Item, p => p.Index);
    }

    /// <summary>The first day of each column.</summary>
    public IReadOnlyList<DateOnly> Periods { get; }

    public decimal?[] Of(DemandSource source, IEnumerable<(DateOnly Period, decimal Quantity)> figures) =>
        source is DemandSource.StockOnHand ? Last(figures) : Array.ConvertAll(Sum(figures), sum => (decimal?)sum);

    public decimal[] Sum(IEnumerable<(DateOnly Period, decimal Quantity)> figures)
    {
        var folded = new decimal[Periods.Count];
        foreach (var (period, quantity) in figures) { folded[ColumnOf(period)] += quantity; }
        return folded;
    }

    /// <summary>What was counted last within each column, for levels; null where nothing was counted.</summary>
    public decimal?[] Last(IEnumerable<(DateOnly Period, decimal Quantity)> figures)
    {
        var folded = new decimal?[Periods.Count];
        foreach (var (period, quantity) in figures.OrderBy(f => f.Period)) { folded[ColumnOf(period)] = quantity; }
        return folded;
    }

    private int ColumnOf(DateOnly period) => _column[Supply.Periods.Of(period, _across)];
}
