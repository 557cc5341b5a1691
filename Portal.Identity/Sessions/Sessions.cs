using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Credentials;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Sessions;

internal sealed record LiveSession(SignInSession Session, Account Account);

/// <summary>Where a log-in comes from that another provider vouches for.</summary>
/// <param name="Session">What that provider calls its session; null where it names none.</param>
/// <param name="AuthenticatedAt">When the person proved it there; null where it does not say.</param>
internal sealed record FederatedOrigin(Guid Provider, string? Session, DateTimeOffset? AuthenticatedAt);

/// <summary>The sessions of the provider, and the cookie that names the one of this browser.</summary>
internal sealed class Sessions(IdentityStoreContext db, ProviderCookies cookies, AccountLife life, SessionVersion version, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    /// <returns>The session of this browser if it still holds: not ended, within its limits, the account active and its password unchanged.</returns>
    public async Task<LiveSession?> CurrentAsync(HttpContext http, CancellationToken ct) =>
        cookies.ReadSession(http) is { } cookie && await FindAsync(cookie.Id, ct) is { } live && live.Session.Generation == cookie.Generation ? live : null;

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

    /// <summary>
    /// The session of this browser goes on where it is the same person's: what was issued in it stays, the time of the proof is now, and a cookie copied before opens
    /// nothing any more. Else a new one begins.
    /// </summary>
    /// <param name="origin">Null for a log-in here.</param>
    public async Task<LiveSession> EnterAsync(HttpContext http, Account account, string clientId, string methods, FederatedOrigin? origin, CancellationToken ct)
    {
        if (await CurrentAsync(http, ct) is not { } live || live.Account.Id != account.Id) { return await BeginAsync(http, account, clientId, methods, origin, ct); }
        var (now, id, generation) = (clock.GetUtcNow(), live.Session.Id, live.Session.Generation + 1);
        var (proven, provider, there) = (ProofOf(origin, now) ?? now, origin?.Provider, origin?.Session);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.Sessions.Where(s => s.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(s => s.AuthenticatedAt, now).SetProperty(s => s.LastUsedAt, now).SetProperty(s => s.ProvenAt, proven).SetProperty(s => s.Methods, methods).SetProperty(s => s.Generation, generation)
                .SetProperty(s => s.FederatedProviderId, s => provider ?? s.FederatedProviderId).SetProperty(s => s.FederatedSession, s => there ?? s.FederatedSession), ct);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LoggedIn, now, account.Id, clientId, http.Connection.RemoteIpAddress?.ToString(), live.Session.Device));
            await RecogniseAsync(http, account, live.Session, now, ct);
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        life.Told();
        cookies.WriteSession(http, id, generation);
        return new(await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == id, ct), account);
    }

    /// <summary>Begins a session under a new id and ends the one that this browser had.</summary>
    /// <param name="methods">See <see cref="Credentials.Methods"/>.</param>
    /// <param name="origin">Null for a log-in here.</param>
    public async Task<LiveSession> BeginAsync(HttpContext http, Account account, string clientId, string methods, FederatedOrigin? origin, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = new SignInSession
        {
            Id = Unguessable.Name(),
            AccountId = account.Id,
            SecurityStamp = account.SecurityStamp ?? "",
            AuthenticatedAt = now,
            LastUsedAt = now,
            Methods = methods,
            ProvenAt = ProofOf(origin, now),
            FederatedProviderId = origin?.Provider,
            FederatedSession = origin?.Session,
            Device = Device.Of(http.Request.Headers.UserAgent),
            Address = http.Connection.RemoteIpAddress?.ToString(),
        };
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (cookies.ReadSession(http) is { } previous)
            {
                await db.EndSessionAsync(previous.Id, SessionEnd.Replaced, now, ct);
            }
            db.Sessions.Add(session);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LoggedIn, now, account.Id, clientId, session.Address, session.Device));
            await RecogniseAsync(http, account, session, now, ct);
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        life.Told();
        cookies.WriteSession(http, session.Id, session.Generation);
        return new(session, account);
    }

    /// <summary>Being let in silently by another provider is no proof of this moment.</summary>
    /// <returns>Null for a log-in here, which proves it now.</returns>
    private static DateTimeOffset? ProofOf(FederatedOrigin? origin, DateTimeOffset now) => origin switch
    {
        null => null,
        { AuthenticatedAt: null } => DateTimeOffset.UnixEpoch,
        { AuthenticatedAt: { } proven } => proven < now ? proven : now,
    };

    /// <summary>Knows the browser again, or makes it known and tells the owner of it, unless it is the first one of all.</summary>
    private async Task RecogniseAsync(HttpContext http, Account account, SignInSession session, DateTimeOffset now, CancellationToken ct)
    {
        var mark = cookies.ReadKnown(http) ?? Unguessable.Value();
        var hash = AuthorizationCode.HashOf(mark);
        cookies.WriteKnown(http, mark);
        if (await db.KnownBrowsers.Where(b => b.AccountId == account.Id && b.MarkHash == hash).ExecuteUpdateAsync(set => set.SetProperty(b => b.LastSeenAt, now).SetProperty(b => b.Device, session.Device), ct) == 1) { return; }
        if (await db.KnownBrowsers.AnyAsync(b => b.AccountId == account.Id, ct)) { life.Note(account, IdentityEventKind.NewDevice, session.Address, session.Device); }
        db.KnownBrowsers.Add(new KnownBrowser { AccountId = account.Id, MarkHash = hash, Device = session.Device, FirstSeenAt = now, LastSeenAt = now });
    }

    /// <summary>Notes that the person proved it once more, and gives the cookie a new value.</summary>
    public async Task ProveAsync(HttpContext http, LiveSession live, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var generation = live.Session.Generation + 1;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.Sessions.Where(s => s.Id == live.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, now).SetProperty(s => s.Generation, generation), ct);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.ProvenAgain, now, live.Account.Id, address: http.Connection.RemoteIpAddress?.ToString(), device: live.Session.Device));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        cookies.WriteSession(http, live.Session.Id, generation);
    }

    /// <summary>Ends the session with everything issued in it, and takes the cookie away.</summary>
    public async Task EndAsync(HttpContext http, LiveSession live, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.EndSessionAsync(live.Session.Id, SessionEnd.LoggedOut, now, ct);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LoggedOut, now, live.Account.Id, address: http.Connection.RemoteIpAddress?.ToString(), device: live.Session.Device));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        version.Move();
        cookies.ClearSession(http);
    }
}

/// <summary>The provider's cookies: the session, a mark of the browser that ties a log-in form to whoever opened it, and a lasting one by which a browser is known again.</summary>
internal sealed class ProviderCookies(IDataProtectionProvider protection, IOptions<PortalIdentityOptions> options)
{
    private readonly IDataProtector _session = protection.CreateProtector("Portal.Identity.Session.v1");

    public string SessionName => Prefix + "portal-identity";
    public string KnownName => Prefix + "portal-identity-known";
    public string BrowserName => Prefix + "portal-identity-browser";
    private string Prefix => options.Value.IsHttps ? "__Host-" : "";

    public (string Id, int Generation)? ReadSession(HttpContext http)
    {
        if (http.Request.Cookies[SessionName] is not { Length: > 0 and < 1024 } value)
        {
            return null;
        }
        try
        {
            return _session.Unprotect(value).Split('.') is [var id, .. var rest] ? (id, rest is [var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : 0) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void WriteSession(HttpContext http, string id, int generation) =>
        http.Response.Cookies.Append(SessionName, _session.Protect(string.Create(CultureInfo.InvariantCulture, $"{id}.{generation}")), Options());

    public void ClearSession(HttpContext http) => http.Response.Cookies.Delete(SessionName, Options());

    /// <returns>The browser's mark, made now if it has none.</returns>
    public string EnsureBrowser(HttpContext http)
    {
        if (ReadBrowser(http) is { } known)
        {
            return known;
        }
        var mark = Unguessable.Name();
        http.Response.Cookies.Append(BrowserName, mark, Options());
        return mark;
    }

    public string? ReadKnown(HttpContext http) => http.Request.Cookies[KnownName] is { Length: 43 } value ? value : null;

    /// <summary>Kept for 400 days, the longest that browsers allow.</summary>
    public void WriteKnown(HttpContext http, string mark)
    {
        var options = Options();
        options.MaxAge = TimeSpan.FromDays(400);
        http.Response.Cookies.Append(KnownName, mark, options);
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
