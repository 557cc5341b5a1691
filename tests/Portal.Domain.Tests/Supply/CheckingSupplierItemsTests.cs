using Portal.Domain.Common;
using Portal.Domain.Supply;
using Xunit;

namespace Portal.Domain.Tests.Supply;

public sealed class CheckingSupplierItemsTests
{
    private static readonly SaveSupplierItem.Request Valid = new(null, null, 1, 2, "A-1", 14, 20, 5, 1.5m);

    [Fact]
    public void A_valid_item_passes() => Assert.Null(SaveSupplierItem.Check(Valid));

    [Fact]
    public void A_minimum_without_multiple_passes() => Assert.Null(SaveSupplierItem.Check(Valid with { MinimumQuantity = 7, MultipleQuantity = 0 }));

    public static TheoryData<SaveSupplierItem.Request, Refusal> Wrong => new()
    {
        { Valid with { SupplierCode = new string('x', 61) }, SupplyRefusals.SupplierCodeTooLong(60) },
        { Valid with { LeadTimeDays = -1 }, SupplyRefusals.LeadTimeOutOfRange(3650) },
        { Valid with { LeadTimeDays = 3651 }, SupplyRefusals.LeadTimeOutOfRange(3650) },
        { Valid with { MinimumQuantity = -1 }, SupplyRefusals.AmountOutOfRange("MinimumQuantity") },
        { Valid with { MultipleQuantity = -1 }, SupplyRefusals.AmountOutOfRange("MultipleQuantity") },
        { Valid with { StandardPrice = -1 }, SupplyRefusals.AmountOutOfRange("StandardPrice") },
        { Valid with { MinimumQuantity = 21 }, SupplyRefusals.MinimumNoMultiple },
        { Valid with { Currency = "€" }, SupplyRefusals.ItemCurrencyUnknown },
        { Valid with { Currency = "XXQ" }, SupplyRefusals.ItemCurrencyUnknown },
        { Valid with { Preferred = true, Active = false }, SupplyRefusals.PreferredInactive },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_one_is_refused_with_the_field_and_the_reason(SaveSupplierItem.Request request, Refusal expected) => Assert.Equal(expected, SaveSupplierItem.Check(request));
}
