using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Web.Exchange;
using Portal.Web.Jobs;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Exchange.Imports;

/// <summary>The second step: map columns where no profile does, see what the first rows become, and start.</summary>
[Authorize(Policy = Permissions.Import)]
public sealed class CheckModel(PortalDbContext db, Importer importer, ImportProfiles profiles, ImportDeliveries deliveries, JobQueue queue, IStringLocalizer<ExchangeText> text, IStringLocalizer<UiText> ui) : PageModel
{
    /// <summary>Stands for the meaning of a word that means nothing; no record is called so.</summary>
    public const string NoMeaning = "\u2205";

    private const int RowsShown = 8;
    private const int RowsTried = 200;

    public ImportDelivery Delivery { get; private set; } = null!;
    public ColumnMapping? Mapping { get; private set; }

    /// <summary>The columns are those of the last file, not guessed.</summary>
    public bool Recalled { get; private set; }
    public IReadOnlyList<string> Columns { get; private set; } = [];
    public IReadOnlyList<SetPreview> Preview { get; private set; } = [];
    public IReadOnlyList<string> Problems { get; private set; } = [];
    public bool CanStart { get; private set; }

    /// <summary>One transaction for all rows, where there is one writer at a time.</summary>
    public bool StrictMakesWait => db.Engine.IsInProcess;

    /// <summary>The reader chose these columns, for this file or for the last one.</summary>
    public bool Chosen => Recalled || Delivery.Columns is not null;

    public string Title { get; private set; } = "";

    /// <summary>What the first rows of a record set become.</summary>
    public sealed record SetPreview(string Name, IReadOnlyList<string> Fields, IReadOnlyList<RowPreview> Rows);

    public sealed record RowPreview(SourcePlace Place, IReadOnlyList<string> Values, IReadOnlyList<string> Refusals, string? Ignored);

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        await ShowAsync(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostMapAsync(long id, ColumnMapping mapping, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct) || Delivery.Kind is not { } kind || importer.Targets.GetValueOrDefault(kind) is not { } target) { return NotFound(); }
        mapping.Words = (Delivery.Columns ?? await deliveries.RecallAsync(db.Scope.PersonId, kind, ct))?.Words ?? [];
        IReadOnlyList<UnknownWords> unknown;
        using (var rows = RowsOf(target)) { unknown = rows is null ? [] : await UnknownWords.OfAsync(mapping, target, importer.Targets, rows, db, ct); }
        foreach (var (field, word) in unknown.SelectMany(u => u.Words, (u, word) => (u, word.Word)).Where(u => mapping.MeaningOf(u.u.Field, u.Word) is null))
        {
            if (UnknownWords.Alike(word, ChoicesOf(target, field).Select(c => (c.Text, c.Value))) is { } means) { mapping.Means(new(field.Field, word, means)); }
        }
        await KeepAsync(target, mapping, unknown, ct);
        return RedirectToPage(new { id });
    }

    /// <param name="words">A meaning that is missing lets the rows be refused, <see cref="NoMeaning"/> leaves the field empty.</param>
    public async Task<IActionResult> OnPostWordsAsync(long id, List<WordMeaning> words, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct) || Delivery is not { Kind: { } kind, Columns: { } mapping, Unknown: { } unknown } || importer.Targets.GetValueOrDefault(kind) is not { } target) { return NotFound(); }
        foreach (var word in words.Where(w => unknown.Any(u => u.Field == w.Field && u.Words.Any(found => found.Word == w.Word))))
        {
            if (word.Means is null) { mapping.Forget(word.Field, word.Word); }
            else { mapping.Means(word.Means == NoMeaning ? word with { Means = null } : word); }
        }
        await KeepAsync(target, mapping, unknown, ct);
        return RedirectToPage(new { id });
    }

    /// <summary>What an unknown word can be said to mean.</summary>
    public IEnumerable<SelectListItem> ChoicesOf(IImportTarget target, UnknownWords unknown) =>
        unknown.Names?.Select(name => new SelectListItem(name, name)) ?? ImportWords.Choices(target.Fields.First(f => f.Name == unknown.Field), yes => ui[yes ? "form.yes" : "form.no"]) ?? [];

    private async Task KeepAsync(IImportTarget target, ColumnMapping mapping, IReadOnlyList<UnknownWords> unknown, CancellationToken ct)
    {
        using var rows = RowsOf(target);
        if (rows is null) { return; }
        var (dates, numbers) = Written(mapping, target, rows);
        await deliveries.SaveAsync(Delivery with { Columns = mapping, Mapping = dates is null || numbers is null ? null : mapping.ToProfile(target, dates.Value, numbers.Value, ImportWords.Of), Unknown = unknown }, ct);
        await deliveries.RememberAsync(db.Scope.PersonId, target.Kind, mapping, ct);
    }

    public async Task<IActionResult> OnPostStartAsync(long id, bool dryRun, bool strict, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        await ShowAsync(ct);
        if (!CanStart) { return Page(); }
        var title = dryRun ? text["import.job.dry", Title].Value : text["import.job", Title].Value;
        var job = await queue.AskAsync(db, ImportWork.JobKind, title, new ImportArguments(id, dryRun, strict, Language.Of(HttpContext).Name), ct);
        return Redirect($"/jobs/{job.Id}");
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await deliveries.FindAsync(id, db.Scope.PersonId, ct) is not { } delivery) { return false; }
        Delivery = delivery;
        return true;
    }

    private async Task ShowAsync(CancellationToken ct)
    {
        var profile = Delivery.Profile is { } name ? await ShippedAsync(name, ct) : await MappedAsync(ct);
        Title = Delivery.Profile is null ? text["import.kind." + Delivery.Kind] : profile?.Title.In(Language.Of(HttpContext).Name) ?? Delivery.Profile;
        if (profile is null) { return; }
        var files = deliveries.Open(Delivery, profile);
        if (!files.Succeeded) { Problems = [files.Refusal!.TextIn(text)]; return; }
        CanStart = true;
        Preview = [.. profile.Records.Where(s => s.Group is null && files.Value.Match(profile.Files[s.File].Path).Count > 0).Select(s => PreviewOf(profile, s, files.Value))];
        var missing = profile.Records.Select(s => profile.Files[s.File].Path).Distinct().Where(p => files.Value.Match(p).Count == 0).ToList();
        Problems = [.. missing.Select(p => ImportRefusals.FileMissing(p).TextIn(text))];
    }

    private async Task<ImportProfile?> ShippedAsync(string name, CancellationToken ct)
    {
        var (profile, problems) = await profiles.ReadAsync(name, ct);
        Problems = profile is null ? [ImportRefusals.ProfileBroken.TextIn(text), .. problems.Select(p => p.ToString())] : [];
        return profile;
    }

    private async Task<ImportProfile?> MappedAsync(CancellationToken ct)
    {
        var target = importer.Targets[Delivery.Kind!];
        var opened = Open(target);
        if (!opened.Succeeded) { Problems = [opened.Refusal!.TextIn(text)]; return null; }
        using var rows = opened.Value;
        Columns = rows.Header.Names;
        if (Delivery.Columns is not { } chosen)
        {
            var last = await deliveries.RecallAsync(db.Scope.PersonId, target.Kind, ct);
            Recalled = last?.Fits(Columns) == true;
            if (Recalled) { Mapping = last; return null; }
            var sample = rows.Rows.Where(r => r.Malformed is null).Take(RowsTried).Select(r => r.Values).ToList();
            Mapping = ColumnMapping.Guess(target, Columns, importer.Schemas, ImportWords.Labels, column => sample.ConvertAll(values => values[rows.Header.IndexOf(column)]));
            return null;
        }
        Mapping = chosen;
        if (Delivery.Mapping is null) { Problems = [.. Unsaid(chosen, target, rows)]; return null; }
        var (profile, problems) = ProfileReader.Read(ImportDelivery.MappedFile, Delivery.Mapping, importer.Schemas);
        if (profile is null)
        {
            var lacking = target.Fields.Where(f => f.Required && !chosen.Fills(f.Name)).Select(f => text["import.map.required", text["import.field." + f.Name]].Value).ToList();
            if (!chosen.HasKey(target)) { lacking.Add(text["import.map.key-missing"]); }
            Problems = lacking.Count > 0 ? lacking : [.. problems.Select(p => p.ToString())];
        }
        return profile;
    }

    private Result<RowSet> Open(IImportTarget target)
    {
        var (whole, _) = ProfileReader.Read(ImportDelivery.MappedFile, ColumnMapping.Bare(target), importer.Schemas);
        return deliveries.Open(Delivery, whole!) is { Succeeded: true } files ? files.Value.Open(Delivery.Files[0], new SourceFormat()) : ImportRefusals.DeliveryGone;
    }

    private RowSet? RowsOf(IImportTarget target) => Open(target) is { Succeeded: true } opened ? opened.Value : null;

    /// <returns>How the mapped columns write dates and numbers: as chosen, else as the first rows tell; null where they do not.</returns>
    private static (DateOrder? Dates, DecimalMark? Numbers) Written(ColumnMapping mapping, IImportTarget target, RowSet rows)
    {
        var (dates, numbers) = (PlacesOf(ImportFieldType.Date, ImportFieldType.Instant), PlacesOf(ImportFieldType.Number, ImportFieldType.WholeNumber));
        var sample = mapping is { Dates: not null, Numbers: not null } ? [] : rows.Rows.Where(r => r.Malformed is null).Take(RowsTried).Select(r => r.Values).ToList();
        return (mapping.Dates ?? FileWriting.Dates(Cells(dates)), mapping.Numbers ?? FileWriting.Numbers(Cells(numbers)));

        int[] PlacesOf(ImportFieldType one, ImportFieldType other) =>
            [.. target.Fields.Where(f => f.Type == one || f.Type == other).Select(f => mapping.ColumnOf(f.Name)).OfType<string>().Select(rows.Header.IndexOf).Where(place => place >= 0)];

        IEnumerable<string> Cells(int[] places) => sample.SelectMany(values => places.Select(place => values[place])).OfType<string>().Select(cell => cell.Trim());
    }

    private IEnumerable<string> Unsaid(ColumnMapping mapping, IImportTarget target, RowSet rows)
    {
        var (dates, numbers) = Written(mapping, target, rows);
        if (dates is null) { yield return text["import.map.dates.unsaid"]; }
        if (numbers is null) { yield return text["import.map.numbers.unsaid"]; }
    }

    private SetPreview PreviewOf(ImportProfile profile, RecordSet set, IImportFiles files)
    {
        var rows = new RecordMapper(profile, set, files).Map().Take(RowsTried)
            .Select((row, i) => (Row: row, Order: (row.Refusals.Count > 0 || Unmeant(set, row).Any() ? 0 : 1, i)))
            .OrderBy(r => r.Order).Take(RowsShown).OrderBy(r => r.Order.i)
            .Select(r => new RowPreview(
                r.Row.Record?.Place ?? r.Row.Refusals.Select(x => x.Place).FirstOrDefault(),
                r.Row.Record is { } record ? [.. set.Fields.Select(f => Shown(record.Values[f.Place]))] : [],
                [.. r.Row.Refusals.Concat(Unmeant(set, r.Row)).Select(Told)],
                r.Row.Ignored?.In(Language.Of(HttpContext).Name)))
            .ToList();
        return new(set.Name == ColumnMapping.SetName ? text["import.kind." + set.Schema.Kind] : set.Name, [.. set.Fields.Select(f => text["import.field." + f.Field.Name].Value)], rows);
    }

    /// <returns>The names of other records in the row that nobody has said the meaning of.</returns>
    private IEnumerable<ImportRefusal> Unmeant(RecordSet set, MappedRow row) =>
        from unknown in Delivery.Unknown ?? [] where unknown.Names is not null
        from field in set.Fields where field.Field.Name == unknown.Field && row.Record?.Values[field.Place] is string value && unknown.Words.Any(w => w.Word.Equals(value, StringComparison.OrdinalIgnoreCase))
        select new ImportRefusal(set.Name, row.Record!.Place, unknown.Column, (string)row.Record.Values[field.Place]!, new Refusal(ImportRefusals.ReferenceNotFound));

    /// <summary>What is wrong, after the column that it stands in; some stands in none.</summary>
    private string Told(ImportRefusal refusal)
    {
        var reason = refusal.Reason.TextIn(text);
        return refusal.Column.Length == 0 && refusal.Value is null ? reason : $"{$"{refusal.Column} {(refusal.Value is null ? "" : $"“{refusal.Value}”")}".Trim()}: {reason}";
    }

    private static string Shown(object? value) => value switch
    {
        null => "",
        DateOnly date => Display.Date(date),
        decimal number => Display.Number(number),
        string[] words => string.Join(", ", words),
        DateTimeOffset at => Display.Date(DateOnly.FromDateTime(at.UtcDateTime)),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.CurrentCulture) ?? "",
    };
}
