using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>A cell that holds no usable value: an error of the spreadsheet, a date outside the calendar, undecodable text.</summary>
/// <param name="Code">The refusal, should the cell be mapped to a field.</param>
/// <param name="Value">What the file shows there.</param>
public sealed record ValueProblem(string Code, string Value)
{
    public override string ToString() => Value;
}

/// <summary>The columns of one source. A blank name becomes <c>#3</c> (its place), a second <c>Name</c> becomes <c>Name (2)</c>.</summary>
public sealed class SourceHeader
{
    private readonly Dictionary<string, int> _places = new(StringComparer.OrdinalIgnoreCase);

    public SourceHeader(IReadOnlyList<string?> names)
    {
        var given = new List<string>(names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i]?.Trim().Trim('\0', '\uFEFF').Trim();
            if (string.IsNullOrEmpty(name)) { name = $"#{i + 1}"; }
            var unique = name;
            for (var n = 2; !_places.TryAdd(unique, i); n++) { unique = $"{name} ({n})"; }
            given.Add(unique);
        }
        Names = given;
    }

    /// <summary>Columns of a source without header line: <c>#1</c>, <c>#2</c> and so on.</summary>
    public static SourceHeader Numbered(int columns) => new(new string?[columns]);

    public IReadOnlyList<string> Names { get; }

    /// <returns>The place from 0, by name without regard to letter case or by <c>#n</c>; -1 if there is none.</returns>
    public int IndexOf(string name)
    {
        if (_places.TryGetValue(name, out var place)) { return place; }
        return name.StartsWith('#') && int.TryParse(name.AsSpan(1), out var number) && number >= 1 && number <= Names.Count ? number - 1 : -1;
    }
}

/// <summary>One record of a source file.</summary>
/// <param name="Row">Where it stands: the physical line on which it begins in a text file, the row number in a sheet; from 1.</param>
/// <param name="Values">By place: string, decimal, DateTime, TimeSpan, bool, <see cref="ValueProblem"/>, or null. Text files give strings only.</param>
/// <param name="Malformed">Why the record as a whole cannot be used; <paramref name="Values"/> is then empty.</param>
public sealed record SourceRow(long Row, object?[] Values, Refusal? Malformed = null);

/// <summary>The rows of one opened source, read once and in order.</summary>
/// <param name="done">The share of the file that is read, 0 to 1.</param>
public sealed class RowSet(SourceHeader header, IEnumerable<SourceRow> rows, Action close, Func<double> done) : IDisposable
{
    public double Done => done();
    public SourceHeader Header => header;

    /// <summary>A file that breaks off or cannot be read on ends with a malformed row; enumeration throws only for the machine's faults.</summary>
    public IEnumerable<SourceRow> Rows => rows;

    public void Dispose() => close();
}

/// <summary>How to read one file, or several of one shape. What is left null is detected.</summary>
public sealed record SourceFormat
{
    /// <summary>IANA name: <c>utf-8</c>, <c>utf-16le</c>, <c>gb18030</c>, <c>windows-1252</c>.</summary>
    public string? Encoding { get; init; }
    /// <summary>One or several characters.</summary>
    public string? Delimiter { get; init; }
    /// <summary>What ends a record where it is not a line break.</summary>
    public string? RowEnd { get; init; }
    public bool HasHeader { get; init; } = true;
    /// <summary>Names for a file without header line.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Rows with fewer columns than the header are filled with nothing instead of being refused.</summary>
    public bool AllowShortRows { get; init; }
    /// <summary>Quotes have no meaning in the file.</summary>
    public bool NoQuotes { get; init; }
    /// <summary>Sheet of a workbook, by name or by place from 1; null is the first.</summary>
    public string? Sheet { get; init; }
    /// <summary>Lines (text) or rows (sheet) before the header that are passed over.</summary>
    public int SkipRows { get; init; }
}

/// <summary>The files of one import. Names are relative, with <c>/</c>.</summary>
public interface IImportFiles
{
    /// <returns>The files that the pattern (<c>*</c> and <c>?</c>) names, in ordinal order; empty if there is none.</returns>
    IReadOnlyList<string> Match(string pattern);

    Result<RowSet> Open(string file, SourceFormat format);
}
