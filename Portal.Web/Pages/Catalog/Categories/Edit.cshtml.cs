using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Catalog.Categories;

[Authorize(Policy = Permissions.EditProducts)]
public sealed class EditModel(PortalDbContext db, SaveCategory save, IStringLocalizer<CatalogText> text, IStringLocalizer<UiText> ui) : SmallRecordPage<ProductCategory, EditModel.InputModel>(db, text, ui)
{
    public sealed class InputModel : SmallRecordInput
    {
        [Display(Name = "category.code"), Required, StringLength(ProductCategory.CodeLength)] public string Code { get; set; } = "";
        [Display(Name = "category.name"), Required, StringLength(ProductCategory.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "category.parent"), LookUp("category")] public long? ParentId { get; set; }
    }

    public string? ParentName { get; private set; }

    protected override string ListPath => "/products/categories";
    protected override InputModel InputOf(ProductCategory category) => new() { Version = category.Version, Code = category.Code, Name = category.Name, ParentId = category.ParentId };
    protected override async Task LoadAsync(CancellationToken ct) => ParentName = await Db.Categories.Where(c => c.Id == Input.ParentId).Select(c => c.Name).FirstOrDefaultAsync(ct);
    protected override async Task<Refusal?> SaveAsync(long? id, CancellationToken ct) => (await save.ExecuteAsync(new(id, Input.Version, Input.Code, Input.Name, Input.ParentId), ct)).Refusal;
    protected override Task<Refusal?> RemoveAsync(long id, CancellationToken ct) => save.RemoveAsync(id, ct);
}
