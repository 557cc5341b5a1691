using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.ViewCompanies)]
public sealed class ContactsModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<Contact, Contact> Definition = CompanyLists.Columns(ListDefinition.Of<Contact, CompaniesText>("contacts", "contact"), withCompany: true)
        .Search((PortalDbContext db, string words) => db.Contacts.Matching(db, words))
        .LookUp("company", c => c.CompanyId, "company")
        .Word("department", c => c.Department)
        .Choice("consent", c => c.Consent)
        .Flag("inactive", c => !c.Active)
        .OrderBy("name")
        .WhenEmpty(new EmptyList("users", "contact.list.empty", "company.list.title", "/companies"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
