using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Federation;
using Portal.Web.Access;

namespace Portal.Web.Pages.Access.Providers;

/// <summary>The companies whose people log in through a provider of their own.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(PortalDbContext db, FederationRegistry registry, SignInAddresses addresses) : PageModel
{
    /// <summary>False where another provider logs everybody in: companies' providers are connected there.</summary>
    public bool IsBuiltIn => addresses.IsBuiltIn;
    public IReadOnlyList<FederatedProvider> Providers { get; private set; } = [];
    public IReadOnlyDictionary<string, string> Companies { get; private set; } = new Dictionary<string, string>();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!IsBuiltIn) { return Page(); }
        Providers = await registry.ListAsync(ct);
        var ids = Providers.Select(p => CompanyPeople.CompanyOf(p.Owner)).Distinct().ToArray();
        Companies = await db.Companies.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => CompanyPeople.OwnerOf(c.Id), c => c.Name, ct);
        return Page();
    }
}
