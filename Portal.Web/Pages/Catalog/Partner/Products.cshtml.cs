using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Catalog.Partner;

/// <summary>A supplier finds its own items here, whoever sells the range; a company that does both changes between the two.</summary>
[Authorize(Policy = Permissions.PartnerProducts)]
public sealed class ProductsModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<SupplierItem, ItemForSupplier> Supplied = ListDefinition.Of<SupplierItem, ItemForSupplier, CatalogText>("partner-items", "supplied", i => new ItemForSupplier(
            i.Id, Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Code).FirstOrDefault() ?? "", Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Name).FirstOrDefault() ?? "",
            Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Unit).FirstOrDefault() ?? "", i.SupplierCode, i.LeadTimeDays, i.MinimumQuantity, i.MultipleQuantity, i.StandardPrice, i.Currency))
        .Text("name", i => i.ProductName, sort: i => i.ProductName)
        .Text("own-code", i => i.OwnCode)
        .Text("code", i => i.ProductCode)
        .Unit("unit", i => i.Unit)
        .Number("lead-time", i => i.LeadTimeDays, sortable: true)
        .Number("minimum", i => i.MinimumQuantity)
        .Number("multiple", i => i.MultipleQuantity)
        .Money("price", i => i.StandardPrice, i => i.Currency)
        .Only(i => i.Active)
        .Search((PortalDbContext portal, string words) => portal.SupplierItems.Where(i => portal.Products.Matching(portal, words).Select(p => p.Id).Contains(i.ProductId) || i.SupplierCode == words))
        .OrderBy("name")
        .WhenEmpty(new EmptyList("package", "supplied.list.empty"));

    public static readonly ListDefinition<Product, ProductForPartner> Range = ListDefinition.Of<Product, ProductForPartner, CatalogText>("partner-range", "range", p => new ProductForPartner(
            p.Id, p.Code, p.Name, p.Unit, p.Lifecycle, p.ListPrice, p.Currency, Seen.Of<ProductCategory>().Where(c => c.Id == p.CategoryId).Select(c => c.Name).FirstOrDefault()))
        .Text("name", p => p.Name, sort: p => p.Name)
        .Text("code", p => p.Code, sort: p => p.Code)
        .Text("category", p => p.Category)
        .Badge("lifecycle", p => p.Lifecycle, Products.IndexModel.ToneOf)
        .Unit("unit", p => p.Unit)
        .Money("price", p => p.ListPrice, p => p.Currency)
        .Search((PortalDbContext portal, string words) => portal.Products.Matching(portal, words))
        .Choice("lifecycle", p => p.Lifecycle)
        .OrderBy("name")
        .WhenEmpty(new EmptyList("package", "range.list.empty"));

    public bool Supplies { get; private set; }
    public bool Sells { get; private set; }
    public bool ShowsRange { get; private set; }
    public ListView List { get; private set; } = null!;

    /// <summary>What a supplier sees of products that it makes is not the range on sale: list prices are for who sells.</summary>
    internal static bool SellsRange(AccessScope scope) => scope.CompanyAs(RecordClass.Product, Relationship.ParticipantIn, FieldSet.Summary) != 0;

    public async Task<IActionResult> OnGetAsync(string? view, CancellationToken ct)
    {
        // The terms with the house are the supplier's own data: no grant gives them.
        (Supplies, Sells) = (db.Scope.May(Permissions.PartnerItems), SellsRange(db.Scope));
        ShowsRange = !Supplies || (Sells && view == "range");
        List = ShowsRange ? await Range.RunAsync(db, HttpContext, ct) : await Supplied.RunAsync(db, HttpContext, ct);
        return List.Answer(this);
    }
}
