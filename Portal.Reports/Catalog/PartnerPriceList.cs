using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;

namespace Portal.Reports.Catalog;

/// <summary>A product as a partner that sells it reads it. Cost and suppliers have no place in this type.</summary>
public sealed record PriceListRow(string Category, string Name, string Code, string Unit, Lifecycle Lifecycle, Money? ListPrice);

/// <summary>The range on sale with its list prices, for who sells it.</summary>
public sealed class PartnerPriceList : Report<PriceListRow>
{
    public override string Name => "partner-price-list";
    public override string Permission => Permissions.PartnerRange;

    public override IReadOnlyList<Column<PriceListRow>> Columns { get; } =
    [
        Columns<PriceListRow>.Text("product", r => r.Name, 36),
        Columns<PriceListRow>.Code("product-code", r => r.Code, 16),
        Columns<PriceListRow>.Text("category", r => r.Category, 20),
        Columns<PriceListRow>.Word<Lifecycle>("lifecycle", r => r.Lifecycle, 16),
        Columns<PriceListRow>.Unit("unit", r => r.Unit),
        Columns<PriceListRow>.Money("list-price", r => r.ListPrice, total: Total.None),
    ];

    public override IAsyncEnumerable<PriceListRow> RowsAsync(ReportContext context) =>
        (from product in context.Db.Products
         join category in context.Db.Categories on product.CategoryId equals category.Id into categories
         from category in categories.DefaultIfEmpty()
         orderby category.Name, category.Id, product.Name, product.Id
         select new PriceListRow(category.Name ?? "", product.Name, product.Code, product.Unit, product.Lifecycle,
             product.ListPrice == null ? null : new Money(product.ListPrice.Value, product.Currency))).AsAsyncEnumerable();
}
