using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Pages.Companies;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales;

[Authorize(Policy = Permissions.ViewOpportunities)]
public sealed class DetailsModel(PortalDbContext db, Pipeline pipeline, AddComment addComment, TimelineWords words, IStringLocalizer<SalesText> text) : PageModel
{
    private const int TimelineLength = 30;

    /// <param name="Share">Of the whole time, 0 to 100.</param>
    public sealed record Stay(string Stage, TimeSpan Duration, decimal Share, StageKind Kind);

    public OpportunityForStaff Opportunity { get; private set; } = null!;
    public IReadOnlyList<SalesStage> Stages { get; private set; } = [];
    public SalesStage Stage => Stages.First(s => s.Id == Opportunity.StageId);
    public IReadOnlyList<OpportunityLineRow> Lines { get; private set; } = [];
    public IReadOnlyList<OpportunityContactRow> Contacts { get; private set; } = [];
    public IReadOnlyList<Stay> Stays { get; private set; } = [];
    public CommentsView? Comments { get; private set; }
    public TimelineView? Timeline { get; private set; }
    public string TabName { get; private set; } = "";
    public bool MayEdit { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, string? tab, long? before, CancellationToken ct)
    {
        if (!await LoadAsync(id, tab, ct)) { return NotFound(); }
        switch (TabName)
        {
            case "shared" or "internal":
                Comments = new(await Threads.OfAsync(db, id, TabName == "internal", ct), $"/opportunities/{id}?handler=Comment&tab={TabName}", CanBeInternal: true);
                break;
            case "timeline":
                Timeline = await TimelineAsync(id, before, ct);
                break;
            default:
                Lines = await db.LinesOfOpportunityAsync(id, ct);
                Contacts = await db.ContactsOfOpportunityAsync(id, ct);
                Stays = await StaysAsync(id, ct);
                break;
        }
        return Page();
    }

    public async Task<IActionResult> OnPostCommentAsync(long id, [FromForm(Name = "text")] string? body, long? parentId, bool shared, CancellationToken ct)
    {
        var said = await addComment.ExecuteAsync(new(id, body ?? "", !shared, parentId), ct);
        if (said.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (said.Refusal is { } refusal) { this.Toast(refusal.TextIn(text)); }
        return RedirectToPage(null, null, new { id, tab = said.Succeeded && !said.Value.Internal ? "shared" : "internal" }, "comments");
    }

    private async Task<bool> LoadAsync(long id, string? tab, CancellationToken ct)
    {
        if (await db.OpportunityForStaffAsync(id, ct) is not { } found) { return false; }
        (Opportunity, Stages) = (found, await pipeline.StagesAsync(ct));
        TabName = tab is "shared" or "internal" or "timeline" ? tab : "";
        MayEdit = found.MayEdit && Viewer.Of(HttpContext).May(Permissions.EditOpportunities);
        return true;
    }

    private async Task<IReadOnlyList<Stay>> StaysAsync(long id, CancellationToken ct)
    {
        var moves = await db.StageChanges.Where(c => c.OpportunityId == id).OrderBy(c => c.Id).Select(c => new { c.ToStageId, c.At }).ToListAsync(ct);
        var stays = TimeInStage.Of(moves.Select(m => (m.ToStageId, m.At)), Opportunity.ClosedAt, db.Now);
        var all = stays.Sum(s => (decimal)s.Duration.Ticks);
        return [.. stays.Select(s => (Of: Stages.FirstOrDefault(x => x.Id == s.StageId), s.Duration)).Where(s => s.Of is not null)
            .Select(s => new Stay(Pipeline.Name(s.Of!), s.Duration, all == 0 ? 0 : Math.Round(s.Duration.Ticks / all * 100, 2), s.Of!.Kind))];
    }

    private async Task<TimelineView> TimelineAsync(long id, long? before, CancellationToken ct)
    {
        var entries = await db.Timeline.AsNoTracking().Where(e => e.RecordId == id && (before == null || e.Id < before)).OrderByDescending(e => e.Id).Take(TimelineLength + 1).ToListAsync(ct);
        var shown = entries.Take(TimelineLength).ToList();
        // All of one record, which stands above them: its name and a way to it would only be in the way.
        var items = (await words.ItemsAsync(shown, ct)).Zip(shown, (item, e) => item with { Text = text[$"timeline.{e.Kind}"], Path = null });
        return new([.. items], entries.Count > TimelineLength ? $"/opportunities/{id}?tab=timeline&before={entries[TimelineLength - 1].Id}" : null);
    }
}
