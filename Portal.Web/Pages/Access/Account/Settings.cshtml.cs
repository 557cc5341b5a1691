using System.ComponentModel.DataAnnotations;
using System.Globalization;
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

namespace Portal.Web.Pages.Access.Account;

/// <summary>My language, of the portal and of its mails, and the time zone in which times are shown to me.</summary>
[Authorize(Policy = Permissions.SignedIn), ShownInView(false)]
public sealed class SettingsModel(PortalDbContext db, EditPerson editPerson, AccountLife life, TimeProvider clock, IStringLocalizer<AccessText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "person.language"), Required] public string Language { get; set; } = "en";
        [Display(Name = "person.time-zone"), Required] public string TimeZone { get; set; } = "Etc/UTC";
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public IReadOnlyList<SelectListItem> Languages { get; } = Ui.Language.Items;
    public IReadOnlyList<SelectListItem> TimeZones { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        Input = await db.People.Where(p => p.Id == db.Scope.PersonId).Select(p => new InputModel { Language = p.Language, TimeZone = p.TimeZone }).FirstAsync(ct);
        Load();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Load();
        if (!ModelState.IsValid) { return Page(); }
        if (await editPerson.ChooseLanguageAsync(Input.Language, Input.TimeZone, ct) is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        if (PortalSession.Of(HttpContext) is { Live: { Issuer: Portal.Identity.Accounts.Account.OwnIssuer } live }) { await life.ChooseLanguageAsync(live.Subject, Input.Language, Input.TimeZone, ct); }
        var language = Ui.Language.Find(Input.Language)!;
        Ui.Language.Keep(HttpContext, language);
        CultureInfo.CurrentUICulture = language;
        this.Toast(text["settings.saved"]);
        return RedirectToPage();
    }

    private void Load() => TimeZones = ZoneList.Items(clock.GetUtcNow(), Input.TimeZone);
}

/// <summary>Time zones to choose from: places, by name, with what their clocks show against UTC now.</summary>
internal static class ZoneList
{
    private static readonly string[] Continents = ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];

    /// <param name="own">Stands in the list even where it is no place.</param>
    public static IReadOnlyList<SelectListItem> Items(DateTimeOffset now, string own) =>
    [
        .. TimeZoneInfo.GetSystemTimeZones().Where(z => z.Id == own || z.Id == "Etc/UTC" || Continents.Any(c => z.Id.StartsWith(c, StringComparison.Ordinal))).OrderBy(z => z.Id, StringComparer.Ordinal)
            .Select(z => new SelectListItem($"{z.Id.Replace('_', ' ')} ({Offset(z.GetUtcOffset(now))})", z.Id)),
    ];

    private static string Offset(TimeSpan offset) => (offset < TimeSpan.Zero ? "−" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
