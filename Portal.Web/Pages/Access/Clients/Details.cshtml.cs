using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Clients;
using Portal.Identity.Pages;
using Portal.Web.Access;
using Portal.Web.Api;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.Clients;

/// <summary>One application: what it may, its secrets' dates, and the acts on it.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class DetailsModel(
    ClientRegistry registry, SignInAddresses addresses, StepUp stepUp, PortalDbContext db, ActForClient act, ApiAddresses api, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "client.acts-for"), LookUp("program-person")] public long? PersonId { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();

    /// <summary>Whose rights it has when it calls the portal's API by itself; null for nobody's.</summary>
    public (long Id, string Name, string? Company, bool Active)? ActsFor { get; private set; }

    /// <summary>Whether it may call the portal's API by itself at all.</summary>
    public bool CallsApi => Client.Has(GrantTypes.ClientCredentials) && Client.Scopes.Exists(scope => ApiScopes.All.Any(rule => rule.Name == scope));

    public Client Client { get; private set; } = null!;
    public string? Secret { get; private set; }

    public bool HasSecret => Client is { Kind: ClientKind.Confidential, PublicKeys: null };

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        Input.PersonId = ActsFor?.Id;
        return Page();
    }

    public async Task<IActionResult> OnPostRotateAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } ask) { return ask; }
        var result = await registry.RotateSecretAsync(id, ClientRegistry.Overlap, ct);
        foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
        Secret = result.Secret;
        return await LoadAsync(id, ct) ? Page() : NotFound();
    }

    public Task<IActionResult> OnPostDisableAsync(string id, CancellationToken ct) => SetEnabledAsync(id, false, ct);

    public Task<IActionResult> OnPostEnableAsync(string id, CancellationToken ct) => SetEnabledAsync(id, true, ct);

    public async Task<IActionResult> OnPostActForAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct) || !CallsApi) { return NotFound(); }
        if (stepUp.Ask(this) is { } ask) { return ask; }
        if (!ModelState.IsValid) { return Page(); }
        if (await act.ExecuteAsync(api.IssuerOfPrograms, id, Input.PersonId, ct) is { } refusal)
        {
            refusal.AddTo(ModelState, text);
            return Page();
        }
        this.Toast(text["client.saved"]);
        return RedirectToPage(new { id });
    }

    private async Task<IActionResult> SetEnabledAsync(string id, bool enabled, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        var result = await registry.SetEnabledAsync(id, enabled, ct);
        if (!result.Succeeded)
        {
            foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
            return Page();
        }
        this.Toast(text[enabled ? "client.enabled" : "client.disabled"]);
        return RedirectToPage(new { id });
    }

    private async Task<bool> LoadAsync(string id, CancellationToken ct)
    {
        if (!addresses.IsBuiltIn || await registry.FindAsync(id, ct) is not { } client) { return false; }
        Client = client;
        var person = await db.People.AsNoTracking().Where(p => p.Issuer == api.IssuerOfPrograms && p.Subject == id)
            .Select(p => new { p.Id, p.Name, p.Active, Company = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault() }).FirstOrDefaultAsync(ct);
        ActsFor = person is null ? null : (person.Id, person.Name, person.Company, person.Active);
        return true;
    }
}
