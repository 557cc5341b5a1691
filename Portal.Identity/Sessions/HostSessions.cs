using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Sessions;

/// <summary>Who logged in, as the host's sign-in learnt it.</summary>
/// <param name="Methods">Values of RFC 8176, separated by spaces.</param>
public sealed record NewHostSession(string Issuer, string Subject, string ProviderSession, string Methods, DateTimeOffset AuthenticatedAt, string Device, string? Address, SessionRenewal? Renewal = null);

/// <summary>How a session at another provider goes on.</summary>
/// <param name="RefreshToken">Kept sealed; each serves once.</param>
/// <param name="At">When the provider is asked again.</param>
/// <param name="GoodUntil">How long the session holds while the provider does not answer.</param>
public sealed record SessionRenewal(string RefreshToken, DateTimeOffset At, DateTimeOffset GoodUntil);

/// <summary>A session that holds at this moment.</summary>
public sealed class LiveHostSession(string issuer, string subject, string providerSession, string methods, DateTimeOffset authenticatedAt, DateTimeOffset endsAt, DateTimeOffset lastUsedAt, long? viewingPerson, DateTimeOffset? viewingUntil, DateTimeOffset? renewAt, DateTimeOffset? goodUntil)
{
    private long _lastUsedTicks = lastUsedAt.UtcTicks;

    public string Issuer => issuer;
    public string Subject => subject;
    public string ProviderSession => providerSession;
    public string Methods => methods;
    public DateTimeOffset AuthenticatedAt => authenticatedAt;

    /// <summary>Over at this moment, used or not.</summary>
    public DateTimeOffset EndsAt => endsAt;
    public long? ViewingPerson => viewingPerson;
    public DateTimeOffset? ViewingUntil => viewingUntil;

    /// <summary>When the provider is to be asked whether the session goes on; null: never.</summary>
    public DateTimeOffset? RenewAt => renewAt;

    /// <summary>How long the session holds while the provider does not answer; null: as long as the limits allow.</summary>
    public DateTimeOffset? GoodUntil => goodUntil;

    /// <summary>Whatever the host makes of the session, kept as long as it is.</summary>
    public object? Kept { get; set; }

    internal long LastUsedTicks { get => Volatile.Read(ref _lastUsedTicks); set => Volatile.Write(ref _lastUsedTicks, value); }
}

/// <summary>
/// The host's sessions. Where one process owns the store, a found session is kept in memory until any session ends; where several share it, each request asks by
/// one primary key. Uses are collected and written about once a minute, so that reading pages costs no writing.
/// </summary>
public sealed class HostSessions(IServiceProvider services, IServiceScopeFactory scopes, SessionVersion version, IDataProtectionProvider protection, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private readonly IDataProtector _renewals = protection.CreateProtector("Portal.Identity.HostSessionRenewal.v1");
    private readonly bool _isShared = options.Value.StoreIsSharedBy(services);
    private const int MostKept = 20_000;
    private const int WrittenAtOnce = 500;
    private static readonly TimeSpan s_useIsNotedEvery = TimeSpan.FromMinutes(1);

    // Compiled once for the one model of this host.
    private readonly Func<IdentityStoreContext, string, CancellationToken, Task<Found?>> _find = EF.CompileAsyncQuery((IdentityStoreContext db, string hash, CancellationToken ct) =>
        db.HostSessions.Where(s => s.KeyHash == hash && s.EndedAt == null)
            .Select(s => new Found(s.Issuer, s.Subject, s.ProviderSession, s.Methods, s.AuthenticatedAt, s.BegunAt, s.LastUsedAt, s.ViewingPerson, s.ViewingUntil, s.RenewAt, s.GoodUntil)).FirstOrDefault());

    private readonly ConcurrentDictionary<string, (long Version, LiveHostSession Session)> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _used = new(StringComparer.Ordinal);

    private sealed record Found(
        string Issuer, string Subject, string ProviderSession, string Methods, DateTimeOffset AuthenticatedAt, DateTimeOffset BegunAt, DateTimeOffset LastUsedAt, long? ViewingPerson, DateTimeOffset? ViewingUntil,
        DateTimeOffset? RenewAt, DateTimeOffset? GoodUntil);

    /// <summary>Whether the session that another provider calls so was one of the host's and is over: what was issued in it is not believed any more.</summary>
    public async Task<bool> IsOverAsync(string issuer, string providerSession, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var own = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>().HostSessions.Where(s => s.ProviderSession == providerSession && s.Issuer == issuer);
        return await own.AnyAsync(s => s.EndedAt != null, ct) && !await own.AnyAsync(s => s.EndedAt == null, ct);
    }

    /// <returns>Null where there is none, it was ended, or a limit has passed.</returns>
    public ValueTask<LiveHostSession?> FindAsync(string key, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(key);
        var current = version.Current;
        return !_isShared && _kept.TryGetValue(hash, out var kept) && kept.Version == current
            ? ValueTask.FromResult(Use(hash, kept.Session))
            : new(ReadAsync(hash, current, ct));
    }

    private async Task<LiveHostSession?> ReadAsync(string hash, long current, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var found = await _find(scope.ServiceProvider.GetRequiredService<IdentityStoreContext>(), hash, ct);
        if (found is null) { return null; }
        // A use that is noted but not yet written counts too.
        var lastUsed = _kept.TryGetValue(hash, out var before) ? new DateTimeOffset(Math.Max(before.Session.LastUsedTicks, found.LastUsedAt.UtcTicks), TimeSpan.Zero) : found.LastUsedAt;
        var session = new LiveHostSession(
            found.Issuer, found.Subject, found.ProviderSession, found.Methods, found.AuthenticatedAt, found.BegunAt + options.Value.SessionAbsoluteLimit, lastUsed, found.ViewingPerson, found.ViewingUntil, found.RenewAt, found.GoodUntil);
        if (!_isShared)
        {
            if (_kept.Count >= MostKept) { _kept.Clear(); }
            _kept[hash] = (current, session);
        }
        return Use(hash, session);
    }

    private LiveHostSession? Use(string hash, LiveHostSession session)
    {
        var now = clock.GetUtcNow();
        var unused = now.UtcTicks - session.LastUsedTicks;
        if (now >= session.EndsAt || unused >= options.Value.SessionIdleLimit.Ticks) { return null; }
        if (unused >= s_useIsNotedEvery.Ticks)
        {
            session.LastUsedTicks = now.UtcTicks;
            _used[hash] = 0;
        }
        return session;
    }

    /// <returns>The key for the cookie: 256 random bits.</returns>
    public async Task<string> BeginAsync(NewHostSession begun, CancellationToken ct)
    {
        var key = Unguessable.Value();
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        db.HostSessions.Add(new HostSession
        {
            KeyHash = AuthorizationCode.HashOf(key), Issuer = begun.Issuer, Subject = begun.Subject, ProviderSession = begun.ProviderSession, Methods = begun.Methods, AuthenticatedAt = begun.AuthenticatedAt,
            BegunAt = now, LastUsedAt = now, Device = begun.Device, Address = begun.Address,
            SealedRenewal = begun.Renewal is { } renewal ? _renewals.Protect(renewal.RefreshToken) : null, RenewAt = begun.Renewal?.At, GoodUntil = begun.Renewal?.GoodUntil,
        });
        await using var write = await db.BeginWriteAsync(ct);
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        return key;
    }

    /// <summary>Of all who see that the session is due for renewal, in whichever node, one gets the refresh token, and nobody else until the given moment.</summary>
    /// <returns>Null for the others.</returns>
    public async Task<string?> ClaimRenewalAsync(string key, DateTimeOffset until, CancellationToken ct)
    {
        var (hash, now) = (AuthorizationCode.HashOf(key), clock.GetUtcNow());
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            var claimed = await db.HostSessions.Where(s => s.KeyHash == hash && s.EndedAt == null && s.RenewAt <= now).ExecuteUpdateAsync(set => set.SetProperty(s => s.RenewAt, until), ct);
            await write.CommitAsync(ct);
            _kept.TryRemove(hash, out _);
            if (claimed == 0) { return null; }
        }
        return await db.HostSessions.Where(s => s.KeyHash == hash).Select(s => s.SealedRenewal).FirstOrDefaultAsync(ct) is { } token ? _renewals.Unprotect(token) : null;
    }

    /// <summary>The provider says that the session goes on.</summary>
    public async Task RenewAsync(string key, SessionRenewal renewal, CancellationToken ct)
    {
        var (hash, token) = (AuthorizationCode.HashOf(key), _renewals.Protect(renewal.RefreshToken));
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.HostSessions.Where(s => s.KeyHash == hash)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.SealedRenewal, token).SetProperty(s => s.RenewAt, renewal.At).SetProperty(s => s.GoodUntil, renewal.GoodUntil), ct);
            await write.CommitAsync(ct);
        }
        _kept.TryRemove(hash, out _);
    }

    public Task EndAsync(string key, SessionEnd reason, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(key);
        return EndAsync(sessions => sessions.Where(s => s.KeyHash == hash), reason, ct);
    }

    /// <summary>Ends what a provider elsewhere says is over (OpenID Connect Back-Channel Logout 1.0).</summary>
    /// <param name="providerSession">Null: every session of the subject.</param>
    public Task EndOfProviderAsync(string issuer, string? subject, string? providerSession, CancellationToken ct) =>
        EndAsync(sessions => sessions.Where(s => s.Issuer == issuer && (subject == null || s.Subject == subject) && (providerSession == null || s.ProviderSession == providerSession)), SessionEnd.LoggedOut, ct);

    /// <summary>Shows the session somebody else's view, or its owner's own again.</summary>
    public async Task ViewAsync(string key, long? person, DateTimeOffset? until, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(key);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.HostSessions.Where(s => s.KeyHash == hash).ExecuteUpdateAsync(set => set.SetProperty(s => s.ViewingPerson, person).SetProperty(s => s.ViewingUntil, until), ct);
            await write.CommitAsync(ct);
        }
        version.Move();
    }

    private async Task EndAsync(Func<IQueryable<HostSession>, IQueryable<HostSession>> which, SessionEnd reason, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.EndHostSessionsAsync(which(db.HostSessions), reason, clock.GetUtcNow(), ct);
            await write.CommitAsync(ct);
        }
        version.Move();
        await TellEndedViewsAsync(ct);
    }

    /// <summary>
    /// Tells the host of sessions that ended while they showed somebody else's view, whatever ended them. Whoever ends one session calls it; the rest is told with the next
    /// round of the outbox, on whichever node, and again if a node dies over it.
    /// </summary>
    public async Task TellEndedViewsAsync(CancellationToken ct)
    {
        if (options.Value.ViewEnded is not { } tell) { return; }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var ended = await db.HostSessions.AsNoTracking().Where(s => s.EndedAt != null && s.ViewingPerson != null && s.ViewingUntil > s.EndedAt)
            .Select(s => new { s.KeyHash, s.Issuer, s.Subject, EndedAt = s.EndedAt!.Value }).ToListAsync(ct);
        foreach (var session in ended)
        {
            await tell(scope.ServiceProvider, session.Issuer, session.Subject, session.EndedAt, ct);
            await using var write = await db.BeginWriteAsync(ct);
            await db.HostSessions.Where(s => s.KeyHash == session.KeyHash).ExecuteUpdateAsync(set => set.SetProperty(s => s.ViewingPerson, (long?)null).SetProperty(s => s.ViewingUntil, (DateTimeOffset?)null), ct);
            await write.CommitAsync(ct);
        }
    }

    /// <summary>Writes the uses noted since the last time. Called about once a minute and when the host stops.</summary>
    internal async Task WriteUsesAsync(CancellationToken ct)
    {
        string[] used = [.. _used.Keys];
        if (used.Length == 0) { return; }
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        foreach (var some in used.Chunk(WrittenAtOnce))
        {
            await using var write = await db.BeginWriteAsync(ct);
            await db.HostSessions.Where(s => some.Contains(s.KeyHash)).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, now), ct);
            await write.CommitAsync(ct);
            foreach (var hash in some) { _used.TryRemove(hash, out _); }
        }
    }
}
