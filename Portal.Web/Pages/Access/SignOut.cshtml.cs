using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Portal.Identity.Sessions;
using Portal.Web.Access;

namespace Portal.Web.Pages.Access;

/// <summary>Ends the portal's session, then the provider's (OpenID Connect RP-Initiated Logout 1.0). Asks first where no form of the portal was sent.</summary>
[AllowAnonymous]
public sealed class SignOutModel(HintCookie hint, HostSessions sessions, SignInAddresses addresses, IOptionsMonitor<SignInHandlerOptions> provider) : PageModel
{
    /// <summary>The provider's log-out address when it is on another site: the page leads there by itself, as its content security policy forbids forms to.</summary>
    public string? GoingTo { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var idToken = hint.Read(HttpContext);
        await ViewingAs.EndAsync(HttpContext, ct);
        if (PortalSession.Of(HttpContext) is { } session) { await sessions.EndAsync(session.Key, SessionEnd.LoggedOut, ct); }
        await HttpContext.SignOutAsync(PortalSignIn.SessionScheme);
        hint.Clear(HttpContext);

        var options = provider.Get(PortalSignIn.ProviderScheme);
        if (await EndSessionAddressAsync(options, ct) is not { Length: > 0 } address)
        {
            return SeeOther(PortalSignIn.SignedOutPath);
        }
        var target = QueryHelpers.AddQueryString(address, new Dictionary<string, string?>
        {
            ["id_token_hint"] = idToken,
            ["client_id"] = options.ClientId,
            ["post_logout_redirect_uri"] = addresses.PostLogoutRedirectUri,
            ["ui_locales"] = System.Globalization.CultureInfo.CurrentUICulture.Name,
        }.Where(parameter => parameter.Value is not null));
        if (addresses.IsBuiltIn)
        {
            return SeeOther(target);
        }
        GoingTo = target;
        Response.Headers["Refresh"] = $"0; url={target}";
        return Page();
    }

    /// <returns>Null where the provider has none, or does not answer: the portal's own session is over all the same.</returns>
    private static async Task<string?> EndSessionAddressAsync(SignInHandlerOptions options, CancellationToken ct)
    {
        try
        {
            return (await options.Provider.GetAsync(ct)).EndSessionEndpoint;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private StatusCodeResult SeeOther(string location)
    {
        Response.Headers.Location = location;
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
