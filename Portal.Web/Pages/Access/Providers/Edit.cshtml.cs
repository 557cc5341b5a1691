using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Federation;
using Portal.Identity.Pages;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Providers;

/// <summary>Changes a provider's settings. Company and issuer stay: another one is another provider.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class EditModel(PortalDbContext db, FederationRegistry registry, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<UiText> ui, IStringLocalizer<IdentityText> words) : PageModel
{
    public sealed class InputModel : ProviderInput
    {
        [Display(Name = "provider.secret.remove")] public bool RemoveSecret { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public FederatedProvider Provider { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } prove) { return prove; }
        Input = new()
        {
            Name = Provider.Name, ClientId = Provider.ClientId, Scope = Provider.Scope, FunctionsClaim = Provider.FunctionsClaim, Functions = ProviderInput.LinesOf(Provider.Functions), Admits = Provider.Admits, VouchesForEmails = Provider.VouchesForEmails,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } prove) { return prove; }
        if (!ModelState.IsValid) { return Page(); }
        var company = CompanyPeople.CompanyOf(Provider.Owner);
        if (await db.Companies.FirstOrDefaultAsync(c => c.Id == company, ct) is not { } owner) { return NotFound(); }
        if (Input.Read(owner, ModelState, text) is not { } settings) { return Page(); }
        var result = await registry.ChangeAsync(Provider.Id, Input.RemoveSecret ? settings with { ClientSecret = "" } : settings, ct);
        foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
        if (!result.Succeeded) { return Page(); }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Details", new { id });
    }

    private async Task<bool> LoadAsync(string id, CancellationToken ct)
    {
        if (!addresses.IsBuiltIn || !Guid.TryParseExact(id, "N", out var key) || await registry.FindAsync(key, ct) is not { } provider) { return false; }
        Provider = provider;
        registry.Actor = PortalSession.Of(HttpContext)?.Live.Subject;
        return true;
    }
}
