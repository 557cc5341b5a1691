using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Identity.Federation;
using Portal.Identity.Pages;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.Providers;

/// <summary>Connects a company's own provider, switched off until its domains are stated.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class AddModel(PortalDbContext db, FederationRegistry registry, SignInAddresses addresses, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<IdentityText> words) : PageModel
{
    public sealed class InputModel : ProviderInput
    {
        [Display(Name = "provider.company"), LookUp("company"), Required] public long? CompanyId { get; set; }
        [Display(Name = "provider.issuer"), Required, StringLength(500)] public string Issuer { get; set; } = "";
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public string CompanyName { get; private set; } = "";

    public IActionResult OnGet() => !addresses.IsBuiltIn ? NotFound() : stepUp.Ask(this) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!addresses.IsBuiltIn) { return NotFound(); }
        if (stepUp.Ask(this) is { } prove) { return prove; }
        registry.Actor = PortalSession.Of(HttpContext)?.Live.Subject;
        if (!ModelState.IsValid) { return Page(); }
        if (await db.Companies.FirstOrDefaultAsync(c => c.Id == Input.CompanyId, ct) is not { } company) { return NotFound(); }
        CompanyName = company.Name;
        if (company is { IsSupplier: false, IsDistributor: false, IsChannelPartner: false } || company.Status is CompanyStatus.Closed) { ModelState.AddModelError("Input.CompanyId", text["person.company-no-partner", company.Name]); }
        if (Input.Read(company, ModelState, text) is not { } settings) { return Page(); }
        var (id, problems) = await registry.AddAsync(CompanyPeople.OwnerOf(company.Id), Input.Issuer, settings, ct);
        foreach (var problem in problems) { ModelState.AddModelError("", words[problem.Code, problem.Subject, problem.Value]); }
        if (id is not { } made) { return Page(); }
        this.Toast(text["provider.added"]);
        return RedirectToPage("Details", new { id = made.ToString("N") });
    }
}
