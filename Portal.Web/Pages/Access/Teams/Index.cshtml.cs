using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.Teams;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Team, Team> Definition = ListDefinition.Of<Team, AccessText>("teams", "team")
        .Row("/access/teams/edit/{id}")
        .Text("name", t => t.Name, sort: t => t.Name)
        .Link("leader", t => Seen.Of<Person>().Where(p => p.Id == t.LeaderId).Select(p => p.Name).FirstOrDefault(), t => t.LeaderId, "/access/people/{id}")
        .Number("people", t => Seen.Of<Person>().Count(p => p.TeamId == t.Id))
        .OrderBy("name")
        .WhenEmpty(new EmptyList("users-group", "team.list.empty", "team.create.title", "/access/teams/edit", Permissions.ManageAccess));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
