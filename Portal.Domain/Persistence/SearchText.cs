using System.Globalization;
using System.Text;

namespace Portal.Domain.Persistence;

/// <summary>
/// What text is looked for in, the same on every engine: letters are folded (case, width, accents), and words are runs of Chinese characters or of other letters and digits. How an
/// engine's index holds words so that their parts are found is its own matter: see <see cref="IEngine.Terms"/>.
/// </summary>
public static class SearchText
{
    private const int Longest = 400;

    /// <returns>Lower case without accents and with half-width forms, words separated by one space.</returns>
    public static string Normalize(string text)
    {
        var decomposed = text.Normalize(NormalizationForm.FormKD);
        var result = new StringBuilder(decomposed.Length);
        foreach (var c in decomposed)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark) { continue; }
            if (char.IsLetterOrDigit(c)) { result.Append(char.ToLowerInvariant(c)); }
            else if (result.Length > 0 && result[^1] != ' ') { result.Append(' '); }
            if (result.Length >= Longest) { break; }
        }
        return result.ToString().TrimEnd();
    }

    /// <summary>Runs of Chinese characters and runs of other letters are separate words.</summary>
    public static IEnumerable<string> Words(string normalized)
    {
        var start = 0;
        for (var i = 1; i <= normalized.Length; i++)
        {
            var ends = i == normalized.Length || normalized[i] == ' ' || (normalized[i - 1] != ' ' && IsHan(normalized[i]) != IsHan(normalized[i - 1]));
            if (!ends) { continue; }
            if (i > start && normalized[start] != ' ') { yield return normalized[start..i]; }
            start = i < normalized.Length && normalized[i] == ' ' ? i + 1 : i;
        }
    }

    public static bool IsHan(char c) => c is >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';
}
