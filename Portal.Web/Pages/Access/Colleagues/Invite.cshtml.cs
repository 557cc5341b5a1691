using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.Colleagues;

/// <summary>A partner's administrator invites a colleague of the own company. Without mail the link is shown, to be handed over.</summary>
[Authorize(Policy = Permissions.ManagePartnerPeople), ShownInView(false)]
public sealed class InviteModel(PortalDbContext db, Domain.Access.Colleagues colleagues, Accounts accounts, AccountLife life, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "person.name"), Required, StringLength(160)] public string Name { get; set; } = "";
        [Display(Name = "person.email"), Required, EmailAddress, StringLength(254)] public string Email { get; set; } = "";
        [Display(Name = "person.job-title"), StringLength(120)] public string? JobTitle { get; set; }
        [Display(Name = "person.language"), Required] public string Language { get; set; } = "en";
        [Display(Name = "person.functions")] public List<string> Functions { get; set; } = [];
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public bool IsInvited { get; private set; }

    /// <summary>Null where it was mailed.</summary>
    public string? InvitationLink { get; private set; }
    public IReadOnlyList<SelectListItem> FunctionItems { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Languages { get; } = Ui.Language.Items;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await LoadAsync(ct)) { return NotFound(); }
        Input.Language = Ui.Language.Of(HttpContext).Name;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await LoadAsync(ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        if (stepUp.KeepsFormBack(HttpContext)) { return Page(); }
        var zone = Viewer.Of(HttpContext).TimeZone.Id;
        // An account that somebody has already is never taken over by whoever names its address.
        var added = await accounts.FindSubjectAsync(Input.Email, ct) is null ? await colleagues.AddAsync(new(Input.Name, Input.Email, Input.JobTitle, Input.Language, zone, Input.Functions), ct) : Domain.Access.Colleagues.EmailRefused;
        if (added.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        var person = added.Value;
        var invited = await life.InviteAsync(person.Email, person.Language, person.TimeZone, ct);
        if (invited.Subject is null)
        {
            await colleagues.TakeBackAsync(person, ct);
            Domain.Access.Colleagues.EmailRefused.AddTo(ModelState, text);
            return Page();
        }
        person.LinkAccount(addresses.LinkIssuer, invited.Subject);
        await db.SaveChangesAsync(ct);
        (IsInvited, InvitationLink) = (true, invited.Link);
        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken ct)
    {
        if (!addresses.IsBuiltIn) { return false; }
        FunctionItems = [.. (await colleagues.FunctionsAsync(ct)).Select(f => new SelectListItem(text[$"function.{f}"], f))];
        return true;
    }
}
