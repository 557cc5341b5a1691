using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.EditCompanies)]
public sealed class CreateSiteModel(PortalDbContext db, SaveSite save, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public SiteInput Input { get; set; } = new();

    public long CompanyId { get; private set; }
    public string CompanyName { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(long companyId, CancellationToken ct) => await ReadAsync(companyId, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long companyId, CancellationToken ct)
    {
        if (!await ReadAsync(companyId, ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var saved = await save.ExecuteAsync(new(null, 0, companyId, Input.ToDraft()), ct);
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return Redirect($"/companies/{companyId}?tab=sites");
    }

    private async Task<bool> ReadAsync(long companyId, CancellationToken ct)
    {
        (CompanyId, CompanyName) = (companyId, await db.Companies.Where(c => c.Id == companyId).Select(c => c.Name).FirstOrDefaultAsync(ct) ?? "");
        return CompanyName.Length > 0;
    }
}
