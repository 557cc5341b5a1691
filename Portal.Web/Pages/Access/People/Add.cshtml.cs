using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.People;

/// <summary>
/// Takes a person in and invites them to choose a password, where the portal keeps the accounts. Without mail the link is shown, to be handed over. A record for a program
/// gets no log-in.
/// </summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class AddModel(PortalDbContext db, Accounts accounts, AccountLife life, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "person.name"), Required, StringLength(160)] public string Name { get; set; } = "";
        [Display(Name = "person.email"), Required, EmailAddress, StringLength(254)] public string Email { get; set; } = "";
        [Display(Name = "person.company"), LookUp("company")] public long? CompanyId { get; set; }
        [Display(Name = "person.functions")] public List<string> Functions { get; set; } = [];
        [Display(Name = "person.language"), Required] public string Language { get; set; } = "en";
        [Display(Name = "person.subject"), StringLength(255)] public string? Subject { get; set; }
        [Display(Name = "person.for-program")] public bool ForProgram { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public bool IsBuiltIn => addresses.IsBuiltIn;
    /// <summary>Null where it was mailed, or an account was there already.</summary>
    public string? InvitationLink { get; private set; }
    public bool IsInvited { get; private set; }
    public IReadOnlyList<SelectListItem> FunctionItems { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Languages { get; } = Ui.Language.Items;

    public void OnGet() => Load();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Load();
        if (!IsBuiltIn && !Input.ForProgram && string.IsNullOrWhiteSpace(Input.Subject)) { ModelState.AddModelError("Input.Subject", text["person.subject-missing"]); }
        if (!ModelState.IsValid) { return Page(); }
        if (stepUp.KeepsFormBack(HttpContext)) { return Page(); }
        var code = Input.CompanyId is { } company ? await db.Companies.Where(c => c.Id == company).Select(c => c.Code).FirstOrDefaultAsync(ct) : null;
        var added = await AddPerson.AddAsync(db, new NewPerson(Input.Email, Input.Functions, code, Input.Name, Input.Language), ct);
        if (added.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        if (Input.ForProgram)
        {
            await db.SaveChangesAsync(ct);
            return Page();
        }
        var subject = IsBuiltIn ? await AccountAsync(ct) : Input.Subject!.Trim();
        if (subject is null) { return Page(); }
        added.Value.LinkAccount(addresses.LinkIssuer, subject);
        await db.SaveChangesAsync(ct);
        return Page();
    }

    private async Task<string?> AccountAsync(CancellationToken ct)
    {
        if (await accounts.FindSubjectAsync(Input.Email, ct) is { } known) { return known; }
        var invited = await life.InviteAsync(Input.Email, Input.Language, "Etc/UTC", ct);
        (IsInvited, InvitationLink) = (invited.Succeeded, invited.Link);
        if (!invited.Succeeded) { ModelState.AddModelError("Input.Email", text["person.account-refused"]); }
        return invited.Subject;
    }

    private void Load()
    {
        SelectListGroup house = new() { Name = text["person.functions.house"] }, partners = new() { Name = text["person.functions.partners"] };
        FunctionItems = [.. Functions.All.Values.OrderBy(f => !f.IsStaff).Select(f => new SelectListItem(text[$"function.{f.Name}"], f.Name) { Group = f.IsStaff ? house : partners })];
    }
}
