using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales.Partner;

/// <summary>An opportunity in full or in summary, as the scope gives it.</summary>
[Authorize(Policy = Permissions.PartnerOpportunities), About<Opportunity>]
public sealed class DetailsModel(PortalDbContext db, AddComment addComment, IStringLocalizer<SalesText> text) : PageModel
{
    public OpportunityInFull? Full { get; private set; }
    public OpportunitySummaryForPartner? Summary { get; private set; }
    public IReadOnlyList<OpportunityLineRow> Lines { get; private set; } = [];
    public CommentsView Comments { get; private set; } = null!;
    public bool MayAdvance { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        Full = await db.OpportunityInFullAsync(id, ct);
        if (Full is null && (Summary = await db.OpportunitySummaryForPartnerAsync(id, ct)) is null) { return NotFound(); }
        if (Full is not null)
        {
            Lines = await db.LinesOfOpportunityAsync(id, ct);
            MayAdvance = Full.Outcome is StageKind.Open && await db.MayAdvance().AnyAsync(o => o.Id == id, ct);
        }
        var mayComment = await db.AllowsAsync(RecordClass.Opportunity, id, GrantActions.Comment, ct);
        Comments = new(await Threads.OfAsync(db, id, null, ct), mayComment ? $"/partner/opportunities/{id}?handler=Comment" : null, CanBeInternal: false);
        return Page();
    }

    public async Task<IActionResult> OnPostCommentAsync(long id, [FromForm(Name = "text")] string? body, long? parentId, CancellationToken ct)
    {
        var said = await addComment.ExecuteAsync(new(id, body ?? "", false, parentId), ct);
        if (said.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (said.Refusal is { } refusal) { this.Toast(refusal.TextIn(text)); }
        return RedirectToPage(null, null, new { id }, "comments");
    }
}
