using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Supply;
using Portal.Web.Pages.Supply;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api.Supply;

public static class SupplyApi
{
    /// <summary>The deliveries that figures came with.</summary>
    private static ListDefinition<DemandBatch, DemandBatch> Batches(string key) => ListDefinition.Of<DemandBatch, SupplyText>(key, "batch")
        .Text("origin", b => b.Origin)
        .Badge("source", b => b.Source)
        .Number("delivery", b => b.Delivery)
        .Number("figures", b => b.SignalCount)
        .Instant("received-at", b => b.ReceivedAt)
        .Choice("source", b => b.Source)
        .Word("origin", b => b.Origin);

    internal static readonly ApiRecords<DemandBatch, DemandBatch> BatchesOfHouse =
        ApiRecords.Of("/demand-batches", Permissions.ViewDemand, ApiScopes.DemandRead, Batches("demand-batches")
            .Link("reporter", b => Seen.Of<Company>().Where(c => c.Id == b.ReporterId).Select(c => c.Name).FirstOrDefault(), b => b.ReporterId, "/companies/{id}")).Versioned(b => b.Version);

    internal static readonly ApiRecords<DemandBatch, DemandBatch> BatchesOfPartner =
        ApiRecords.Of("/partner/demand-batches", Permissions.PartnerDemand, ApiScopes.DemandRead, Batches("partner-demand-batches")).Versioned(b => b.Version);

    public static readonly IReadOnlyList<ApiRecords> Records =
    [
        ApiRecords.Of("/demand-signals", Permissions.ViewDemand, ApiScopes.DemandRead, Pages.Supply.Demand.SignalsModel.Definition).Called("received", "receivedAt"),
        ApiRecords.Of("/supplier-items", Permissions.ViewProducts, ApiScopes.ProductsRead, Pages.Supply.Items.IndexModel.Definition)
            .Called("code", "productCode").Called("lead-time", "leadTimeDays").Called("minimum", "minimumOrderQuantity").Called("multiple", "orderMultiple").Called("price", "standardPrice").Called("preferred.short", "preferred")
            .Versioned(i => i.Version),
        BatchesOfHouse,
        BatchesOfPartner,
    ];
}
