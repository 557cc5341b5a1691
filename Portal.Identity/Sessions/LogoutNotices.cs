using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Sessions;

/// <summary>
/// Tells clients that a session is over, however it ended: by log-out, by its limits, by an administrator (OpenID Connect Back-Channel Logout 1.0).
/// The messages are written down first and delivered from there: none is lost with a node, none is sent by two nodes, and a client that does not
/// answer delays nobody.
/// </summary>
internal sealed partial class LogoutNotices(
    IServiceScopeFactory scopes, TokenIssuer tokens, LogoutChannel channel, IOptions<PortalIdentityOptions> options, TimeProvider clock, ILogger<LogoutNotices> log) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(3);

    /// <summary>For so long a message belongs to the node that has begun to send it.</summary>
    private static readonly TimeSpan s_claim = TimeSpan.FromMinutes(1);

    /// <summary>The waits after each failed try; after the last the client is given up.</summary>
    internal static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(8)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await WriteDownAsync(stoppingToken);
                await DeliverAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is DbUpdateException or System.Data.Common.DbException)
            {
                LogFailed(log, fault);
            }
        }
    }

    /// <summary>One message for each client that took part in a session that is over.</summary>
    internal async Task WriteDownAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = clock.GetUtcNow();
        var (idle, absolute) = (now - options.Value.SessionIdleLimit, now - options.Value.SessionAbsoluteLimit);
        var over = await db.Sessions.AsNoTracking().Where(s => s.ClientsToldAt == null && s.EndedAt != null).OrderBy(s => s.EndedAt).Take(AtOnce).ToListAsync(ct);
        if (over.Count < AtOnce)
        {
            over.AddRange(await db.Sessions.AsNoTracking().Where(s => s.ClientsToldAt == null && s.EndedAt == null && s.LastUsedAt <= idle).OrderBy(s => s.LastUsedAt).Take(AtOnce).ToListAsync(ct));
            over.AddRange(await db.Sessions.AsNoTracking().Where(s => s.ClientsToldAt == null && s.EndedAt == null && s.LastUsedAt > idle && s.AuthenticatedAt <= absolute).OrderBy(s => s.AuthenticatedAt).Take(AtOnce).ToListAsync(ct));
        }
        if (over.Count == 0)
        {
            return;
        }
        var ids = over.Select(s => s.Id).ToList();
        await using var write = await db.BeginWriteAsync(ct);
        var took = await db.Grants.Where(g => ids.Contains(g.SessionId))
            .Join(db.Clients.Where(c => c.LogoutUri != null && c.Enabled), g => g.ClientId, c => c.ClientId, (g, c) => new { g.SessionId, g.ClientId }).Distinct().ToListAsync(ct);
        foreach (var session in over)
        {
            // The other node may have been quicker.
            if (await db.Sessions.Where(s => s.Id == session.Id && s.ClientsToldAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.ClientsToldAt, now), ct) == 1)
            {
                db.LogoutDeliveries.AddRange(took.Where(t => t.SessionId == session.Id).Select(t =>
                    new LogoutDelivery { SessionId = t.SessionId, ClientId = t.ClientId, AccountId = session.AccountId, CreatedAt = now, NextTryAt = now }));
            }
        }
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
    }

    /// <summary>Sends what is due, all at the same time, and waits for the slowest.</summary>
    internal async Task DeliverAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        List<LogoutDelivery> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
            due = await db.LogoutDeliveries.AsNoTracking().Where(d => d.DeliveredAt == null && d.GivenUpAt == null && d.NextTryAt <= now).OrderBy(d => d.NextTryAt).Take(AtOnce).ToListAsync(ct);
        }
        await Task.WhenAll(due.Select(delivery => DeliverAsync(delivery, ct)));
    }

    private async Task DeliverAsync(LogoutDelivery delivery, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>();
        var now = clock.GetUtcNow();
        var (session, clientId, until, tries) = (delivery.SessionId, delivery.ClientId, now + s_claim, delivery.Tries + 1);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            var claimed = await db.LogoutDeliveries.Where(d => d.SessionId == session && d.ClientId == clientId && d.DeliveredAt == null && d.Tries == delivery.Tries && d.NextTryAt <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.NextTryAt, until).SetProperty(d => d.Tries, tries), ct);
            await write.CommitAsync(ct);
            if (claimed == 0)
            {
                return;
            }
        }
        var client = await db.Clients.AsNoTracking().FirstOrDefaultAsync(c => c.ClientId == clientId && c.Enabled, ct);
        var fault = client?.LogoutUri is { } uri
            ? await channel.SendAsync(new Uri(uri), await tokens.LogoutTokenAsync(client, delivery.AccountId, session, ct), ct)
            : "The client has no address for log-outs any more.";
        var (delivered, givenUp) = (fault is null ? now : (DateTimeOffset?)null, fault is not null && (client?.LogoutUri is null || tries > Waits.Length) ? now : (DateTimeOffset?)null);
        var next = now + Waits[Math.Min(tries, Waits.Length) - 1];
        await using var result = await db.BeginWriteAsync(ct);
        await db.LogoutDeliveries.Where(d => d.SessionId == session && d.ClientId == clientId).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.DeliveredAt, delivered).SetProperty(d => d.GivenUpAt, givenUp).SetProperty(d => d.NextTryAt, next).SetProperty(d => d.LastFault, fault), ct);
        await result.CommitAsync(ct);
        if (fault is not null)
        {
            LogUntold(log, clientId, tries, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log-out messages could not be read or written; the next try follows at once")]
    private static partial void LogFailed(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client {Client} was not told of a log-out, try {Tries}: {Fault}")]
    private static partial void LogUntold(ILogger log, string client, int tries, string fault);
}

/// <summary>
/// The way out to the addresses that clients registered. It follows no redirect, reads next to nothing, and enters no network that is not public
/// unless the host named the receiver: a registered address must not be a means to reach the house's own machines.
/// </summary>
internal sealed class LogoutChannel : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private readonly HttpMessageInvoker _http;

    public LogoutChannel(IOptions<PortalIdentityOptions> options) =>
        _http = new HttpMessageInvoker(options.Value.LogoutTransport ?? GuardedConnections.Handler(s_longest, host => options.Value.LogoutHosts.Contains(host, StringComparer.OrdinalIgnoreCase)));

    public void Dispose() => _http.Dispose();

    /// <returns>Null when the client took it, else what went wrong.</returns>
    public async Task<string?> SendAsync(Uri uri, string token, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_longest);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new FormUrlEncodedContent([new("logout_token", token)]) };
            using var response = await _http.SendAsync(request, limit.Token);
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent ? null : $"It answered {(int)response.StatusCode}.";
        }
        catch (HttpRequestException fault)
        {
            return fault.InnerException is ForbiddenAddressException ? "Its address is on a network that is not public." : $"It could not be reached ({fault.HttpRequestError}).";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "It did not answer in time.";
        }
    }
}
