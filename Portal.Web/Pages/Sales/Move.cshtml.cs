using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales;

[Authorize(Policy = Permissions.EditOpportunities)]
public sealed class MoveModel(PortalDbContext db, Pipeline pipeline, MoveOpportunity move, IStringLocalizer<SalesText> text) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "opportunity.stage"), Required] public long? StageId { get; set; }
        [Display(Name = "opportunity.outcome-reason"), StringLength(Domain.Sales.Opportunity.LongestReason)] public string? OutcomeReason { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public OpportunityForStaff Opportunity { get; private set; } = null!;
    public IReadOnlyList<SelectListItem> Stages { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long id, long? stageId, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        Input = new() { StageId = stageId ?? Opportunity.StageId, OutcomeReason = Opportunity.OutcomeReason };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var moved = await move.ExecuteAsync(new(id, Input.StageId!.Value, Input.OutcomeReason), ct);
        if (moved.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (moved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(text["opportunity.moved", moved.Value.Title]);
        return RedirectToPage("Details", new { id });
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await db.OpportunityForStaffAsync(id, ct) is not { } found) { return false; }
        (Opportunity, Stages) = (found, await pipeline.ChoicesAsync(ct));
        return true;
    }
}
