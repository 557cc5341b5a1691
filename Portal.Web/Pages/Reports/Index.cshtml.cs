using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Reports;

namespace Portal.Web.Pages.Reports;

/// <summary>The reports that the reader may run, by area.</summary>
[Authorize(Policy = Permissions.RunReports)]
public sealed class IndexModel(PortalDbContext db, ReportRunner runner) : PageModel
{
    public IReadOnlyList<IGrouping<string, Report>> Areas { get; private set; } = [];

    /// <summary>As the menu has them.</summary>
    private static readonly string[] Order = ["Companies", "Sales", "Catalog", "Supply", "Documents"];

    public void OnGet() => Areas = [.. runner.Offered(db.Scope).GroupBy(r => r.Area).OrderBy(area => Array.IndexOf(Order, area.Key))];
}
