using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Supply.Items;

[Authorize(Policy = Permissions.ViewProducts)]
public sealed class DetailsModel(PortalDbContext db, IStringLocalizer<SupplyText> text) : PageModel
{
    public SupplierItem Item { get; private set; } = null!;
    public string ProductName { get; private set; } = "";
    public IReadOnlyList<Fact> Facts { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        var found = await (
            from item in db.SupplierItems.AsNoTracking()
            join product in db.Products on item.ProductId equals product.Id into products
            from product in products.DefaultIfEmpty()
            where item.Id == id
            select new { Item = item, Supplier = db.Companies.Where(c => c.Id == item.SupplierId).Select(c => c.Name).FirstOrDefault(), Product = product }).FirstOrDefaultAsync(ct);
        if (found is null) { return NotFound(); }
        (Item, ProductName) = (found.Item, found.Product?.Name ?? Display.None);
        Facts =
        [
            Fact.Link(text["supplier-item.product"], ProductName, $"/products/{Item.ProductId}"),
            new(text["supplier-item.code"], found.Product?.Code),
            Fact.Link(text["supplier-item.supplier"], found.Supplier, $"/companies/{Item.SupplierId}"),
            new(text["supplier-item.supplier-code"], Item.SupplierCode),
            new(text["supplier-item.lead-time"], Display.Number(Item.LeadTimeDays)),
            new(text["supplier-item.minimum"], $"{Display.Number(Item.MinimumQuantity)} {Display.Unit(found.Product?.Unit)}"),
            new(text["supplier-item.multiple"], Item.MultipleQuantity == 0 ? null : $"{Display.Number(Item.MultipleQuantity)} {Display.Unit(found.Product?.Unit)}"),
            new(text["supplier-item.price"], Display.Money(new Money(Item.StandardPrice, Item.Currency))),
        ];
        return Page();
    }
}
