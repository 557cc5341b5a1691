using System.Buffers;

namespace Portal.Reports.Rendering;

/// <summary>
/// Writes RFC 4180 CSV: UTF-8 with byte order mark (without it Excel reads Chinese text as the system's code page), CRLF,
/// invariant numbers, ISO 8601 dates and UTC instants. Text that a spreadsheet would take for a formula gets a leading
/// apostrophe, as OWASP advises ("CSV Injection"); numbers keep their sign. Money is two cells, the amount and its
/// currency; a quantity is two cells, the number and its unit.
/// <code>
/// var csv = new CsvWriter(stream);
/// csv.Header(["Company", "Since"]); await csv.EndRowAsync(ct);
/// foreach (...) { csv.Text(name); csv.Date(since); await csv.EndRowAsync(ct); }
/// await csv.CompleteAsync(ct);
/// </code>
/// </summary>
public sealed class CsvWriter : ICells
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private readonly Utf8Output _out;
    private bool _rowStarted;

    /// <param name="output">Written asynchronously only; stays open.</param>
    public CsvWriter(Stream output)
    {
        _out = new(output);
        _out.Raw("\uFEFF"u8);
    }

    public void Header(IEnumerable<string> names)
    {
        foreach (var name in names) { Text(name); }
    }

    public void Text(string? value)
    {
        Next();
        if (string.IsNullOrEmpty(value)) { return; }
        var guard = LooksLikeFormula(value[0]);
        if (value.AsSpan().IndexOfAny(Quoted) < 0 && value[0] != ' ' && value[^1] != ' ')
        {
            if (guard) { _out.Raw((byte)'\''); }
            _out.Raw(value);
            return;
        }
        _out.Raw((byte)'"');
        if (guard) { _out.Raw((byte)'\''); }
        var rest = value.AsSpan();
        for (var at = rest.IndexOf('"'); at >= 0; at = rest.IndexOf('"'))
        {
            _out.Raw(rest[..(at + 1)]);
            _out.Raw((byte)'"');
            rest = rest[(at + 1)..];
        }
        _out.Raw(rest);
        _out.Raw((byte)'"');
    }

    public void Whole(long? value)
    {
        Next();
        if (value is { } v) { _out.Format(v); }
    }

    public void Number(decimal? value, int decimals)
    {
        Next();
        if (value is { } v) { _out.Decimal(v); }
    }

    public void Money(decimal? amount, string? currency)
    {
        Number(amount, 2);
        Text(amount is null ? null : currency);
    }

    public void Quantity(decimal? value, string? unit)
    {
        Number(value, 0);
        Text(value is null ? null : unit);
    }

    public void Percent(decimal? fraction) => Number(fraction, 4);

    public void Date(DateOnly? value)
    {
        Next();
        if (value is { } v) { _out.Format(v, "O"); }
    }

    public void Instant(DateTimeOffset? value)
    {
        Next();
        if (value is { } v) { _out.Format(v.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss'Z'"); }
    }

    public ValueTask EndRowAsync(CancellationToken ct)
    {
        EndRow();
        return FlushIfFullAsync(ct);
    }

    internal void EndRow()
    {
        _out.Raw("\r\n"u8);
        _rowStarted = false;
    }

    internal ValueTask FlushIfFullAsync(CancellationToken ct) => _out.IsFull ? _out.FlushAsync(ct) : ValueTask.CompletedTask;

    public ValueTask CompleteAsync(CancellationToken ct) => _out.FlushAsync(ct);

    /// <summary>The full-width forms are what Chinese and Japanese input methods make of the same keys, and some spreadsheets accept them.</summary>
    internal static bool LooksLikeFormula(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';

    private void Next()
    {
        if (_rowStarted) { _out.Raw((byte)','); }
        _rowStarted = true;
    }
}
