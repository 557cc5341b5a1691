using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.EditCompanies)]
public sealed class EditContactModel(PortalDbContext db, SaveContact save, IStringLocalizer<CompaniesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public ContactInput Input { get; set; } = new();

    public long Id { get; private set; }
    public long CompanyId { get; private set; }
    public string Name { get; private set; } = "";
    public string CompanyName { get; private set; } = "";
    public IReadOnlyList<SelectListItem> Managers { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await ReadAsync(id, ct) is not { } contact) { return NotFound(); }
        Input = ContactInput.Of(contact);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (await ReadAsync(id, ct) is not { } contact) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var saved = await save.ExecuteAsync(new(id, Input.Version, contact.CompanyId, Input.ToDraft()), ct);
        if (saved.Refusal == CompanyRefusals.ChangedMeanwhile) { return this.Conflict(Input, ContactInput.Of((await ReadAsync(id, ct))!)); }
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Contact", new { id });
    }

    private async Task<Contact?> ReadAsync(long id, CancellationToken ct)
    {
        var found = await db.Contacts.AsNoTracking().Where(c => c.Id == id)
            .Select(c => new { Contact = c, Company = db.Companies.Where(x => x.Id == c.CompanyId).Select(x => x.Name).FirstOrDefault() }).FirstOrDefaultAsync(ct);
        if (found is null) { return null; }
        (Id, CompanyId, Name, CompanyName) = (id, found.Contact.CompanyId, found.Contact.FullName, found.Company ?? "");
        Managers = await ContactFields.ManagersAsync(db, CompanyId, id, ct);
        return found.Contact;
    }
}
