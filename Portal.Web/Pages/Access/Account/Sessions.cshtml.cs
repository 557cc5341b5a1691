using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Identity.Accounts;
using Portal.Identity.Sessions;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Account;

/// <summary>Where I am logged in, what happened at the door, and how to end what is not mine.</summary>
[Authorize(Policy = Permissions.SignedIn), ShownInView(false)]
public sealed class SessionsModel(SessionList sessions, SignInLog log, StepUp stepUp, IStringLocalizer<AccessText> text) : PageModel
{
    private const int LinesShown = 50;

    public SessionsView View { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct)
    {
        var own = PortalSession.Of(HttpContext)!.Live;
        View = new(await sessions.ReadAsync(own.Issuer, own.Subject, ct), own.Issuer == Portal.Identity.Accounts.Account.OwnIssuer ? await log.ReadAsync(own.Subject, LinesShown, ct) : [], own.ProviderSession, MayEnd: true);
    }

    /// <summary>Whoever found this browser open does not throw its owner out elsewhere.</summary>
    public async Task<IActionResult> OnPostEndAsync(string? session, CancellationToken ct)
    {
        if (stepUp.Ask(this) is { } ask) { return ask; }
        var own = PortalSession.Of(HttpContext)!.Live;
        if (!string.IsNullOrEmpty(session) && session != own.ProviderSession) { await sessions.EndAsync(own.Issuer, own.Subject, session, SessionEnd.EndedByOwner, ct); }
        this.Toast(text["session.ended"]);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken ct)
    {
        if (stepUp.Ask(this) is { } ask) { return ask; }
        var own = PortalSession.Of(HttpContext)!.Live;
        await sessions.EndAllAsync(own.Issuer, own.Subject, own.ProviderSession, SessionEnd.EndedByOwner, ct);
        this.Toast(text["session.ended-others"]);
        return RedirectToPage();
    }
}
