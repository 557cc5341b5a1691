using System.Collections.Frozen;

namespace Portal.Domain.Access;

/// <summary>What a function brings: permissions and, for staff, the reach in each record class (absent: none).</summary>
/// <param name="IsStaff">Staff functions are never held by a partner's person, nor the reverse.</param>
public sealed record Function(string Name, bool IsStaff, FrozenSet<string> Permissions, FrozenDictionary<RecordClass, Reach> Reaches);

/// <summary>The functions a person can hold. A person may hold several: permissions add up, the widest reach counts.</summary>
public static class Functions
{
    public const string Administrator = "administrator";
    public const string Sales = "sales";
    public const string SalesManager = "sales-manager";
    public const string Procurement = "procurement";
    public const string ChannelManager = "channel-manager";
    public const string Marketing = "marketing";
    public const string Service = "service";
    public const string Manager = "manager";
    public const string Support = "support";
    public const string PartnerAdmin = "partner-admin";
    public const string SupplierPerson = "supplier-person";
    public const string DistributorPerson = "distributor-person";
    public const string ResellerPerson = "reseller-person";

    private static readonly string[] Read =
    [
        Permissions.SignedIn, Permissions.Staff, Permissions.ViewCompanies, Permissions.ViewProducts, Permissions.ViewDocuments, Permissions.RunReports,
    ];

    /// <summary>Every department sees the whole customer, product and document base: that picture must not depend on who sells.</summary>
    private static readonly (RecordClass, Reach)[] Base =
        [(RecordClass.Company, Reach.All), (RecordClass.Product, Reach.All), (RecordClass.SupplierItem, Reach.All), (RecordClass.Document, Reach.All)];

    public static readonly FrozenDictionary<string, Function> All = new[]
    {
        // To look at the portal as a partner is a function of its own: an administrator who takes it leaves a line in the audit trail.
        Staff(Administrator, Permissions.All.Where(p => !p.StartsWith("partner", StringComparison.Ordinal) && p != Permissions.ViewAs),
            (RecordClass.Opportunity, Reach.All), (RecordClass.DemandSignal, Reach.All)),
        Staff(Sales, [Permissions.EditCompanies, Permissions.ViewOpportunities, Permissions.EditOpportunities, Permissions.ShareRecords],
            (RecordClass.Opportunity, Reach.Own), (RecordClass.DemandSignal, Reach.None)),
        Staff(SalesManager, [Permissions.EditCompanies, Permissions.ViewOpportunities, Permissions.EditOpportunities, Permissions.ShareRecords, Permissions.Import, Permissions.ViewDemand],
            (RecordClass.Opportunity, Reach.Team), (RecordClass.DemandSignal, Reach.All)),
        Staff(Procurement, [Permissions.EditCompanies, Permissions.EditProducts, Permissions.ViewDemand, Permissions.EditDemand, Permissions.ShareRecords, Permissions.EditDocuments, Permissions.Import],
            (RecordClass.DemandSignal, Reach.All)),
        Staff(ChannelManager, [Permissions.EditCompanies, Permissions.ViewOpportunities, Permissions.EditOpportunities, Permissions.ShareRecords, Permissions.ViewDemand, Permissions.EditDocuments, Permissions.Import],
            (RecordClass.Opportunity, Reach.All), (RecordClass.DemandSignal, Reach.All)),
        Staff(Marketing, [Permissions.EditCompanies, Permissions.EditDocuments, Permissions.ShareRecords]),
        Staff(Service, [Permissions.EditCompanies]),
        Staff(Manager, [Permissions.ViewOpportunities, Permissions.ViewDemand, Permissions.ViewAudit],
            (RecordClass.Opportunity, Reach.All), (RecordClass.DemandSignal, Reach.All)),
        Staff(Support, [Permissions.ViewAs]),
        Partner(PartnerAdmin, Permissions.ManagePartnerPeople),
        Partner(SupplierPerson, Permissions.PartnerDemand, Permissions.PartnerProducts, Permissions.PartnerItems, Permissions.PartnerOpportunities),
        Partner(DistributorPerson, Permissions.PartnerOpportunities, Permissions.PartnerDemand, Permissions.PartnerProducts, Permissions.PartnerRange),
        Partner(ResellerPerson, Permissions.PartnerOpportunities, Permissions.PartnerProducts, Permissions.PartnerRange),
    }.ToFrozenDictionary(f => f.Name);

    private static Function Staff(string name, IEnumerable<string> permissions, params (RecordClass Class, Reach Reach)[] reaches) =>
        new(name, true, Read.Concat(permissions).ToFrozenSet(), Base.Concat(reaches).ToFrozenDictionary(r => r.Item1, r => r.Item2));

    private static Function Partner(string name, params string[] permissions) =>
        new(name, false, permissions.Concat([Permissions.SignedIn, Permissions.Partner, Permissions.PartnerDocuments, Permissions.RunReports]).ToFrozenSet(), FrozenDictionary<RecordClass, Reach>.Empty);
}
