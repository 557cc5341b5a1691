using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Supply.Items;

[Authorize(Policy = Permissions.EditProducts)]
public sealed class EditModel(PortalDbContext db, SaveSupplierItem save, IStringLocalizer<SupplyText> text, IStringLocalizer<UiText> ui) : PageModel
{
    public sealed class InputModel
    {
        public long Version { get; set; }
        [Display(Name = "supplier-item.supplier"), LookUp("supplier")] public long? SupplierId { get; set; }
        [Display(Name = "supplier-item.product"), LookUp("product")] public long? ProductId { get; set; }
        [Display(Name = "supplier-item.supplier-code"), StringLength(SupplierItem.SupplierCodeLength)] public string? SupplierCode { get; set; }
        [Display(Name = "supplier-item.lead-time"), Range(0, SupplierItem.LongestLeadTimeDays)] public int LeadTimeDays { get; set; }
        [Display(Name = "supplier-item.minimum")] public decimal MinimumQuantity { get; set; }
        [Display(Name = "supplier-item.multiple")] public decimal MultipleQuantity { get; set; }
        [Display(Name = "supplier-item.price")] public decimal StandardPrice { get; set; }
        public string Currency { get; set; } = "EUR";
        [Display(Name = "supplier-item.preferred")] public bool Preferred { get; set; }
        [Display(Name = "supplier-item.active")] public bool Active { get; set; } = true;

        public static InputModel Of(SupplierItem item) => new()
        {
            Version = item.Version, SupplierId = item.SupplierId, ProductId = item.ProductId, SupplierCode = item.SupplierCode, LeadTimeDays = item.LeadTimeDays,
            MinimumQuantity = item.MinimumQuantity, MultipleQuantity = item.MultipleQuantity, StandardPrice = item.StandardPrice, Currency = item.Currency, Preferred = item.Preferred, Active = item.Active,
        };
    }

    [BindProperty] public InputModel Input { get; set; } = new();

    public bool IsNew { get; private set; } = true;
    public string? SupplierName { get; private set; }
    public string? ProductName { get; private set; }
    public string Heading => string.Join(" · ", new[] { ProductName, SupplierName }.Where(name => name is not null));

    public async Task<IActionResult> OnGetAsync(long? id, long? product, long? supplier, CancellationToken ct)
    {
        if (id is null) { (Input.ProductId, Input.SupplierId) = (product, supplier); }
        else if (await FindAsync(id, ct) is { } item) { Input = InputModel.Of(item); }
        else { return NotFound(); }
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(long? id, CancellationToken ct)
    {
        var item = await FindAsync(id, ct);
        if (id is not null && item is null) { return NotFound(); }
        if (item is not null) { (Input.SupplierId, Input.ProductId) = (item.SupplierId, item.ProductId); }
        if (!ModelState.IsValid) { return await ShowAsync(ct); }
        if (item is not null && item.Version != Input.Version)
        {
            await ShowAsync(ct);
            return this.Conflict(Input, InputModel.Of(item));
        }
        var saved = await save.ExecuteAsync(new(
            id, Input.Version, Input.SupplierId ?? 0, Input.ProductId ?? 0, Input.SupplierCode, Input.LeadTimeDays, Input.MinimumQuantity, Input.MultipleQuantity, Input.StandardPrice, Input.Currency,
            Input.Preferred, Input.Active), ct);
        if (saved.Refusal is { } refusal)
        {
            refusal.AddTo(ModelState, text);
            return await ShowAsync(ct);
        }
        this.Toast(ui["toast.saved"]);
        return Redirect($"/supplier-items/{saved.Value.Id}");
    }

    private async Task<SupplierItem?> FindAsync(long? id, CancellationToken ct)
    {
        var item = id is null ? null : await db.SupplierItems.AsNoTracking().FirstOrDefaultAsync(i => i.Id == id, ct);
        IsNew = item is null;
        return item;
    }

    private async Task<PageResult> ShowAsync(CancellationToken ct)
    {
        SupplierName = await db.Companies.Where(c => c.Id == Input.SupplierId).Select(c => c.Name).FirstOrDefaultAsync(ct);
        ProductName = await db.Products.Where(p => p.Id == Input.ProductId).Select(p => p.Name).FirstOrDefaultAsync(ct);
        return Page();
    }
}
