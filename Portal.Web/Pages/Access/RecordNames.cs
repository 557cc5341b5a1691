using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Pages.Access.Audit;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access;

/// <summary>What records of any kind are called. Ids are unique across kinds, so one question serves them all; what the asker does not see has no name here.</summary>
public static class RecordNames
{
    private enum Kind { Plain, Person, Company, Contact, Product, SupplierItem, Opportunity, Document, TwoLanguages, Batch, Grant }

    /// <summary>Kinds that have a page, and who may go there.</summary>
    private static readonly Dictionary<Kind, (string Path, string Permission)> s_pages = new()
    {
        [Kind.Person] = ("/access/people/", Permissions.ManageAccess), [Kind.Company] = ("/companies/", Permissions.ViewCompanies), [Kind.Contact] = ("/contacts/", Permissions.ViewCompanies),
        [Kind.Product] = ("/products/", Permissions.ViewProducts), [Kind.SupplierItem] = ("/supplier-items/", Permissions.ViewProducts), [Kind.Opportunity] = ("/opportunities/", Permissions.ViewOpportunities),
        [Kind.Document] = ("/documents/", Permissions.ViewDocuments),
    };

    /// <param name="ids">Numbers among them that are of no record do no harm.</param>
    public static async Task<IReadOnlyDictionary<long, RecordName>> OfAsync(PortalDbContext db, IReadOnlyCollection<long> ids, Viewer viewer, CancellationToken ct)
    {
        // A part of a record is called as the record that it leads to.
        var found = await db.People.Where(p => EF.Parameter(ids).Contains(p.Id)).Select(p => new { p.Id, p.Name, Second = "", Kind = Kind.Person, Page = p.Id })
            .Concat(db.Companies.Where(c => EF.Parameter(ids).Contains(c.Id)).Select(c => new { c.Id, c.Name, Second = "", Kind = Kind.Company, Page = c.Id }))
            .Concat(db.Sites.Where(s => EF.Parameter(ids).Contains(s.Id)).Select(s => new { s.Id, s.Name, Second = "", Kind = Kind.Company, Page = s.CompanyId }))
            .Concat(db.Contacts.Where(c => EF.Parameter(ids).Contains(c.Id)).Select(c => new { c.Id, Name = c.FirstName, Second = c.LastName, Kind = Kind.Contact, Page = c.Id }))
            .Concat(db.Teams.Where(t => EF.Parameter(ids).Contains(t.Id)).Select(t => new { t.Id, t.Name, Second = "", Kind = Kind.Plain, Page = t.Id }))
            .Concat(db.Territories.Where(t => EF.Parameter(ids).Contains(t.Id)).Select(t => new { t.Id, t.Name, Second = "", Kind = Kind.Plain, Page = t.Id }))
            .Concat(db.Products.Where(p => EF.Parameter(ids).Contains(p.Id)).Select(p => new { p.Id, p.Name, Second = "", Kind = Kind.Product, Page = p.Id }))
            .Concat(db.Categories.Where(c => EF.Parameter(ids).Contains(c.Id)).Select(c => new { c.Id, c.Name, Second = "", Kind = Kind.Plain, Page = c.Id }))
            .Concat(db.SupplierItems.Where(i => EF.Parameter(ids).Contains(i.Id)).Join(db.Products, i => i.ProductId, p => p.Id, (i, p) => new { i.Id, p.Name, Second = "", Kind = Kind.SupplierItem, Page = i.Id }))
            .Concat(db.DemandBatches.Where(b => EF.Parameter(ids).Contains(b.Id)).Select(b => new { b.Id, Name = b.Origin, Second = "", Kind = Kind.Batch, Page = b.Id }))
            .Concat(db.Stages.Where(s => EF.Parameter(ids).Contains(s.Id)).Select(s => new { s.Id, s.Name, Second = s.NameZh, Kind = Kind.TwoLanguages, Page = s.Id }))
            .Concat(db.Opportunities.Where(o => EF.Parameter(ids).Contains(o.Id)).Select(o => new { o.Id, Name = o.Title, Second = "", Kind = Kind.Opportunity, Page = o.Id }))
            .Concat(db.OpportunityLines.Where(l => EF.Parameter(ids).Contains(l.Id)).Join(db.Opportunities, l => l.OpportunityId, o => o.Id, (l, o) => new { l.Id, Name = o.Title, Second = "", Kind = Kind.Opportunity, Page = o.Id }))
            .Concat(db.Comments.Where(c => EF.Parameter(ids).Contains(c.Id) && c.RecordClass == RecordClass.Opportunity)
                .Join(db.Opportunities, c => c.RecordId, o => o.Id, (c, o) => new { c.Id, Name = o.Title, Second = "", Kind = Kind.Opportunity, Page = o.Id }))
            .Concat(db.Folders.Where(f => EF.Parameter(ids).Contains(f.Id)).Select(f => new { f.Id, f.Name, Second = f.NameZh, Kind = Kind.TwoLanguages, Page = f.Id }))
            .Concat(db.Documents.Where(d => EF.Parameter(ids).Contains(d.Id)).Select(d => new { d.Id, Name = d.Title, Second = "", Kind = Kind.Document, Page = d.Id }))
            .Concat(db.DocumentVersions.Where(v => EF.Parameter(ids).Contains(v.Id)).Join(db.Documents, v => v.DocumentId, d => d.Id, (v, d) => new { v.Id, Name = d.Title, Second = "", Kind = Kind.Document, Page = d.Id }))
            .Concat(db.Shares.Where(s => EF.Parameter(ids).Contains(s.Id)).Join(db.Companies, s => s.RecordId, c => c.Id, (s, c) => new { s.Id, c.Name, Second = "", Kind = Kind.Company, Page = c.Id }))
            .Concat(db.Shares.Where(s => EF.Parameter(ids).Contains(s.Id)).Join(db.Products, s => s.RecordId, p => p.Id, (s, p) => new { s.Id, p.Name, Second = "", Kind = Kind.Product, Page = p.Id }))
            .Concat(db.Shares.Where(s => EF.Parameter(ids).Contains(s.Id)).Join(db.Opportunities, s => s.RecordId, o => o.Id, (s, o) => new { s.Id, Name = o.Title, Second = "", Kind = Kind.Opportunity, Page = o.Id }))
            .Concat(db.Shares.Where(s => EF.Parameter(ids).Contains(s.Id)).Join(db.Documents, s => s.RecordId, d => d.Id, (s, d) => new { s.Id, Name = d.Title, Second = "", Kind = Kind.Document, Page = d.Id }))
            .Concat(db.Grants.Where(g => EF.Parameter(ids).Contains(g.Id)).Select(g => new { g.Id, Name = g.Key, Second = "", Kind = Kind.Grant, Page = g.Id }))
            .Concat(db.SupportViews.Where(v => EF.Parameter(ids).Contains(v.Id)).Select(v => new { v.Id, Name = v.PersonName, Second = "", Kind = Kind.Plain, Page = v.Id }))
            .Concat(db.SavedViews.Where(v => EF.Parameter(ids).Contains(v.Id)).Select(v => new { v.Id, v.Name, Second = "", Kind = Kind.Plain, Page = v.Id }))
            .ToListAsync(ct);
        var names = new Dictionary<long, RecordName>(found.Count);
        foreach (var one in found)
        {
            names[one.Id] = new(one.Kind switch
            {
                Kind.Contact => PersonName.Full(one.Name, one.Second),
                Kind.TwoLanguages when Language.IsChinese && one.Second.Length > 0 => one.Second,
                _ => one.Name,
            }, s_pages.TryGetValue(one.Kind, out var page) && viewer.May(page.Permission) ? page.Path + one.Page.ToString(CultureInfo.InvariantCulture) : "");
        }
        // A batch is called after where it came from, which may be an opportunity, and a grant after those whom it is for, which may be a company.
        foreach (var one in found)
        {
            if (one.Kind is Kind.Batch) { names[one.Id] = new(RecordNumbers.Named(ChangeWords.Origin(one.Name), names)); }
            if (one.Kind is Kind.Grant) { names[one.Id] = new(RecordNumbers.Named(ChangeWords.Audience(one.Name), names), viewer.May(Permissions.ManageAccess) ? "/access/grants" : ""); }
        }
        return names;
    }
}
