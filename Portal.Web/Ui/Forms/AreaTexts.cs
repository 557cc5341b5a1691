using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Ui.Forms;

/// <summary>The words of a type's area, then the shared ones: <c>Portal.Web.Pages.Sales.Quotes.EditModel</c> reads <c>SalesText</c>, then <c>UiText</c>.</summary>
public static class AreaTexts
{
    private const string Root = "Portal.Web.Pages.";
    private static readonly ConcurrentDictionary<Type, Type?> Areas = new();

    public static IStringLocalizer For(Type type, IStringLocalizerFactory factory)
    {
        var shared = factory.Create(typeof(UiText));
        return Areas.GetOrAdd(type, Find) is { } area ? Both(factory.Create(area), shared) : shared;
    }

    /// <summary>The words of one area, then those of every other: for whoever tells of refusals by the rules of any. A refusal's code is one area's.</summary>
    public static IStringLocalizer Everywhere(Type first, IStringLocalizerFactory factory) => first.Assembly.GetTypes()
        .Where(type => type != first && type.Namespace is { } place && place.StartsWith(Root, StringComparison.Ordinal) && type.Name == $"{place[Root.Length..]}Text")
        .OrderBy(type => type.Name, StringComparer.Ordinal).Select(factory.Create).Aggregate(factory.Create(first), Both);

    private static readonly Lazy<ResourceManager[]> s_words = new(() => [.. typeof(AreaTexts).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, Namespace: { } place } && place.StartsWith(Root, StringComparison.Ordinal) && type.Name.EndsWith("Text", StringComparison.Ordinal))
        .OrderBy(type => type.FullName, StringComparer.Ordinal).Append(typeof(UiText)).Select(type => new ResourceManager(type))]);

    /// <returns>What pages of any area call it, such as a word of an enumeration (<see cref="Display.Key(Enum)"/>); null where none does.</returns>
    public static string? Find(string key, CultureInfo language)
    {
        foreach (var words in s_words.Value) { if (words.GetString(key, language) is { } text) { return text; } }
        return null;
    }

    public static IStringLocalizer Both(IStringLocalizer area, IStringLocalizer shared) => new TwoTexts(area, shared);

    private static Type? Find(Type type)
    {
        if (type.FullName is not { } name || !name.StartsWith(Root, StringComparison.Ordinal)) { return null; }
        var area = name[Root.Length..].Split('.', '+')[0];
        return type.Assembly.GetType($"{Root}{area}.{area}Text");
    }

    private sealed class TwoTexts(IStringLocalizer area, IStringLocalizer shared) : IStringLocalizer
    {
        public LocalizedString this[string name] => area[name] is { ResourceNotFound: false } own ? own : shared[name];

        public LocalizedString this[string name, params object[] arguments] =>
            area[name].ResourceNotFound ? shared[name, arguments] : area[name, arguments];

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
            area.GetAllStrings(includeParentCultures).Concat(shared.GetAllStrings(includeParentCultures)).DistinctBy(text => text.Name);
    }
}
