using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Quartz;

namespace Portal.Web.Jobs;

/// <summary>Takes long work in, starts it, cancels it, and finds its result. The table of jobs is the truth; the scheduler only gives threads.</summary>
public sealed class JobQueue(IPortalDb portal, ISchedulerFactory schedulers, DataFolder folder)
{
    public static readonly JsonSerializerOptions JsonForm = new(JsonSerializerDefaults.Web);

    private const int JobsAtOnce = 500;

    private readonly ConcurrentDictionary<long, CancellationTokenSource> _running = new();
    private readonly string _files = folder.Folder("jobs");

    /// <summary>Saves the job in the asker's scope and starts it.</summary>
    /// <param name="title">As the asker's list of jobs shows it, in the asker's language.</param>
    public async Task<Job> AskAsync(PortalDbContext db, string kind, string title, object arguments, CancellationToken ct)
    {
        var job = new Job
        {
            Id = db.Ids.Next(), Kind = kind, Title = title, PersonId = db.Scope.PersonId, Arguments = JsonSerializer.Serialize(arguments, JsonForm), AskedAt = db.Now,
        };
        db.Add(job);
        await db.SaveChangesAsync(ct);
        await StartAsync(job.Id, ct);
        return job;
    }

    /// <summary>Asks for the same work once more.</summary>
    /// <returns>The new job; null where the job is not the asker's, still runs, or did what it was to do.</returns>
    public async Task<Job?> AskAgainAsync(PortalDbContext db, long jobId, CancellationToken ct) =>
        await db.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Id == jobId && (j.State == JobState.Failed || j.State == JobState.Cancelled), ct) is { } job
            ? await AskAsync(db, job.Kind, job.Title, JsonSerializer.Deserialize<JsonElement>(job.Arguments, JsonForm), ct)
            : null;

    /// <summary>After a restart: what waited goes on waiting, what ran is begun again. Work is written so that a second beginning does nothing twice.</summary>
    public async Task ResumeAsync(CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.System("resume jobs"));
        var stale = db.Now - TimeSpan.FromMinutes(2);
        var open = await db.Jobs.Where(j => j.State == JobState.Waiting || j.State == JobState.Running && (j.HeartbeatAt == null || j.HeartbeatAt < stale || !db.Engine.IsShared)).OrderBy(j => j.Id).ToListAsync(ct);
        foreach (var job in open) { job.State = JobState.Waiting; }
        await db.SaveChangesAsync(ct);
        foreach (var job in open) { await StartAsync(job.Id, ct); }
    }

    /// <returns>Null once asked, or not found where the job is not the asker's or has ended.</returns>
    public async Task<Refusal?> CancelAsync(PortalDbContext db, long jobId, CancellationToken ct)
    {
        var job = await db.Jobs.FirstOrDefaultAsync(j => j.Id == jobId && (j.State == JobState.Waiting || j.State == JobState.Running), ct);
        if (job is null) { return new Refusal("job.not-found", RefusalKind.NotFound); }
        // First the word to the running work: it may hold the turn to write that saving waits for.
        if (_running.TryGetValue(jobId, out var run)) { await run.CancelAsync(); }
        job.CancelAsked = true;
        if (job.State is JobState.Waiting) { (job.State, job.EndedAt) = (JobState.Cancelled, db.Now); }
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Refusal("job.changed", RefusalKind.Conflict);
        }
        return null;
    }

    /// <returns>The file of the asker's own job, once it has ended in whatever way; null for everything else.</returns>
    public async Task<(string Path, string Name, string Type)?> ResultAsync(PortalDbContext db, long jobId, CancellationToken ct)
    {
        var job = await db.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Id == jobId && (j.State == JobState.Done || j.State == JobState.Cancelled || j.State == JobState.Failed) && j.ResultFile != null, ct);
        var path = job is null ? "" : Path.Combine(_files, job.ResultFile!);
        return job is not null && File.Exists(path) ? (path, job.ResultName!, job.ResultType!) : null;
    }

    /// <summary>Removes jobs that ended before the instant, and every result that belongs to no job any more.</summary>
    /// <returns>How many jobs.</returns>
    public async Task<int> ClearAsync(DateTimeOffset endedBefore, CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.System("clear old jobs"));
        var cleared = 0;
        for (var more = true; more;)
        {
            var old = await db.Jobs.Where(j => j.EndedAt != null && j.EndedAt < endedBefore).OrderBy(j => j.Id).Take(JobsAtOnce).Select(j => j.Id).ToArrayAsync(ct);
            if (old.Length == 0) { break; }
            await db.InOneTransactionAsync(async () => { cleared += await db.Jobs.Where(j => EF.Parameter(old).Contains(j.Id)).ExecuteDeleteAsync(ct); return true; }, ct);
            more = old.Length == JobsAtOnce;
        }
        foreach (var part in Directory.EnumerateFiles(_files).Where(file => File.GetLastWriteTimeUtc(file) < endedBefore).Chunk(JobsAtOnce))
        {
            var ids = part.Select(JobOf).ToArray();
            var kept = (await db.Jobs.Where(j => EF.Parameter(ids).Contains(j.Id)).Select(j => j.Id).ToListAsync(ct)).ToHashSet();
            foreach (var file in part.Where(file => !kept.Contains(JobOf(file)))) { File.Delete(file); }
        }
        return cleared;

        static long JobOf(string file) => long.TryParse(Path.GetFileName(file).Split('.')[0], System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    internal string ResultPath(long jobId) => Path.Combine(_files, $"{jobId}.result");

    /// <summary>Whether the work runs in this process and was told to stop.</summary>
    public bool IsStopping(long jobId) => _running.TryGetValue(jobId, out var run) && run.IsCancellationRequested;

    internal CancellationTokenSource Enter(long jobId, CancellationToken ct) => _running[jobId] = CancellationTokenSource.CreateLinkedTokenSource(ct);

    internal void Leave(long jobId) => _running.TryRemove(jobId, out _);

    private async Task StartAsync(long jobId, CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        var key = new JobKey(jobId.ToString(System.Globalization.CultureInfo.InvariantCulture), "asked");
        await scheduler.ScheduleJob(JobBuilder.Create<JobRunner>().WithIdentity(key).Build(), TriggerBuilder.Create().StartNow().Build(), new ScheduleJobOptions { Replace = true }, ct);
    }
}
