using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Catalog.Products;

[Authorize(Policy = Permissions.EditProducts)]
public sealed class EditModel(PortalDbContext db, SaveProduct save, IStringLocalizer<CatalogText> text, IStringLocalizer<UiText> ui) : PageModel
{
    public sealed class InputModel
    {
        public long Version { get; set; }
        [Display(Name = "product.code"), Required, StringLength(Product.CodeLength)] public string Code { get; set; } = "";
        [Display(Name = "product.name"), Required, StringLength(Product.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "product.category"), LookUp("category")] public long? CategoryId { get; set; }
        [Display(Name = "product.lifecycle")] public Lifecycle Lifecycle { get; set; } = Lifecycle.Active;
        [Display(Name = "product.unit"), Required, StringLength(Product.UnitLength)] public string Unit { get; set; } = Domain.Catalog.Units.Piece;
        [Display(Name = "product.price")] public decimal? ListPrice { get; set; }
        public string Currency { get; set; } = "EUR";
        [Display(Name = "product.cost")] public decimal? StandardCost { get; set; }
        [Display(Name = "product.sold-from")] public DateOnly? SoldFrom { get; set; }
        [Display(Name = "product.sold-until")] public DateOnly? SoldUntil { get; set; }
        [Display(Name = "product.description"), StringLength(Product.DescriptionLength)] public string? Description { get; set; }

        public static InputModel Of(Product product) => new()
        {
            Version = product.Version, Code = product.Code, Name = product.Name, CategoryId = product.CategoryId, Lifecycle = product.Lifecycle, Unit = product.Unit,
            ListPrice = product.ListPrice, Currency = product.Currency, StandardCost = product.StandardCost, SoldFrom = product.SoldFrom, SoldUntil = product.SoldUntil, Description = product.Description,
        };
    }

    [BindProperty] public InputModel Input { get; set; } = new();

    /// <summary>As stored; empty for a new product.</summary>
    public string Heading { get; private set; } = "";
    public string? CategoryName { get; private set; }
    /// <summary>Every unit to choose from, before them the product's own where it is none of these.</summary>
    public IReadOnlyList<SelectListItem> Units { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long? id, CancellationToken ct)
    {
        if (id is null) { return await ShowAsync(ct); }
        if (await FindAsync(id, ct) is not { } product) { return NotFound(); }
        Input = InputModel.Of(product);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(long? id, CancellationToken ct)
    {
        var product = await FindAsync(id, ct);
        if (id is not null && product is null) { return NotFound(); }
        if (!ModelState.IsValid) { return await ShowAsync(ct); }
        if (product is not null && product.Version != Input.Version)
        {
            await ShowAsync(ct);
            return this.Conflict(Input, InputModel.Of(product));
        }
        var saved = await save.ExecuteAsync(new(
            id, Input.Version, Input.Code, Input.Name, Input.Description, Input.CategoryId, Input.Unit, Input.Lifecycle, Input.ListPrice, Input.Currency, Input.StandardCost, Input.SoldFrom, Input.SoldUntil), ct);
        if (saved.Refusal is { } refusal)
        {
            refusal.AddTo(ModelState, text);
            return await ShowAsync(ct);
        }
        this.Toast(ui["toast.saved"]);
        return Redirect($"/products/{saved.Value.Id}");
    }

    private async Task<Product?> FindAsync(long? id, CancellationToken ct)
    {
        var product = id is null ? null : await db.Products.AsNoTracking().FirstOrDefaultAsync(p => p.Id == id, ct);
        Heading = product?.Name ?? "";
        return product;
    }

    private async Task<PageResult> ShowAsync(CancellationToken ct)
    {
        var codes = Domain.Catalog.Units.Codes;
        Units = [.. (codes.Contains(Input.Unit) || Input.Unit.Length == 0 ? codes : [Input.Unit, .. codes]).Select(unit => new SelectListItem(Display.Unit(unit) is var word && word == unit ? unit : $"{word} ({unit})", unit))];
        CategoryName = Input.CategoryId is null ? null : await db.Categories.Where(c => c.Id == Input.CategoryId).Select(c => c.Name).FirstOrDefaultAsync(ct);
        return Page();
    }
}
