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

namespace Portal.Web.Pages.Access.Colleagues;

/// <summary>A colleague, for the administrator of the same partner: functions within the company's, whether the person may come in, the invitation, the sign-in log.</summary>
[Authorize(Policy = Permissions.ManagePartnerPeople), ShownInView(false), About<Person>]
public sealed class EditModel(
    PortalDbContext db, EditPerson editPerson, Domain.Access.Colleagues colleagues, AccountLife life, SignInLog log, StepUp stepUp, IStringLocalizer<AccessText> text, IStringLocalizer<UiText> ui) : PageModel
{
    private const int LinesShown = 50;

    public sealed class InputModel
    {
        public long Version { get; set; }
        [Display(Name = "person.name"), Required, StringLength(160)] public string Name { get; set; } = "";
        [Display(Name = "person.job-title"), StringLength(120)] public string? JobTitle { get; set; }
        [Display(Name = "person.phone"), StringLength(40)] public string? Phone { get; set; }
        [Display(Name = "person.language"), Required] public string Language { get; set; } = "en";
        [Display(Name = "person.functions")] public List<string> Functions { get; set; } = [];
        [Display(Name = "person.active")] public bool Active { get; set; }

        public static InputModel Of(Person person) => new()
        {
            Version = person.Version, Name = person.Name, JobTitle = person.JobTitle, Phone = person.Phone, Language = person.Language, Functions = [.. person.Functions.Select(f => f.Function)], Active = person.Active,
        };
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public Person Person { get; private set; } = null!;

    /// <summary>Null where another provider keeps the account.</summary>
    public AccountView? Account { get; private set; }
    public IReadOnlyList<SignInLogLine> Log { get; private set; } = [];
    public string? Link { get; private set; }
    public IReadOnlyList<SelectListItem> FunctionItems { get; private set; } = [];
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
        if (Person.RightsWouldChange(Input.Active, Input.Functions) && stepUp.KeepsFormBack(HttpContext)) { return Page(); }
        var wasActive = Person.Active;
        var request = new EditPerson.Request(Input.Name, Input.JobTitle, Input.Phone, null, Input.Language, Person.TimeZone, Input.Active, Input.Functions, []);
        if (await editPerson.ExecuteAsync(Person, request, ct) is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        await Person.HaveAccountFollowAsync(life, wasActive, ct);
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Index");
    }

    /// <param name="act">Only what concerns an invitation: a link to an account that is in use is never given to a colleague.</param>
    public async Task<IActionResult> OnPostActAsync(long id, string? act, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct) || Person.OwnSubject is not { } subject) { return NotFound(); }
        switch (act)
        {
            case "withdraw": await life.WithdrawInvitationAsync(subject, ct); break;
            case "invite" when stepUp.Ask(this) is { } ask: return ask;
            case "invite":
                var made = await life.InviteAgainAsync(subject, ct);
                if (made.Link is null) { this.Toast(text[made.Succeeded ? "person.account.mailed" : "person.account.not-possible"]); return RedirectToPage(new { id }); }
                await LoadAsync(id, ct);
                (Link, Input) = (made.Link, InputModel.Of(Person));
                ModelState.Clear();
                return Page();
            default: return BadRequest();
        }
        this.Toast(text["person.account.done"]);
        return RedirectToPage(new { id });
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await db.People.AsSingleQuery().Include(p => p.Functions).Include(p => p.Territories).FirstOrDefaultAsync(p => p.Id == id, ct) is not { } person) { return false; }
        Person = person;
        FunctionItems = [.. (await colleagues.FunctionsAsync(ct)).Select(f => new SelectListItem(text[$"function.{f}"], f))];
        if (Person.OwnSubject is { } subject) { (Account, Log) = (await life.LookAsync(subject, ct), await log.ReadAsync(subject, LinesShown, ct)); }
        return true;
    }
}
