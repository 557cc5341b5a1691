using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Domain.Catalog;

internal sealed class CategoryImport() : RecordTarget<ProductCategory>("category", Permissions.EditProducts,
[
    new(ImportField.Text("code", ProductCategory.CodeLength, required: true), (c, v) => c.Code = (string)v!),
    new(ImportField.Text("name", ProductCategory.NameLength, required: true), (c, v) => c.Name = (string)v!),
    new(ImportField.Reference("parent", "category"), (c, v) => c.ParentId = (long?)v),
])
{
    public override IReadOnlyList<string> LookupFields => ["code", "name"];
    public override IReadOnlyList<string> UniqueFields => ["code"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => field == "code"
        ? db.Categories.Select(c => new Found { Value = c.Code, Id = c.Id })
        : db.Categories.Select(c => new Found { Value = c.Name, Id = c.Id });

    protected override Task PrepareAsync(ImportBatch batch, CancellationToken ct) =>
        batch.LookUpTreesAsync((Ancestry)(batch.Run.State ??= SaveCategory.Trees()), PlaceOf("parent"), [], ct);

    protected override ProductCategory Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, Code = (string)item[PlaceOf("code")]!, Name = (string)item[PlaceOf("name")]! };

    protected override Refusal? Check(ImportBatch batch, ProductCategory record) =>
        batch.ClosesCircle((Ancestry)batch.Run.State!, record, nameof(ProductCategory.ParentId), record.ParentId) ? CatalogRefusals.ParentBelow : null;
}

internal sealed class ProductImport() : RecordTarget<Product>("product", Permissions.EditProducts,
[
    new(ImportField.Text("code", Product.CodeLength, required: true), (p, v) => p.Code = (string)v!),
    new(ImportField.Text("name", Product.NameLength, required: true), (p, v) => p.Name = (string)v!),
    new(ImportField.Text("description", Product.DescriptionLength), (p, v) => p.Description = (string?)v),
    new(ImportField.Reference("category", "category"), (p, v) => p.CategoryId = (long?)v),
    new(new("unit", ImportFieldType.Word) { Words = Units.Codes, Spelled = Units.Find }, (p, v) => p.Unit = (string?)v ?? Units.Piece),
    new(ImportField.Word<Lifecycle>("lifecycle"), (p, v) => p.Lifecycle = Word(v, Lifecycle.Active)),
    new(ImportField.Number("listPrice", 0), (p, v) => p.ListPrice = (decimal?)v),
    new(ImportField.Currency("currency"), (p, v) => p.Currency = (string?)v ?? "EUR"),
    new(ImportField.Number("standardCost", 0), (p, v) => p.StandardCost = (decimal?)v),
    new(ImportField.Date("soldFrom"), (p, v) => p.SoldFrom = (DateOnly?)v),
    new(ImportField.Date("soldUntil"), (p, v) => p.SoldUntil = (DateOnly?)v),
])
{
    public override IReadOnlyList<string> LookupFields => ["code", "name"];
    public override IReadOnlyList<string> UniqueFields => ["code"];

    protected override IQueryable<Found> Named(PortalDbContext db, string field) => field == "code"
        ? db.Products.Select(p => new Found { Value = p.Code, Id = p.Id })
        : db.Products.Select(p => new Found { Value = p.Name, Id = p.Id });

    protected override Product Make(ImportBatch batch, ImportItem item) => new() { Id = item.Id, Code = (string)item[PlaceOf("code")]!, Name = (string)item[PlaceOf("name")]! };

    protected override Refusal? Check(ImportBatch batch, Product record) => Product.CheckSale(record.SoldFrom, record.SoldUntil);
}
