using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Access.People;

/// <summary>Takes a person in, with an account where the portal keeps the accounts. The first password is shown once and kept nowhere.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class AddModel(PortalDbContext db, Accounts accounts, SignInAddresses addresses, IStringLocalizer<AccessText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "person.name"), Required, StringLength(160)] public string Name { get; set; } = "";
        [Display(Name = "person.email"), Required, EmailAddress, StringLength(254)] public string Email { get; set; } = "";
        [Display(Name = "person.company"), LookUp("company")] public long? CompanyId { get; set; }
        [Display(Name = "person.functions")] public List<string> Functions { get; set; } = [];
        [Display(Name = "person.language"), Required] public string Language { get; set; } = "en";
        [Display(Name = "person.subject"), StringLength(255)] public string? Subject { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public bool IsBuiltIn => addresses.IsBuiltIn;
    public string? Password { get; private set; }
    public IReadOnlyList<SelectListItem> FunctionItems { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Languages { get; } = [new("English", "en"), new("简体中文", "zh-Hans")];

    public void OnGet() => Load();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Load();
        if (!IsBuiltIn && string.IsNullOrWhiteSpace(Input.Subject)) { ModelState.AddModelError("Input.Subject", text["person.subject-missing"]); }
        if (!ModelState.IsValid) { return Page(); }
        var code = Input.CompanyId is { } company ? await db.Companies.Where(c => c.Id == company).Select(c => c.Code).FirstOrDefaultAsync(ct) : null;
        var added = await AddPerson.AddAsync(db, new NewPerson(Input.Email, Input.Functions, code, Input.Name, Input.Language), ct);
        if (added.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        var subject = IsBuiltIn ? await AccountAsync(ct) : Input.Subject!.Trim();
        if (subject is null) { return Page(); }
        added.Value.LinkAccount(addresses.LinkIssuer, subject);
        await db.SaveChangesAsync(ct);
        return Page();
    }

    private async Task<string?> AccountAsync(CancellationToken ct)
    {
        if (await accounts.FindSubjectAsync(Input.Email, ct) is { } known) { return known; }
        Password = RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 20);
        var made = await accounts.CreateAccountAsync(Input.Email, Password, Input.Language, ct: ct);
        if (made.Succeeded) { return made.Subject; }
        Password = null;
        ModelState.AddModelError("Input.Email", text["person.account-refused"]);
        return null;
    }

    private void Load() => FunctionItems = [.. Functions.All.Values.OrderBy(f => !f.IsStaff).Select(f => new SelectListItem(text[$"function.{f.Name}"], f.Name))];
}
