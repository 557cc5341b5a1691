using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

/// <summary>A signal as staff read it: whose demand, where, and which delivery said so.</summary>
/// <param name="CompanyName">Null where nobody said, or where the reader does not see the company.</param>
public sealed record DemandForStaff(
    long Id, long ProductId, DateOnly Period, DemandPeriod Granularity, DemandSource Source, decimal Quantity, long? CompanyId, string? CompanyName, string Site, string Origin, DateTimeOffset ReceivedAt);

/// <summary>Demand as a supplier reads it, added up over everybody. Whose it is has no place in this type.</summary>
public sealed record DemandForSupplier(long ProductId, DateOnly Period, DemandSource Source, decimal Quantity);

/// <summary>A figure that a distributor reported of itself.</summary>
public sealed record DemandForDistributor(long Id, long ProductId, DateOnly Period, DemandPeriod Granularity, DemandSource Source, string Site, decimal Quantity);

/// <summary>What a supplier reads of its own item. What others ask for the product, and who is preferred, has no place in this type.</summary>
public sealed record ItemForSupplier(
    long Id, string ProductCode, string ProductName, string Unit, string? OwnCode, int LeadTimeDays, decimal MinimumQuantity, decimal MultipleQuantity, decimal StandardPrice, string Currency);

public static class DemandQueries
{
    extension(IQueryable<DemandSignal> signals)
    {
        /// <param name="from">The first day.</param>
        /// <param name="until">The day after the last.</param>
        public IQueryable<DemandSignal> Between(DateOnly from, DateOnly until) => signals.Where(s => s.Period >= from && s.Period < until);

        public IQueryable<DemandForStaff> ForStaff(PortalDbContext db) => signals.Select(s => new DemandForStaff(
            s.Id, s.ProductId, s.Period, s.Granularity, s.Source, s.Quantity, s.CompanyId, db.Companies.Where(c => c.Id == s.CompanyId).Select(c => c.Name).FirstOrDefault(), s.Site,
            db.DemandBatches.Where(b => b.Id == s.BatchId).Select(b => b.Origin).First(), db.DemandBatches.Where(b => b.Id == s.BatchId).Select(b => b.ReceivedAt).First()));

        /// <summary>Grouped in the database, so that no single figure leaves it.</summary>
        public IQueryable<DemandForSupplier> ForSupplier() => signals
            .GroupBy(s => new { s.ProductId, s.Period, s.Source })
            .Select(g => new DemandForSupplier(g.Key.ProductId, g.Key.Period, g.Key.Source, g.Sum(s => s.Quantity)));

        /// <summary>What the asking company reported of itself; what it may see as a supplier is not among it.</summary>
        public IQueryable<DemandForDistributor> ForDistributor(PortalDbContext db) => signals.Where(s => s.CompanyId == db.Scope.CompanyId)
            .Select(s => new DemandForDistributor(s.Id, s.ProductId, s.Period, s.Granularity, s.Source, s.Site, s.Quantity));
    }
}
