using Portal.Domain.Exchange;
using Portal.Domain.Persistence;

namespace Portal.Web.Exchange;

/// <summary>What somebody said that a word of a file means.</summary>
/// <param name="Means">A word of the field, or what the other record is looked up by; null: nothing, the field stays empty.</param>
public sealed record WordMeaning(string Field, string Word, string? Means);

/// <summary>Words of a file that stand for nothing here, in one field whose words are few enough to choose from.</summary>
/// <param name="More">How many others there are beyond those that are shown.</param>
/// <param name="Names">For a field that points at other records, what they are looked up by; null where the field has words of its own.</param>
public sealed record UnknownWords(string Field, string Column, IReadOnlyList<UnknownWords.Found> Words, int More, IReadOnlyList<string>? Names)
{
    public const int MostShown = 40;
    private const int MostNames = 200;
    private const int MostWords = 2_000;
    private const int MostRows = 200_000;

    /// <param name="Rows">How many of the rows that were read have it.</param>
    public sealed record Found(string Word, int Rows);

    /// <summary>One pass through the first <see cref="MostRows"/> rows of the file, and a query for each field that points at other records.</summary>
    public static async Task<IReadOnlyList<UnknownWords>> OfAsync(ColumnMapping mapping, IImportTarget target, IReadOnlyDictionary<string, IImportTarget> targets, RowSet rows, PortalDbContext db, CancellationToken ct)
    {
        var asked = new List<Asked>();
        foreach (var field in target.Fields)
        {
            if (mapping.ColumnOf(field.Name) is not { } column || rows.Header.IndexOf(column) is var place && place < 0) { continue; }
            if (field.HasWords) { asked.Add(new(field, column, place, null, IsKnown(field))); }
            else if (field.Refers is { } refers && mapping.ByOf(field.Name) is { } by && await targets[refers].NamesAsync(db, by, MostNames, ct) is { } names)
            {
                var normal = names.All.Select(name => targets[refers].Normalize(by, name)).ToHashSet(StringComparer.Ordinal);
                asked.Add(new(field, column, place, names.Choices, word => normal.Contains(targets[refers].Normalize(by, word))));
            }
        }
        foreach (var row in asked.Count == 0 ? [] : rows.Rows.Where(r => r.Malformed is null).Take(MostRows))
        {
            foreach (var one in asked) { one.Count(row.Values[one.Place]); }
        }
        return [.. asked.Select(one => one.Unknown()).OfType<UnknownWords>()];
    }

    /// <returns>The choice that is spelled like the word, but for case, blanks and marks.</returns>
    public static string? Alike(string word, IEnumerable<(string Label, string Means)> choices) =>
        ColumnNames.Plain(word) is { Length: > 0 } plain ? choices.FirstOrDefault(c => ColumnNames.Plain(c.Label) == plain).Means : null;

    private static Func<string, bool> IsKnown(ImportField field)
    {
        var labels = ImportWords.Of(field).Select(w => w.Label).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return word => labels.Contains(word) || FieldValues.Convert(field, word).Refusal is null;
    }

    private sealed class Asked(ImportField field, string column, int place, IReadOnlyList<string>? names, Func<string, bool> isKnown)
    {
        private readonly Dictionary<string, int> _rows = new(StringComparer.OrdinalIgnoreCase);

        public int Place => place;

        public void Count(object? cell)
        {
            if (Values.Clean(cell) is not { } value) { return; }
            if (field.Type is not ImportFieldType.Words) { Count(Values.Text(value)); }
            else { foreach (var part in MapStep.Parts(Values.Text(value))) { Count(part); } }
        }

        public UnknownWords? Unknown()
        {
            var unknown = _rows.Where(w => !isKnown(w.Key)).OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.CurrentCulture).ToList();
            return unknown.Count == 0 ? null : new(field.Name, column, [.. unknown.Take(MostShown).Select(w => new Found(w.Key, w.Value))], Math.Max(0, unknown.Count - MostShown), names);
        }

        private void Count(string word)
        {
            if (_rows.TryGetValue(word, out var rows)) { _rows[word] = rows + 1; }
            else if (_rows.Count < MostWords) { _rows.Add(word, 1); }
        }
    }
}
