using System.Globalization;
using Portal.Domain.Common;
using Xunit;

namespace Portal.Domain.Tests.Common;

public sealed class CountingInWordsTests
{
    private const string Undone = "{0} {0:company is as it was|companies are as they were} before; {1} {1:was|were} changed since.";

    [Theory]
    [InlineData(1, 2, "1 company is as it was before; 2 were changed since.")]
    [InlineData(0, 1, "0 companies are as they were before; 1 was changed since.")]
    [InlineData(21, 0, "21 companies are as they were before; 0 were changed since.")]
    public void Each_number_has_the_word_that_goes_with_it(int back, int kept, string expected) =>
        Assert.Equal(expected, CountedText.Format(CultureInfo.InvariantCulture, Undone, back, kept));

    [Theory]
    [InlineData("1", "1 day")]
    [InlineData("0.1", "0.1 days")]
    [InlineData("1,000", "1,000 days")]
    public void A_number_may_come_as_it_is_shown(string shown, string expected) => Assert.Equal(expected, CountedText.Format(CultureInfo.InvariantCulture, "{0} {0:day|days}", shown));

    [Fact]
    public void Numbers_and_dates_beside_it_are_written_in_the_language() =>
        Assert.Equal("12.345 Zeilen bis 31.01.2026", CountedText.Format(CultureInfo.GetCultureInfo("de-DE"), "{0:N0} {0:Zeile|Zeilen} bis {1:d}", 12345, new DateOnly(2026, 1, 31)));

    [Fact]
    public void What_is_absent_leaves_its_place_empty() => Assert.Equal(": rows", CountedText.Format(CultureInfo.InvariantCulture, "{0}: {1:row|rows}", null, null));
}
