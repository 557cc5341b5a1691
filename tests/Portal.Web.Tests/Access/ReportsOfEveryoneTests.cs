using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Reports;
using Portal.Reports.Rendering;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>Every report, as every person, as a file: what a job would write.</summary>
[Collection(Isolation.Name)]
public sealed class ReportsOfEveryoneTests(MatrixRuns runs)
{
    [Theory, OnEachEngine, Trait("asvs", "V8.3.3")]
    public async Task No_report_holds_a_word_of_what_is_out_of_sight(string engine)
    {
        var run = await runs.OnAsync(engine);
        var runner = run.Portal.Services.GetRequiredService<ReportRunner>();
        var scopes = run.Portal.Services.GetRequiredService<ScopeBuilder>();
        List<string> leaks = [];
        var written = 0;
        foreach (var email in IsolationWorld.People)
        {
            var scope = await scopes.ForAsync(run.Model.PersonId(email), TestContext.Current.CancellationToken);
            foreach (var report in ReportCatalog.Standard().All)
            {
                foreach (var format in new[] { ReportFormat.Csv, ReportFormat.Xlsx, ReportFormat.Html })
                {
                    await using var db = run.Portal.Portal.For(scope!);
                    using var file = new MemoryStream();
                    var answers = runner.Defaults(report, TimeZoneInfo.Utc).Where(a => a.Value.Length > 0).ToDictionary();
                    var outcome = await runner.RunAsync(new(report.Name, format, answers, "en", TimeZoneInfo.Utc, "x"), db, file, null, TestContext.Current.CancellationToken);
                    Assert.Equal(run.Model.May(email, report.Permission), outcome.Succeeded);
                    if (!outcome.Succeeded) { Assert.Equal(0, file.Length); continue; }
                    written++;
                    leaks.AddRange(Canary.In(MatrixRun.TextOf(file.ToArray())).Where(w => run.Model.Of(email, w.Kind, w.Id) < w.Depth).Take(3).Select(w => $"{email} reads {w} in {report.Name} as {format}"));
                }
            }
        }
        Assert.True(written > 50, $"only {written} reports were written");
        Assert.Empty(leaks);
    }
}
