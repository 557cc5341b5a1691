using System.Collections;
using System.Globalization;
using Portal.Domain.Catalog;
using Xunit;

namespace Portal.Domain.Tests.Catalog;

public sealed class UnitsInWordsTests
{
    [Theory]
    [InlineData("PCE", "en", "pcs")]
    [InlineData("PCE", "zh-Hans", "件")]
    [InlineData("ltr", "en-GB", "L")]
    [InlineData("Kg", "zh-Hans", "千克")]
    [InlineData("Harass", "en", "Harass")]
    [InlineData("", "en", "")]
    [InlineData(null, "zh-Hans", "")]
    public void A_code_is_told_in_the_readers_words_and_what_is_no_code_as_it_is(string? code, string language, string words) =>
        Assert.Equal(words, Units.Word(code, CultureInfo.GetCultureInfo(language)));

    [Fact]
    public void Every_code_to_choose_from_has_words_in_every_language()
    {
        var (english, chinese) = (Keys(""), Keys("zh-Hans"));
        Assert.Equal(english, chinese);
        Assert.Empty(Units.Codes.Select(c => c.ToLowerInvariant()).Except(english));
    }

    [Theory]
    [InlineData("kgm", "KGM", "KGM")]
    [InlineData(" kg ", "KGM", "KGM")]
    [InlineData("千克", "KGM", "KGM")]
    [InlineData("h87", "H87", "PCE")]
    [InlineData("Pieces", "PCE", "PCE")]
    [InlineData("Harass", null, "Harass")]
    public void What_people_write_is_found_and_what_means_the_same_counts_together(string written, string? code, string counted)
    {
        Assert.Equal(code, Units.Find(written));
        Assert.Equal(counted, Units.CountedAs(written));
        Assert.Contains(counted, Units.WrittenFor(written));
    }

    private static IEnumerable<string> Keys(string language) => Units.Resources.GetResourceSet(CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>().Select(e => (string)e.Key).Order(StringComparer.Ordinal).ToList();
}
