using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Sessions;

/// <summary>Moves whenever a session was ended in this process: whoever keeps sessions in memory then looks again.</summary>
public sealed class SessionVersion
{
    private long _current;

    public long Current => Volatile.Read(ref _current);

    public void Move() => Interlocked.Increment(ref _current);
}

/// <summary>Ends sessions with everything that hangs on them, inside the caller's transaction. After the commit the caller moves <see cref="SessionVersion"/>.</summary>
internal static class SessionEnds
{
    /// <summary>The provider's session, what was issued in it, and the host's session that it opened.</summary>
    public static async Task EndSessionAsync(this IdentityStoreContext db, string id, SessionEnd reason, DateTimeOffset now, CancellationToken ct)
    {
        await db.Sessions.Where(s => s.Id == id && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.End, reason), ct);
        await db.Grants.Where(g => g.SessionId == id && g.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
        await db.EndHostSessionsAsync(db.HostSessions.Where(s => s.Issuer == Account.OwnIssuer && s.ProviderSession == id), reason, now, ct);
    }

    /// <param name="except">A session that goes on; null for none.</param>
    public static async Task EndSessionsOfAsync(this IdentityStoreContext db, Guid account, string? except, SessionEnd reason, DateTimeOffset now, CancellationToken ct)
    {
        var subject = Account.SubjectOf(account);
        await db.Sessions.Where(s => s.AccountId == account && s.EndedAt == null && s.Id != except)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.End, reason), ct);
        await db.Grants.Where(g => g.AccountId == account && g.RevokedAt == null && g.SessionId != except)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
        await db.EndHostSessionsAsync(db.HostSessions.Where(s => s.Issuer == Account.OwnIssuer && s.Subject == subject && s.ProviderSession != except), reason, now, ct);
    }

    public static Task EndHostSessionsAsync(this IdentityStoreContext db, IQueryable<HostSession> sessions, SessionEnd reason, DateTimeOffset now, CancellationToken ct) =>
        sessions.Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.End, reason), ct);
}
