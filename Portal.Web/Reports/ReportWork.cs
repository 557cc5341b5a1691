using Portal.Domain.Access;
using Portal.Reports;
using Portal.Web.Jobs;

namespace Portal.Web.Reports;

/// <summary>What a job needs to run a report: the asker's answers, language and time zone as they were when asked.</summary>
public sealed record ReportArguments(string Name, ReportFormat Format, Dictionary<string, string> Parameters, string Language, string TimeZone);

/// <summary>Runs a report to a file in the scope of whoever asked.</summary>
public sealed class ReportWork(ReportRunner runner) : IJobWork
{
    public const string JobKind = "report";

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    public string Kind => JobKind;
    public string Permission => Permissions.RunReports;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken ct)
    {
        var asked = run.Arguments<ReportArguments>();
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(asked.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var request = new ReportRequest(asked.Name, asked.Format, asked.Parameters, asked.Language, zone, run.Db.Scope.PersonName);
        var rows = new Count();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var telling = TellAsync(run, rows, ended.Token);
        try
        {
            await using var result = run.CreateResult();
            var outcome = await runner.RunAsync(request, run.Db, result, rows, ct);
            if (!outcome.Succeeded) { throw new JobRefusedException(new("job.report-refused", Values: [.. outcome.Refusals.Select(r => ReportLanguage.Of(asked.Language, zone).Say(r)).Take(1)])); }
            return new JobOutcome(outcome.FileName, asked.Format.ContentType);
        }
        finally
        {
            await ended.CancelAsync();
            await telling;
        }
    }

    /// <summary>Rows are counted where they pass; telling the asker is left to a clock, so that counting costs nothing.</summary>
    private static async Task TellAsync(JobRun run, Count rows, CancellationToken ct)
    {
        using var clock = new PeriodicTimer(BetweenReports);
        try
        {
            while (await clock.WaitForNextTickAsync(ct)) { await run.ReportAsync(rows.Value, 0); }
        }
        catch (OperationCanceledException)
        {
            // The work has ended, and the job's last state tells how.
        }
    }

    private sealed class Count : IProgress<long>
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Report(long value) => Volatile.Write(ref _value, value);
    }
}
