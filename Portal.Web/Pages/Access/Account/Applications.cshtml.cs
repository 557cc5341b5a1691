using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Identity.Clients;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.Account;

/// <summary>What I have allowed other companies' applications, and how to take it back.</summary>
[Authorize(Policy = Permissions.SignedIn), ShownInView(false)]
public sealed class ApplicationsModel(Consents consents, IStringLocalizer<AccessText> text) : PageModel
{
    public IReadOnlyList<GivenConsent> Given { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Given = Own is { } subject ? await consents.ListAsync(subject, ct) : [];

    public async Task<IActionResult> OnPostWithdrawAsync(string? client, CancellationToken ct)
    {
        // Taken back twice is taken back.
        if (Own is { } subject && !string.IsNullOrEmpty(client) && await consents.WithdrawAsync(subject, client, ct)) { this.Toast(text["consent.taken-back"]); }
        return RedirectToPage();
    }

    /// <summary>Null where another provider keeps the account: it keeps the consents too.</summary>
    private string? Own => PortalSession.Of(HttpContext)!.Live is { } live && live.Issuer == Portal.Identity.Accounts.Account.OwnIssuer ? live.Subject : null;
}
