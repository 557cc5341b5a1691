using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Pages.Access;
using Portal.Web.Pages.Access.Audit;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Supply.Demand;

/// <summary>The figures behind a cell, with whose demand it is and which delivery said so.</summary>
[Authorize(Policy = Permissions.ViewDemand)]
public sealed class SignalsModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<DemandSignal, DemandSignal> Definition = ListDefinition.Of<DemandSignal, SupplyText>("demand-signals", "signal")
        .Date("period", s => s.Period, sortable: true)
        .Link("product", s => Seen.Of<Product>().Where(p => p.Id == s.ProductId).Select(p => p.Name).FirstOrDefault(), s => s.ProductId, "/products/{id}")
        .Badge("source", s => s.Source)
        .Number("quantity", s => s.Quantity)
        .Link("company", s => Seen.Of<Company>().Where(c => c.Id == s.CompanyId).Select(c => c.Name).FirstOrDefault(), s => s.CompanyId, "/companies/{id}")
        .Text("site", s => s.Site)
        .Badge("granularity", s => s.Granularity, shown: false)
        .Naming("origin", s => Seen.Of<DemandBatch>().Where(b => b.Id == s.BatchId).Select(b => b.Origin).FirstOrDefault(), (origin, _) => ChangeWords.Origin(origin))
        .Instant("received", s => Seen.Of<DemandBatch>().Where(b => b.Id == s.BatchId).Select(b => (DateTimeOffset?)b.ReceivedAt).FirstOrDefault(), shown: false)
        .Choice("source", s => s.Source)
        .DateRange("period", s => s.Period)
        .LookUp("product", s => s.ProductId, "product")
        .LookUp("company", s => s.CompanyId, "company")
        .Named(RecordNames.OfAsync)
        .OrderByDescending("period")
        .WhenEmpty(new EmptyList("chart-bar", "signal.list.empty"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
