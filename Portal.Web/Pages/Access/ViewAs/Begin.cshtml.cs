using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.ViewAs;

/// <summary>Says why, and begins to look at the portal as this person sees it.</summary>
[Authorize(Policy = Permissions.ViewAs)]
public sealed class BeginModel(PortalDbContext db, ViewAsPerson viewAs, StepUp stepUp, IStringLocalizer<AccessText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "view-as.reason"), Required, StringLength(ViewAsPerson.LongestReason)] public string Reason { get; set; } = "";
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public string PersonName { get; private set; } = "";
    public string Company { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct) => await LoadAsync(id, ct) ? stepUp.Ask(this) ?? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } ask) { return ask; }
        if (!ModelState.IsValid) { return Page(); }
        var begun = await viewAs.ExecuteAsync(id, Input.Reason, ct);
        if (begun.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (begun.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        await ViewingAs.BeginAsync(HttpContext, begun.Value, ct);
        return LocalRedirect("/");
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await ViewAsPerson.Viewable(db).Where(p => p.Id == id).Select(p => new { p.Name, Company = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault() }).FirstOrDefaultAsync(ct) is not { } person) { return false; }
        (PersonName, Company) = (person.Name, person.Company ?? "");
        return true;
    }
}
