using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Supply;

namespace Portal.Reports.Supply;

/// <summary>A supplier's own item. Whether the house prefers it has no place in this type.</summary>
public sealed record SupplierItemRowForPartner(
    string ProductCode, string ProductName, string Unit, string? SupplierCode, int LeadTimeDays, decimal MinimumQuantity, decimal MultipleQuantity, Money StandardPrice, bool Active);

/// <summary>What the asking supplier makes for the house, on which terms.</summary>
public sealed class PartnerItems : Report<SupplierItemRowForPartner>
{
    public override string Name => "partner-items";
    public override string Permission => Permissions.PartnerItems;

    public override IReadOnlyList<Column<SupplierItemRowForPartner>> Columns { get; } =
    [
        Columns<SupplierItemRowForPartner>.Text("product", r => r.ProductName, 32),
        Columns<SupplierItemRowForPartner>.Code("product-code", r => r.ProductCode, 16),
        Columns<SupplierItemRowForPartner>.Code("supplier-code", r => r.SupplierCode, 16),
        Columns<SupplierItemRowForPartner>.Whole("lead-time-days", r => r.LeadTimeDays, 12),
        Columns<SupplierItemRowForPartner>.Quantity("minimum-quantity", r => r.MinimumQuantity, r => r.Unit, total: Total.None),
        Columns<SupplierItemRowForPartner>.Quantity("multiple-quantity", r => r.MultipleQuantity, r => r.Unit, total: Total.None),
        Columns<SupplierItemRowForPartner>.Money("standard-price", r => r.StandardPrice, total: Total.None),
        Columns<SupplierItemRowForPartner>.Flag("active", r => r.Active, 8),
    ];

    public override IAsyncEnumerable<SupplierItemRowForPartner> RowsAsync(ReportContext context) =>
        (from item in context.Db.SeenIn<SupplierItem>(FieldSet.Full)
         join product in context.Db.Products on item.ProductId equals product.Id
         orderby product.Name, product.Id
         select new SupplierItemRowForPartner(product.Code, product.Name, product.Unit, item.SupplierCode, item.LeadTimeDays, item.MinimumQuantity, item.MultipleQuantity,
             new Money(item.StandardPrice, item.Currency), item.Active)).AsAsyncEnumerable();
}
