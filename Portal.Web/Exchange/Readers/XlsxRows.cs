using System.Globalization;
using System.Xml;
using Portal.Domain.Common;
using Portal.Domain.Exchange;

namespace Portal.Web.Exchange.Readers;

/// <summary>Reads one sheet of an XLSX workbook row by row; memory grows with the shared texts only, and those are bounded.</summary>
public static class XlsxRows
{
    /// <param name="file">Seekable; closed with the row set, also when refused.</param>
    public static Result<RowSet> Open(Stream file, SourceFormat format, ReadLimits limits)
    {
        var opened = Workbook.Open(file, limits);
        if (!opened.Succeeded) { return opened.Refusal!; }
        var book = opened.Value;
        var sheet = Find(book, format.Sheet);
        if (sheet is null) { book.Dispose(); return ImportRefusals.SheetMissing(format.Sheet ?? "1"); }
        var part = book.OpenPart(sheet.Part);
        if (part is null) { book.Dispose(); return ImportRefusals.WorkbookDamaged; }
        var reader = new Reader(book, part, format, limits);
        var header = reader.ReadHeader();
        if (!header.Succeeded) { reader.Dispose(); return header.Refusal!; }
        return new RowSet(header.Value, reader.Rows(), reader.Dispose, () => book.PartDone(sheet.Part));
    }

    /// <returns>The names of the sheets in their order.</returns>
    public static Result<IReadOnlyList<string>> SheetNames(Stream file, ReadLimits limits)
    {
        var opened = Workbook.Open(file, limits);
        if (!opened.Succeeded) { return opened.Refusal!; }
        using var book = opened.Value;
        return book.Sheets.Select(s => s.Name).ToList();
    }

    private static Workbook.Sheet? Find(Workbook book, string? sheet)
    {
        if (sheet is null) { return book.Sheets[0]; }
        var named = book.Sheets.FirstOrDefault(s => s.Name.Equals(sheet, StringComparison.OrdinalIgnoreCase));
        if (named is not null) { return named; }
        return int.TryParse(sheet, CultureInfo.InvariantCulture, out var place) && place >= 1 && place <= book.Sheets.Count ? book.Sheets[place - 1] : null;
    }

    private sealed class Reader(Workbook book, XmlReader sheet, SourceFormat format, ReadLimits limits) : IDisposable
    {
        private readonly List<object?> _cells = [];
        private SourceHeader _header = SourceHeader.Numbered(0);
        private SourceRow? _first;
        private long _row;
        private bool _ended;

        public Result<SourceHeader> ReadHeader()
        {
            var rows = 0;
            while (Next() is { } row)
            {
                if (row.Malformed is { } malformed) { return malformed; }
                if (rows++ < format.SkipRows) { continue; }
                if (format.HasHeader) { return _header = new([.. row.Values.Select(Text)]); }
                _first = row;
                return _header = format.Columns is { } names ? new([.. names]) : SourceHeader.Numbered(row.Values.Length);
            }
            return ImportRefusals.FileEmpty;
        }

        public IEnumerable<SourceRow> Rows()
        {
            if (_first is { } first) { _first = null; yield return Fit(first); }
            while (Next() is { } row) { yield return row.Malformed is null ? Fit(row) : row; }
        }

        private static string? Text(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);

        /// <summary>A sheet keeps no cell for what is empty, so short rows are whole. Cells beside a headed table are notes: each cell names its column, so nothing can have slipped.</summary>
        private SourceRow Fit(SourceRow row)
        {
            var (values, width) = (row.Values, _header.Names.Count);
            if (values.Length < width) { Array.Resize(ref values, width); return row with { Values = values }; }
            if (values.Length == width) { return row; }
            return format.HasHeader ? row with { Values = values[..width] } : new(row.Row, [], ImportRefusals.RowTooLong(values.Length, width));
        }

        private SourceRow? Next()
        {
            if (_ended) { return null; }
            try
            {
                while (sheet.Read())
                {
                    if (sheet.NodeType is XmlNodeType.EndElement && sheet.LocalName == "sheetData") { _ended = true; return null; }
                    if (sheet.NodeType is not XmlNodeType.Element || sheet.LocalName != "row") { continue; }
                    _row = long.TryParse(sheet.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > _row ? number : _row + 1;
                    if (!sheet.IsEmptyElement && ReadRow() is { } row) { return row; }
                }
                _ended = true;
                return null;
            }
            catch (Exception fault) when (Workbook.IsDamage(fault))
            {
                _ended = true;
                return new(_row + 1, [], fault is Workbook.PartTooLargeException ? ImportRefusals.WorkbookTooLarge : ImportRefusals.FileBreaksOff);
            }
        }

        /// <returns>Null for a row without any value.</returns>
        private SourceRow? ReadRow()
        {
            _cells.Clear();
            var (depth, next, filled) = (sheet.Depth, 0, 0);
            var more = sheet.Read();
            while (more && sheet.Depth > depth)
            {
                if (sheet.NodeType is not XmlNodeType.Element || sheet.LocalName != "c") { more = sheet.Read(); continue; }
                var place = Place(sheet.GetAttribute("r"), next);
                if (place >= limits.Columns) { return Skip(depth); }
                var value = ReadCell();
                next = place + 1;
                if (value is not null)
                {
                    while (_cells.Count <= place) { _cells.Add(null); }
                    _cells[place] = value;
                    filled = Math.Max(filled, place + 1);
                }
                more = sheet.Read();
            }
            return filled == 0 ? null : new(_row, [.. _cells]);
        }

        private SourceRow Skip(int depth)
        {
            while (sheet.Depth > depth && sheet.Read()) { }
            return new(_row, [], ImportRefusals.RowTooLarge);
        }

        /// <summary>Column from 0 of a reference such as <c>AB12</c>; where it is missing or no reference, the cell follows the one before.</summary>
        private static int Place(string? reference, int next)
        {
            if (reference is null) { return next; }
            var (column, i) = (0, 0);
            for (; i < reference.Length && char.IsAsciiLetter(reference[i]) && i < 4; i++) { column = (column * 26) + (reference[i] & 0x1F); }
            return i == 0 || i == reference.Length ? next : column - 1;
        }

        private object? ReadCell()
        {
            var type = sheet.GetAttribute("t");
            var style = int.TryParse(sheet.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var s) && s < book.Styles.Count ? book.Styles[s] : NumberMeaning.Number;
            if (sheet.IsEmptyElement) { return null; }
            var depth = sheet.Depth;
            string? raw = null, inline = null;
            var more = sheet.Read();
            while (more && sheet.Depth > depth)
            {
                if (sheet.NodeType is XmlNodeType.Element && sheet.LocalName == "v") { raw = sheet.ReadElementContentAsString(); continue; }
                if (sheet.NodeType is XmlNodeType.Element && sheet.LocalName == "is") { inline = SharedTexts.ReadText(sheet); }
                more = sheet.Read();
            }
            if (type == "inlineStr") { return Limit(inline ?? raw); }
            return string.IsNullOrEmpty(raw) ? null : Value(type, raw, style);
        }

        private object? Value(string? type, string raw, NumberMeaning style)
        {
            switch (type)
            {
                case "s":
                    return int.TryParse(raw, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var place) && book.Texts[place] is { } text
                        ? Limit(text)
                        : new ValueProblem(ImportRefusals.CellError, raw);
                case "str": return Limit(SharedTexts.Unescape(raw));
                case "b": return raw.AsSpan().Trim() is "1" or "true";
                case "e": return new ValueProblem(ImportRefusals.CellError, raw);
                case "d":
                    return DateTime.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date) ? date : new ValueProblem(ImportRefusals.NotADate, raw);
            }
            if (style is not NumberMeaning.Number && double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var serial)) { return NumberFormats.ToDate(serial, style, book.DatesFrom1904); }
            if (decimal.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)) { return FromBinary(raw, exact); }
            return new ValueProblem(ImportRefusals.CellError, raw);
        }

        /// <summary>Sheets store binary fractions with 17 digits (329.34825000000001); what was meant is the shortest number with that value in 15.</summary>
        private static decimal FromBinary(string raw, decimal exact) =>
            raw.Length > 15 && double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var binary)
            && decimal.TryParse(binary.ToString("G15", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var meant) ? meant : exact;

        private object? Limit(string? text) => text switch
        {
            null or "" => null,
            _ when text.Length > limits.CellCharacters => new ValueProblem(ImportRefusals.CellError, string.Concat(text.AsSpan(0, 100), "…")),
            _ => text,
        };

        public void Dispose()
        {
            sheet.Dispose();
            book.Dispose();
        }
    }
}
