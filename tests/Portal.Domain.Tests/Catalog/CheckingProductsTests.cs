using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Xunit;

namespace Portal.Domain.Tests.Catalog;

public sealed class CheckingProductsTests
{
    private static readonly SaveProduct.Request Valid = new(null, null, "P1", "Pump");

    [Fact]
    public void A_valid_product_passes() => Assert.Null(SaveProduct.Check(Valid));

    public static TheoryData<SaveProduct.Request, Refusal> Wrong => new()
    {
        { Valid with { Code = " " }, CatalogRefusals.CodeMissing },
        { Valid with { Code = new string('x', 61) }, CatalogRefusals.TooLong("Code", 60) },
        { Valid with { Name = "" }, CatalogRefusals.NameMissing },
        { Valid with { Name = new string('x', 201) }, CatalogRefusals.TooLong("Name", 200) },
        { Valid with { Description = new string('x', 4001) }, CatalogRefusals.TooLong("Description", 4000) },
        { Valid with { Unit = "" }, CatalogRefusals.UnitMissing },
        { Valid with { Unit = new string('x', 13) }, CatalogRefusals.TooLong("Unit", 12) },
        { Valid with { Currency = "eur" }, CatalogRefusals.CurrencyUnknown },
        { Valid with { Currency = "XXQ" }, CatalogRefusals.CurrencyUnknown },
        { Valid with { ListPrice = -0.01m }, CatalogRefusals.AmountOutOfRange("ListPrice") },
        { Valid with { StandardCost = Money.Largest + 1 }, CatalogRefusals.AmountOutOfRange("StandardCost") },
        { Valid with { SoldFrom = new(2026, 2, 1), SoldUntil = new(2026, 1, 31) }, CatalogRefusals.SoldUntilTooEarly },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_one_is_refused_with_the_field_and_the_reason(SaveProduct.Request request, Refusal expected) => Assert.Equal(expected, SaveProduct.Check(request));
}
