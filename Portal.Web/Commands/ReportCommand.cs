using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Reports;
using Portal.Web.Host;

namespace Portal.Web.Commands;

/// <summary><c>report NAME --as EMAIL --format F --out FILE [--param name=value ...]</c>: a report as that person would get it.</summary>
public static class ReportCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The report, as in the address of its page" };
    private static readonly Option<string> As = new("--as") { Description = "E-mail of the person in whose rights it runs", Required = true };
    private static readonly Option<ReportFormat> Format = new("--format") { Description = "pdf, xlsx, csv or html", Required = true };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "The file to write", Required = true };
    private static readonly Option<string[]> Param = new("--param") { Description = "An answer, name=value; may be repeated. Without one the form's default holds; name= leaves it open", AllowMultipleArgumentsPerToken = true };

    static ReportCommand() => Format.AcceptOnlyFromAmong("pdf", "xlsx", "csv", "html");

    public static Command Make(CommandHost host)
    {
        var command = new Command("report", "Write a report to a file") { Name, As, Format, Out, Param };
        host.Handle(command, RunAsync);
        return command;
    }

    private static async Task<Outcome> RunAsync(CommandRun run, CancellationToken ct)
    {
        var state = await run.Get<Schema>().LookAsync(ct);
        if (state.Newer.Count > 0) { return run.Refused(Schema.Newer(state), Schema.Explain(Schema.Newer(state))); }
        if (state.Pending.Count > 0) { return run.Refused(Schema.Behind(state), Schema.Explain(Schema.Behind(state))); }
        var asked = run.Arguments;
        var portal = run.Get<IPortalDb>();
        var email = asked.GetValue(As)!.Trim().ToLowerInvariant();
        await using var system = portal.For(AccessScope.System("command report"));
        var person = await system.People.AsNoTracking().Where(p => p.Email == email && p.Active).Select(p => new { p.Id, p.Name, p.Language, p.TimeZone }).FirstOrDefaultAsync(ct);
        if (person is null || await run.Get<ScopeBuilder>().ForAsync(person.Id, ct) is not { } scope) { return run.Refused(new Domain.Common.Refusal("person.unknown", Values: [email]), $"There is no active person {email}."); }
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in asked.GetValue(Param) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) { run.Problem($"--param {pair}: write name=value."); return Outcome.WrongUsage; }
            answers[pair[..at]] = pair[(at + 1)..];
        }
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(person.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var runner = run.Get<ReportRunner>();
        var (name, offered) = (asked.GetValue(Name)!, runner.Offered(scope).ToList());
        if (offered.Find(r => r.Name == name) is not { } report)
        {
            string[] reports = [.. offered.Select(r => r.Name)];
            return run.Refused(new { Code = "report.unknown", Values = new[] { name }, reports }, [$"There is no report named {name}. {email} can have:", .. reports.Select(r => "  " + r)]);
        }
        foreach (var (key, value) in runner.Defaults(report, zone)) { answers.TryAdd(key, value); }
        var request = new ReportRequest(name, asked.GetValue(Format), answers, person.Language, zone, person.Name);
        var target = asked.GetValue(Out)!.FullName;
        var partial = target + ".part";
        if (Open(target, partial, run) is not { } file) { return Outcome.WrongUsage; }
        await using var db = portal.For(scope, "command:report");
        try
        {
            ReportOutcome outcome;
            await using (file) { outcome = await runner.RunAsync(request, db, file, null, ct); }
            if (!outcome.Succeeded)
            {
                var words = ReportLanguage.Of("en", TimeZoneInfo.Utc);
                return run.Refused(new { refusals = outcome.Refusals.Select(r => new { r.Code, r.Field, text = words.Say(r) }) }, outcome.Refusals.Select(words.Say));
            }
            File.Move(partial, target, overwrite: true);
            return run.Done(new { file = target, outcome.Rows }, $"{target}: {outcome.Rows} rows");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static FileStream? Open(string target, string partial, CommandRun run)
    {
        try
        {
            if (!Directory.Exists(target)) { return File.Create(partial); }
            run.Problem($"--out {target} is a folder: name a file.");
        }
        catch (Exception unusable) when (!Faults.IsFull(unusable) && unusable is IOException or UnauthorizedAccessException) { run.Problem($"--out {target} cannot be written: {unusable.Message}"); }
        return null;
    }
}
