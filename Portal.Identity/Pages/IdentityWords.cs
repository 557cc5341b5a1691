using System.Collections;
using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Localization;
using Portal.Domain.Common;

namespace Portal.Identity.Pages;

/// <summary>The provider's texts in the reader's language, whichever host it runs in. A number has its noun: <c>{0} {0:day|days}</c>. A key without any text shows itself.</summary>
internal sealed class IdentityWords : IStringLocalizer<IdentityText>
{
    internal static readonly ResourceManager Texts = new(typeof(IdentityText));

    public LocalizedString this[string name] => Texts.GetString(name, CultureInfo.CurrentUICulture) is { } text ? new(name, text) : new(name, name, resourceNotFound: true);

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var text = this[name];
            return text.ResourceNotFound || arguments.Length == 0 ? text : new(name, CountedText.Format(CultureInfo.CurrentCulture, text.Value, arguments));
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        Texts.GetResourceSet(CultureInfo.CurrentUICulture, createIfNotExists: true, tryParents: true)!.Cast<DictionaryEntry>().Select(entry => new LocalizedString((string)entry.Key, (string)entry.Value!));
}
