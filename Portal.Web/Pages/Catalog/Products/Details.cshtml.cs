using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Web.Pages.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Catalog.Products;

[Authorize(Policy = Permissions.ViewProducts)]
public sealed class DetailsModel(PortalDbContext db, IStringLocalizer<CatalogText> text, IStringLocalizer<SupplyText> supplyText) : PageModel
{
    public const int DemandWeeks = 26;
    private const int MostOpportunities = 20;

    public sealed record SuppliedBy(
        long Id, long SupplierId, string? Supplier, string? Code, int LeadTimeDays, decimal Minimum, decimal Multiple, decimal Price, string Currency, bool Preferred, bool Active);

    public sealed record AskedFor(long Id, string Title, string Customer, decimal Quantity, DateOnly? CloseDate, int Probability);

    public Product Product { get; private set; } = null!;
    public IReadOnlyList<Fact> Facts { get; private set; } = [];
    public IReadOnlyList<SuppliedBy> Suppliers { get; private set; } = [];
    /// <summary>Null where the reader may not see demand.</summary>
    public ChartView? Demand { get; private set; }
    /// <summary>Null where the reader may not see opportunities.</summary>
    public IReadOnlyList<AskedFor>? Opportunities { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        var viewer = Viewer.Of(HttpContext);
        var found = await db.Products.AsNoTracking().Where(p => p.Id == id)
            .Select(p => new { Product = p, Category = db.Categories.Where(c => c.Id == p.CategoryId).Select(c => c.Name).FirstOrDefault() }).FirstOrDefaultAsync(ct);
        if (found is null) { return NotFound(); }
        Product = found.Product;
        Facts = FactsOf(found.Product, found.Category);
        Suppliers = await db.SupplierItems.Where(i => i.ProductId == id).OrderByDescending(i => i.Active).ThenByDescending(i => i.Preferred).ThenBy(i => i.Id).Take(50)
            .Select(i => new SuppliedBy(
                i.Id, i.SupplierId, db.Companies.Where(c => c.Id == i.SupplierId).Select(c => c.Name).FirstOrDefault(), i.SupplierCode, i.LeadTimeDays, i.MinimumQuantity, i.MultipleQuantity,
                i.StandardPrice, i.Currency, i.Preferred, i.Active)).ToListAsync(ct);
        if (viewer.May(Permissions.ViewDemand)) { Demand = await DemandAsync(ct); }
        if (viewer.May(Permissions.ViewOpportunities)) { Opportunities = await OpportunitiesAsync(ct); }
        return Page();
    }

    private List<Fact> FactsOf(Product product, string? category) =>
    [
        new(text["product.code"], product.Code),
        new(text["product.category"], category),
        new(text["product.unit"], Display.Unit(product.Unit)),
        new(text["product.price"], product.ListPrice is { } price ? Display.Money(new Money(price, product.Currency)) : null),
        new(text["product.cost"], product.StandardCost is { } cost ? Display.Money(new Money(cost, product.Currency)) : null),
        new(text["product.sold-from"], Display.Date(product.SoldFrom)),
        new(text["product.sold-until"], Display.Date(product.SoldUntil)),
        new(text["product.description"], product.Description),
    ];

    private async Task<ChartView> DemandAsync(CancellationToken ct)
    {
        var query = new DemandGridQuery(DemandPeriod.Week, db.Today, DemandWeeks, []);
        var columns = new DemandColumns(query);
        var figures = await db.DemandSignals.Where(s => s.ProductId == Product.Id && s.Source != DemandSource.StockOnHand).Between(query.First, query.Until).ForSupplier().ToListAsync(ct);
        var series = figures.GroupBy(f => f.Source).OrderBy(g => g.Key)
            .Select(g => new ChartSeries(supplyText[Display.Key(g.Key)], [.. columns.Sum(g.Select(f => (f.Period, f.Quantity))).Select(q => (decimal?)q)]));
        return new("demand", text["product.demand"], ChartKind.StackedBar, text["product.demand.week"], [.. columns.Periods.Select(p => Display.Date(p))], [.. series], Display.Unit(Product.Unit), Low: true);
    }

    private async Task<IReadOnlyList<AskedFor>> OpportunitiesAsync(CancellationToken ct) =>
        await db.OpportunityLines.Where(l => l.ProductId == Product.Id)
            .Join(db.Opportunities.Where(o => o.Outcome == StageKind.Open), l => l.OpportunityId, o => o.Id, (l, o) => new { Line = l, Opportunity = o })
            .OrderBy(x => x.Opportunity.CloseDate).ThenBy(x => x.Opportunity.Id).Take(MostOpportunities)
            .Select(x => new AskedFor(x.Opportunity.Id, x.Opportunity.Title, x.Opportunity.CustomerName, x.Line.Quantity, x.Opportunity.CloseDate, x.Opportunity.Probability)).ToListAsync(ct);
}
