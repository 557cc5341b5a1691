using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Sales.Partner;

/// <summary>What the partner sees in summary only.</summary>
[Authorize(Policy = Permissions.PartnerOpportunities)]
public sealed class SummariesModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Opportunity, OpportunitySummaryRow> Definition = ListDefinition.Of<Opportunity, OpportunitySummaryRow, SalesText>("partner-opportunity-summaries", "opportunity", OpportunitySummaryRow.Of)
        .Only(o => !Seen.Of<OpportunityInFull>().Any(full => full.Id == o.Id))
        .Row("/partner/opportunities/{id}")
        .Text("title", o => o.Title)
        .Text("number", o => o.Number)
        .Named("stage", o => o.StageName, o => o.StageNameZh)
        .Formed("close-month", o => o.CloseMonth, Display.Month)
        .LookUp("stage", o => o.StageId, "stage")
        .Choice("outcome", o => o.Outcome)
        .WhenEmpty(new EmptyList("eye", "opportunity.partner.summary-empty"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
