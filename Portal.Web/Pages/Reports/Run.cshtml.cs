using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Reports;
using Portal.Reports.Rendering;
using Portal.Web.Jobs;
using Portal.Web.Reports;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Reports;

/// <summary>One report: its questions, its first rows on the page, and the whole as a file by a job.</summary>
[Authorize(Policy = Permissions.RunReports)]
public sealed class RunModel(PortalDbContext db, ReportRunner runner, JobQueue queue) : PageModel
{
    /// <summary>More is for paper and spreadsheets.</summary>
    private const int RowsOnPage = 300;

    public Report Report { get; private set; } = null!;
    public ReportLanguage Words { get; private set; } = null!;
    public Dictionary<string, string> Answers { get; private set; } = [];
    public IReadOnlyDictionary<string, string> Problems { get; private set; } = new Dictionary<string, string>();
    /// <summary>The report as HTML, encoded by its renderer; null until asked for.</summary>
    public string? Html { get; private set; }

    public async Task<IActionResult> OnGetAsync(string name, bool? show, CancellationToken ct)
    {
        if (!Load(name, Request.Query)) { return NotFound(); }
        foreach (var (key, value) in runner.Defaults(Report, Viewer.Of(HttpContext).TimeZone)) { Answers.TryAdd(key, value); }
        if (show != true) { return Page(); }
        using var page = new MemoryStream();
        var outcome = await runner.RunAsync(RequestFor(ReportFormat.Html) with { Fragment = true, MostRows = RowsOnPage }, db, page, null, ct);
        if (outcome.Succeeded) { Html = Encoding.UTF8.GetString(page.GetBuffer(), 0, (int)page.Length); }
        else { Problems = ProblemsOf(outcome); }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string name, string format, CancellationToken ct)
    {
        if (!Load(name, Request.Form) || !Enum.TryParse<ReportFormat>(format, ignoreCase: true, out var known) || !Enum.IsDefined(known)) { return NotFound(); }
        if (await CheckAsync(ct) is { Count: > 0 } problems) { Problems = problems; return Page(); }
        var title = $"{Words.Text[Report.TitleKey]} · {known.Extension.ToUpperInvariant()}";
        var job = await queue.AskAsync(db, ReportWork.JobKind, title, new ReportArguments(Report.Name, known, Answers, Words.Code, Words.Zone.Id), ct);
        return Redirect($"/jobs/{job.Id}");
    }

    /// <summary>Leads to an address that holds the answers and nothing else, so that it can be sent to a colleague.</summary>
    public IActionResult OnPostShow(string name)
    {
        if (!Load(name, Request.Form)) { return NotFound(); }
        var answers = Answers.Select(a => new KeyValuePair<string, string?>(a.Key, a.Value)).Append(new("show", "true"));
        return LocalRedirect($"/reports/{Report.Name}{QueryString.Create(answers)}");
    }

    /// <summary>The style sheet that the report's HTML needs.</summary>
    public IActionResult OnGetStyles(string name) => Content(ReportStyles.Css, "text/css; charset=utf-8");

    private bool Load(string name, IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> given)
    {
        if (runner.Offered(db.Scope).FirstOrDefault(r => r.Name == name) is not { } report) { return false; }
        Report = report;
        Words = ReportLanguage.Of(Language.Of(HttpContext).Name, Viewer.Of(HttpContext).TimeZone);
        var keys = report.Parameters.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        Answers = given.Where(g => keys.Contains(g.Key)).ToDictionary(g => g.Key, g => g.Value.ToString());
        return true;
    }

    private ReportRequest RequestFor(ReportFormat format) => new(Report.Name, format, Answers, Words.Code, Words.Zone, db.Scope.PersonName);

    /// <summary>Answers are read before the job is asked for, so that what is wrong stands beside its field.</summary>
    private async Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken ct) =>
        ProblemsOf(await runner.CheckAsync(RequestFor(ReportFormat.Csv), db, ct));

    private Dictionary<string, string> ProblemsOf(ReportOutcome outcome) =>
        outcome.Refusals.GroupBy(r => r.Field).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(Words.Say)));
}
