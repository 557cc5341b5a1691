using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.EditCompanies)]
public sealed class EditModel(PortalDbContext db, SaveCompany save, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public CompanyInput Input { get; set; } = new();

    public long Id { get; private set; }
    public string Name { get; private set; } = "";
    public IReadOnlyDictionary<string, string?> Names { get; private set; } = new Dictionary<string, string?>();

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await ReadAsync(id, ct) is not { } company) { return NotFound(); }
        Input = CompanyInput.Of(company);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (await ReadAsync(id, ct) is null) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var saved = await save.ExecuteAsync(new(id, Input.Version, Input.ToDraft()), ct);
        if (saved.Refusal == CompanyRefusals.ChangedMeanwhile) { return this.Conflict(Input, CompanyInput.Of((await ReadAsync(id, ct))!)); }
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Details", new { id });
    }

    private async Task<Company?> ReadAsync(long id, CancellationToken ct)
    {
        if (await db.CompanyForStaffAsync(id, ct) is not { } found) { return null; }
        (Id, Name) = (id, found.Company.Name);
        Names = new Dictionary<string, string?>
        {
            [nameof(Input.OwnerId)] = found.OwnerName, [nameof(Input.TerritoryId)] = found.TerritoryName, [nameof(Input.PartnerId)] = found.PartnerName, [nameof(Input.ParentId)] = found.ParentName,
        };
        return found.Company;
    }
}
