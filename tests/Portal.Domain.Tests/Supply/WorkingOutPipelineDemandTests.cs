using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Xunit;

namespace Portal.Domain.Tests.Supply;

public sealed class WorkingOutPipelineDemandTests
{
    private static readonly DateOnly Friday = new(2026, 11, 27);
    private static readonly DateOnly Monday = new(2026, 11, 23);

    [Fact]
    public void Lines_of_one_product_and_week_add_up_before_they_are_weighed() => Assert.Equal(
        [new(7, 5, "", Monday, DemandPeriod.Week, 3.3333m)],
        DemandFromPipeline.Figures(5, 33, Friday, [Line(7, 5.05m), Line(7, 5.0509m)]));

    [Fact]
    public void A_line_that_says_when_it_is_wanted_counts_then() => Assert.Equal(
        [new(7, null, "", Monday.AddDays(-7), DemandPeriod.Week, 5)],
        DemandFromPipeline.Figures(null, 50, Friday, [Line(7, 10, Friday.AddDays(-7))]));

    [Fact]
    public void Without_a_date_or_a_chance_there_is_no_demand()
    {
        Assert.Empty(DemandFromPipeline.Figures(5, 50, null, [Line(7, 10)]));
        Assert.Empty(DemandFromPipeline.Figures(5, 0, Friday, [Line(7, 10)]));
    }

    [Fact]
    public void An_origin_names_its_opportunity()
    {
        Assert.Equal(42, DemandFromPipeline.OpportunityOf(DemandFromPipeline.Origin(42)));
        Assert.Null(DemandFromPipeline.OpportunityOf("northwind:orders"));
        Assert.Null(DemandFromPipeline.OpportunityOf("opportunity:x"));
    }

    [Theory]
    [InlineData("2026-11-22", "2026-11-16")]
    [InlineData("2026-11-23", "2026-11-23")]
    [InlineData("2027-01-01", "2026-12-28")]
    public void A_week_begins_on_its_Monday(string day, string monday) =>
        Assert.Equal(DateOnly.ParseExact(monday, "yyyy-MM-dd", null), Periods.WeekOf(DateOnly.ParseExact(day, "yyyy-MM-dd", null)));

    private static OpportunityLine Line(long product, decimal quantity, DateOnly? wanted = null) => OpportunityLine.Of(1, 2, product, quantity, 1, wanted);
}
