using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Jobs;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Jobs;

/// <summary>One job of the reader's own: progress while it runs, its result when done. Can be left and come back to.</summary>
[Authorize(Policy = Permissions.SignedIn), ShownInView(false)]
public sealed class DetailsModel(PortalDbContext db, JobQueue queue, UnwrittenEnds ends, IStringLocalizer<JobsText> text) : PageModel
{
    private sealed record Failure(string Code, object[] Values);

    public Job Job { get; private set; } = null!;
    public bool IsOpen => Job.State is JobState.Waiting or JobState.Running;
    /// <summary>0 to 100; null while the size of the work is unknown.</summary>
    public int? Percent => Job.Total > 0 ? (int)Math.Clamp(Job.Progress * 100 / Job.Total, 0, 100) : null;
    public string? Error { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await db.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Id == id, ct) is not { } job) { return NotFound(); }
        ends.ShowOn(Job = job);
        if (job.Error is { } error && JsonSerializer.Deserialize<Failure>(error, JobQueue.JsonForm) is { } failure)
        {
            Error = text[failure.Code, [.. failure.Values.Select(v => v.ToString() ?? "")]];
        }
        return Request.WantsPart() ? Partial("_Progress", this) : Page();
    }

    public async Task<IActionResult> OnGetResultAsync(long id, CancellationToken ct) =>
        await queue.ResultAsync(db, id, ct) is { } result ? new PhysicalFileResult(result.Path, result.Type) { FileDownloadName = result.Name, EnableRangeProcessing = true } : NotFound();

    public async Task<IActionResult> OnPostAgainAsync(long id, CancellationToken ct) =>
        await queue.AskAgainAsync(db, id, ct) is { } job ? Redirect($"/jobs/{job.Id}") : NotFound();

    public async Task<IActionResult> OnPostCancelAsync(long id, CancellationToken ct)
    {
        if (await queue.CancelAsync(db, id, ct) is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        this.Toast(text["job.cancel.asked"]);
        return RedirectToPage(new { id });
    }
}
