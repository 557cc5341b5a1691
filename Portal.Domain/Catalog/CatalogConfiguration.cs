using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Domain.Catalog;

internal sealed class ProductConfiguration : IEntityTypeConfiguration<Product>, ISight<Product>
{
    /// <summary>A supplier sees what it supplies; who takes part in the programme sees the range that is on sale.</summary>
    public Sight<Product> Sight => new()
    {
        Class = RecordClass.Product,
        Id = product => product.Id,
        PartnerRules =
        [
            new(Relationship.SupplierOf,
                (product, db, asker) => db.SupplierItems.Where(i => i.SupplierId == asker && i.Active).Select(i => i.ProductId).Contains(product.Id),
                (product, db) => db.SupplierItems.Where(i => i.ProductId == product.Id && i.Active).Select(i => i.SupplierId)),
            new(Relationship.ParticipantIn,
                (product, _, asker) => asker != 0 && (product.Lifecycle == Lifecycle.Active || product.Lifecycle == Lifecycle.PhaseOut), Companies: null),
        ],
    };

    public void Configure(EntityTypeBuilder<Product> product)
    {
        product.ToTable("products");
        product.Property(p => p.Code).HasMaxLength(Product.CodeLength);
        product.Property(p => p.Name).HasMaxLength(Product.NameLength);
        product.Property(p => p.Description).HasMaxLength(Product.DescriptionLength);
        product.Property(p => p.Unit).HasMaxLength(Product.UnitLength);
        product.Property(p => p.Currency).HasMaxLength(3);
        product.HasIndex(p => p.Code).IsUnique();
        product.HasIndex(p => new { p.Name, p.Id });
        product.HasIndex(p => new { p.CategoryId, p.Name, p.Id });
        product.HasIndex(p => new { p.Lifecycle, p.Name, p.Id });
        product.HasOne<ProductCategory>().WithMany().HasForeignKey(p => p.CategoryId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ProductCategoryConfiguration : IEntityTypeConfiguration<ProductCategory>, ISight<ProductCategory>
{
    public Sight<ProductCategory> Sight => new() { PartnerAlways = (_, _) => true };

    public void Configure(EntityTypeBuilder<ProductCategory> category)
    {
        category.ToTable("product_categories");
        category.Property(c => c.Code).HasMaxLength(ProductCategory.CodeLength);
        category.Property(c => c.Name).HasMaxLength(ProductCategory.NameLength);
        category.HasIndex(c => c.Code).IsUnique();
        category.HasOne<ProductCategory>().WithMany().HasForeignKey(c => c.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}
