using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Catalog;

/// <summary>Creates, changes and removes product categories.</summary>
public sealed class SaveCategory(PortalDbContext db)
{
    /// <inheritdoc cref="SaveProduct.Request"/>
    public sealed record Request(long? Id, long? Version, string Code, string Name, long? ParentId = null);

    /// <returns>The saved category, or one of <see cref="CatalogRefusals"/>.</returns>
    public async Task<Result<ProductCategory>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (Check(request) is { } refusal) { return refusal; }
        var code = request.Code.Trim();
        var category = request.Id is { } id ? await db.Categories.AsTracking().FirstOrDefaultAsync(c => c.Id == id, ct) : null;
        if (request.Id is not null && category is null) { return CatalogRefusals.CategoryNotFound; }
        if (category is not null && request.Version is { } read && read != category.Version) { return CatalogRefusals.CategoryChanged; }
        if (await db.Categories.AnyAsync(c => c.Code == code && c.Id != request.Id, ct)) { return CatalogRefusals.CategoryCodeTaken(code); }
        if (await CheckParentAsync(request, ct) is { } misplaced) { return misplaced; }

        if (category is null) { db.Add(category = new ProductCategory { Id = db.Ids.Next(), Code = code, Name = request.Name }); }
        (category.Code, category.Name, category.ParentId) = (code, request.Name, request.ParentId);
        try
        {
            await db.SaveChangesAsync(ct);
            return category;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return CatalogRefusals.CategoryCodeTaken(code);
        }
    }

    /// <returns>Null once the category is gone; refused while products or other categories belong to it.</returns>
    public async Task<Refusal?> RemoveAsync(long id, CancellationToken ct)
    {
        if (await db.Categories.AsTracking().FirstOrDefaultAsync(c => c.Id == id, ct) is not { } category) { return CatalogRefusals.CategoryNotFound; }
        if (await db.Products.AnyAsync(p => p.CategoryId == id, ct) || await db.Categories.AnyAsync(c => c.ParentId == id, ct)) { return CatalogRefusals.CategoryInUse; }
        db.Remove(category);
        await db.SaveChangesAsync(ct);
        return null;
    }

    public static Refusal? Check(Request request) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Code) => CatalogRefusals.CategoryCodeMissing,
        _ when request.Code.Trim().Length > ProductCategory.CodeLength => CatalogRefusals.TooLong(nameof(ProductCategory.Code), ProductCategory.CodeLength),
        _ when string.IsNullOrWhiteSpace(request.Name) => CatalogRefusals.CategoryNameMissing,
        _ when request.Name.Trim().Length > ProductCategory.NameLength => CatalogRefusals.TooLong(nameof(ProductCategory.Name), ProductCategory.NameLength),
        _ => null,
    };

    private async Task<Refusal?> CheckParentAsync(Request request, CancellationToken ct)
    {
        if (request.ParentId is not { } parent) { return null; }
        var trees = Trees();
        await trees.LoadAsync(db, [parent], wayUp: true, ct);
        if (trees.Find(parent) is null) { return CatalogRefusals.ParentUnknown; }
        return request.Id is { } id && trees.IsCircle(id, parent) ? CatalogRefusals.ParentBelow : null;
    }

    internal static Ancestry Trees() => new(db => db.Categories.Select(c => new TreeNode { Id = c.Id, Above = c.ParentId }));
}
