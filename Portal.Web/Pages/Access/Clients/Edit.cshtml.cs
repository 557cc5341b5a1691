using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Identity.Clients;
using Portal.Identity.Pages;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Clients;

/// <summary>Changes an application that does not come from the settings; its id, kind and secrets stay.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class EditModel(ClientRegistry registry, SignInAddresses addresses, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    [BindProperty] public ClientInput Input { get; set; } = new();
    public Client Client { get; private set; } = null!;
    public IReadOnlyList<SelectListItem> GrantItems => ClientInput.GrantItems;
    public IReadOnlyList<SelectListItem> ScopeItems { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        // Its own page says that it is changed in the settings.
        if (Client.FromSettings) { return RedirectToPage("Details", new { id }); }
        Input.Show(Client);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var result = await registry.ChangeAsync(Input.Registration(id, Client.Kind) with { IdTokenAlgorithm = Client.IdTokenAlgorithm }, ct);
        if (!result.Succeeded)
        {
            foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
            return Page();
        }
        this.Toast(text["client.saved"]);
        return RedirectToPage("Details", new { id });
    }

    private async Task<bool> LoadAsync(string id, CancellationToken ct)
    {
        if (!addresses.IsBuiltIn || await registry.FindAsync(id, ct) is not { } client) { return false; }
        (Client, ScopeItems) = (client, await ClientInput.ScopesAsync(registry, ct));
        return true;
    }
}
