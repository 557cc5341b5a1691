using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Identity.Sessions;

/// <summary>Writes once a minute which sessions were used, and once more when the host stops.</summary>
internal sealed partial class SessionUses(HostSessions sessions, TimeProvider clock, ILogger<SessionUses> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) { await WriteAsync(stoppingToken); }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await sessions.WriteUsesAsync(ct);
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException)
        {
            LogFailed(log, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Uses of sessions could not be written; the next try follows in a minute")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
