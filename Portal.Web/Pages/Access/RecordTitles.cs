using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Access;

/// <summary>What a shareable record is called and where it stands, for pages that speak of records of every class.</summary>
public static class RecordTitles
{
    /// <returns>Null where the asker sees no such record.</returns>
    public static Task<string?> OfAsync(PortalDbContext db, RecordClass recordClass, long id, CancellationToken ct) => recordClass switch
    {
        RecordClass.Company => db.Companies.Where(r => r.Id == id).Select(r => r.Name).FirstOrDefaultAsync(ct),
        RecordClass.Product => db.Products.Where(r => r.Id == id).Select(r => r.Name).FirstOrDefaultAsync(ct),
        RecordClass.SupplierItem => db.SupplierItems.Where(r => r.Id == id).Select(r => (db.Products.Where(p => p.Id == r.ProductId).Select(p => p.Name).FirstOrDefault() ?? "") + (r.SupplierCode == null ? "" : " · " + r.SupplierCode)).FirstOrDefaultAsync<string?>(ct),
        RecordClass.Opportunity => db.Opportunities.Where(r => r.Id == id).Select(r => r.Title).FirstOrDefaultAsync(ct),
        RecordClass.DemandSignal => db.DemandSignals.Where(r => r.Id == id).Select(r => db.Products.Where(p => p.Id == r.ProductId).Select(p => p.Name).FirstOrDefault()).FirstOrDefaultAsync(ct),
        RecordClass.Document => db.Documents.Where(r => r.Id == id).Select(r => r.Title).FirstOrDefaultAsync(ct),
        _ => throw new InvalidOperationException($"{recordClass} has no title."),
    };

    public static string PathOf(RecordClass recordClass, long id) => recordClass switch
    {
        RecordClass.Company => $"/companies/{id}",
        RecordClass.Product => $"/products/{id}",
        RecordClass.SupplierItem => $"/supplier-items/{id}",
        RecordClass.Opportunity => $"/opportunities/{id}",
        RecordClass.DemandSignal => "/demand",
        RecordClass.Document => $"/documents/{id}",
        _ => "/",
    };
}
