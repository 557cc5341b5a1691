using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

/// <summary>Records which supplier makes a product and on which terms. At most one supplier of a product is preferred: choosing one releases the other.</summary>
public sealed class SaveSupplierItem(PortalDbContext db)
{
    /// <param name="Id">Null for a new item. Supplier and product of an existing item stay what they are.</param>
    /// <param name="Version">The version that the asker read; null skips the comparison, for imports.</param>
    public sealed record Request(
        long? Id, long? Version, long SupplierId, long ProductId, string? SupplierCode = null, int LeadTimeDays = 0, decimal MinimumQuantity = 0, decimal MultipleQuantity = 0,
        decimal StandardPrice = 0, string Currency = "EUR", bool Preferred = false, bool Active = true);

    /// <returns>The saved item, or one of <see cref="SupplyRefusals"/>.</returns>
    public async Task<Result<SupplierItem>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var item = request.Id is { } id ? await db.SupplierItems.AsTracking().FirstOrDefaultAsync(i => i.Id == id, ct) : null;
        if (Check(request, item?.Currency) is { } refusal) { return refusal; }
        if (request.Id is not null && item is null) { return SupplyRefusals.ItemNotFound; }
        if (item is not null && request.Version is { } read && read != item.Version) { return SupplyRefusals.ItemChanged; }
        if (item is null)
        {
            if (!await db.Companies.AnyAsync(c => c.Id == request.SupplierId && c.IsSupplier, ct)) { return SupplyRefusals.SupplierUnknown; }
            if (!await db.Products.AnyAsync(p => p.Id == request.ProductId, ct)) { return SupplyRefusals.ProductUnknown; }
            if (await db.SupplierItems.AnyAsync(i => i.SupplierId == request.SupplierId && i.ProductId == request.ProductId, ct)) { return SupplyRefusals.ItemTaken; }
            db.Add(item = new SupplierItem { Id = db.Ids.Next(), SupplierId = request.SupplierId, ProductId = request.ProductId });
        }
        (item.SupplierCode, item.LeadTimeDays, item.Currency) = (Texts.OrNull(request.SupplierCode), request.LeadTimeDays, request.Currency);
        (item.MinimumQuantity, item.MultipleQuantity) = (Money.Round(request.MinimumQuantity), Money.Round(request.MultipleQuantity));
        (item.StandardPrice, item.Preferred, item.Active) = (Money.Round(request.StandardPrice), request.Preferred, request.Active);
        if (item.Preferred) { await ReleaseOthersAsync(db, [item], ct); }
        try
        {
            await db.SaveChangesAsync(ct);
            return item;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return SupplyRefusals.ItemTaken;
        }
    }

    /// <returns>What is wrong with the request in itself, before anything is looked up; null where nothing is.</returns>
    /// <param name="currency">What the item has: a currency that has gone out of use stays until somebody chooses.</param>
    public static Refusal? Check(Request request, string? currency = null) => request switch
    {
        _ when request.SupplierCode?.Trim().Length > SupplierItem.SupplierCodeLength => SupplyRefusals.SupplierCodeTooLong(SupplierItem.SupplierCodeLength),
        { LeadTimeDays: < 0 or > SupplierItem.LongestLeadTimeDays } => SupplyRefusals.LeadTimeOutOfRange(SupplierItem.LongestLeadTimeDays),
        _ when OutOfRange(request.MinimumQuantity) => SupplyRefusals.AmountOutOfRange(nameof(SupplierItem.MinimumQuantity)),
        _ when OutOfRange(request.MultipleQuantity) => SupplyRefusals.AmountOutOfRange(nameof(SupplierItem.MultipleQuantity)),
        _ when OutOfRange(request.StandardPrice) => SupplyRefusals.AmountOutOfRange(nameof(SupplierItem.StandardPrice)),
        _ when !CurrencyCodes.IsKnown(request.Currency) && (currency is null || request.Currency != currency) => SupplyRefusals.ItemCurrencyUnknown,
        _ => SupplierItem.CheckTerms(request.MinimumQuantity, request.MultipleQuantity, request.Preferred, request.Active),
    };

    private static bool OutOfRange(decimal amount) => amount < 0 || amount > Money.Largest;

    /// <param name="chosen">One item of a product.</param>
    internal static async Task ReleaseOthersAsync(PortalDbContext db, IReadOnlyCollection<SupplierItem> chosen, CancellationToken ct)
    {
        var ids = chosen.Select(i => i.Id).ToHashSet();
        var products = chosen.Select(i => i.ProductId).ToArray();
        var preferred = await db.SupplierItems.AsTracking().Where(i => EF.Parameter(products).Contains(i.ProductId) && i.Preferred).ToListAsync(ct);
        foreach (var other in preferred.Where(i => !ids.Contains(i.Id))) { other.Preferred = false; }
    }
}
