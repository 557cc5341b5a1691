using System.Linq.Expressions;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Companies;

/// <summary>The lists that stand below a company, and the columns that lists of companies and contacts share.</summary>
internal static class CompanyLists
{
    /// <summary><see cref="Contact.FullName"/> for the database.</summary>
#pragma warning disable CA1309 // Becomes SQL: the database compares.
    private static readonly Expression<Func<Contact, string?>> FullName = c =>
        string.Compare(c.LastName, "\u4e00") >= 0 && string.Compare(c.LastName, "\u9fff") <= 0 ? c.LastName + c.FirstName : c.FirstName + " " + c.LastName;
#pragma warning restore CA1309

    public static readonly ListDefinition<Contact, Contact> Contacts = Columns(ListDefinition.Of<Contact, CompaniesText>("company-contacts", "contact"), withCompany: false)
        .Given<long>("company", (c, id) => c.CompanyId == id)
        .OrderBy("name")
        .WhenEmpty(new EmptyList("users", "contact.list.empty-here"));

    public static readonly ListDefinition<Site, Site> Sites = ListDefinition.Of<Site, CompaniesText>("company-sites", "site")
        .Row("/sites/{id}/edit")
        .Text("name", s => s.Name)
        .Badge("kind", s => s.Kind)
        .Text("line1", s => s.Line1)
        .Text("line2", s => s.Line2, shown: false)
        .Text("postal-code", s => s.PostalCode)
        .Text("city", s => s.City)
        .Text("state", s => s.State, shown: false)
        .Formed("country", s => s.Country, code => Countries.Name(code)!)
        .Phone("phone", s => s.Phone)
        .Given<long>("company", (s, id) => s.CompanyId == id)
        .WhenEmpty(new EmptyList("map-pin", "site.list.empty"));

    /// <summary>What the company is the customer of.</summary>
    public static readonly ListDefinition<Opportunity, Opportunity> Opportunities = OpportunitiesOf("company-opportunities", withCustomer: false, "company-opportunity.list.empty")
        .Given<long>("company", (o, id) => o.CustomerId == id);

    /// <summary>What is registered on the company as partner: a list of its own, since a partner may have a hundred thousand, and each of the two is read off its index in order.</summary>
    public static readonly ListDefinition<Opportunity, Opportunity> Registered = OpportunitiesOf("company-registered", withCustomer: true, "company-opportunity.registered.empty")
        .Given<long>("company", (o, id) => o.PartnerId == id);

    public static readonly ListDefinition<SupplierItem, SupplierItem> Items = ListDefinition.Of<SupplierItem, CompaniesText>("company-items", "company-item")
        .Link("product", i => Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Name).FirstOrDefault(), i => i.ProductId, "/products/{id}")
        .Text("code", i => Seen.Of<Product>().Where(p => p.Id == i.ProductId).Select(p => p.Code).FirstOrDefault())
        .Text("supplier-code", i => i.SupplierCode)
        .Number("lead-time", i => i.LeadTimeDays)
        .Number("minimum", i => i.MinimumQuantity)
        .Number("multiple", i => i.MultipleQuantity, shown: false)
        .Money("price", i => i.StandardPrice, i => i.Currency)
        .YesNo("preferred", i => i.Preferred)
        .YesNo("active", i => i.Active, otherwise: "company-item.inactive")
        .Given<long>("company", (i, id) => i.SupplierId == id)
        .WhenEmpty(new EmptyList("package", "company-item.list.empty"));

    public static readonly ListDefinition<Company, Company> Children = Columns(ListDefinition.Of<Company, CompaniesText>("company-children", "company"))
        .Given<long>("parent-of", (c, id) => c.ParentId == id)
        .OrderBy("name")
        .WhenEmpty(new EmptyList("hierarchy", "company.children.empty"));

    public static ListDefinition<Company, Company> Columns(ListDefinition<Company, Company> list) => list
        .Row("/companies/{id}")
        .Text("name", c => c.Name, sort: c => c.Name)
        .Text("code", c => c.Code, sort: c => c.Code)
        .Several("roles", shown: true, (CompanyRole.Customer, c => c.IsCustomer), (CompanyRole.Supplier, c => c.IsSupplier), (CompanyRole.Distributor, c => c.IsDistributor),
            (CompanyRole.ChannelPartner, c => c.IsChannelPartner), (CompanyRole.Competitor, c => c.IsCompetitor))
        .Badge("status", c => c.Status, Tones.Of)
        .Badge("tier", c => c.Tier, tier => tier is PartnerTier.None ? Tone.Plain : Tone.Info, shown: false)
        .Text("city", c => c.City)
        .Formed("country", c => c.Country, code => Countries.Name(code)!)
        .Text("industry", c => c.Industry)
        .Text("owner", c => Seen.Of<Person>().Where(p => p.Id == c.OwnerId).Select(p => p.Name).FirstOrDefault())
        .Text("territory", c => Seen.Of<Territory>().Where(t => t.Id == c.TerritoryId).Select(t => t.Name).FirstOrDefault(), shown: false)
        .Link("partner", c => Seen.Of<Company>().Where(x => x.Id == c.PartnerId).Select(x => x.Name).FirstOrDefault(), c => c.PartnerId, "/companies/{id}", shown: false)
        .Link("parent", c => Seen.Of<Company>().Where(x => x.Id == c.ParentId).Select(x => x.Name).FirstOrDefault(), c => c.ParentId, "/companies/{id}", shown: false)
        .Text("legal-name", c => c.LegalName, shown: false)
        .Text("region", c => c.Region, shown: false)
        .Text("tax-id", c => c.TaxId, shown: false)
        .Text("web-domain", c => c.WebDomain, shown: false)
        .Phone("phone", c => c.Phone, shown: false)
        .Mail("email", c => c.Email, shown: false)
        .Number("employee-count", c => c.EmployeeCount, shown: false)
        .Money("annual-revenue", c => c.AnnualRevenue, c => c.Currency, shown: false)
        .Instant("created-at", c => c.CreatedAt, shown: false, sortable: true);

    public static ListDefinition<Contact, Contact> Columns(ListDefinition<Contact, Contact> list, bool withCompany)
    {
        list.Row("/contacts/{id}").Text("name", FullName, sort: c => c.LastName);
        if (withCompany) { list.Link("company", c => Seen.Of<Company>().Where(x => x.Id == c.CompanyId).Select(x => x.Name).FirstOrDefault(), c => c.CompanyId, "/companies/{id}"); }
        return list
            .Text("job-title", c => c.JobTitle)
            .Text("department", c => c.Department, shown: false)
            .Badge("consent", c => c.Consent, Tones.Of, labelled: true)
            .Mail("email", c => c.Email)
            .Phone("phone", c => c.Phone)
            .Phone("mobile", c => c.Mobile, shown: false)
            .Text("language", c => c.Language, shown: false)
            .Instant("consent-at", c => c.ConsentAt, shown: false)
            .YesNo("active", c => c.Active, shown: false, otherwise: "contact.inactive");
    }

    private static ListDefinition<Opportunity, Opportunity> OpportunitiesOf(string key, bool withCustomer, string whenEmpty)
    {
        var list = ListDefinition.Of<Opportunity, CompaniesText>(key, "company-opportunity").Row("/opportunities/{id}").Text("title", o => o.Title).Text("number", o => o.Number, shown: !withCustomer);
        if (withCustomer) { list.Link("customer", o => o.CustomerName, o => o.CustomerId, "/companies/{id}"); }
        return list
            .Named("stage", o => o.Stage!.Name, o => o.Stage!.NameZh)
            .Badge("outcome", o => o.Outcome, outcome => outcome switch { StageKind.Won => Tone.Ok, StageKind.Lost => Tone.Bad, _ => Tone.Info })
            .Money("amount", o => o.Amount, o => o.Currency)
            .Date("close-date", o => o.CloseDate, sortable: true)
            .Text("owner", o => o.OwnerName)
            .Choice("outcome", o => o.Outcome)
            .OrderByDescending("close-date")
            .WhenEmpty(new EmptyList("target-arrow", whenEmpty));
    }
}
