using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Jobs;

/// <summary>What the reader asked for: running and done. Nobody else's.</summary>
[Authorize(Policy = Permissions.SignedIn), ShownInView(false)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Job, Job> Definition = ListDefinition.Of<Job, JobsText>("jobs", "job")
        .Row("/jobs/{id}")
        .Text("title", j => j.Title)
        .Badge("state", j => j.State, s => s switch { JobState.Done => Tone.Ok, JobState.Failed => Tone.Bad, JobState.Running => Tone.Info, _ => Tone.Plain })
        .Instant("asked", j => j.AskedAt)
        .Instant("ended", j => j.EndedAt)
        .Instant("since", j => j.AskedAt, shown: false, sortable: true)
        .OrderByDescending("since")
        .WhenEmpty(new EmptyList("hourglass", "job.list.empty", "job.list.empty.action", "/reports", Permissions.RunReports));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
