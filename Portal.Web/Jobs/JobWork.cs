using System.Text.Json;
using Portal.Domain.Persistence;

namespace Portal.Web.Jobs;

/// <summary>One kind of long work. Registered as a singleton; what it needs per run it takes from <see cref="JobRun.Services"/>.</summary>
public interface IJobWork
{
    /// <summary>As in <see cref="Job.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Asked again when the work begins: a right that was taken away in between stops it.</summary>
    string Permission { get; }

    /// <exception cref="JobRefusedException">The work cannot be done, for a reason that the asker can mend.</exception>
    Task<JobOutcome> RunAsync(JobRun run, CancellationToken ct);
}

/// <param name="FileName">The name under which the result is downloaded; null where there is no file.</param>
/// <param name="Summary">JSON for the page; null where there is none.</param>
/// <param name="Cancelled">The asker stopped it; what it has to tell so far is kept.</param>
public sealed record JobOutcome(string? FileName, string? ContentType, string? Summary = null, bool Cancelled = false);

/// <summary>Ends the work with a text that the asker can read.</summary>
public sealed class JobRefusedException(Domain.Common.Refusal refusal) : Exception(refusal.Code)
{
    public Domain.Common.Refusal Refusal => refusal;
}

/// <summary>What a run has: the asker's context and services, its arguments, progress, and a place for the result.</summary>
public sealed class JobRun(Job job, IServiceProvider services, string resultPath, Func<long, long, Task> report)
{
    public long JobId => job.Id;
    public IServiceProvider Services => services;

    /// <summary>In the scope of whoever asked, built anew when the work began.</summary>
    public PortalDbContext Db => services.GetRequiredService<PortalDbContext>();

    public T Arguments<T>() => JsonSerializer.Deserialize<T>(job.Arguments, JobQueue.JsonForm) ?? throw new InvalidOperationException("A job has arguments.");

    /// <summary>Written beside and moved in place when the work is done: nobody fetches half a file.</summary>
    public FileStream CreateResult() => new(resultPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous);

    /// <summary>What is worth keeping if the work ends by a fault; null where nothing is. Asked when everything that wrote to the result is closed.</summary>
    public Func<JobOutcome?> SoFar { get; set; } = () => null;

    /// <param name="total">0: unknown.</param>
    public Task ReportAsync(long progress, long total) => report(progress, total);
}
