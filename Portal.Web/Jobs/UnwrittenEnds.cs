using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Host;

namespace Portal.Web.Jobs;

/// <summary>How a job ended.</summary>
/// <param name="More">What else the job then says.</param>
public sealed record JobEnd(long JobId, JobState State, DateTimeOffset At, Action<Job> More)
{
    public void ApplyTo(Job job)
    {
        (job.State, job.EndedAt) = (State, At);
        More(job);
    }
}

/// <summary>
/// Ends that the database could not take, which is how a full disk ends work. They are told again until it takes them; meanwhile the asker is shown the end, and the thread serves
/// others. A process that ends before leaves a job that seems to run, and that is begun again at the next start.
/// </summary>
public sealed class UnwrittenEnds(IPortalDb portal, TimeProvider clock, ILogger<UnwrittenEnds> log) : BackgroundService
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<long, JobEnd> _ends = new();

    /// <summary>Writes the end, or keeps it to be written as soon as that is possible.</summary>
    public async Task WriteAsync(JobEnd end)
    {
        try
        {
            await TellAsync(end);
        }
        catch (Exception fault) when (Faults.IsUnreachable(fault))
        {
            _ends[end.JobId] = end;
            log.LogError(fault, "The end of job {JobId} could not be written; trying again every {Pause}", end.JobId, BetweenTries);
        }
    }

    /// <summary>Shows a job that was read as ended where its end is not written yet.</summary>
    public void ShowOn(Job untracked)
    {
        if (_ends.TryGetValue(untracked.Id, out var end)) { end.ApplyTo(untracked); }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(BetweenTries, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (id, end) in _ends)
            {
                try
                {
                    await TellAsync(end);
                    _ends.TryRemove(id, out _);
                }
                catch (Exception fault) when (Faults.IsUnreachable(fault))
                {
                    log.LogWarning("The end of job {JobId} can still not be written: {Reason}", id, fault.Message);
                }
            }
        }
    }

    /// <summary>The asker may cancel in between, so a lost race is read again.</summary>
    private async Task TellAsync(JobEnd end)
    {
        for (var told = false; !told;)
        {
            await using var db = portal.For(AccessScope.System("keep a job's state"));
            if (await db.Jobs.FirstOrDefaultAsync(j => j.Id == end.JobId) is not { } job) { return; }
            end.ApplyTo(job);
            try
            {
                await db.SaveChangesAsync();
                told = true;
            }
            catch (DbUpdateConcurrencyException)
            {
                log.LogDebug("Job {JobId} was changed meanwhile; reading it again", end.JobId);
            }
        }
    }
}
