using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Persistence;

/// <summary>Once an hour moves the signing keys on, takes away what nothing can refer to any more, and looks after the records of domains. Two nodes doing it at once do no harm.</summary>
internal sealed partial class Housekeeping(IServiceScopeFactory scopes, Keys.SigningKeyLife keys, IOptions<PortalIdentityOptions> options, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);

    /// <summary>How long the provider's own audit is kept.</summary>
    private static readonly TimeSpan s_eventsKept = TimeSpan.FromDays(400);

    /// <summary>How long the record of a delivered or given-up log-out message or mail, and of an expired secret, is kept.</summary>
    private static readonly TimeSpan s_deliveriesKept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.StepAsync(stoppingToken);
                await using var scope = scopes.CreateAsyncScope();
                await CleanAsync(scope.ServiceProvider.GetRequiredService<IdentityStoreContext>(), stoppingToken);
                await scope.ServiceProvider.GetRequiredService<Federation.DomainChecks>().StepAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is DbUpdateException or System.Data.Common.DbException)
            {
                LogFailed(log, fault);
            }
        }
    }

    internal async Task CleanAsync(IdentityStoreContext db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        var dead = now - options.Value.SessionAbsoluteLimit - options.Value.AccessTokenLifetime;
        await db.Codes.Where(code => code.ExpiresAt < dead).ExecuteDeleteAsync(ct);
        await db.HostSessions.Where(session => session.BegunAt < dead).ExecuteDeleteAsync(ct);
        // A used refresh token stays with its family: that is how its second use is known.
        var deadFamily = now - options.Value.RefreshAbsoluteLimit - options.Value.AccessTokenLifetime;
        await db.Grants.Where(grant => grant.CreatedAt < deadFamily || (grant.CreatedAt < dead && (grant.RevokedAt != null || !grant.Scope.Contains(Tokens.Scopes.OfflineAccess)))).ExecuteDeleteAsync(ct);
        var lost = now - TimeSpan.FromMinutes(1);
        await db.RefreshTokens.Where(token => token.SealedSuccessor != null && token.ConsumedAt < lost).ExecuteUpdateAsync(set => set.SetProperty(token => token.SealedSuccessor, (string?)null), ct);
        await db.RevokedTokens.Where(token => token.ExpiresAt < lost).ExecuteDeleteAsync(ct);
        await db.UsedAssertions.Where(assertion => assertion.ExpiresAt < lost).ExecuteDeleteAsync(ct);
        await db.PushedRequests.Where(request => request.ExpiresAt < now - options.Value.InteractionLifetime).ExecuteDeleteAsync(ct);
        await db.FederationAttempts.Where(attempt => attempt.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.LogoutDeliveries.Where(delivery => delivery.CreatedAt < now - s_deliveriesKept).ExecuteDeleteAsync(ct);
        await db.ClientSecrets.Where(secret => secret.ExpiresAt < now - s_deliveriesKept).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(session => session.AuthenticatedAt < dead).ExecuteDeleteAsync(ct);
        await db.Links.Where(link => link.ExpiresAt < dead).ExecuteDeleteAsync(ct);
        await db.Outbox.Where(message => message.State != Mail.DeliveryState.Waiting && message.At < now - s_deliveriesKept).ExecuteDeleteAsync(ct);
        await db.KnownBrowsers.Where(browser => browser.LastSeenAt < now - s_eventsKept).ExecuteDeleteAsync(ct);
        var oldest = now - s_eventsKept;
        await db.Events.Where(line => line.At < oldest).ExecuteDeleteAsync(ct);
        await write.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity store could not be cleaned; the next try follows in an hour")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
