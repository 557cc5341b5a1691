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
public sealed class CreateModel(PortalDbContext db, SaveCompany save, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public CompanyInput Input { get; set; } = new();

    /// <summary>Who enters a customer usually looks after it.</summary>
    public void OnGet() => Input = new() { OwnerId = db.Scope.PersonId, IsCustomer = true };

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid) { return Page(); }
        var saved = await save.ExecuteAsync(new(null, 0, Input.ToDraft()), ct);
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Details", new { id = saved.Value.Id });
    }
}
