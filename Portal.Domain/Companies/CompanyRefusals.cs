using Portal.Domain.Common;

namespace Portal.Domain.Companies;

/// <summary>Why something was not done with a company, a site or a contact.</summary>
public static class CompanyRefusals
{
    public static readonly Refusal NotFound = new("company.not-found", RefusalKind.NotFound);
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal ChangedMeanwhile = new("company.changed", RefusalKind.Conflict);
    public static readonly Refusal NameMissing = new("company.name-missing", Field: nameof(CompanyDraft.Name));
    public static readonly Refusal CodeMalformed = new("company.code-malformed", Field: nameof(CompanyDraft.Code));
    public static readonly Refusal RoleMissing = new("company.role-missing", Field: nameof(CompanyDraft.Roles));
    public static readonly Refusal TaxIdMalformed = new("company.tax-id-malformed", Field: nameof(CompanyDraft.TaxId), Values: [Company.ShortestTaxId, Company.LongestTaxId]);
    public static readonly Refusal DomainMalformed = new("company.web-domain-malformed", Field: nameof(CompanyDraft.WebDomain));
    public static readonly Refusal EmailMalformed = new("company.email-malformed", Field: nameof(CompanyDraft.Email));
    public static readonly Refusal CurrencyUnknown = new("company.currency-unknown", Field: nameof(CompanyDraft.Currency));
    public static readonly Refusal CountryUnknown = new("company.country-unknown", Field: nameof(CompanyDraft.Country));
    public static readonly Refusal EmployeesOutOfRange = new("company.employees-out-of-range", Field: nameof(CompanyDraft.EmployeeCount));
    public static readonly Refusal RevenueOutOfRange = new("company.revenue-out-of-range", Field: nameof(CompanyDraft.AnnualRevenue));
    public static readonly Refusal ParentUnknown = new("company.parent-unknown", Field: nameof(CompanyDraft.ParentId));
    public static readonly Refusal ParentIsItself = new("company.parent-itself", Field: nameof(CompanyDraft.ParentId));
    /// <summary>The company would stand above itself.</summary>
    public static readonly Refusal ParentCircle = new("company.parent-circle", Field: nameof(CompanyDraft.ParentId));
    /// <summary>Not there, or neither channel partner nor distributor.</summary>
    public static readonly Refusal PartnerUnknown = new("company.partner-unknown", Field: nameof(CompanyDraft.PartnerId));
    public static readonly Refusal PartnerIsItself = new("company.partner-itself", Field: nameof(CompanyDraft.PartnerId));
    public static readonly Refusal OwnerUnknown = new("company.owner-unknown", Field: nameof(CompanyDraft.OwnerId));
    public static readonly Refusal TerritoryUnknown = new("company.territory-unknown", Field: nameof(CompanyDraft.TerritoryId));

    public static readonly Refusal TerritoryCircle = new("territory.parent-circle", Field: nameof(Territory.ParentId));

    public static readonly Refusal SiteNameMissing = new("site.name-missing", Field: nameof(SiteDraft.Name));

    public static readonly Refusal ContactNameMissing = new("contact.name-missing", Field: nameof(ContactDraft.LastName));
    /// <summary>Not there, or of another company.</summary>
    public static readonly Refusal ManagerUnknown = new("contact.manager-unknown", Field: nameof(ContactDraft.ManagerId));
    public static readonly Refusal ManagerIsItself = new("contact.manager-itself", Field: nameof(ContactDraft.ManagerId));
    public static readonly Refusal ManagerCircle = new("contact.manager-circle", Field: nameof(ContactDraft.ManagerId));
    public static readonly Refusal LanguageUnknown = new("contact.language-unknown", Field: nameof(ContactDraft.Language));
    public static readonly Refusal ConsentInFuture = new("contact.consent-in-future", Field: nameof(ContactDraft.ConsentAt));

    public static readonly Refusal BulkEmpty = new("company.bulk-empty");
    /// <summary>The list holds what is not there or not to be seen; nothing was changed.</summary>
    public static readonly Refusal BulkNotAllSeen = new("company.bulk-not-all-seen", RefusalKind.NotFound);
    public static readonly Refusal NothingToUndo = new("company.nothing-to-undo");

    public static Refusal CodeTaken(string code) => new("company.code-taken", Field: nameof(CompanyDraft.Code), Values: [code]);
    public static Refusal FoundedOutOfRange(int last) => new("company.founded-out-of-range", Field: nameof(CompanyDraft.FoundedYear), Values: [Company.EarliestFounding, last]);
    public static Refusal TooLong(string field, int most) => new("company.too-long", Field: field, Values: [most]);
    public static Refusal BulkTooMany(int most) => new("company.bulk-too-many", Values: [most]);
}
