using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Supply.Items;

/// <remarks>Names stand with their own records, so the list orders by what lies in its index: the order of entry.</remarks>
[Authorize(Policy = Permissions.ViewProducts)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<SupplierItem, SupplierItem> Definition = ListDefinition.Of<SupplierItem, SupplyText>("supplier-items", "supplier-item")
        .Row("/supplier-items/{id}")
        .Text("product", i => Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Name).FirstOrDefault())
        .Text("code", i => Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Code).FirstOrDefault())
        .Link("supplier", i => Seen.Of<Company>().Where(c => c.Id == i.SupplierId).Select(c => c.Name).FirstOrDefault(), i => i.SupplierId, "/companies/{id}")
        .Text("supplier-code", i => i.SupplierCode)
        .Number("lead-time", i => i.LeadTimeDays)
        .Number("minimum", i => i.MinimumQuantity)
        .Number("multiple", i => i.MultipleQuantity)
        .Money("price", i => i.StandardPrice, i => i.Currency)
        .YesNo("preferred.short", i => i.Preferred)
        .YesNo("active", i => i.Active, shown: false, otherwise: "supplier-item.inactive")
        .Search((PortalDbContext portal, string words) => portal.SupplierItems.Where(i => portal.Products.Matching(portal, words).Select(p => p.Id).Contains(i.ProductId)
            || portal.Companies.Matching(portal, words).Select(c => c.Id).Contains(i.SupplierId)))
        .LookUp("supplier", i => i.SupplierId, "supplier")
        .LookUp("product", i => i.ProductId, "product")
        .Flag("preferred.short", i => i.Preferred)
        .Flag("active", i => i.Active)
        .WhenEmpty(new EmptyList("truck", "supplier-item.list.empty", "supplier-item.create.title", "/supplier-items/create", Permissions.EditProducts));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
