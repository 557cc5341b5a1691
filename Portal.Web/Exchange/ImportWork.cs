using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Exchange;
using Portal.Web.Jobs;
using Portal.Web.Pages.Exchange;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Exchange;

/// <param name="Language">Of the error file: the asker's.</param>
public sealed record ImportArguments(long DeliveryId, bool DryRun, bool Strict, string Language);

/// <param name="Kept">False: nothing was written.</param>
/// <param name="First">The first refused rows, to see at once what is wrong with the file; null in summaries of before.</param>
public sealed record ImportSummary(bool DryRun, bool Kept, IReadOnlyList<ImportSummary.Set> Sets, IReadOnlyList<ImportSummary.Refused>? First = null)
{
    public const int MostShown = 10;

    /// <param name="Reason">In the asker's language.</param>
    public sealed record Refused(string File, long Row, string Column, string? Value, string Reason);

    public sealed record Set(string Name, string Kind, long Read, long Created, long Updated, long Unchanged, long Refused, long Ignored, long Removed);

    public static ImportSummary Of(ImportResult result, bool dryRun, IReadOnlyList<Refused> first) => new(dryRun, result.Kept,
        [.. result.Records.Select(r => new Set(r.Name, r.Kind, r.Read, r.Created, r.Updated, r.Unchanged, r.Refused, r.Ignored, r.Removed))], first);
}

/// <summary>An import as a job of whoever uploaded the files; its result file names every refused row.</summary>
public sealed class ImportWork(Importer importer, ImportProfiles profiles, ImportDeliveries deliveries, IStringLocalizer<ExchangeText> text, IStringLocalizerFactory texts) : IJobWork
{
    public const string JobKind = "import";

    public string Kind => JobKind;
    public string Permission => Permissions.Import;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken ct)
    {
        var asked = run.Arguments<ImportArguments>();
        var db = run.Db;
        if (await deliveries.FindAsync(asked.DeliveryId, db.Scope.PersonId, ct) is not { } delivery) { throw new JobRefusedException(ImportRefusals.DeliveryGone); }
        if (await ProfileOfAsync(delivery, ct) is not { } profile) { throw new JobRefusedException(ImportRefusals.ProfileBroken); }
        var files = deliveries.Open(delivery, profile);
        if (!files.Succeeded) { throw new JobRefusedException(ImportRefusals.DeliveryGone); }

        db.Through = $"import:{profile.Name}";
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(asked.Language);
        await using var errors = new RefusalFile(run.CreateResult(), AreaTexts.Everywhere(typeof(ExchangeText), texts));
        run.SoFar = () => errors.Count == 0 ? null : Outcome(profile, errors, null, cancelled: false);
        var result = await importer.RunAsync(profile, files.Value, new() { DryRun = asked.DryRun, Strict = asked.Strict }, db, errors.Add, p => run.ReportAsync((long)(p.Done * 1000), 1000), ct);
        var summary = JsonSerializer.Serialize(ImportSummary.Of(result, asked.DryRun, errors.First), JobQueue.JsonForm);
        return Outcome(profile, errors, summary, result.Cancelled);
    }

    private JobOutcome Outcome(ImportProfile profile, RefusalFile errors, string? summary, bool cancelled) =>
        errors.Count == 0 ? new(null, null, summary, cancelled) : new(text["import.errors.file", profile.Name], "text/csv; charset=utf-8", summary, cancelled);

    private async Task<ImportProfile?> ProfileOfAsync(ImportDelivery delivery, CancellationToken ct) => delivery.Mapping is { } mapping
        ? ProfileReader.Read(ImportDelivery.MappedFile, mapping, importer.Schemas).Profile
        : delivery.Profile is { } name ? (await profiles.ReadAsync(name, ct)).Profile : null;
}

/// <summary>Refused rows as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
public sealed class RefusalFile : IAsyncDisposable
{
    private readonly StreamWriter _writer;
    private readonly IStringLocalizer _text;

    public RefusalFile(Stream file, IStringLocalizer text)
    {
        _text = text;
        _writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" };
        Line(text["import.refusal.records"], text["import.refusal.file"], text["import.refusal.row"], text["import.refusal.column"], text["import.refusal.value"], text["import.refusal.reason"]);
    }

    private readonly List<ImportSummary.Refused> _first = [];

    public long Count { get; private set; }
    public IReadOnlyList<ImportSummary.Refused> First => _first;

    public void Add(ImportRefusal refusal)
    {
        Count++;
        var reason = refusal.Reason.TextIn(_text);
        if (_first.Count < ImportSummary.MostShown) { _first.Add(new(refusal.Place.File, refusal.Place.Row, refusal.Column, refusal.Value, reason)); }
        Line(refusal.Records, refusal.Place.File, refusal.Place.Row.ToString(CultureInfo.InvariantCulture), refusal.Column, refusal.Value ?? "", reason);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private void Line(params string[] cells) => _writer.WriteLine(string.Join(',', cells.Select(Cell)));

    private static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') { text = "'" + text; }
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
