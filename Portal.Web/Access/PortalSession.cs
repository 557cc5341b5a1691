using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Portal.Identity.Sessions;

namespace Portal.Web.Access;

/// <summary>The session behind a request. The cookie holds its key alone; who it is, is asked of the store at each request.</summary>
/// <param name="Key">As in the cookie: never to be shown or logged.</param>
public sealed record PortalSession(string Key, LiveHostSession Live)
{
    public static PortalSession? Of(HttpContext http) => http.Items.TryGetValue(typeof(PortalSession), out var session) ? (PortalSession?)session : null;

    /// <summary>Turns what the provider said into a row and a key.</summary>
    internal static async Task BeginAsync(CookieSigningInContext context)
    {
        var (http, said) = (context.HttpContext, context.Principal!);
        string Claim(string type) => said.FindFirst(type)?.Value ?? "";
        var key = await http.RequestServices.GetRequiredService<HostSessions>().BeginAsync(
            new NewHostSession(
                Claim(PortalClaims.Issuer), Claim(PortalClaims.Subject), Claim(PortalClaims.Session), Claim(PortalClaims.Methods),
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(Claim(PortalClaims.AuthenticatedAt), CultureInfo.InvariantCulture)),
                Device.Of(http.Request.Headers.UserAgent), http.Connection.RemoteIpAddress?.ToString(), ProviderAnswer.Of(http)?.Renewal),
            http.RequestAborted);
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(PortalClaims.SessionKey, key)], PortalSignIn.SessionScheme));
    }

    /// <summary>Refuses the cookie of a session that is over, and gives the request its person otherwise.</summary>
    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        if (context.Principal?.FindFirst(PortalClaims.SessionKey)?.Value is not { } key || await http.RequestServices.GetRequiredService<HostSessions>().FindAsync(key, http.RequestAborted) is not { } live)
        {
            context.RejectPrincipal();
            return;
        }
        if (live.RenewAt is not null && await http.RequestServices.GetRequiredService<SessionRenewals>().LookAsync(key, live, http.RequestAborted) is var goesOn && !goesOn)
        {
            context.RejectPrincipal();
            return;
        }
        http.Items[typeof(PortalSession)] = new PortalSession(key, live);
        context.ReplacePrincipal((ClaimsPrincipal)(live.Kept ??= PrincipalOf(live)));
    }

    /// <summary>Logging in once more in the same browser ends what it had.</summary>
    internal static async Task EndPreviousAsync(HttpContext http)
    {
        await http.AuthenticateAsync(PortalSignIn.SessionScheme);
        if (Of(http) is { } previous) { await http.RequestServices.GetRequiredService<HostSessions>().EndAsync(previous.Key, SessionEnd.Replaced, http.RequestAborted); }
    }

    private static ClaimsPrincipal PrincipalOf(LiveHostSession live) => new(new ClaimsIdentity(
        [new Claim(PortalClaims.Issuer, live.Issuer), new Claim(PortalClaims.Subject, live.Subject), new Claim(PortalClaims.Session, live.ProviderSession)], PortalSignIn.SessionScheme));
}
