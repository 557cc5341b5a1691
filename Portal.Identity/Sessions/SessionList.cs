using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Sessions;

/// <summary>A place where somebody is logged in, as its owner and an administrator see it.</summary>
/// <param name="Id">The provider's session: what to end.</param>
/// <param name="Methods">Values of RFC 8176, separated by spaces.</param>
public sealed record SessionLine(string Id, string Device, string? Address, string Methods, DateTimeOffset BegunAt, DateTimeOffset LastUsedAt);

/// <summary>Where a person is logged in, and ending that. Takes the link of a person, so that it holds for another provider's people too.</summary>
public sealed class SessionList(IdentityStoreContext db, HostSessions host, SessionVersion version, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private const int Most = 100;

    /// <summary>The latest used first, at most a hundred.</summary>
    public async Task<IReadOnlyList<SessionLine>> ReadAsync(string issuer, string subject, CancellationToken ct)
    {
        var (idle, absolute) = (clock.GetUtcNow() - options.Value.SessionIdleLimit, clock.GetUtcNow() - options.Value.SessionAbsoluteLimit);
        var here = await db.HostSessions.AsNoTracking().Where(s => s.Issuer == issuer && s.Subject == subject && s.EndedAt == null && s.LastUsedAt > idle && s.BegunAt > absolute)
            .OrderByDescending(s => s.LastUsedAt).Take(Most)
            .Select(s => new SessionLine(s.ProviderSession, s.Device, s.Address, s.Methods, s.BegunAt, s.LastUsedAt)).ToListAsync(ct);
        var atProvider = AccountOf(issuer, subject) is not { } account ? [] : await db.Sessions.AsNoTracking()
            .Where(s => s.AccountId == account && s.EndedAt == null && s.LastUsedAt > idle && s.AuthenticatedAt > absolute)
            .OrderByDescending(s => s.LastUsedAt).Take(Most)
            .Select(s => new SessionLine(s.Id, s.Device, s.Address, s.Methods, s.AuthenticatedAt, s.LastUsedAt)).ToListAsync(ct);
        return
        [
            .. here.Concat(atProvider).GroupBy(s => s.Id)
                .Select(same => same.First() with { BegunAt = same.Min(s => s.BegunAt), LastUsedAt = same.Max(s => s.LastUsedAt) })
                .OrderByDescending(s => s.LastUsedAt).Take(Most),
        ];
    }

    /// <summary>Ends one session of this person; another person's is left alone.</summary>
    public Task EndAsync(string issuer, string subject, string id, SessionEnd reason, CancellationToken ct) => WriteAsync(async now =>
    {
        if (AccountOf(issuer, subject) is { } account && await db.Sessions.AnyAsync(s => s.Id == id && s.AccountId == account, ct)) { await db.EndSessionAsync(id, reason, now, ct); }
        await db.EndHostSessionsAsync(db.HostSessions.Where(s => s.Issuer == issuer && s.Subject == subject && s.ProviderSession == id), reason, now, ct);
    }, ct);

    /// <param name="except">The session that goes on; null for none.</param>
    public Task EndAllAsync(string issuer, string subject, string? except, SessionEnd reason, CancellationToken ct) => WriteAsync(async now =>
    {
        if (AccountOf(issuer, subject) is { } account) { await db.EndSessionsOfAsync(account, except, reason, now, ct); }
        await db.EndHostSessionsAsync(db.HostSessions.Where(s => s.Issuer == issuer && s.Subject == subject && s.ProviderSession != except), reason, now, ct);
    }, ct);

    private async Task WriteAsync(Func<DateTimeOffset, Task> act, CancellationToken ct)
    {
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await act(clock.GetUtcNow());
            await write.CommitAsync(ct);
        }
        version.Move();
        await host.TellEndedViewsAsync(ct);
    }

    private static Guid? AccountOf(string issuer, string subject) => issuer == Account.OwnIssuer && Guid.TryParseExact(subject, "N", out var id) ? id : null;
}
