using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Sales.Partner;

/// <summary>Where a partner's person tells how far the sale has come and what happens next.</summary>
[Authorize(Policy = Permissions.PartnerOpportunities), About<Opportunity>]
public sealed class AdvanceModel(PortalDbContext db, Pipeline pipeline, AdvanceOpportunity advance, IStringLocalizer<SalesText> text, IStringLocalizer<UiText> ui) : PageModel
{
    public sealed class InputModel
    {
        [Display(Name = "opportunity.stage"), Required] public long? StageId { get; set; }
        [Display(Name = "opportunity.outcome-reason"), StringLength(Opportunity.LongestReason)] public string? OutcomeReason { get; set; }
        [Display(Name = "opportunity.next-step"), StringLength(AdvanceOpportunity.LongestStep)] public string? NextStep { get; set; }
        [Display(Name = "opportunity.next-step-on")] public DateOnly? NextStepOn { get; set; }
        /// <summary>As the page showed it.</summary>
        public ReadModel Read { get; set; } = new();

        public static InputModel Of(OpportunityInFull o) =>
            new() { StageId = o.StageId, NextStep = o.NextStep, NextStepOn = o.NextStepOn, Read = new() { StageId = o.StageId, NextStep = o.NextStep, NextStepOn = o.NextStepOn } };
    }

    public sealed class ReadModel
    {
        public long StageId { get; set; }
        public string? NextStep { get; set; }
        public DateOnly? NextStepOn { get; set; }
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public string OpportunityTitle { get; private set; } = "";
    public IReadOnlyList<SelectListItem> Stages { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await db.OpportunityInFullAsync(id, ct) is not { } found) { return await MissingAsync(id, ct); }
        if (!await db.MayAdvance().AnyAsync(o => o.Id == id, ct)) { return Forbid(); }
        if (found.Outcome is not StageKind.Open) { return BackWith(SalesRefusals.Closed, id); }
        Input = InputModel.Of(found);
        return await ShowAsync(found, ct);
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (await db.OpportunityInFullAsync(id, ct) is not { } found) { return await MissingAsync(id, ct); }
        if (!ModelState.IsValid) { return await ShowAsync(found, ct); }
        var read = new AdvanceOpportunity.Standing(Input.Read.StageId, Input.Read.NextStep, Input.Read.NextStepOn);
        var told = await advance.ExecuteAsync(new(id, read, new(Input.StageId!.Value, Input.NextStep, Input.NextStepOn), Input.OutcomeReason), ct);
        switch (told.Refusal)
        {
            case null:
                this.Toast(ui["toast.saved"]);
                return RedirectToPage("Details", new { id });
            case { Code: var code } when code == SalesRefusals.ChangedMeanwhile.Code:
                return await ConflictAsync(found, ct);
            case { Code: var code } when code == SalesRefusals.ReadOnly.Code || code == SalesRefusals.Closed.Code:
                return BackWith(told.Refusal, id);
            case { Kind: RefusalKind.NotFound }:
                return NotFound();
            case { } refusal:
                refusal.AddTo(ModelState, text);
                return await ShowAsync(found, ct);
        }
    }

    private RedirectToPageResult BackWith(Refusal refusal, long id)
    {
        this.Toast(refusal.TextIn(text));
        return RedirectToPage("Details", new { id });
    }

    private async Task<IActionResult> ConflictAsync(OpportunityInFull found, CancellationToken ct)
    {
        ModelState.Clear();
        var theirs = InputModel.Of(found);
        theirs.OutcomeReason = Input.OutcomeReason;
        Input.Read = theirs.Read;
        var answer = this.Conflict(Input, theirs);
        await ShowAsync(found, ct);
        return answer;
    }

    /// <summary>What is seen in summary is there, and yet not to be changed.</summary>
    private async Task<IActionResult> MissingAsync(long id, CancellationToken ct) => await db.Opportunities.AnyAsync(o => o.Id == id, ct) ? Forbid() : NotFound();

    private async Task<IActionResult> ShowAsync(OpportunityInFull found, CancellationToken ct)
    {
        (OpportunityTitle, Stages) = (found.Title, await pipeline.ChoicesAsync(ct));
        return Page();
    }
}
