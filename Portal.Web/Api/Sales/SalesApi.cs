using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Sales;
using Portal.Web.Pages.Sales;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api.Sales;

public static class SalesApi
{
    private const int MostLines = 1_000;

    /// <summary>What would be sold; in the opportunity's currency.</summary>
    private static readonly ListDefinition<OpportunityLine, OpportunityLine> Lines = ListDefinition.Of<OpportunityLine, SalesText>("opportunity-lines", "line")
        .Link("product", l => Seen.Of<Product>().Where(p => p.Id == l.ProductId).Select(p => p.Name).FirstOrDefault(), l => l.ProductId, "/products/{id}")
        .Text("product-code", l => Seen.Of<Product>().Where(p => p.Id == l.ProductId).Select(p => p.Code).FirstOrDefault())
        .Number("quantity", l => l.Quantity)
        .Text("unit-of-measure", l => Seen.Of<Product>().Where(p => p.Id == l.ProductId).Select(p => p.Unit).FirstOrDefault())
        .Number("unit-price", l => l.UnitPrice)
        .Number("line-total", l => l.LineTotal)
        .Date("wanted-on", l => l.WantedOn)
        .Given<long>("opportunity", (l, id) => l.OpportunityId == id)
        .Pages(MostLines);

    internal static readonly ApiRecords<OpportunityInFull, OpportunityInFull> OfPartner =
        ApiRecords.Of("/partner/opportunities", Permissions.PartnerOpportunities, ApiScopes.OpportunitiesRead, Pages.Sales.Partner.IndexModel.Definition)
            .Called("close", "closeDate").Called("opened", "openedOn")
            .With(more => more
                .Text("stage-code", o => o.Stage!.Code)
                .Date("next-step-on", o => o.NextStepOn)
                .Text("description", o => o.Description))
            .Lines("lines", Lines);

    public static readonly IReadOnlyList<ApiRecords> Records =
    [
        ApiRecords.Of("/opportunities", Permissions.ViewOpportunities, ApiScopes.OpportunitiesRead, IndexModel.Definition)
            .Called("close", "closeDate").Called("opened", "openedOn").Versioned(o => o.Version)
            .With(more => more
                .Text("stage-code", o => Seen.Of<SalesStage>().Where(s => s.Id == o.StageId).Select(s => s.Code).FirstOrDefault())
                .Instant("closed-at", o => o.ClosedAt)
                .Link("competitor", o => Seen.Of<Company>().Where(c => c.Id == o.CompetitorId).Select(c => c.Name).FirstOrDefault(), o => o.CompetitorId, "/companies/{id}")
                .Text("outcome-reason", o => o.OutcomeReason)
                .Text("description", o => o.Description)
                .Text("internal-notes", o => o.InternalNotes))
            .Lines("lines", Lines),
        OfPartner,
        ApiRecords.Of("/partner/opportunity-summaries", Permissions.PartnerOpportunities, ApiScopes.OpportunitiesRead, Pages.Sales.Partner.SummariesModel.Definition).ListOnly(),
    ];
}
