using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Supply;

namespace Portal.Reports.Supply;

public sealed record SupplierItemRow(
    string SupplierName, string ProductCode, string ProductName, string Unit, string? SupplierCode, int LeadTimeDays, decimal MinimumQuantity, decimal MultipleQuantity,
    Money StandardPrice, bool Preferred, bool Active);

/// <summary>Who makes what, on which terms.</summary>
public sealed class SupplierItemList : Report<SupplierItemRow>
{
    private static readonly CompanyParameter Supplier = new() { Key = "supplier" };
    private static readonly ChoiceParameter State = new() { Key = "state", Default = "active", Choices = [("active", "item-state.active"), ("inactive", "item-state.inactive")] };

    private static readonly Column<SupplierItemRow> SupplierName = Columns<SupplierItemRow>.Text("supplier", r => r.SupplierName);

    public override string Name => "supplier-items";
    public override string Permission => Permissions.ViewProducts;
    public override IReadOnlyList<ReportParameter> Parameters => [Supplier, State];

    public override IReadOnlyList<Column<SupplierItemRow>> Columns { get; } =
    [
        SupplierName,
        Columns<SupplierItemRow>.Text("product", r => r.ProductName, 32),
        Columns<SupplierItemRow>.Code("product-code", r => r.ProductCode, 16),
        Columns<SupplierItemRow>.Code("supplier-code", r => r.SupplierCode, 16),
        Columns<SupplierItemRow>.Whole("lead-time-days", r => r.LeadTimeDays, 12, Total.Average),
        Columns<SupplierItemRow>.Quantity("minimum-quantity", r => r.MinimumQuantity, r => r.Unit, total: Total.None),
        Columns<SupplierItemRow>.Quantity("multiple-quantity", r => r.MultipleQuantity, r => r.Unit, total: Total.None),
        Columns<SupplierItemRow>.Money("standard-price", r => r.StandardPrice, total: Total.None),
        Columns<SupplierItemRow>.Flag("preferred", r => r.Preferred, 10),
        Columns<SupplierItemRow>.Flag("active", r => r.Active, 8),
    ];

    public override IReadOnlyList<Column<SupplierItemRow>> Groups(ReportContext context) => [SupplierName];

    public override IAsyncEnumerable<SupplierItemRow> RowsAsync(ReportContext context)
    {
        var items = context.Db.SeenIn<SupplierItem>(FieldSet.Full);
        if (context.Get(Supplier) is { } asked) { items = items.Where(i => i.SupplierId == asked); }
        if (context.Get(State) is { } state) { items = items.Where(i => i.Active == (state == "active")); }
        return (from item in items
                join supplier in context.Db.Companies on item.SupplierId equals supplier.Id
                join product in context.Db.Products on item.ProductId equals product.Id
                orderby supplier.Name, supplier.Id, product.Name, product.Id
                select new SupplierItemRow(supplier.Name, product.Code, product.Name, product.Unit, item.SupplierCode, item.LeadTimeDays, item.MinimumQuantity, item.MultipleQuantity,
                    new Money(item.StandardPrice, item.Currency), item.Preferred, item.Active)).AsAsyncEnumerable();
    }
}
