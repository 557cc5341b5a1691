using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Quartz;

namespace Portal.Web.Jobs;

/// <summary>Runs one job in the scope of whoever asked, as that scope is now.</summary>
public sealed class JobRunner(IPortalDb portal, ScopeBuilder scopes, JobQueue queue, IEnumerable<IJobWork> works, IServiceProvider services, TimeProvider clock, ILogger<JobRunner> log) : IJob
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(700);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var jobId = long.Parse(context.JobDetail.Key.Name, CultureInfo.InvariantCulture);
        using var cancel = queue.Enter(jobId, cancellationToken);
        try
        {
            await RunAsync(jobId, cancel);
        }
        finally
        {
            queue.Leave(jobId);
        }
    }

    private async Task RunAsync(long jobId, CancellationTokenSource cancel)
    {
        if (await ChangeAsync(jobId, j => j.State is JobState.Waiting, j => (j.State, j.StartedAt, j.HeartbeatAt, j.Progress) = (JobState.Running, clock.GetUtcNow(), clock.GetUtcNow(), 0)) is not { } job) { return; }
        var partial = queue.ResultPath(jobId) + ".part";
        try
        {
            var work = works.First(w => w.Kind == job.Kind);
            var scope = await scopes.ForAsync(job.PersonId, cancel.Token);
            if (scope is null || !scope.May(work.Permission)) { throw new JobRefusedException(new("job.not-allowed")); }
            await using var run = services.CreateAsyncScope();
            run.ServiceProvider.GetRequiredService<CurrentScope>().Set(scope, $"job:{job.Kind}");
            var outcome = await work.RunAsync(new JobRun(job, run.ServiceProvider, partial, Reporter(jobId, cancel)), cancel.Token);
            if (File.Exists(partial)) { File.Move(partial, queue.ResultPath(jobId), overwrite: true); }
            await EndAsync(jobId, outcome.Cancelled ? JobState.Cancelled : JobState.Done, j =>
            {
                if (outcome.FileName is null) { j.Summary = outcome.Summary; return; }
                (j.ResultFile, j.ResultName, j.ResultType, j.Summary) = (Path.GetFileName(queue.ResultPath(jobId)), outcome.FileName, outcome.ContentType, outcome.Summary);
            });
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            File.Delete(partial);
            await EndAsync(jobId, JobState.Cancelled, _ => { });
        }
        catch (JobRefusedException refused)
        {
            File.Delete(partial);
            await EndAsync(jobId, JobState.Failed, j => j.Error = JsonSerializer.Serialize(new { refused.Refusal.Code, refused.Refusal.Values }, JobQueue.JsonForm));
        }
        catch (Exception fault)
        {
            log.LogError(fault, "Job {JobId} of kind {Kind} failed", jobId, job.Kind);
            File.Delete(partial);
            await EndAsync(jobId, JobState.Failed, j => j.Error = JsonSerializer.Serialize(new { Code = "job.failed", Values = new[] { jobId.ToString(CultureInfo.InvariantCulture) } }, JobQueue.JsonForm));
        }
    }

    private Func<long, long, Task> Reporter(long jobId, CancellationTokenSource cancel)
    {
        var since = Stopwatch.StartNew();
        var first = true;
        return async (progress, total) =>
        {
            if (!first && since.Elapsed < BetweenReports) { return; }
            first = false;
            since.Restart();
            var job = await ChangeAsync(jobId, _ => true, j => (j.Progress, j.Total, j.HeartbeatAt) = (progress, total, clock.GetUtcNow()));
            if (job?.CancelAsked == true) { await cancel.CancelAsync(); }
        };
    }

    private Task EndAsync(long jobId, JobState state, Action<Job> more) => ChangeAsync(jobId, _ => true, j =>
    {
        (j.State, j.EndedAt) = (state, clock.GetUtcNow());
        more(j);
    });

    /// <summary>The asker may cancel in between, so a lost race is read again.</summary>
    private async Task<Job?> ChangeAsync(long jobId, Func<Job, bool> when, Action<Job> change)
    {
        while (true)
        {
            await using var db = portal.For(AccessScope.System("keep a job's state"));
            var job = await db.Jobs.FirstOrDefaultAsync(j => j.Id == jobId);
            if (job is null || !when(job)) { return null; }
            change(job);
            try
            {
                await db.SaveChangesAsync();
                return job;
            }
            catch (DbUpdateConcurrencyException)
            {
                log.LogDebug("Job {JobId} was changed meanwhile; reading it again", jobId);
            }
        }
    }
}

/// <summary>Takes up, at start, what an earlier process left.</summary>
public sealed class JobResumption(JobQueue queue) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => queue.ResumeAsync(stoppingToken);
}

public static class Jobs
{
    public static void AddPortalJobs(this IServiceCollection services)
    {
        services.AddQuartz(quartz => quartz.UseDefaultThreadPool(pool => pool.MaxConcurrency = 2));
        services.AddQuartzHostedService(host => host.WaitForJobsToComplete = false);
        services.AddSingleton<JobQueue>();
        services.AddTransient<JobRunner>();
        services.AddHostedService<JobResumption>();
        services.AddHostedService<ClearOldJobs>();
    }
}
