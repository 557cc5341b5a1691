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
    public sealed class InputModel : ClientInput
    {
        [Display(Name = "client.id"), Required, StringLength(100)] public string ClientId { get; set; } = "";
        [Display(Name = "client.kind"), Required] public string Kind { get; set; } = nameof(ClientKind.Confidential);
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public string? Secret { get; private set; }
    public bool Done { get; private set; }
    public IReadOnlyList<SelectListItem> Kinds { get; private set; } = [];
    public IReadOnlyList<SelectListItem> GrantItems => ClientInput.GrantItems;
    public IReadOnlyList<SelectListItem> ScopeItems { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await LoadAsync(ct) ? stepUp.Ask(this) ?? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await LoadAsync(ct)) { return NotFound(); }
        if (stepUp.Ask(this) is { } ask) { return ask; }
        if (!Enum.TryParse<ClientKind>(Input.Kind, out var kind) || !Enum.IsDefined(kind)) { return BadRequest(); }
        if (!ModelState.IsValid) { return Page(); }
        var result = await registry.AddAsync(Input.Registration(Input.ClientId.Trim(), kind), ct);
        foreach (var problem in result.Problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
        (Done, Secret) = (result.Succeeded, result.Secret);
        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken ct)
    {
        if (!addresses.IsBuiltIn) { return false; }
        Kinds = [.. Enum.GetValues<ClientKind>().Select(kind => new SelectListItem(text[$"client-kind.{kind.ToString().ToLowerInvariant()}"], kind.ToString()))];
        ScopeItems = await ClientInput.ScopesAsync(registry, ct);
        return true;
    }
}
