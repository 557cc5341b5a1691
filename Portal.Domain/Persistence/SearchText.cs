using System.Globalization;
using System.Text;

namespace Portal.Domain.Persistence;

/// <summary>
/// How text becomes findable, the same on every engine: letters are folded (case, width, accents), Latin words give their trigrams, Chinese
/// characters their single characters and bigrams. So parts of words from three letters and Chinese words from one character are index look-ups; shorter Latin
/// words match the beginnings of words.
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

    /// <summary>The grams of a stored text, separated by spaces, each once.</summary>
    public static string Grams(string normalized)
    {
        var grams = new HashSet<string>();
        foreach (var word in Words(normalized))
        {
            if (IsHan(word[0]))
            {
                for (var i = 0; i < word.Length; i++)
                {
                    grams.Add(word[i..(i + 1)]);
                    if (i + 1 < word.Length) { grams.Add(word[i..(i + 2)]); }
                }
                continue;
            }
            grams.Add($"_{word[0]}");
            if (word.Length > 1) { grams.Add($"_{word[..2]}"); }
            for (var i = 0; i + 3 <= word.Length; i++) { grams.Add(word[i..(i + 3)]); }
        }
        return string.Join(' ', grams);
    }

    /// <summary>The grams that a hit must all have. A Latin word of one or two letters asks for beginnings of words.</summary>
    public static IReadOnlyList<string> Query(string normalized)
    {
        var grams = new HashSet<string>();
        foreach (var word in Words(normalized))
        {
            if (IsHan(word[0]))
            {
                if (word.Length == 1) { grams.Add(word); }
                for (var i = 0; i + 2 <= word.Length; i++) { grams.Add(word[i..(i + 2)]); }
            }
            else if (word.Length < 3) { grams.Add($"_{word}"); }
            else { for (var i = 0; i + 3 <= word.Length; i++) { grams.Add(word[i..(i + 3)]); } }
        }
        return [.. grams];
    }

    /// <summary>What every line of this kind of record has in the engine's index besides its own grams; no text can hold it.</summary>
    public static string KindGram(string entity) => $"__{entity.ToLowerInvariant()}";

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

    private static bool IsHan(char c) => c is >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';
}
