using Portal.Domain.Persistence;

namespace Portal.PostgreSql;

/// <summary>
/// Words as this engine's index of arrays holds them: Latin words give their trigrams and the marks of their beginnings, Chinese words their single characters and bigrams. A line that has all
/// grams of a word mostly has the word: it is looked for in the text of these few.
/// </summary>
public static class SearchGrams
{
    /// <summary>The grams of a stored text, separated by spaces, each once.</summary>
    public static string Of(string normalized)
    {
        var grams = new HashSet<string>();
        foreach (var word in SearchText.Words(normalized))
        {
            if (SearchText.IsHan(word[0]))
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
        foreach (var word in SearchText.Words(normalized))
        {
            if (SearchText.IsHan(word[0]))
            {
                if (word.Length == 1) { grams.Add(word); }
                for (var i = 0; i + 2 <= word.Length; i++) { grams.Add(word[i..(i + 2)]); }
            }
            else if (word.Length < 3) { grams.Add($"_{word}"); }
            else { for (var i = 0; i + 3 <= word.Length; i++) { grams.Add(word[i..(i + 3)]); } }
        }
        return [.. grams];
    }

    /// <summary>What every line of this kind of record has in the index besides its own grams; no text can hold it.</summary>
    public static string OfKind(string entity) => $"__{entity.ToLowerInvariant()}";
}
