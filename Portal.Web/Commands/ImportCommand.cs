using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Web.Exchange;
using Portal.Web.Host;
using Portal.Web.Pages.Exchange;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Commands;

/// <summary><c>import PROFILE PATH [--dry-run] [--strict] [--as EMAIL]</c>: brings files in by a profile. Each refused row is a line with file and row.</summary>
public static class ImportCommand
{
    private static readonly Argument<string> Profile = new("profile") { Description = "Name of an import profile" };
    private static readonly Argument<string> Source = new("path") { Description = "Folder with the files, or one file" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check and count everything, write nothing" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "Write nothing if a single row is refused" };
    private static readonly Option<string?> As = new("--as") { Description = "E-mail address of the person in whose rights the import runs; without it, the operator's" };

    public static Command Make(CommandHost host)
    {
        var command = new Command("import", "Import CSV or XLSX files by a profile") { Profile, Source, DryRun, Strict, As };
        host.Handle(command, RunAsync);
        return command;
    }

    private static async Task<Outcome> RunAsync(CommandRun run, CancellationToken ct)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var text = AreaTexts.Everywhere(typeof(ExchangeText), run.Get<IStringLocalizerFactory>());
        var state = await run.Get<Schema>().LookAsync(ct);
        if (state.Newer.Count > 0) { return run.Refused(Schema.Newer(state), Schema.Explain(Schema.Newer(state))); }
        if (state.Pending.Count > 0) { return run.Refused(Schema.Behind(state), Schema.Explain(Schema.Behind(state))); }

        var profiles = run.Get<ImportProfiles>();
        var name = run.Arguments.GetValue(Profile)!;
        var (profile, problems) = await profiles.ReadAsync(name, ct);
        if (profile is null)
        {
            if (problems.Count > 0) { return run.Refused(new { profile = name, problems = problems.Select(p => new { p.Path, p.Problem }) }, problems.Select(p => $"{name}.json: {p}")); }
            run.Problem($"There is no profile '{name}'. There are: {string.Join(", ", profiles.Names)}.");
            return Outcome.WrongUsage;
        }
        var files = ImportFolder.At(run.Arguments.GetValue(Source)!, profile);
        if (!files.Succeeded)
        {
            run.Problem(files.Refusal!.TextIn(text));
            return Outcome.WrongUsage;
        }
        var scope = await ScopeAsync(run, ct);
        if (!scope.Succeeded) { return run.Refused(new { scope.Refusal!.Code, scope.Refusal.Values }, scope.Refusal.TextIn(text)); }
        return await ImportAsync(run, profile, files.Value, scope.Value, text, ct);
    }

    private static async Task<Result<AccessScope>> ScopeAsync(CommandRun run, CancellationToken ct)
    {
        if (run.Arguments.GetValue(As) is not { } email) { return AccessScope.System("command import"); }
        await using var system = run.Get<PortalDb>().For(AccessScope.System("find the importing person"));
        var wanted = email.Trim().ToLowerInvariant();
        var person = await system.People.AsNoTracking().Where(p => p.Email == wanted && p.Active).Select(p => p.Id).FirstOrDefaultAsync(ct);
        var scope = person == 0 ? null : await run.Get<ScopeBuilder>().ForAsync(person, ct);
        if (scope is null) { return ImportRefusals.PersonUnknown(email); }
        return scope.May(Permissions.Import) ? scope : ImportRefusals.PersonMayNot(email);
    }

    private static async Task<Outcome> ImportAsync(CommandRun run, ImportProfile profile, ImportFolder files, AccessScope scope, IStringLocalizer text, CancellationToken ct)
    {
        var options = new ImportOptions { DryRun = run.Arguments.GetValue(DryRun), Strict = run.Arguments.GetValue(Strict) };
        var refusals = new List<ImportRefusal>();
        await using var db = run.Get<PortalDb>().For(scope, $"import:{profile.Name}");
        var result = await run.Get<Importer>().RunAsync(profile, files, options, db, refusal =>
        {
            if (run.AsJson) { refusals.Add(refusal); }
            else { Console.Out.WriteLine(Line(refusal, text)); }
        }, null, ct);

        var answer = new
        {
            profile = profile.Name,
            options.DryRun,
            options.Strict,
            result.Kept,
            result.Cancelled,
            records = result.Records.Select(r => new
            {
                r.Name, r.Kind, r.Read, r.Groups, r.Created, r.Updated, r.Unchanged, r.Refused, r.Ignored, r.Removed,
                ignoredFor = r.IgnoredFor.Select(i => new { reason = i.Key.En, count = i.Value }),
            }),
            refusals = refusals.Select(r => new { r.Records, r.Place.File, r.Place.Row, r.Column, r.Value, r.Reason.Code, reason = r.Reason.TextIn(text) }),
        };
        string[] lines = [.. result.Records.Select(Line), .. Ending(result, options)];
        return result.Refused > 0 || result.Cancelled ? run.Refused(answer, lines) : run.Done(answer, lines);
    }

    private static string Line(ImportRefusal refusal, IStringLocalizer text)
    {
        var place = refusal.Place.Row > 0 ? $"{refusal.Place.File}:{refusal.Place.Row}" : refusal.Place.File;
        var value = refusal.Value is null ? "" : $" '{refusal.Value}'";
        var column = refusal.Column.Length == 0 ? "" : $" {refusal.Column}{value}";
        return $"{place}{column}: {refusal.Reason.TextIn(text)} [{refusal.Records}, {refusal.Reason.Code}]";
    }

    private static string Line(ImportCount count) => string.Create(CultureInfo.InvariantCulture,
        $"{count.Name} ({count.Kind}): read {count.Read}, created {count.Created}, updated {count.Updated}, unchanged {count.Unchanged}, refused {count.Refused}, ignored {count.Ignored}")
        + (count.Removed > 0 ? string.Create(CultureInfo.InvariantCulture, $", removed {count.Removed}") : "")
        + string.Concat(count.IgnoredFor.Select(i => string.Create(CultureInfo.InvariantCulture, $"\n  ignored {i.Value}: {i.Key.En}")));

    private static IEnumerable<string> Ending(ImportResult result, ImportOptions options)
    {
        if (result.Cancelled) { yield return result.Kept ? "Cancelled; what was done so far is kept, and running it again goes on from there." : "Cancelled; nothing was written."; }
        else if (options.DryRun) { yield return "Dry run: nothing was written."; }
        else if (!result.Kept) { yield return "Strict: nothing was written."; }
    }
}
