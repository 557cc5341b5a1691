using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Home;

[Authorize(Policy = Permissions.SignedIn)]
public sealed class SearchModel(GlobalSearch search) : PageModel
{
    public SearchResults Results { get; private set; } = new("", []);

    public async Task<IActionResult> OnGetAsync(string? q, CancellationToken ct)
    {
        Results = await search.FindAsync(q, Viewer.Of(HttpContext), ct);
        return Request.WantsPart() ? Partial("_SearchResults", Results) : Page();
    }
}
