using System.ComponentModel.DataAnnotations;
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

/// <summary>Registers an API with its scopes, or changes one that does not come from the settings.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class ApiModel(ClientRegistry registry, SignInAddresses addresses, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "client.name"), Required, StringLength(200)] public string Name { get; set; } = "";
        [Display(Name = "api.audience"), Required, StringLength(300)] public string Audience { get; set; } = "";
        [Display(Name = "api.scopes"), Required, StringLength(8000)] public string Scopes { get; set; } = "";
    }

    [BindProperty] public InputModel Input { get; set; } = new();

    /// <summary>Of the API to change; null for a new one.</summary>
    [BindProperty(SupportsGet = true)] public string? Audience { get; set; }
    public bool IsNew => Audience is null;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!addresses.IsBuiltIn) { return NotFound(); }
        if (IsNew) { return Page(); }
        if (await FindAsync(Audience!, ct) is not { FromSettings: false } api) { return NotFound(); }
        Input = new() { Name = api.Name, Audience = api.Audience, Scopes = string.Join('\n', api.Scopes.Select(scope => $"{scope.Name} = {scope.Title} = {scope.TitleZh}")) };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!addresses.IsBuiltIn || (!IsNew && Input.Audience != Audience)) { return NotFound(); }
        var known = await FindAsync(Input.Audience.Trim(), ct);
        if (known is { FromSettings: true } || (!IsNew && known is null)) { return NotFound(); }
        if (IsNew && known is not null) { ModelState.AddModelError("Input.Audience", text["api.taken"]); }
        if (!ModelState.IsValid) { return Page(); }
        var result = await registry.SetResourceAsync(new(Input.Audience.Trim(), Input.Name.Trim(), [.. Lines().Select(Scope)]), fromSettings: false, ct);
        if (!result.Succeeded)
        {
            foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
            return Page();
        }
        this.Toast(text["client.saved"]);
        return RedirectToPage("Index");
    }

    private IEnumerable<string> Lines() => Input.Scopes.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ScopeRegistration Scope(string line)
    {
        var parts = line.Split('=', 3, StringSplitOptions.TrimEntries);
        return new(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }

    private async Task<ApiResource?> FindAsync(string audience, CancellationToken ct) => (await registry.ListResourcesAsync(ct)).FirstOrDefault(api => api.Audience == audience);
}
