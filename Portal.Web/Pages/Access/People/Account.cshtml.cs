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
public sealed class AccountModel(PortalDbContext db, AccountLife life, SessionList sessions, SignInLog log, StepUp stepUp, IStringLocalizer<AccessText> text) : PageModel
{
    private const int LinesShown = 100;

    public Person Person { get; private set; } = null!;

    /// <summary>Null where no account is linked.</summary>
    public SessionsView? View { get; private set; }

    /// <summary>Null where another provider keeps the account.</summary>
    public AccountView? Account { get; private set; }

    /// <summary>A link to hand over, where no mail is configured.</summary>
    public string? Link { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        await ShowAsync(ct);
        return Page();
    }

    private async Task ShowAsync(CancellationToken ct)
    {
        if (Person is { Issuer: { } issuer, Subject: { } subject })
        {
            var own = PortalSession.Of(HttpContext)!.Live;
            var isMe = own.Issuer == issuer && own.Subject == subject;
            View = new(await sessions.ReadAsync(issuer, subject, ct), issuer == Portal.Identity.Accounts.Account.OwnIssuer ? await log.ReadAsync(subject, LinesShown, ct) : [], isMe ? own.ProviderSession : null, MayEnd: !isMe);
            Account = issuer == Portal.Identity.Accounts.Account.OwnIssuer ? await life.LookAsync(subject, ct) : null;
        }
    }

    /// <param name="act">What an administrator may do for somebody: none of it shows or sets a password.</param>
    public async Task<IActionResult> OnPostActAsync(long id, string? act, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (Person is not { Issuer: Portal.Identity.Accounts.Account.OwnIssuer, Subject: { } subject }) { return NotFound(); }
        switch (act)
        {
            case "invite" or "reset" or "second-factor" when stepUp.Ask(this) is { } ask: return ask;
            case "invite": return await HandOverAsync(id, await life.InviteAgainAsync(subject, ct), ct);
            case "reset": return await HandOverAsync(id, await life.SendResetAsync(subject, ct), ct);
            case "withdraw": await life.WithdrawInvitationAsync(subject, ct); break;
            case "unlock": await life.UnlockAsync(subject, ct); break;
            case "second-factor": await life.ResetSecondFactorAsync(subject, ct); break;
            case "leave" when !Person.Active: await life.LeaveAsync(subject, ct); break;
            default: return BadRequest();
        }
        this.Toast(text["person.account.done"]);
        return RedirectToPage(new { id });
    }

    /// <summary>A link that was not mailed is shown this once.</summary>
    private async Task<IActionResult> HandOverAsync(long id, LinkResult made, CancellationToken ct)
    {
        if (made.Link is null)
        {
            this.Toast(text[made.Succeeded ? "person.account.mailed" : "person.account.not-possible"]);
            return RedirectToPage(new { id });
        }
        Link = made.Link;
        await ShowAsync(ct);
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
