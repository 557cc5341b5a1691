using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;

namespace Portal.Web.Pages.Supply.Demand;

[Authorize(Policy = Permissions.ViewDemand)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    private static readonly DemandSource[] Usual = [DemandSource.Pipeline, DemandSource.Order, DemandSource.Forecast];

    public DemandGridView Grid { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct)
    {
        var offered = Enum.GetValues<DemandSource>();
        var choice = DemandChoice.Read(Request.Query, db.Today, offered, Usual, weeksBack: 4);
        var page = await DemandGrid.ReadAsync(db, choice.Query, choice.Place, ct);
        Grid = new(choice, page, db.Today, "/demand", offered, ForStaff: true, new("chart-bar", "demand.none.staff", "demand.enter.title", "/demand/enter", Permissions.EditDemand),
            choice.CategoryId is { } category ? await db.Categories.Where(c => c.Id == category).Select(c => c.Name).FirstOrDefaultAsync(ct) : null,
            choice.SupplierId is { } supplier ? await db.Companies.Where(c => c.Id == supplier).Select(c => c.Name).FirstOrDefaultAsync(ct) : null,
            choice.ProductId is { } product ? await db.Products.Where(p => p.Id == product).Select(p => p.Name).FirstOrDefaultAsync(ct) : null);
    }
}
