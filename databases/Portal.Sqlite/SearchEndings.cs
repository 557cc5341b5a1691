using Portal.Domain.Persistence;

namespace Portal.Sqlite;

/// <summary>
/// Words as the full-text index holds them. A Latin word gives its endings from three letters on, so that any part of it is the beginning of a term, which the index finds without a look at
/// the text; and the marks of its own beginning, for what is shorter. A Chinese word gives its single characters and bigrams. Every term begins with a mark of the kind of record, so that
/// a search for one kind reads nothing of the others.
/// </summary>
public static class SearchEndings
{
    /// <summary>Letters of an ending that are kept.</summary>
    private const int Longest = 12;

    private const int ShortestPart = 3;

    /// <summary>The terms of a stored text, separated by spaces, each once.</summary>
    public static string Of(string kind, string text)
    {
        var mark = Mark(kind);
        var terms = new HashSet<string>();
        foreach (var word in SearchText.Words(text))
        {
            if (SearchText.IsHan(word[0]))
            {
                for (var i = 0; i < word.Length; i++)
                {
                    terms.Add($"{mark}{word[i]}");
                    if (i + 1 < word.Length) { terms.Add($"{mark}{word.AsSpan(i, 2)}"); }
                }
                continue;
            }
            terms.Add($"{mark}_{word[0]}");
            if (word.Length > 1) { terms.Add($"{mark}_{word.AsSpan(0, 2)}"); }
            for (var i = 0; i + ShortestPart <= word.Length; i++) { terms.Add($"{mark}{word.AsSpan(i, Math.Min(Longest, word.Length - i))}"); }
        }
        return string.Join(' ', terms);
    }

    /// <summary>What a hit must have, in the words of the index.</summary>
    public static string Query(string kind, string text)
    {
        var mark = Mark(kind);
        var terms = new HashSet<string>();
        foreach (var word in SearchText.Words(text))
        {
            if (SearchText.IsHan(word[0]))
            {
                if (word.Length == 1) { terms.Add($"\"{mark}{word}\""); }
                for (var i = 0; i + 2 <= word.Length; i++) { terms.Add($"\"{mark}{word.AsSpan(i, 2)}\""); }
            }
            else if (word.Length < ShortestPart) { terms.Add($"\"{mark}_{word}\""); }
            else { terms.Add($"\"{mark}{word.AsSpan(0, Math.Min(Longest, word.Length))}\" *"); }
        }
        return string.Join(' ', terms);
    }

    /// <summary>Whether a word is longer than what the index knows in one piece: its pieces may stand apart in a hit.</summary>
    public static bool IsCut(string word) => word.Length > (SearchText.IsHan(word[0]) ? 2 : Longest);

    /// <summary>Two letters that no other kind of record has.</summary>
    public static string Mark(string kind) => $"{char.ToLowerInvariant(kind[0])}{char.ToLowerInvariant(kind[^1])}";
}
