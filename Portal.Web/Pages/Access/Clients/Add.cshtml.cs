using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Identity.Clients;
using Portal.Identity.Pages;
using Portal.Web.Access;

namespace Portal.Web.Pages.Access.Clients;

/// <summary>Registers an application. Its secret is shown once and kept nowhere.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class AddModel(ClientRegistry registry, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "client.name"), Required, StringLength(200)] public string Name { get; set; } = "";
        [Display(Name = "client.id"), Required, StringLength(100)] public string ClientId { get; set; } = "";
        [Display(Name = "client.kind"), Required] public string Kind { get; set; } = nameof(ClientKind.Confidential);
        [Display(Name = "client.redirects"), StringLength(8000)] public string? Redirects { get; set; }
        [Display(Name = "client.post-logouts"), StringLength(8000)] public string? PostLogouts { get; set; }
        [Display(Name = "client.origins"), StringLength(2000)] public string? Origins { get; set; }
        [Display(Name = "client.grants")] public List<string> Grants { get; set; } = [GrantTypes.Code];
        [Display(Name = "client.scopes")] public List<string> Scopes { get; set; } = ["openid", "profile", "email"];
        [Display(Name = "client.keys"), StringLength(20_000)] public string? PublicKeys { get; set; }
        [Display(Name = "client.logout-uri"), StringLength(1000)] public string? LogoutUri { get; set; }
        [Display(Name = "client.foreign")] public bool Foreign { get; set; }
        [Display(Name = "client.pushed")] public bool Pushed { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public string? Secret { get; private set; }
    public bool Done { get; private set; }
    public IReadOnlyList<SelectListItem> Kinds { get; private set; } = [];
    public IReadOnlyList<SelectListItem> GrantItems { get; } = [.. GrantTypes.All.Select(grant => new SelectListItem(grant, grant))];
    public IReadOnlyList<SelectListItem> ScopeItems { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await LoadAsync(ct) ? stepUp.Ask(this) ?? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await LoadAsync(ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } ask) { return ask; }
        if (!Enum.TryParse<ClientKind>(Input.Kind, out var kind) || !Enum.IsDefined(kind)) { return BadRequest(); }
        if (!ModelState.IsValid) { return Page(); }
        var result = await registry.AddAsync(new ClientRegistration
        {
            ClientId = Input.ClientId.Trim(), Name = Input.Name, Kind = kind,
            RedirectUris = Lines(Input.Redirects), PostLogoutRedirectUris = Lines(Input.PostLogouts), CorsOrigins = Lines(Input.Origins),
            GrantTypes = Input.Grants, Scopes = Input.Scopes, PublicKeys = Word(Input.PublicKeys), LogoutUri = Word(Input.LogoutUri),
            AsksConsent = Input.Foreign, PushesRequests = Input.Pushed,
        }, ct);
        foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
        (Done, Secret) = (result.Succeeded, result.Secret);
        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken ct)
    {
        if (!addresses.IsBuiltIn) { return false; }
        Kinds = [.. Enum.GetValues<ClientKind>().Select(kind => new SelectListItem(text[$"client-kind.{kind.ToString().ToLowerInvariant()}"], kind.ToString()))];
        var apis = await registry.ListResourcesAsync(ct);
        ScopeItems = [.. new[] { "openid", "profile", "email", "offline_access" }.Concat(apis.SelectMany(api => api.Scopes).Select(scope => scope.Name)).Select(name => new SelectListItem(name, name))];
        return true;
    }

    private static string[] Lines(string? text) => (text ?? "").Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Word(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
