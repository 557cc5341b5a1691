using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Companies.Territories;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Territory, Territory> Definition = ListDefinition.Of<Territory, CompaniesText>("territories", "territory")
        .Row("/companies/territories/edit/{id}")
        .Text("name", t => t.Name, sort: t => t.Name)
        .Text("code", t => t.Code, sort: t => t.Code)
        .Text("region", t => t.Region)
        .Text("parent", t => Seen.Of<Territory>().Where(p => p.Id == t.ParentId).Select(p => p.Name).FirstOrDefault())
        .Number("people", t => Seen.Of<PersonTerritory>().Count(p => p.TerritoryId == t.Id))
        .OrderBy("name")
        .WhenEmpty(new EmptyList("map", "territory.list.empty", "territory.create.title", "/companies/territories/edit", Permissions.ManageAccess));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
