using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Sessions;

internal sealed record LiveSession(SignInSession Session, Account Account);

/// <summary>The sessions of the provider, and the cookie that names the one of this browser.</summary>
internal sealed class Sessions(IdentityStoreContext db, ProviderCookies cookies, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    /// <returns>The session of this browser if it still holds: not ended, within its limits, the account active and its password unchanged.</returns>
    public async Task<LiveSession?> CurrentAsync(HttpContext http, CancellationToken ct) =>
        cookies.ReadSession(http) is { } id ? await FindAsync(id, ct) : null;

    public async Task<LiveSession?> FindAsync(string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (idle, absolute) = (now - options.Value.SessionIdleLimit, now - options.Value.SessionAbsoluteLimit);
        var found = await db.Sessions.AsNoTracking()
            .Where(s => s.Id == id && s.EndedAt == null && s.LastUsedAt > idle && s.AuthenticatedAt > absolute)
            .Join(db.Users.AsNoTracking(), s => s.AccountId, a => a.Id, (s, a) => new { Session = s, Account = a })
            .Where(live => live.Account.State == AccountState.Active && live.Account.SecurityStamp == live.Session.SecurityStamp)
            .FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }
        if (now - found.Session.LastUsedAt >= UseIsNotedEvery)
        {
            await NoteUseAsync(id, now, ct);
        }
        return new(found.Session, found.Account);
    }

    private async Task NoteUseAsync(string id, DateTimeOffset now, CancellationToken ct)
    {
        await using var write = db.Database.CurrentTransaction is null ? await db.BeginWriteAsync(ct) : null;
        await db.Sessions.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, now), ct);
        if (write is not null)
        {
            await write.CommitAsync(ct);
        }
    }

    /// <summary>Begins a session under a new id and ends the one that this browser had.</summary>
    public async Task<LiveSession> BeginAsync(HttpContext http, Account account, string clientId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = new SignInSession
        {
            Id = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)),
            AccountId = account.Id,
            SecurityStamp = account.SecurityStamp ?? "",
            AuthenticatedAt = now,
            LastUsedAt = now,
        };
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (cookies.ReadSession(http) is { } previous)
            {
                await EndRowsAsync(previous, SessionEnd.Replaced, now, ct);
            }
            db.Sessions.Add(session);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LoggedIn, now, account.Id, clientId, http.Connection.RemoteIpAddress?.ToString()));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        cookies.WriteSession(http, session.Id);
        return new(session, account);
    }

    /// <summary>Ends the session with everything issued in it, and takes the cookie away.</summary>
    public async Task EndAsync(HttpContext http, LiveSession live, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await EndRowsAsync(live.Session.Id, SessionEnd.LoggedOut, now, ct);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LoggedOut, now, live.Account.Id, address: http.Connection.RemoteIpAddress?.ToString()));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        cookies.ClearSession(http);
    }

    private async Task EndRowsAsync(string id, SessionEnd reason, DateTimeOffset now, CancellationToken ct)
    {
        await db.Sessions.Where(s => s.Id == id && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.End, reason), ct);
        await db.Grants.Where(g => g.SessionId == id && g.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
    }
}

/// <summary>The provider's two cookies: the session, and a mark of the browser that ties a log-in form to whoever opened it.</summary>
internal sealed class ProviderCookies(IDataProtectionProvider protection, IOptions<PortalIdentityOptions> options)
{
    private readonly IDataProtector _session = protection.CreateProtector("Portal.Identity.Session.v1");

    public string SessionName => Prefix + "portal-identity";
    public string BrowserName => Prefix + "portal-identity-browser";
    private string Prefix => options.Value.IsHttps ? "__Host-" : "";

    public string? ReadSession(HttpContext http)
    {
        if (http.Request.Cookies[SessionName] is not { Length: > 0 and < 1024 } value)
        {
            return null;
        }
        try
        {
            return _session.Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void WriteSession(HttpContext http, string id) => http.Response.Cookies.Append(SessionName, _session.Protect(id), Options());

    public void ClearSession(HttpContext http) => http.Response.Cookies.Delete(SessionName, Options());

    /// <returns>The browser's mark, made now if it has none.</returns>
    public string EnsureBrowser(HttpContext http)
    {
        if (ReadBrowser(http) is { } known)
        {
            return known;
        }
        var mark = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        http.Response.Cookies.Append(BrowserName, mark, Options());
        return mark;
    }

    public string? ReadBrowser(HttpContext http) => http.Request.Cookies[BrowserName] is { Length: 22 } value ? value : null;

    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        Secure = options.Value.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
