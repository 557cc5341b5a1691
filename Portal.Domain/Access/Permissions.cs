namespace Portal.Domain.Access;

/// <summary>What a person may do; each is a policy of the same name on pages and routes. Which records: <see cref="AccessScope"/>.</summary>
public static class Permissions
{
    public const string SignedIn = "signed-in";
    public const string Staff = "staff";
    public const string Partner = "partner";
    public const string ViewCompanies = "companies.view";
    public const string EditCompanies = "companies.edit";
    public const string ViewProducts = "products.view";
    public const string EditProducts = "products.edit";
    public const string ViewOpportunities = "opportunities.view";
    public const string EditOpportunities = "opportunities.edit";
    public const string ShareRecords = "records.share";
    public const string ViewDemand = "demand.view";
    public const string EditDemand = "demand.edit";
    public const string ViewDocuments = "documents.view";
    public const string EditDocuments = "documents.edit";
    public const string RunReports = "reports.run";
    public const string Import = "exchange.import";
    public const string ManageAccess = "access.manage";
    public const string ViewAudit = "access.audit";
    public const string ViewAs = "access.view-as";
    public const string PartnerOpportunities = "partner.opportunities";
    public const string PartnerDemand = "partner.demand";
    public const string PartnerDocuments = "partner.documents";
    public const string PartnerProducts = "partner.products";
    /// <summary>The own terms as a supplier.</summary>
    public const string PartnerItems = "partner.items";
    /// <summary>The range on sale, for who sells it.</summary>
    public const string PartnerRange = "partner.range";
    public const string ManagePartnerPeople = "partner.people";

    /// <summary>Every policy name, for registration and for the matrix test.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        SignedIn, Staff, Partner, ViewCompanies, EditCompanies, ViewProducts, EditProducts, ViewOpportunities, EditOpportunities,
        ShareRecords, ViewDemand, EditDemand, ViewDocuments, EditDocuments, RunReports, Import, ManageAccess, ViewAudit, ViewAs,
        PartnerOpportunities, PartnerDemand, PartnerDocuments, PartnerProducts, PartnerItems, PartnerRange, ManagePartnerPeople,
    ];
}
