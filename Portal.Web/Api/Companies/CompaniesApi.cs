using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Web.Pages.Companies;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api.Companies;

public static class CompaniesApi
{
    public static readonly IReadOnlyList<ApiRecords> Records =
    [
        ApiRecords.Of("/companies", Permissions.ViewCompanies, ApiScopes.CompaniesRead, IndexModel.Definition).Versioned(c => c.Version).With(more => more
            .Text("registration-id", c => c.RegistrationId)
            .Badge("size", c => c.Size)
            .Number("founded-year", c => c.FoundedYear)
            .Text("currency", c => c.Currency)
            .Text("internal-notes", c => c.InternalNotes)),
        ApiRecords.Of("/contacts", Permissions.ViewCompanies, ApiScopes.ContactsRead, ContactsModel.Definition).Versioned(c => c.Version).With(more => more
            .Text("salutation", c => c.Salutation)
            .Text("first-name", c => c.FirstName)
            .Text("last-name", c => c.LastName)
            .Link("manager", c => Seen.Of<Contact>().Where(x => x.Id == c.ManagerId).Select(x => x.FirstName + " " + x.LastName).FirstOrDefault(), c => c.ManagerId, "/contacts/{id}")
            .Text("notes", c => c.Notes)),
    ];
}
