using Portal.Domain.Common;

namespace Portal.Domain.Companies;

/// <summary>What a company, a contact or a territory may point at, whoever writes it: a form, an import.</summary>
internal static class CompanyPointers
{
    public static Ancestry Groups() => new(db => db.Companies.Select(c => new TreeNode { Id = c.Id, Above = c.ParentId }));
    public static Ancestry Charts() => new(db => db.Contacts.Select(c => new TreeNode { Id = c.Id, Above = c.ManagerId, Tree = c.CompanyId }));
    public static Ancestry Territories() => new(db => db.Territories.Select(t => new TreeNode { Id = t.Id, Above = t.ParentId }));

    public static Refusal? CheckParent(Company company, Ancestry groups) => company.ParentId switch
    {
        { } parent when parent == company.Id => CompanyRefusals.ParentIsItself,
        { } parent when groups.IsCircle(company.Id, parent) => CompanyRefusals.ParentCircle,
        _ => null,
    };

    public static Refusal? CheckPartner(Company company, CompanyInRoles? partner) => company.PartnerId switch
    {
        null => null,
        { } id when id == company.Id => CompanyRefusals.PartnerIsItself,
        _ => partner is { IsPartner: true } ? null : CompanyRefusals.PartnerUnknown,
    };

    /// <summary>The manager is of the same company.</summary>
    public static Refusal? CheckManager(Contact contact, Ancestry charts) => contact.ManagerId switch
    {
        null => null,
        { } manager when manager == contact.Id => CompanyRefusals.ManagerIsItself,
        { } manager when charts.Find(manager)?.Tree != contact.CompanyId => CompanyRefusals.ManagerUnknown,
        { } manager => charts.IsCircle(contact.Id, manager) ? CompanyRefusals.ManagerCircle : null,
    };
}
