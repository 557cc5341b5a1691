using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Clients;
using Portal.Identity.Federation;
using Portal.Identity.Pages;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Providers;

/// <summary>One company's provider: what to register there, its domains, its people, and the acts on it.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class DetailsModel(PortalDbContext db, FederationRegistry registry, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    private const int PeopleShown = 200;

    public sealed class DomainInput
    {
        [Display(Name = "provider.domain"), StringLength(253)] public string Domain { get; set; } = "";
    }

    [BindProperty] public DomainInput Input { get; set; } = new();
    public FederatedProvider Provider { get; private set; } = null!;
    public string CompanyName { get; private set; } = "";
    public IReadOnlyList<FederatedPersonLine> People { get; private set; } = [];
    /// <summary>People of the company who could be the emergency account: by subject.</summary>
    public IReadOnlyList<SelectListItem> Candidates { get; private set; } = [];
    public FederationTry? Tried { get; private set; }
    public string RedirectUri => registry.RedirectUriOf(Provider.Id);
    public string LogoutUri => registry.LogoutUriOf(Provider.Id);

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct) => await LoadAsync(id, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostTryAsync(string id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        Tried = await registry.TryAsync(Provider.Id, ct);
        return Page();
    }

    public Task<IActionResult> OnPostEnableAsync(string id, CancellationToken ct) => ActAsync(id, "provider.on", key => registry.SetEnabledAsync(key, true, ct), ct);

    public Task<IActionResult> OnPostDisableAsync(string id, CancellationToken ct) => ActAsync(id, "provider.off", key => registry.SetEnabledAsync(key, false, ct), ct);

    public Task<IActionResult> OnPostForceAsync(string id, CancellationToken ct) => ActAsync(id, "provider.forced", key => registry.SetForcedAsync(key, true, ct), ct);

    public Task<IActionResult> OnPostReleaseAsync(string id, CancellationToken ct) => ActAsync(id, "provider.on", key => registry.SetForcedAsync(key, false, ct), ct);

    public Task<IActionResult> OnPostDomainAsync(string id, CancellationToken ct) => ActAsync(id, "provider.domain.added", key => registry.AddDomainAsync(key, Input.Domain ?? "", Viewer.Of(HttpContext).Name, ct), ct);

    public Task<IActionResult> OnPostCheckAsync(string id, string? domain, CancellationToken ct) =>
        ActAsync(id, "provider.domain.proved", key => registry.CheckDomainAsync(key, domain ?? "", Viewer.Of(HttpContext).Name, ct), ct);

    public Task<IActionResult> OnPostStateAsync(string id, string? domain, string? evidence, CancellationToken ct) =>
        ActAsync(id, "provider.domain.stated", key => registry.StateDomainAsync(key, domain ?? "", Viewer.Of(HttpContext).Name, evidence ?? "", ct), ct);

    public Task<IActionResult> OnPostRemoveDomainAsync(string id, string? domain, CancellationToken ct) => ActAsync(id, "provider.domain.removed", key => registry.RemoveDomainAsync(key, domain ?? "", ct), ct);

    /// <param name="subject">Empty for none.</param>
    public Task<IActionResult> OnPostEmergencyAsync(string id, string? subject, CancellationToken ct) =>
        ActAsync(id, string.IsNullOrEmpty(subject) ? "provider.emergency.none" : "provider.emergency.set", key => registry.SetEmergencyAsync(key, string.IsNullOrEmpty(subject) ? null : subject, ct), ct);

    public Task<IActionResult> OnPostUnlinkAsync(string id, string? subject, CancellationToken ct) => ActAsync(id, "provider.unlinked", key => registry.UnlinkAsync(key, subject ?? "", ct), ct);

    /// <param name="confirm">Set where the log-in is the only way in.</param>
    public Task<IActionResult> OnPostDeleteAsync(string id, bool confirm, CancellationToken ct) => ActAsync(id, "provider.deleted", key => registry.RemoveAsync(key, confirm, ct), ct, next: "Index");

    private async Task<IActionResult> ActAsync(string id, string done, Func<Guid, Task<SettingResult>> act, CancellationToken ct, string? next = null)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } prove) { return prove; }
        var result = await act(Provider.Id);
        if (!result.Succeeded)
        {
            foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
            return Page();
        }
        this.Toast(text[done]);
        return next is null ? RedirectToPage(new { id }) : RedirectToPage(next);
    }

    private async Task<bool> LoadAsync(string id, CancellationToken ct)
    {
        if (!addresses.IsBuiltIn || !Guid.TryParseExact(id, "N", out var key) || await registry.FindAsync(key, ct) is not { } provider) { return false; }
        // Only one of the forms is filled in: the registry says what is wrong with it.
        ModelState.Clear();
        Provider = provider;
        registry.Actor = PortalSession.Of(HttpContext)?.Live.Subject;
        var company = CompanyPeople.CompanyOf(provider.Owner);
        CompanyName = await db.Companies.Where(c => c.Id == company).Select(c => c.Name).FirstOrDefaultAsync(ct) ?? "–";
        People = await registry.PeopleAsync(key, PeopleShown, ct);
        var people = await db.People.Where(p => p.CompanyId == company && p.Active && p.Issuer == Portal.Identity.Accounts.Account.OwnIssuer && p.Subject != null).OrderBy(p => p.Name).Take(PeopleShown)
            .Select(p => new { p.Name, p.Email, p.Subject }).ToListAsync(ct);
        var chosen = provider.EmergencyAccountId?.ToString("N");
        Candidates = [new("–", ""), .. people.Select(p => new SelectListItem($"{p.Name} · {p.Email}", p.Subject, p.Subject == chosen))];
        return true;
    }
}
