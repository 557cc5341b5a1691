using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.People;

[Authorize(Policy = Permissions.ManageAccess)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Person, Person> Definition = ListDefinition.Of<Person, AccessText>("people", "person")
        .Row("/access/people/{id}")
        .Text("name", p => p.Name, sort: p => p.Name)
        .Text("email", p => p.Email, sort: p => p.Email)
        .Link("company", p => Seen.Of<Company>().Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault(), p => p.CompanyId, "/companies/{id}")
        .Text("job-title", p => p.JobTitle)
        .YesNo("active", p => p.Active, otherwise: "person.inactive")
        .Search((p, words) => p.Email.Contains(words) || p.Name.Contains(words), words => words.Trim())
        .LookUp("company", p => p.CompanyId, "company")
        .Flag("staff", p => p.CompanyId == null)
        .OrderBy("name")
        .WhenEmpty(new EmptyList("users", "person.list.empty", "person.add.title", "/access/people/add", Permissions.ManageAccess));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
