using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Catalog.Products;

[Authorize(Policy = Permissions.ViewProducts)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Product, Product> Definition = ListDefinition.Of<Product, CatalogText>("products", "product")
        .Row("/products/{id}")
        .Text("name", p => p.Name, sort: p => p.Name)
        .Text("code", p => p.Code, sort: p => p.Code)
        .Text("category", p => Seen.Of<ProductCategory>().Where(c => c.Id == p.CategoryId).Select(c => c.Name).FirstOrDefault())
        .Badge("lifecycle", p => p.Lifecycle, ToneOf)
        .Unit("unit", p => p.Unit)
        .Money("price", p => p.ListPrice, p => p.Currency)
        .Money("cost", p => p.StandardCost, p => p.Currency, shown: false)
        .Date("sold-from", p => p.SoldFrom, shown: false)
        .Date("sold-until", p => p.SoldUntil, shown: false)
        .Search((PortalDbContext portal, string words) => portal.Products.Matching(portal, words))
        .Choice("lifecycle", p => p.Lifecycle)
        .LookUp("category", p => p.CategoryId, "category")
        .LookUp("supplier", (p, id) => Seen.Of<SupplierItem>().Any(i => i.ProductId == p.Id && i.SupplierId == id && i.Active), "supplier")
        .OrderBy("name")
        .WhenEmpty(new EmptyList("package", "product.list.empty", "product.create.title", "/products/create", Permissions.EditProducts));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }

    public static Tone ToneOf(Lifecycle lifecycle) => lifecycle switch
    {
        Lifecycle.Active => Tone.Ok,
        Lifecycle.PhaseOut => Tone.Warn,
        Lifecycle.Discontinued => Tone.Bad,
        Lifecycle.Planned => Tone.Info,
        _ => Tone.Plain,
    };
}
