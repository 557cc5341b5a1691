using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Portal.Web.Access;

/// <summary>
/// Opens each session cookie once. A cookie holds nothing but the key of a session, and whether that one still holds is asked at each request, so a cookie that was opened
/// before says all that opening it again would.
/// </summary>
internal sealed class KeptTickets(ISecureDataFormat<AuthenticationTicket> inner) : ISecureDataFormat<AuthenticationTicket>
{
    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<string, AuthenticationTicket> _opened = new(StringComparer.Ordinal);

    public string Protect(AuthenticationTicket data) => inner.Protect(data);
    public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(data, purpose);
    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, null);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        // What is bound to a connection is not the same on another one.
        if (protectedText is null || purpose is not null) { return inner.Unprotect(protectedText, purpose); }
        if (!_opened.TryGetValue(protectedText, out var kept))
        {
            if (inner.Unprotect(protectedText, null) is not { } opened) { return null; }
            if (_opened.Count >= MostKept) { _opened.Clear(); }
            kept = _opened.GetOrAdd(protectedText, opened);
        }
        // Each request may add to what it got.
        return new(new ClaimsPrincipal(kept.Principal.Identities), kept.Properties.Clone(), kept.AuthenticationScheme);
    }

    /// <summary>After the framework made the format.</summary>
    internal sealed class SetUp : IPostConfigureOptions<CookieAuthenticationOptions>
    {
        public void PostConfigure(string? name, CookieAuthenticationOptions options)
        {
            if (name == PortalSignIn.SessionScheme) { options.TicketDataFormat = new KeptTickets(options.TicketDataFormat); }
        }
    }
}
