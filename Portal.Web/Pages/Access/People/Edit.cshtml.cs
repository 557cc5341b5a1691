using System.ComponentModel.DataAnnotations;
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

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class EditModel(PortalDbContext db, EditPerson editPerson, AccountLife life, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<UiText> ui) : PageModel
{
    public sealed class InputModel
    {
        public long Version { get; set; }
        [Display(Name = "person.name"), Required, StringLength(160)] public string Name { get; set; } = "";
        [Display(Name = "person.job-title"), StringLength(120)] public string? JobTitle { get; set; }
        [Display(Name = "person.phone"), StringLength(40)] public string? Phone { get; set; }
        [Display(Name = "person.team"), LookUp("team")] public long? TeamId { get; set; }
        [Display(Name = "person.language"), Required] public string Language { get; set; } = "en";
        [Display(Name = "person.time-zone"), Required, StringLength(64)] public string TimeZone { get; set; } = "Etc/UTC";
        [Display(Name = "person.functions")] public List<string> Functions { get; set; } = [];
        [Display(Name = "person.territories")] public List<string> Territories { get; set; } = [];
        [Display(Name = "person.active")] public bool Active { get; set; }

        public static InputModel Of(Person person) => new()
        {
            Version = person.Version, Name = person.Name, JobTitle = person.JobTitle, Phone = person.Phone, TeamId = person.TeamId, Language = person.Language, TimeZone = person.TimeZone,
            Functions = [.. person.Functions.Select(f => f.Function).Order(StringComparer.Ordinal)],
            Territories = [.. person.Territories.Select(t => t.TerritoryId.ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)], Active = person.Active,
        };
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public Person Person { get; private set; } = null!;
    public string CompanyName { get; private set; } = "";
    public string TeamName { get; private set; } = "";
    public IReadOnlyList<SelectListItem> FunctionItems { get; private set; } = [];
    public IReadOnlyList<SelectListItem> TerritoryItems { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Languages { get; } = Ui.Language.Items;

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        Input = InputModel.Of(Person);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        if (Person.Version != Input.Version) { return this.Conflict(Input, InputModel.Of(Person)); }
        // That is for whoever has just shown to be at the keyboard.
        if (Person.RightsWouldChange(Input.Active, Input.Functions) && stepUp.KeepsFormBack(HttpContext)) { return Page(); }
        var territories = Input.Territories.Select(t => long.TryParse(t, out var territory) ? territory : 0).Where(t => t != 0).ToArray();
        var request = new EditPerson.Request(Input.Name, Input.JobTitle, Input.Phone, Input.TeamId, Input.Language, Input.TimeZone, Input.Active, Input.Functions, territories);
        var wasActive = Person.Active;
        if (await editPerson.ExecuteAsync(Person, request, ct) is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        await Person.HaveAccountFollowAsync(life, wasActive, ct);
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Index");
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await db.People.AsSingleQuery().Include(p => p.Functions).Include(p => p.Territories).FirstOrDefaultAsync(p => p.Id == id, ct) is not { } person) { return false; }
        Person = person;
        if (person.CompanyId is { } company) { CompanyName = await db.Companies.Where(c => c.Id == company).Select(c => c.Name).FirstOrDefaultAsync(ct) ?? ""; }
        if (person.TeamId is { } team) { TeamName = await db.Teams.Where(t => t.Id == team).Select(t => t.Name).FirstOrDefaultAsync(ct) ?? ""; }
        FunctionItems = [.. Functions.All.Values.Where(f => f.IsStaff == person.IsStaff).Select(f => new SelectListItem(text[$"function.{f.Name}"], f.Name))];
        if (person.IsStaff) { TerritoryItems = [.. (await db.Territories.OrderBy(t => t.Name).Take(200).Select(t => new { t.Id, t.Name }).ToListAsync(ct)).Select(t => new SelectListItem(t.Name, t.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))]; }
        return true;
    }
}
