using System.Collections.Frozen;
using Portal.Domain.Access;
using Portal.Identity.Clients;

namespace Portal.Web.Api;

/// <summary>One thing that a program may be allowed at the portal's API.</summary>
/// <param name="Title">As the person reads it who is asked for consent.</param>
/// <param name="Writes">Whether something may be written with it: also the receipt of a download is.</param>
/// <param name="Permissions">Of the person's permissions, those that a program with this scope may use.</param>
public sealed record ApiScopeRule(string Name, string Title, string TitleZh, bool Writes, params string[] Permissions);

/// <summary>
/// The scopes of the API. A scope gives nothing: it names what of the person's own rights a program may use. Whose program it is and what the person may see is looked up
/// at each request.
/// </summary>
public static class ApiScopes
{
    public const string CompaniesRead = "portal.companies.read";
    public const string ContactsRead = "portal.contacts.read";
    public const string ProductsRead = "portal.products.read";
    public const string OpportunitiesRead = "portal.opportunities.read";
    public const string OpportunitiesWrite = "portal.opportunities.write";
    public const string DemandRead = "portal.demand.read";
    public const string DemandWrite = "portal.demand.write";
    public const string DocumentsRead = "portal.documents.read";

    public static readonly IReadOnlyList<ApiScopeRule> All =
    [
        new(CompaniesRead, "Read the companies that you see", "读取您可见的公司", false, Permissions.ViewCompanies),
        new(ContactsRead, "Read the contacts that you see", "读取您可见的联系人", false, Permissions.ViewCompanies),
        new(ProductsRead, "Read the products and terms that you see", "读取您可见的产品和供货条件", false, Permissions.ViewProducts, Permissions.PartnerItems, Permissions.PartnerRange),
        new(OpportunitiesRead, "Read the opportunities that you see", "读取您可见的商机", false, Permissions.ViewOpportunities, Permissions.PartnerOpportunities),
        new(OpportunitiesWrite, "Report progress of opportunities in your name", "以您的名义报告商机进展", true, Permissions.PartnerOpportunities),
        new(DemandRead, "Read the demand that you see", "读取您可见的需求", false, Permissions.ViewDemand, Permissions.PartnerDemand),
        new(DemandWrite, "Deliver demand figures in your name", "以您的名义提交需求数据", true, Permissions.EditDemand, Permissions.PartnerDemand),
        new(DocumentsRead, "Read and download the documents that you see", "读取和下载您可见的文件", true, Permissions.ViewDocuments, Permissions.PartnerDocuments),
    ];

    private static readonly FrozenDictionary<string, ApiScopeRule> ByName = All.ToFrozenDictionary(rule => rule.Name);

    public static ApiScopeRule Of(string name) => ByName[name];

    /// <summary>What is left of the person's rights where a program acts: permissions of its scopes alone, and nothing is written without a scope that writes.</summary>
    public static AccessScope Narrow(AccessScope person, IEnumerable<string> scopes)
    {
        var rules = scopes.Select(name => ByName.GetValueOrDefault(name)).OfType<ApiScopeRule>().ToList();
        return person.Narrowed(rules.SelectMany(rule => rule.Permissions).Append(Permissions.SignedIn).ToHashSet(StringComparer.Ordinal), reads: !rules.Exists(rule => rule.Writes));
    }

    /// <summary>The API as the built-in provider knows it.</summary>
    public static ResourceRegistration Registration(string audience) => new(audience, "Portal", [.. All.Select(rule => new ScopeRegistration(rule.Name, rule.Title, rule.TitleZh))]);
}
