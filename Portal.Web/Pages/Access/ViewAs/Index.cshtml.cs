using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.ViewAs;

/// <summary>Partners' people, to look at the portal as one of them.</summary>
[Authorize(Policy = Permissions.ViewAs)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Person, Person> Definition = ListDefinition.Of<Person, AccessText>("view-as", "person")
        .Row("/access/view-as/{id}")
        .Text("name", p => p.Name, sort: p => p.Name)
        .Text("company", p => Seen.Of<Company>().Where(c => c.Id == p.CompanyId).Select(c => c.Name).FirstOrDefault())
        .Text("job-title", p => p.JobTitle)
        .Text("email", p => p.Email, sort: p => p.Email)
        .Search((p, words) => p.Email.Contains(words) || p.Name.Contains(words), words => words.Trim())
        .LookUp("company", p => p.CompanyId, "company")
        .Only(p => p.Active && p.CompanyId != null)
        .OrderBy("name")
        .WhenEmpty(new EmptyList("users", "person.list.empty"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
