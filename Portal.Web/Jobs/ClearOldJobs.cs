namespace Portal.Web.Jobs;

/// <summary>Removes jobs with their results some time after they ended: setting <c>Jobs:KeptDays</c>, 30 unless set. Looks every hour.</summary>
public sealed class ClearOldJobs(JobQueue queue, IConfiguration settings, TimeProvider clock, ILogger<ClearOldJobs> log) : BackgroundService
{
    private const int UsualDays = 30;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var kept = TimeSpan.FromDays(Math.Max(1, settings.GetValue("Jobs:KeptDays", UsualDays)));
        using var beat = new PeriodicTimer(BetweenLooks, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var cleared = await queue.ClearAsync(clock.GetUtcNow() - kept, stoppingToken);
                if (cleared > 0) { log.LogInformation("Cleared {Count} jobs that ended more than {Days} days ago", cleared, kept.TotalDays); }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // The portal goes on; the next look tries again.
                log.LogError(fault, "Old jobs could not be cleared");
            }
        }
    }
}
