using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;

namespace Portal.Web.Pages.Supply.Partner;

/// <summary>A supplier looks at what is wanted of its products, a distributor at what it reported. Neither can receive whose demand it is.</summary>
[Authorize(Policy = Permissions.PartnerDemand)]
public sealed class DemandModel(PortalDbContext db) : PageModel
{
    private static readonly DemandSource[] UsualOfSupplier = [DemandSource.Pipeline, DemandSource.Order, DemandSource.Forecast];

    public bool Supplies { get; private set; }
    public bool Reports { get; private set; }
    public DemandGridView Grid { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct)
    {
        Supplies = db.Scope.CompanyAs(RecordClass.DemandSignal, Relationship.SupplierOf, FieldSet.Summary) != 0;
        Reports = EnterDemand.PartnerSources.Any(source => EnterDemand.MayEnter(db.Scope, source));
        IReadOnlyList<DemandSource> offered = Supplies ? Enum.GetValues<DemandSource>() : EnterDemand.PartnerSources;
        // What was sold lies behind, what is wanted ahead.
        var choice = DemandChoice.Read(Request.Query, db.Today, offered, Supplies ? UsualOfSupplier : EnterDemand.PartnerSources, weeksBack: Supplies ? 0 : 9);
        var page = await DemandGrid.ReadAsync(db, choice.Query, choice.Place, ct);
        Grid = new(choice, page, db.Today, "/partner/demand", offered, ForStaff: false, Supplies ? "demand.none.supplier" : "demand.none.distributor");
    }
}
