using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Host;
using Quartz;

namespace Portal.Web.Jobs;

/// <summary>Runs one job in the scope of whoever asked, as that scope is now.</summary>
public sealed class JobRunner(IPortalDb portal, ScopeBuilder scopes, JobQueue queue, IEnumerable<IJobWork> works, UnwrittenEnds ends, IServiceProvider services, TimeProvider clock, ILogger<JobRunner> log) : IJob
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
        Job? job;
        try
        {
            job = await ChangeAsync(jobId, j => j.State is JobState.Waiting, j => (j.State, j.StartedAt, j.HeartbeatAt, j.Progress) = (JobState.Running, clock.GetUtcNow(), clock.GetUtcNow(), 0));
        }
        catch (Exception fault) when (Faults.IsUnreachable(fault))
        {
            log.LogError(fault, "Job {JobId} could not begin", jobId);
            await EndAsync(jobId, JobState.Failed, j => j.Error = Failure(fault, jobId));
            return;
        }
        if (job is null) { return; }
        var partial = queue.ResultPath(jobId) + ".part";
        Func<JobOutcome?> soFar = () => null;
        try
        {
            var work = works.First(w => w.Kind == job.Kind);
            var scope = await scopes.ForAsync(job.PersonId, cancel.Token);
            if (scope is null || !scope.May(work.Permission)) { throw new JobRefusedException(new("job.not-allowed")); }
            await using var run = services.CreateAsyncScope();
            run.ServiceProvider.GetRequiredService<CurrentScope>().Set(scope, $"job:{job.Kind}");
            var asked = new JobRun(job, run.ServiceProvider, partial, Reporter(jobId, cancel));
            soFar = () => asked.SoFar();
            var outcome = await work.RunAsync(asked, cancel.Token);
            if (File.Exists(partial)) { File.Move(partial, queue.ResultPath(jobId), overwrite: true); }
            await EndAsync(jobId, outcome.Cancelled ? JobState.Cancelled : JobState.Done, j => Take(j, outcome));
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
            var kept = File.Exists(partial) ? soFar() : null;
            if (kept is null) { File.Delete(partial); }
            else { File.Move(partial, queue.ResultPath(jobId), overwrite: true); }
            await EndAsync(jobId, JobState.Failed, j =>
            {
                j.Error = Failure(fault, jobId);
                if (kept is not null) { Take(j, kept); }
            });
        }
    }

    private static string Failure(Exception fault, long jobId) =>
        JsonSerializer.Serialize(new { Code = Faults.IsFull(fault) ? "job.no-room" : "job.failed", Values = new[] { jobId.ToString(CultureInfo.InvariantCulture) } }, JobQueue.JsonForm);

    private Task EndAsync(long jobId, JobState state, Action<Job> more) => ends.WriteAsync(new(jobId, state, clock.GetUtcNow(), more));

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

    private void Take(Job job, JobOutcome outcome)
    {
        job.Summary = outcome.Summary;
        if (outcome.FileName is not null) { (job.ResultFile, job.ResultName, job.ResultType) = (Path.GetFileName(queue.ResultPath(job.Id)), outcome.FileName, outcome.ContentType); }
    }

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
        services.AddSingleton<UnwrittenEnds>();
        services.AddHostedService(services => services.GetRequiredService<UnwrittenEnds>());
        services.AddHostedService<JobResumption>();
        services.AddHostedService<ClearOldJobs>();
    }
}
