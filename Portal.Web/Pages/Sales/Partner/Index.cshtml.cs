using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Sales.Partner;

/// <summary>What the partner sees in full.</summary>
[Authorize(Policy = Permissions.PartnerOpportunities)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<OpportunityInFull, OpportunityInFull> Definition = ListDefinition.Of<OpportunityInFull, SalesText>("partner-opportunities", "opportunity")
        .Row("/partner/opportunities/{id}")
        .Text("title", o => o.Title)
        .Text("number", o => o.Number, shown: false)
        .Text("customer", o => o.CustomerName)
        .Named("stage", o => o.Stage!.Name, o => o.Stage!.NameZh)
        .Money("amount", o => o.Amount, o => o.Currency)
        .Date("close", o => o.CloseDate, sortable: true)
        .Text("next-step", o => o.NextStep, shown: false)
        .Text("owner", o => o.OwnerName, shown: false)
        .Badge("outcome", o => o.Outcome, Pipeline.ToneOf, shown: false)
        .Date("opened", o => o.OpenedOn, shown: false)
        .Search((db, words) => db.OpportunitiesInFull.Matching(db, words))
        .LookUp("stage", o => o.StageId, "stage")
        .Choice("outcome", o => o.Outcome)
        .DateRange("close", o => o.CloseDate)
        .NumberRange("amount", o => o.Amount)
        .OrderByDescending("close")
        .WhenEmpty(new EmptyList("target-arrow", "opportunity.partner.empty", "opportunity.partner.summary", "/partner/opportunities/summaries"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
