using System.Globalization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Reports.Rendering;

namespace Portal.Reports;

/// <summary>Runs reports: answers to values, values to rows, rows to a file.</summary>
/// <param name="words">The words of a language where they are not the product's own; null for those.</param>
public sealed class ReportRunner(ReportCatalog catalog, PdfPrinter printer, TimeProvider clock, Func<string, IReportText>? words = null)
{
    /// <summary>First answers of a report's form, by key.</summary>
    public IReadOnlyDictionary<string, string> Defaults(Report report, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        return report.Parameters.ToDictionary(p => p.Key, p => p.DefaultText(today));
    }

    /// <summary>The reports that the asker may run, by name.</summary>
    public IEnumerable<Report> Offered(AccessScope scope) => catalog.All.Where(report => May(scope, report));

    /// <param name="db">Carries the asker: rows, names and the right to run the report come from its scope.</param>
    /// <param name="output">Written asynchronously only; stays open. Untouched when the run is refused; cut short when it throws.</param>
    /// <param name="progress">Rows so far, each thousand.</param>
    /// <returns>All that is wrong with the answers; not found for a report that is unknown or not the asker's to run; or a report that is too long for PDF, or a machine that cannot print.</returns>
    public async Task<ReportOutcome> RunAsync(ReportRequest request, PortalDbContext db, Stream output, IProgress<long>? progress, CancellationToken ct)
    {
        if (catalog.Find(request.Name) is not { } report || !May(db.Scope, report)) { return Refused(new Refusal("report.unknown", RefusalKind.NotFound, "", request.Name)); }
        var context = ContextOf(request, db);
        var refusals = await ReadAnswersAsync(report, request.Parameters, context, ct);
        if (refusals.Count > 0) { return Refused([.. refusals]); }
        var name = $"{report.Name}-{context.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{request.Format.Extension}";
        var cover = await Cover.OfAsync(report, context, request.Person, ct);
        try
        {
            return new([], await RenderAsync(report, request, context, cover, output, progress, ct), name);
        }
        catch (PdfUnavailableException e) { return Refused(e.Refusal); }
        catch (TooManyRowsException e) { return Refused(new Refusal("report.too-long-for-pdf", RefusalKind.Invalid, "", e.Most)); }
    }

    private static bool May(AccessScope scope, Report report) => scope.May(Permissions.RunReports) && scope.May(report.Permission);

    /// <summary>What <see cref="RunAsync"/> would refuse in the answers, without running anything.</summary>
    public async Task<ReportOutcome> CheckAsync(ReportRequest request, PortalDbContext db, CancellationToken ct)
    {
        if (catalog.Find(request.Name) is not { } report || !May(db.Scope, report)) { return Refused(new Refusal("report.unknown", RefusalKind.NotFound, "", request.Name)); }
        return Refused([.. await ReadAnswersAsync(report, request.Parameters, ContextOf(request, db), ct)]);
    }

    private ReportContext ContextOf(ReportRequest request, PortalDbContext db) =>
        new ReportContext { Language = ReportLanguage.Of(request.Language, request.Zone, words?.Invoke(request.Language)), Now = clock.GetUtcNow(), Db = db };

    private async Task<long> RenderAsync(Report report, ReportRequest request, ReportContext context, Cover cover, Stream output, IProgress<long>? progress, CancellationToken ct)
    {
        switch (request.Format)
        {
            case ReportFormat.Csv:
                return await report.RenderAsync(context, new CsvRenderer(output), progress, null, ct);
            case ReportFormat.Xlsx:
                await using (var xlsx = new XlsxRenderer(output, cover)) { return await report.RenderAsync(context, xlsx, progress, null, ct); }
            case ReportFormat.Html:
                return await report.RenderAsync(context, new HtmlRenderer(output, cover, new(Whole: !request.Fragment, MostRows: request.MostRows)), progress, null, ct);
            case ReportFormat.Pdf:
                return await PrintAsync(report, context, cover, output, progress, ct);
            default:
                throw new ArgumentOutOfRangeException(nameof(request));
        }
    }

    private async Task<long> PrintAsync(Report report, ReportContext context, Cover cover, Stream output, IProgress<long>? progress, CancellationToken ct)
    {
        var document = printer.NewDocument();
        try
        {
            long rows;
            await using (document)
            {
                rows = await report.RenderAsync(context, new HtmlRenderer(document, cover, new(Whole: true, printer.FontFaces)), progress, printer.MostRows, ct);
            }
            await printer.PrintAsync(document.Name, output, ct);
            return rows;
        }
        finally { File.Delete(document.Name); }
    }

    private static async Task<List<Refusal>> ReadAnswersAsync(Report report, IReadOnlyDictionary<string, string> answers, ReportContext context, CancellationToken ct)
    {
        var refusals = answers.Keys.Where(k => report.Parameters.All(p => p.Key != k))
            .Select(k => new Refusal("report.parameter-unknown", RefusalKind.Invalid, k, k)).ToList();
        foreach (var parameter in report.Parameters)
        {
            var text = answers.GetValueOrDefault(parameter.Key)?.Trim() ?? "";
            if (text.Length == 0)
            {
                if (parameter.Required) { refusals.Add(new("report.parameter-required", RefusalKind.Invalid, parameter.Key, new TextKey(parameter.TextKey))); }
                continue;
            }
            var (value, refusal) = parameter.Parse(text);
            if (refusal is not null) { refusals.Add(refusal); continue; }
            if (parameter is CompanyParameter company && await context.CompanyNameAsync((long)value!, ct) is null) { refusals.Add(company.Unknown(text)); continue; }
            context.Set(parameter, value!);
        }
        if (refusals.Count == 0 && report.Check(context) is { } unfit) { refusals.Add(unfit); }
        return refusals;
    }

    private static ReportOutcome Refused(params Refusal[] refusals) => new(refusals, 0, "");
}

/// <summary>The renderer's limit was passed; nothing has been handed out yet.</summary>
internal sealed class TooManyRowsException(long most) : Exception
{
    public long Most { get; } = most;
}
