using Portal.Domain.Common;

namespace Portal.Domain.Supply;

/// <summary>Why a supplier item or a demand figure was not saved.</summary>
public static class SupplyRefusals
{
    public static readonly Refusal SupplierUnknown = new("supplier-item.supplier-unknown", Field: nameof(SupplierItem.SupplierId));
    public static readonly Refusal ProductUnknown = new("supplier-item.product-unknown", Field: nameof(SupplierItem.ProductId));
    /// <summary>The supplier makes this product already.</summary>
    public static readonly Refusal ItemTaken = new("supplier-item.taken", RefusalKind.Conflict, nameof(SupplierItem.ProductId));
    public static readonly Refusal MinimumNoMultiple = new("supplier-item.minimum-no-multiple", Field: nameof(SupplierItem.MinimumQuantity));
    public static readonly Refusal PreferredInactive = new("supplier-item.preferred-inactive", Field: nameof(SupplierItem.Preferred));
    public static readonly Refusal ItemCurrencyUnknown = new("supplier-item.currency-unknown", Field: nameof(SupplierItem.Currency));
    public static readonly Refusal ItemNotFound = new("supplier-item.not-found", RefusalKind.NotFound);
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal ItemChanged = new("supplier-item.changed", RefusalKind.Conflict);

    public static readonly Refusal OriginMissing = new("demand.origin-missing");
    /// <summary>Pipeline demand follows the opportunities; nobody delivers it.</summary>
    public static readonly Refusal PipelineIsDerived = new("demand.pipeline-is-derived", Field: nameof(DemandSignal.Source));
    public static readonly Refusal DemandProductUnknown = new("demand.product-unknown", Field: nameof(DemandSignal.ProductId));
    public static readonly Refusal CompanyUnknown = new("demand.company-unknown", Field: nameof(DemandSignal.CompanyId));
    /// <summary>A partner reports what it sold, holds and expects; orders and the pipeline are the house's.</summary>
    public static readonly Refusal SourceNotYours = new("demand.source-not-yours", Field: nameof(DemandSignal.Source));
    public static readonly Refusal NothingEntered = new("demand.nothing-entered");
    /// <summary>Somebody replaced the batch at the same moment.</summary>
    public static readonly Refusal BatchChanged = new("demand.batch-changed", RefusalKind.Conflict);

    public static Refusal LeadTimeOutOfRange(int most) => new("supplier-item.lead-time-out-of-range", Field: nameof(SupplierItem.LeadTimeDays), Values: [most]);
    public static Refusal AmountOutOfRange(string field) => new("supplier-item.amount-out-of-range", Field: field);
    public static Refusal SupplierCodeTooLong(int most) => new("supplier-item.code-too-long", Field: nameof(SupplierItem.SupplierCode), Values: [most]);
    public static Refusal OriginTooLong(int most) => new("demand.origin-too-long", Values: [most]);
    public static Refusal SiteTooLong(int most) => new("demand.site-too-long", Field: nameof(DemandSignal.Site), Values: [most]);
    public static Refusal QuantityOutOfRange(DateOnly period) => new("demand.quantity-out-of-range", Field: nameof(DemandSignal.Quantity), Values: [period]);
}
