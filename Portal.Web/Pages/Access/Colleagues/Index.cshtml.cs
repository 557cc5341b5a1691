using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.Colleagues;

/// <summary>The people of the reader's own company.</summary>
[Authorize(Policy = Permissions.ManagePartnerPeople)]
public sealed class IndexModel(PortalDbContext db, SignInAddresses addresses) : PageModel
{
    public static readonly ListDefinition<Person, Colleague> Definition = ListDefinition.Of<Person, Colleague, AccessText>("colleagues", "person",
            p => new Colleague(p.Id, p.Name, p.Email, p.JobTitle, p.Functions.Any(f => f.Function == Functions.PartnerAdmin), p.Active))
        .Row("/partner/people/{id}")
        .Text("name", c => c.Name, sort: c => c.Name)
        .Text("email", c => c.Email, sort: c => c.Email)
        .Text("job-title", c => c.JobTitle)
        .YesNo("admin", c => c.Administrator)
        .YesNo("active", c => c.Active, otherwise: "person.inactive")
        .Search((c, words) => c.Email.Contains(words) || c.Name.Contains(words), words => words.Trim())
        .OrderBy("name");

    public ListView List { get; private set; } = null!;

    /// <summary>Where another provider keeps the accounts, the house adds people.</summary>
    public bool MayInvite => addresses.IsBuiltIn && ViewingAs.Of(HttpContext) is null;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.Answer(this);
    }
}
