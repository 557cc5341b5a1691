using System.Text;
using CsvHelper;
using Portal.Domain.Common;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange.Readers;

/// <summary>Reads delimited text (RFC 4180 and what is met beside it) row by row; memory does not grow with the file.</summary>
public static class CsvRows
{
    /// <param name="file">Seekable; closed with the row set, also when refused.</param>
    public static Result<RowSet> Open(Stream file, SourceFormat format, ReadLimits limits)
    {
        Encoding encoding;
        if (format.Encoding is { } name)
        {
            var named = TextEncodings.Named(name);
            if (!named.Succeeded) { file.Dispose(); return named.Refusal!; }
            encoding = named.Value;
        }
        else { encoding = TextEncodings.Detect(file); }
        if (!TextEncodings.IsText(file, encoding, format.Delimiter + format.RowEnd)) { file.Dispose(); return ImportRefusals.NotText; }

        file.Position = 0;
        var utf8 = encoding.CodePage == Encoding.UTF8.CodePage ? file : Encoding.CreateTranscodingStream(file, encoding, TextEncodings.Utf8);
        var reader = new Reader(utf8, format, limits);
        var header = reader.ReadHeader();
        if (!header.Succeeded) { reader.Dispose(); return header.Refusal!; }
        return new RowSet(header.Value, reader.Rows(), reader.Dispose, () => file.CanSeek ? file.Position / (double)Math.Max(1, file.Length) : 1);
    }

    private sealed class Reader : IDisposable
    {
        private readonly CsvReader _csv;
        private readonly SourceFormat _format;
        private readonly ReadLimits _limits;
        private readonly string? _rowEnd;
        private readonly int _linesBefore;
        private SourceHeader _header = SourceHeader.Numbered(0);
        private SourceRow? _first;
        private CsvMalformedReason? _malformed;
        private bool _ended;

        public Reader(Stream utf8, SourceFormat format, ReadLimits limits)
        {
            (_format, _limits, _linesBefore) = (format, limits, format.SkipRows);
            _rowEnd = format.RowEnd?.TrimEnd('\r', '\n') is { Length: > 0 } mark ? mark : null;
            if (format.SkipRows > 0) { SkipLines(utf8, format.SkipRows); }
            var options = new CsvReaderOptions
            {
                HasHeader = false,
                Mode = format.NoQuotes ? CsvMode.NoEscape : CsvMode.Rfc4180,
                Separator = format.Delimiter is { Length: 1 } single ? single[0] : null,
                TrackLineNumbers = true,
                MaxRecordSize = limits.RowBytes,
                FieldCountMismatch = CsvFieldCountHandling.Allow,
                MalformedData = CsvMalformedDataHandling.Recover,
                // A quote inside a field that does not begin with one is an ordinary character: 5" pipe.
                OnMalformedRecord = record => { if (record.Reason is not CsvMalformedReason.StrayQuote) { _malformed ??= record.Reason; } },
            };
            _csv = CsvReader.Create(format.Delimiter is { Length: > 1 } several ? new CsvSeparatorStream(utf8, several) : utf8, options);
        }

        public Result<SourceHeader> ReadHeader()
        {
            if (Next() is not { } first) { return ImportRefusals.FileEmpty; }
            if (first.Malformed is { } malformed) { return malformed; }
            if (_format.HasHeader) { return _header = new([.. first.Values.Select(v => v?.ToString())]); }
            _first = first;
            return _header = _format.Columns is { } names ? new([.. names]) : SourceHeader.Numbered(first.Values.Length);
        }

        public IEnumerable<SourceRow> Rows()
        {
            if (_first is { } first) { _first = null; yield return Fit(first); }
            while (Next() is { } row) { yield return row.Malformed is null ? Fit(row) : row; }
        }

        /// <summary>The next record that is not blank, as wide as it stands in the file.</summary>
        private SourceRow? Next()
        {
            while (!_ended)
            {
                try
                {
                    _malformed = null;
                    if (!_csv.Read()) { _ended = true; break; }
                    var line = _csv.LineNumber + _linesBefore;
                    if (_malformed is { } reason) { return new(line, [], reason is CsvMalformedReason.UnterminatedQuote ? ImportRefusals.QuoteNotClosed : ImportRefusals.TextAfterQuote); }
                    if (_csv.FieldCount > _limits.Columns) { return new(line, [], ImportRefusals.RowTooLarge); }
                    if (_csv.FieldCount == 1 && _csv.GetString(0).AsSpan().Trim().IsEmpty) { continue; }
                    return Take(line);
                }
                catch (CsvFormatException fault)
                {
                    _ended = true;
                    return new(fault.LineNumber + _linesBefore, [], ImportRefusals.RowTooLarge);
                }
            }
            return null;
        }

        private SourceRow Take(long line)
        {
            var values = new object?[_csv.FieldCount];
            for (var i = 0; i < values.Length; i++)
            {
                if (_csv.IsEmpty(i)) { continue; }
                var value = _csv.GetString(i);
                if (i == values.Length - 1 && _rowEnd is not null)
                {
                    if (!value.EndsWith(_rowEnd, StringComparison.Ordinal)) { return new(line, [], ImportRefusals.FileBreaksOff); }
                    value = value[..^_rowEnd.Length];
                }
                values[i] = value.Length == 0 ? null : value.Contains('\uFFFD') ? new ValueProblem(ImportRefusals.Undecodable, value) : value;
            }
            return new(line, values);
        }

        private SourceRow Fit(SourceRow row)
        {
            var (values, width) = (row.Values, _header.Names.Count);
            if (values.Length == width) { return row; }
            if (values.Length < width)
            {
                if (!_format.AllowShortRows) { return new(row.Row, [], ImportRefusals.RowTooShort(values.Length, width)); }
                Array.Resize(ref values, width);
                return row with { Values = values };
            }
            return values.AsSpan(width).IndexOfAnyExcept((object?)null) >= 0
                ? new(row.Row, [], ImportRefusals.RowTooLong(values.Length, width))
                : row with { Values = values[..width] };
        }

        private static void SkipLines(Stream utf8, int lines)
        {
            int read;
            while (lines > 0 && (read = utf8.ReadByte()) >= 0) { if (read == '\n') { lines--; } }
        }

        public void Dispose() => _csv.Dispose();
    }
}
