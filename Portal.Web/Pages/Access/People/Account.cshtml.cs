using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Identity.Sessions;
using Portal.Web.Access;
using Portal.Web.Pages.Access.Account;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.People;

/// <summary>The log-in of a person, for administrators: where the person is logged in, and what happened at the door.</summary>
[Authorize(Policy = Permissions.ManageAccess)]
public sealed class AccountModel(PortalDbContext db, SessionList sessions, SignInLog log, IStringLocalizer<AccessText> text) : PageModel
{
    private const int LinesShown = 100;

    public Person Person { get; private set; } = null!;

    /// <summary>Null where no account is linked.</summary>
    public SessionsView? View { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (Person is { Issuer: { } issuer, Subject: { } subject })
        {
            var own = PortalSession.Of(HttpContext)!.Live;
            var isMe = own.Issuer == issuer && own.Subject == subject;
            View = new(await sessions.ReadAsync(issuer, subject, ct), issuer == Portal.Identity.Accounts.Account.OwnIssuer ? await log.ReadAsync(subject, LinesShown, ct) : [], isMe ? own.ProviderSession : null, MayEnd: !isMe);
        }
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync(long id, string? session, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (!string.IsNullOrEmpty(session) && Person is { Issuer: { } issuer, Subject: { } subject }) { await sessions.EndAsync(issuer, subject, session, SessionEnd.EndedByAdministrator, ct); }
        this.Toast(text["session.ended"]);
        return RedirectToPage(new { id });
    }

    public async Task<IActionResult> OnPostEndOthersAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (Person is { Issuer: { } issuer, Subject: { } subject }) { await sessions.EndAllAsync(issuer, subject, except: null, SessionEnd.EndedByAdministrator, ct); }
        this.Toast(text["session.ended-others"]);
        return RedirectToPage(new { id });
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await db.People.FirstOrDefaultAsync(p => p.Id == id, ct) is not { } person) { return false; }
        Person = person;
        return true;
    }
}
