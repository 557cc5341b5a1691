using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Identity.Clients;
using Portal.Identity.Keys;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Clients;

/// <summary>The applications that log people in here, the APIs, the signing keys, and what about them could be safer.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(ClientRegistry registry, SigningKeyLife keys, ProviderCheck check, SignInAddresses addresses, IStringLocalizer<AccessText> text) : PageModel
{
    /// <summary>False where another provider logs people in: its clients are managed there.</summary>
    public bool IsBuiltIn => addresses.IsBuiltIn;
    public IReadOnlyList<Client> Clients { get; private set; } = [];
    public IReadOnlyList<ApiResource> Apis { get; private set; } = [];
    public IReadOnlyList<SigningKeyLine> Keys { get; private set; } = [];
    public IReadOnlyList<ProviderRisk> Risks { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!IsBuiltIn) { return Page(); }
        (Clients, Apis, Keys, Risks) = (await registry.ListAsync(ct), await registry.ListResourcesAsync(ct), await keys.ListAsync(ct), await check.RunAsync(ct));
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeKeyAsync(string kid, CancellationToken ct)
    {
        if (!IsBuiltIn || !await keys.RevokeAsync(kid, ct)) { return NotFound(); }
        this.Toast(text["key.revoked"]);
        return RedirectToPage();
    }
}
