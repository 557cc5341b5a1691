using Portal.Domain.Common;

namespace Portal.Domain.Supply;

/// <summary>Which supplier makes what, and on which terms.</summary>
public sealed class SupplierItem : Aggregate
{
    public const int SupplierCodeLength = 60;
    /// <summary>Ten years: longer is a slip of the hand.</summary>
    public const int LongestLeadTimeDays = 3650;

    public required long SupplierId { get; init; }
    public required long ProductId { get; init; }
    /// <summary>The supplier's own number for the product.</summary>
    public string? SupplierCode { get; set; }
    public int LeadTimeDays { get; set; }
    /// <summary>In the product's unit.</summary>
    public decimal MinimumQuantity { get; set; }
    /// <summary>Orders come in whole multiples of it; 0: any quantity.</summary>
    public decimal MultipleQuantity { get; set; }
    public decimal StandardPrice { get; set; }
    public string Currency { get; set; } = "EUR";
    public bool Preferred { get; set; }
    public bool Active { get; set; } = true;

    /// <returns>Null, or why the terms do not fit each other.</returns>
    public static Refusal? CheckTerms(decimal minimum, decimal multiple, bool preferred, bool active)
    {
        if (Money.Round(multiple) is > 0 and var whole && Money.Round(minimum) % whole != 0) { return SupplyRefusals.MinimumNoMultiple; }
        return preferred && !active ? SupplyRefusals.PreferredInactive : null;
    }
}
