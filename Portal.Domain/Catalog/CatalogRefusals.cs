using Portal.Domain.Common;

namespace Portal.Domain.Catalog;

/// <summary>Why a product or category was not saved.</summary>
public static class CatalogRefusals
{
    public static readonly Refusal CodeMissing = new("product.code-missing", Field: nameof(Product.Code));
    public static readonly Refusal NameMissing = new("product.name-missing", Field: nameof(Product.Name));
    public static readonly Refusal UnitMissing = new("product.unit-missing", Field: nameof(Product.Unit));
    public static readonly Refusal UnitUnknown = new("product.unit-unknown", Field: nameof(Product.Unit));
    public static readonly Refusal CurrencyUnknown = new("product.currency-unknown", Field: nameof(Product.Currency));
    public static readonly Refusal CategoryUnknown = new("product.category-unknown", Field: nameof(Product.CategoryId));
    public static readonly Refusal SoldUntilTooEarly = new("product.sold-until-too-early", Field: nameof(Product.SoldUntil));
    public static readonly Refusal CategoryCodeMissing = new("category.code-missing", Field: nameof(ProductCategory.Code));
    public static readonly Refusal CategoryNameMissing = new("category.name-missing", Field: nameof(ProductCategory.Name));
    public static readonly Refusal ParentUnknown = new("category.parent-unknown", Field: nameof(ProductCategory.ParentId));
    public static readonly Refusal ParentBelow = new("category.parent-below", Field: nameof(ProductCategory.ParentId));
    public static readonly Refusal NotFound = new("product.not-found", RefusalKind.NotFound);
    public static readonly Refusal CategoryNotFound = new("category.not-found", RefusalKind.NotFound);
    /// <summary>Products or other categories belong to it.</summary>
    public static readonly Refusal CategoryInUse = new("category.in-use");
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal Changed = new("product.changed", RefusalKind.Conflict);
    public static readonly Refusal CategoryChanged = new("category.changed", RefusalKind.Conflict);

    public static Refusal CodeTaken(string code) => new("product.code-taken", RefusalKind.Conflict, nameof(Product.Code), code);
    public static Refusal CategoryCodeTaken(string code) => new("category.code-taken", RefusalKind.Conflict, nameof(ProductCategory.Code), code);
    public static Refusal TooLong(string field, int most) => new("product.too-long", Field: field, Values: [most]);
    public static Refusal AmountOutOfRange(string field) => new("product.amount-out-of-range", Field: field);
}
