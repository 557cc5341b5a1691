using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Companies.Territories;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class EditModel(PortalDbContext db, SaveTerritory save, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui) : SmallRecordPage<Territory, EditModel.InputModel>(db, text, ui)
{
    public sealed class InputModel : SmallRecordInput
    {
        [Display(Name = "territory.code"), Required, StringLength(Territory.CodeLength)] public string Code { get; set; } = "";
        [Display(Name = "territory.name"), Required, StringLength(Territory.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "territory.region"), StringLength(Territory.RegionLength)] public string? Region { get; set; }
        [Display(Name = "territory.parent"), LookUp("territory")] public long? ParentId { get; set; }
    }

    public string? ParentName { get; private set; }

    protected override string ListPath => "/companies/territories";
    protected override InputModel InputOf(Territory territory) => new() { Version = territory.Version, Code = territory.Code, Name = territory.Name, Region = territory.Region, ParentId = territory.ParentId };
    protected override async Task LoadAsync(CancellationToken ct) => ParentName = await Db.Territories.Where(t => t.Id == Input.ParentId).Select(t => t.Name).FirstOrDefaultAsync(ct);
    protected override async Task<Refusal?> SaveAsync(long? id, CancellationToken ct) => (await save.ExecuteAsync(new(id, Input.Version, Input.Code, Input.Name, Input.Region, Input.ParentId), ct)).Refusal;
    protected override Task<Refusal?> RemoveAsync(long id, CancellationToken ct) => save.RemoveAsync(id, ct);
}
