using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Catalog.Categories;

[Authorize(Policy = Permissions.EditProducts)]
public sealed class EditModel(PortalDbContext db, SaveCategory save, IStringLocalizer<CatalogText> text, IStringLocalizer<UiText> ui) : PageModel
{
    public sealed class InputModel
    {
        public long Version { get; set; }
        [Display(Name = "category.code"), Required, StringLength(ProductCategory.CodeLength)] public string Code { get; set; } = "";
        [Display(Name = "category.name"), Required, StringLength(ProductCategory.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "category.parent"), LookUp("category")] public long? ParentId { get; set; }

        public static InputModel Of(ProductCategory category) => new() { Version = category.Version, Code = category.Code, Name = category.Name, ParentId = category.ParentId };
    }

    [BindProperty] public InputModel Input { get; set; } = new();

    /// <summary>As stored; empty for a new category.</summary>
    public string Heading { get; private set; } = "";
    public string? ParentName { get; private set; }

    public async Task<IActionResult> OnGetAsync(long? id, CancellationToken ct)
    {
        if (id is null) { return Page(); }
        if (await FindAsync(id, ct) is not { } category) { return NotFound(); }
        Input = InputModel.Of(category);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(long? id, CancellationToken ct)
    {
        var category = await FindAsync(id, ct);
        if (id is not null && category is null) { return NotFound(); }
        if (!ModelState.IsValid) { return await ShowAsync(ct); }
        if (category is not null && category.Version != Input.Version)
        {
            await ShowAsync(ct);
            return this.Conflict(Input, InputModel.Of(category));
        }
        var saved = await save.ExecuteAsync(new(id, Input.Version, Input.Code, Input.Name, Input.ParentId), ct);
        if (saved.Refusal is { } refusal)
        {
            refusal.AddTo(ModelState, text);
            return await ShowAsync(ct);
        }
        this.Toast(ui["toast.saved"]);
        return Redirect("/products/categories");
    }

    private async Task<ProductCategory?> FindAsync(long? id, CancellationToken ct)
    {
        var category = id is null ? null : await db.Categories.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);
        Heading = category?.Name ?? "";
        return category;
    }

    private async Task<PageResult> ShowAsync(CancellationToken ct)
    {
        ParentName = await db.Categories.Where(c => c.Id == Input.ParentId).Select(c => c.Name).FirstOrDefaultAsync(ct);
        return Page();
    }
}
