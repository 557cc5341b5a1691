using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Identity.Clients;
using Portal.Identity.Pages;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Clients;

/// <summary>One application: what it may, its secrets' dates, and the acts on it.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class DetailsModel(ClientRegistry registry, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    public Client Client { get; private set; } = null!;
    public string? Secret { get; private set; }

    public bool HasSecret => Client is { Kind: ClientKind.Confidential, PublicKeys: null };

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct) => await LoadAsync(id, ct) ? Page() : NotFound();

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
        return true;
    }
}
