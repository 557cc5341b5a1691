using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Sales.Stages;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<SalesStage, SalesStage> Definition = ListDefinition.Of<SalesStage, SalesText>("stages", "stage")
        .Row("/opportunities/stages/edit/{id}")
        .Named("name", s => s.Name, s => s.NameZh)
        .Number("position", s => s.Position, sortable: true)
        .Number("probability", s => s.Probability)
        .Badge("kind", s => s.Kind, Pipeline.ToneOf)
        .Text("code", s => s.Code)
        .OrderBy("position");

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
