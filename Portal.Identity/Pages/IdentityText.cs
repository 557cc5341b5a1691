using System.Globalization;
using Portal.Domain.Common;

namespace Portal.Identity.Pages;

/// <summary>Marks the texts of the provider's pages.</summary>
public sealed class IdentityText
{
    private static readonly CultureInfo s_english = CultureInfo.GetCultureInfo("en");

    /// <summary>The sentence of a key in English, the language of logs and scripts; the key itself where there is none.</summary>
    public static string English(string key, params object[] values) =>
        IdentityWords.Texts.GetString(key, s_english) is { } text ? CountedText.Format(s_english, text, values) : key;
}
