using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Reports.Companies;

public sealed record CustomerRow(
    string Name, string Code, CompanyStatus Status, string? Industry, CompanySize Size, string? City, string? Country, string? TerritoryName, string? PartnerName, string? OwnerName,
    string? Phone, string? Email, string? ContactFirstName, string? ContactLastName, string? ContactEmail)
{
    public string? ContactName => ContactLastName is null ? null : PersonName.Full(ContactFirstName ?? "", ContactLastName);
}

/// <summary>Customers with where they are, who looks after them and whom to ask for there.</summary>
public sealed class CustomerDirectory : Report<CustomerRow>
{
    private static readonly ChoiceParameter Status = new() { Key = "status", Choices = ChoiceParameter.Of<CompanyStatus>() };
    private static readonly CompanyParameter Partner = new() { Key = "partner" };
    private static readonly TextParameter Containing = new() { Key = "containing" };

    public override string Name => "customer-directory";
    public override string Permission => Permissions.ViewCompanies;
    public override IReadOnlyList<ReportParameter> Parameters => [Status, Partner, Containing];

    public override IReadOnlyList<Column<CustomerRow>> Columns { get; } =
    [
        Columns<CustomerRow>.Text("company", r => r.Name, 38),
        Columns<CustomerRow>.Code("code", r => r.Code, 16),
        Columns<CustomerRow>.Word<CompanyStatus>("status", r => r.Status, 10),
        Columns<CustomerRow>.Text("industry", r => r.Industry, 18),
        Columns<CustomerRow>.Word<CompanySize>("size", r => r.Size, 10),
        Columns<CustomerRow>.Text("city", r => r.City, 16),
        Columns<CustomerRow>.Country("country", r => r.Country, 14),
        Columns<CustomerRow>.Text("territory", r => r.TerritoryName, 24),
        Columns<CustomerRow>.Text("partner", r => r.PartnerName, 22),
        Columns<CustomerRow>.Text("owner", r => r.OwnerName, 21),
        Columns<CustomerRow>.Code("phone", r => r.Phone, 18),
        Columns<CustomerRow>.Text("email", r => r.Email, 18),
        Columns<CustomerRow>.Text("contact", r => r.ContactName, 20),
        Columns<CustomerRow>.Text("contact-email", r => r.ContactEmail, 34),
    ];

    public override IAsyncEnumerable<CustomerRow> RowsAsync(ReportContext context)
    {
        var db = context.Db;
        var customers = db.SeenIn<Company>(FieldSet.Full).Where(c => c.IsCustomer);
        if (ChoiceParameter.Chosen<CompanyStatus>(context.Get(Status)) is { } status) { customers = customers.Where(c => c.Status == status); }
        if (context.Get(Partner) is { } asked) { customers = customers.Where(c => c.PartnerId == asked); }
        if (context.Get(Containing) is { } words) { customers = customers.Matching(db, words); }
        return (from customer in customers
                join territory in db.Territories on customer.TerritoryId equals territory.Id into territories
                from territory in territories.DefaultIfEmpty()
                join partner in db.Companies on customer.PartnerId equals partner.Id into partners
                from partner in partners.DefaultIfEmpty()
                join owner in db.People on customer.OwnerId equals owner.Id into owners
                from owner in owners.DefaultIfEmpty()
                // The longest known active contact stands for the company.
                join contact in db.Contacts on db.Contacts.Where(c => c.CompanyId == customer.Id && c.Active).Min(c => (long?)c.Id) equals contact.Id into contacts
                from contact in contacts.DefaultIfEmpty()
                orderby customer.Name, customer.Id
                select new CustomerRow(customer.Name, customer.Code, customer.Status, customer.Industry, customer.Size, customer.City, customer.Country, territory!.Name, partner!.Name, owner!.Name,
                    customer.Phone, customer.Email, contact!.FirstName, contact.LastName, contact.Email)).AsAsyncEnumerable();
    }
}
