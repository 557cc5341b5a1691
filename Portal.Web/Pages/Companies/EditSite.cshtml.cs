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
public sealed class EditSiteModel(PortalDbContext db, SaveSite save, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public SiteInput Input { get; set; } = new();

    public long CompanyId { get; private set; }
    public string Name { get; private set; } = "";
    public string CompanyName { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await ReadAsync(id, ct) is not { } site) { return NotFound(); }
        Input = SiteInput.Of(site);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (await ReadAsync(id, ct) is not { } site) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var saved = await save.ExecuteAsync(new(id, Input.Version, site.CompanyId, Input.ToDraft()), ct);
        if (saved.Refusal == CompanyRefusals.ChangedMeanwhile) { return this.Conflict(Input, SiteInput.Of((await ReadAsync(id, ct))!)); }
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return Redirect($"/companies/{CompanyId}?tab=sites");
    }

    private async Task<Site?> ReadAsync(long id, CancellationToken ct)
    {
        var found = await db.Sites.AsNoTracking().Where(s => s.Id == id)
            .Select(s => new { Site = s, Company = db.Companies.Where(c => c.Id == s.CompanyId).Select(c => c.Name).FirstOrDefault() }).FirstOrDefaultAsync(ct);
        if (found is null) { return null; }
        (CompanyId, Name, CompanyName) = (found.Site.CompanyId, found.Site.Name, found.Company ?? "");
        return found.Site;
    }
}
