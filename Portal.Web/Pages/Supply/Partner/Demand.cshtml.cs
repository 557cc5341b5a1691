using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Supply.Partner;

/// <summary>A supplier looks at what is wanted of its products, a distributor at what it reported. Neither can receive whose demand it is.</summary>
[Authorize(Policy = Permissions.PartnerDemand)]
public sealed class DemandModel(PortalDbContext db) : PageModel
{
    private static readonly DemandSource[] UsualOfSupplier = [DemandSource.Pipeline, DemandSource.Order, DemandSource.Forecast];

    public bool Supplies { get; private set; }
    public bool Reports { get; private set; }
    public DemandGridView Grid { get; private set; } = null!;

    /// <summary>What part of the demand is asked for: what was sold lies behind, what is wanted ahead.</summary>
    internal static DemandChoice ChoiceOf(IQueryCollection query, PortalDbContext db) => IsSupplier(db.Scope)
        ? DemandChoice.Read(query, db.Today, Offered(supplies: true), UsualOfSupplier, weeksBack: 0)
        : DemandChoice.Read(query, db.Today, Offered(supplies: false), EnterDemand.PartnerSources, weeksBack: 9);

    private static bool IsSupplier(AccessScope scope) => scope.CompanyAs(RecordClass.DemandSignal, Relationship.SupplierOf, FieldSet.Summary) != 0;

    private static IReadOnlyList<DemandSource> Offered(bool supplies) => supplies ? Enum.GetValues<DemandSource>() : EnterDemand.PartnerSources;

    public async Task OnGetAsync(CancellationToken ct)
    {
        Supplies = IsSupplier(db.Scope);
        Reports = EnterDemand.PartnerSources.Any(source => EnterDemand.MayEnter(db.Scope, source));
        var choice = ChoiceOf(Request.Query, db);
        var page = await DemandGrid.ReadAsync(db, choice.Query, choice.Place, ct);
        var empty = new EmptyList("chart-bar", Supplies ? "demand.none.supplier" : "demand.none.distributor");
        if (Reports) { empty = empty with { ActionText = "demand.report.title", ActionPath = "/partner/demand/report", ActionPermission = Permissions.PartnerDemand }; }
        Grid = new(choice, page, db.Today, "/partner/demand", Offered(Supplies), ForStaff: false, empty);
    }
}
