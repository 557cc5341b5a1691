using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Catalog;

/// <summary>Creates a product or changes one. Rules: docs/user/products.md.</summary>
public sealed class SaveProduct(PortalDbContext db)
{
    /// <param name="Id">Null for a new product.</param>
    /// <param name="Version">The version that the asker read; null skips the comparison, for imports.</param>
    public sealed record Request(
        long? Id, long? Version, string Code, string Name, string? Description = null, long? CategoryId = null, string Unit = Units.Piece, Lifecycle Lifecycle = Lifecycle.Active,
        decimal? ListPrice = null, string Currency = "EUR", decimal? StandardCost = null, DateOnly? SoldFrom = null, DateOnly? SoldUntil = null);

    /// <returns>The saved product, or one of <see cref="CatalogRefusals"/>.</returns>
    public async Task<Result<Product>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var product = request.Id is { } id ? await db.Products.AsTracking().FirstOrDefaultAsync(p => p.Id == id, ct) : null;
        if (Check(request, product?.Currency) is { } refusal) { return refusal; }
        var code = request.Code.Trim();
        if (request.Id is not null && product is null) { return CatalogRefusals.NotFound; }
        if (product is not null && request.Version is { } read && read != product.Version) { return CatalogRefusals.Changed; }
        // A word that the product got before units were a choice stays until somebody chooses.
        if ((Units.Find(request.Unit) ?? (request.Unit.Trim() == product?.Unit ? product.Unit : null)) is not { } unit) { return CatalogRefusals.UnitUnknown; }
        if (await db.Products.AnyAsync(p => p.Code == code && p.Id != request.Id, ct)) { return CatalogRefusals.CodeTaken(code); }
        if (request.CategoryId is { } category && !await db.Categories.AnyAsync(c => c.Id == category, ct)) { return CatalogRefusals.CategoryUnknown; }

        if (product is null) { db.Add(product = new Product { Id = db.Ids.Next(), Code = code, Name = request.Name }); }
        (product.Code, product.Name, product.Description, product.CategoryId) = (code, request.Name, Texts.OrNull(request.Description), request.CategoryId);
        (product.Unit, product.Lifecycle, product.Currency) = (unit, request.Lifecycle, request.Currency);
        (product.ListPrice, product.StandardCost) = (Rounded(request.ListPrice), Rounded(request.StandardCost));
        (product.SoldFrom, product.SoldUntil) = (request.SoldFrom, request.SoldUntil);
        try
        {
            await db.SaveChangesAsync(ct);
            return product;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return CatalogRefusals.CodeTaken(code);
        }
    }

    /// <returns>What is wrong with the request in itself, before anything is looked up; null where nothing is.</returns>
    /// <param name="currency">What the product has: a currency that has gone out of use stays until somebody chooses.</param>
    public static Refusal? Check(Request request, string? currency = null) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Code) => CatalogRefusals.CodeMissing,
        _ when request.Code.Trim().Length > Product.CodeLength => CatalogRefusals.TooLong(nameof(Product.Code), Product.CodeLength),
        _ when string.IsNullOrWhiteSpace(request.Name) => CatalogRefusals.NameMissing,
        _ when request.Name.Trim().Length > Product.NameLength => CatalogRefusals.TooLong(nameof(Product.Name), Product.NameLength),
        _ when request.Description?.Trim().Length > Product.DescriptionLength => CatalogRefusals.TooLong(nameof(Product.Description), Product.DescriptionLength),
        _ when string.IsNullOrWhiteSpace(request.Unit) => CatalogRefusals.UnitMissing,
        _ when request.Unit.Trim().Length > Product.UnitLength => CatalogRefusals.TooLong(nameof(Product.Unit), Product.UnitLength),
        _ when !CurrencyCodes.IsKnown(request.Currency) && (currency is null || request.Currency != currency) => CatalogRefusals.CurrencyUnknown,
        _ when request.ListPrice is < 0 || request.ListPrice > Money.Largest => CatalogRefusals.AmountOutOfRange(nameof(Product.ListPrice)),
        _ when request.StandardCost is < 0 || request.StandardCost > Money.Largest => CatalogRefusals.AmountOutOfRange(nameof(Product.StandardCost)),
        _ => Product.CheckSale(request.SoldFrom, request.SoldUntil),
    };

    private static decimal? Rounded(decimal? amount) => amount is { } given ? Money.Round(given) : null;
}
