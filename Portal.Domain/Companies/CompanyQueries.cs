using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <summary>What staff read of a company: everything, with the names of what it points at and how much hangs below it.</summary>
public sealed record CompanyForStaff(Company Company)
{
    public required string? OwnerName { get; init; }
    public required string? TerritoryName { get; init; }
    public required string? ParentName { get; init; }
    public required string? PartnerName { get; init; }
    public required int Contacts { get; init; }
    public required int Sites { get; init; }
    /// <summary>Those that the asker sees.</summary>
    public required int Opportunities { get; init; }
    public required int Items { get; init; }
    public required int Children { get; init; }
}

/// <summary>A paper that a company's people can read, and which address of a share gives it to them.</summary>
public sealed record DocumentForCompany(long Id, string Title, DocumentStatus Status, DateOnly? ValidUntil, string Key, DateTimeOffset Until);

/// <summary>A line of the organisation chart.</summary>
public sealed record ChartContact(long Id, string FirstName, string LastName, string? JobTitle, string? Department, long? ManagerId, bool Active)
{
    public string FullName => PersonName.Full(FirstName, LastName);
}

public static class CompanyQueries
{
    /// <summary>More people in one drawing than anybody reads.</summary>
    public const int LargestChart = 500;

    extension(PortalDbContext db)
    {
        /// <returns>Null where there is none to be seen.</returns>
        public Task<CompanyForStaff?> CompanyForStaffAsync(long id, CancellationToken ct) => db.Companies.AsNoTracking().Where(c => c.Id == id).Select(c => new CompanyForStaff(c)
        {
            OwnerName = db.People.Where(p => p.Id == c.OwnerId).Select(p => p.Name).FirstOrDefault(),
            TerritoryName = db.Territories.Where(t => t.Id == c.TerritoryId).Select(t => t.Name).FirstOrDefault(),
            ParentName = db.Companies.Where(x => x.Id == c.ParentId).Select(x => x.Name).FirstOrDefault(),
            PartnerName = db.Companies.Where(x => x.Id == c.PartnerId).Select(x => x.Name).FirstOrDefault(),
            Contacts = db.Contacts.Count(x => x.CompanyId == c.Id),
            Sites = db.Sites.Count(x => x.CompanyId == c.Id),
            Opportunities = db.Opportunities.Count(x => x.CustomerId == c.Id),
            Items = db.SupplierItems.Count(x => x.SupplierId == c.Id),
            Children = db.Companies.Count(x => x.ParentId == c.Id),
        }).FirstOrDefaultAsync(ct)!;

        /// <summary>Published papers shared with the company itself or with a tier, region or kind that it belongs to, newest share first.</summary>
        public Task<List<DocumentForCompany>> DocumentsForCompanyAsync(Company company, int most, CancellationToken ct)
        {
            string[] keys = [ScopeKeys.Company(company.Id), .. ScopeBuilder.KeysOf(company)];
            var now = db.Now;
            return (
                from share in db.Shares
                join document in db.Documents on share.RecordId equals document.Id
                where share.RecordClass == RecordClass.Document && keys.Contains(share.Key) && share.Until > now && document.Status == DocumentStatus.Published
                orderby share.Id descending
                select new DocumentForCompany(document.Id, document.Title, document.Status, document.ValidUntil, share.Key, share.Until)).Take(most).ToListAsync(ct);
        }

        /// <summary>The people of a company for its organisation chart, at most <see cref="LargestChart"/>.</summary>
        public Task<List<ChartContact>> ChartOfCompanyAsync(long companyId, CancellationToken ct) => db.Contacts.Where(c => c.CompanyId == companyId && c.Active)
            .OrderBy(c => c.LastName).ThenBy(c => c.Id).Take(LargestChart)
            .Select(c => new ChartContact(c.Id, c.FirstName, c.LastName, c.JobTitle, c.Department, c.ManagerId, c.Active)).ToListAsync(ct);
    }
}
