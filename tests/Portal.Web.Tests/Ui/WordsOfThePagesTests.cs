using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Portal.Identity.Pages;
using Portal.Web.Ui;
using Xunit;

namespace Portal.Web.Tests.Ui;

public sealed partial class WordsOfThePagesTests
{
    public static readonly TheoryData<Type> Texts = [.. typeof(UiText).Assembly.GetTypes()
        .Where(type => type.Name.EndsWith("Text", StringComparison.Ordinal) && type.Assembly.GetManifestResourceInfo(type.FullName + ".resources") is not null), typeof(IdentityText)];

    [Theory, MemberData(nameof(Texts))]
    public void Every_word_exists_in_both_languages_with_the_same_places(Type texts)
    {
        var files = new ResourceManager(texts);
        var english = Read(files, CultureInfo.InvariantCulture);
        var chinese = Read(files, Language.Chinese);
        Assert.Equal(english.Keys.Order(), chinese.Keys.Order());
        foreach (var (key, text) in english)
        {
            Assert.False(string.IsNullOrWhiteSpace(chinese[key]), key);
            Assert.True(Places(text).SetEquals(Places(chinese[key])), $"{texts.Name}: {key} has other places in Chinese");
        }
    }

    [Theory, MemberData(nameof(Texts))]
    public void A_sentence_that_begins_with_a_number_can_tell_one_from_many(Type texts) =>
        Assert.Empty(Read(new ResourceManager(texts), CultureInfo.InvariantCulture).Where(text => ManyOnly().IsMatch(text.Value)).Select(text => $"{text.Key}: {text.Value}"));

    [Theory, MemberData(nameof(Texts))]
    public void A_span_of_time_in_a_sentence_can_tell_one_from_many(Type texts) =>
        Assert.Empty(Read(new ResourceManager(texts), CultureInfo.InvariantCulture).Where(text => SpansOnly().IsMatch(text.Value)).Select(text => $"{text.Key}: {text.Value}"));

    [Theory]
    [InlineData("1", "A log-in lasts up to 1 hour. A day or less is usual.")]
    [InlineData("48", "A log-in lasts up to 48 hours. A day or less is usual.")]
    public void The_provider_tells_one_from_many_too(string hours, string told) => Assert.Equal(told, IdentityText.English("risk.session-long", "portal", hours));

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    private static Dictionary<string, string> Read(ResourceManager files, CultureInfo language) =>
        files.GetResourceSet(language, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    [GeneratedRegex(@"(^|[.;:(] ?)\{\d[^}|]*\} (?!is |was |has |does |needs |acts |logs )([a-z-]+ )?([a-z-]+s|people)\b")]
    private static partial Regex ManyOnly();

    [GeneratedRegex(@"\{\d[^}|]*\} (seconds|minutes|hours|days|weeks|months|years)\b")]
    private static partial Regex SpansOnly();

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Place();
}
