using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Persistence;

/// <summary>Takes away, once an hour, what nothing can refer to any more. Two nodes doing it at once do no harm.</summary>
internal sealed partial class Housekeeping(IServiceScopeFactory scopes, IOptions<PortalIdentityOptions> options, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);

    /// <summary>How long the provider's own audit is kept.</summary>
    private static readonly TimeSpan s_eventsKept = TimeSpan.FromDays(400);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await CleanAsync(scope.ServiceProvider.GetRequiredService<IdentityStoreContext>(), stoppingToken);
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
        await db.Grants.Where(grant => grant.CreatedAt < dead).ExecuteDeleteAsync(ct);
        await db.HostSessions.Where(session => session.BegunAt < dead).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(session => session.AuthenticatedAt < dead).ExecuteDeleteAsync(ct);
        var oldest = now - s_eventsKept;
        await db.Events.Where(line => line.At < oldest).ExecuteDeleteAsync(ct);
        await write.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity store could not be cleaned; the next try follows in an hour")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
