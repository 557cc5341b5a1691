using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Localization;
using Portal.Domain.Common;

namespace Portal.Web.Ui;

/// <summary>
/// Texts from resource files, each file read once into a table: a page looks up a hundred words, so a look-up must not allocate.
/// A word missing in a language is taken from English; a key without any text shows itself.
/// </summary>
public sealed class TextLocalizerFactory : IStringLocalizerFactory
{
    private readonly ConcurrentDictionary<Type, IStringLocalizer> _byType = new();

    public IStringLocalizer Create(Type resourceSource) => _byType.GetOrAdd(resourceSource, static type => new Localizer(type));

    public IStringLocalizer Create(string baseName, string location) =>
        Create(typeof(UiText).Assembly.GetType(baseName) ?? throw new ArgumentException($"No texts for {baseName}", nameof(baseName)));

    private sealed class Localizer(Type type) : IStringLocalizer
    {
        private readonly ConcurrentDictionary<string, FrozenDictionary<string, LocalizedString>> _byLanguage = new(StringComparer.Ordinal);

        public LocalizedString this[string name] =>
            Texts(CultureInfo.CurrentUICulture).TryGetValue(name, out var text) ? text : new(name, name, resourceNotFound: true);

        public LocalizedString this[string name, params object[] arguments]
        {
            get
            {
                var text = this[name];
                return arguments.Length == 0 ? text : new(name, CountedText.Format(CultureInfo.CurrentCulture, text.Value, arguments), text.ResourceNotFound);
            }
        }

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => Texts(CultureInfo.CurrentUICulture).Values;

        private FrozenDictionary<string, LocalizedString> Texts(CultureInfo language) => _byLanguage.GetOrAdd(language.Name, static (_, arg) => arg.Me.Read(arg.language), (Me: this, language));

        private FrozenDictionary<string, LocalizedString> Read(CultureInfo language)
        {
            var files = new ResourceManager(type.FullName!, type.Assembly);
            var texts = new Dictionary<string, LocalizedString>(StringComparer.Ordinal);
            foreach (var culture in new[] { CultureInfo.InvariantCulture, language })
            {
                if (culture.Name.Length > 0 && culture.Name == Language.English.Name) { continue; }
                if (files.GetResourceSet(culture, createIfNotExists: true, tryParents: culture.Name.Length > 0) is not { } set) { continue; }
                foreach (DictionaryEntry entry in set)
                {
                    if (entry is { Key: string key, Value: string value }) { texts[key] = new(key, value); }
                }
            }
            return texts.ToFrozenDictionary(StringComparer.Ordinal);
        }
    }
}
