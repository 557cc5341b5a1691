using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Testing.Structure;
using Xunit;

namespace Portal.Reports.Tests;

public sealed partial class TextsTests
{
    private static readonly ReportCatalog Catalog = ReportCatalog.Standard();

    [Fact]
    public void Every_text_exists_in_both_languages_with_the_same_places()
    {
        var (english, chinese) = (Texts("en"), Texts("zh-Hans"));

        Assert.Equal(english.Keys.Order(), chinese.Keys.Order());
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(chinese[text.Key])));
    }

    [Fact]
    public void Every_key_that_a_report_uses_has_a_text()
    {
        var used = Catalog.All.SelectMany(r => r.ColumnList.SelectMany(c => c.WordKeys.Append(c.TextKey)).Concat(r.Parameters.Select(p => p.TextKey)).Concat([r.TitleKey, r.AboutKey])
            .Concat(r.Parameters.OfType<ChoiceParameter>().SelectMany(p => p.Choices.Select(c => c.TextKey)))).ToHashSet();

        Assert.Empty(used.Except(Texts("en").Keys));
    }

    [Fact]
    public void Every_key_that_the_source_names_has_a_text()
    {
        var named = Repository.Files("*.cs", "Portal.Reports").SelectMany(file => Key().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Texts("en").Keys).Except(["report.css"]));
    }

    private static Dictionary<string, string> Texts(string language) => ReportText.Resources
        .GetResourceSet(CultureInfo.GetCultureInfo(language == "en" ? "" : language), createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value[..2]).Distinct().Order();

    [GeneratedRegex("\"((?:report|chart|refusal)\\.[a-z0-9.-]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Place();
}
