using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

internal sealed class SupplierItemConfiguration : IEntityTypeConfiguration<SupplierItem>, ISight<SupplierItem>
{
    /// <summary>The terms between the house and a supplier are the supplier's own data: no grant is needed, and rules about what it supplies can rest on them.</summary>
    public Sight<SupplierItem> Sight => new()
    {
        Class = RecordClass.SupplierItem,
        Id = item => item.Id,
        PartnerCompany = item => item.SupplierId,
    };

    public void Configure(EntityTypeBuilder<SupplierItem> item)
    {
        item.ToTable("supplier_items");
        item.Property(i => i.SupplierCode).HasMaxLength(SupplierItem.SupplierCodeLength);
        item.Property(i => i.Currency).HasMaxLength(3);
        item.HasIndex(i => new { i.SupplierId, i.ProductId }).IsUnique();
        item.HasIndex(i => new { i.ProductId, i.SupplierId });
        item.HasOne<Company>().WithMany().HasForeignKey(i => i.SupplierId).OnDelete(DeleteBehavior.Restrict);
        item.HasOne<Product>().WithMany().HasForeignKey(i => i.ProductId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DemandSignalConfiguration : IEntityTypeConfiguration<DemandSignal>, ISight<DemandSignal>
{
    /// <summary>A supplier sees the demand for what it supplies; a distributor what it reported of itself. Whose demand it is, the supplier's read model cannot say.</summary>
    public Sight<DemandSignal> Sight => new()
    {
        Class = RecordClass.DemandSignal,
        Id = signal => signal.Id,
        PartnerRules =
        [
            new(Relationship.SupplierOf,
                (signal, db, asker) => db.SupplierItems.Where(i => i.SupplierId == asker && i.Active).Select(i => i.ProductId).Contains(signal.ProductId),
                (signal, db) => db.SupplierItems.Where(i => i.ProductId == signal.ProductId && i.Active).Select(i => i.SupplierId)),
            new(Relationship.DistributorOf,
                (signal, _, asker) => signal.CompanyId == asker && (signal.Source == DemandSource.SellThrough || signal.Source == DemandSource.StockOnHand || signal.Source == DemandSource.Forecast),
                (signal, db) => db.DemandSignals.Where(s => s.Id == signal.Id && s.CompanyId != null && (s.Source == DemandSource.SellThrough || s.Source == DemandSource.StockOnHand || s.Source == DemandSource.Forecast)).Select(s => s.CompanyId!.Value)),
        ],
    };

    public void Configure(EntityTypeBuilder<DemandSignal> signal)
    {
        signal.ToTable("demand_signals");
        signal.Property(s => s.Id).ValueGeneratedNever();
        signal.Property(s => s.Site).HasMaxLength(DemandSignal.SiteLength);
        // Sums are read from these two alone; the company stands last because a partner's filter asks for it.
        signal.HasIndex(s => new { s.ProductId, s.Period, s.Source, s.Quantity, s.CompanyId });
        signal.HasIndex(s => new { s.CompanyId, s.Period });
        signal.HasIndex(s => new { s.Period, s.ProductId, s.Source, s.Quantity, s.CompanyId });
        signal.HasIndex(s => s.BatchId);
        signal.HasOne<DemandBatch>().WithMany().HasForeignKey(s => s.BatchId).OnDelete(DeleteBehavior.Cascade);
        signal.HasOne<Product>().WithMany().HasForeignKey(s => s.ProductId).OnDelete(DeleteBehavior.Restrict);
        signal.HasOne<Company>().WithMany().HasForeignKey(s => s.CompanyId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DemandBatchConfiguration : IEntityTypeConfiguration<DemandBatch>, ISight<DemandBatch>
{
    public Sight<DemandBatch> Sight => new() { PartnerAlways = (batch, db) => batch.ReporterId == db.Scope.CompanyId };

    public void Configure(EntityTypeBuilder<DemandBatch> batch)
    {
        batch.ToTable("demand_batches");
        batch.Property(b => b.Origin).HasMaxLength(DemandBatch.OriginLength);
        batch.HasIndex(b => new { b.Source, b.Origin }).IsUnique();
        batch.HasOne<Company>().WithMany().HasForeignKey(b => b.ReporterId).OnDelete(DeleteBehavior.Restrict);
    }
}
