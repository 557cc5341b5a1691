using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Portal.Reports.Rendering;

public enum Align { Start, Center, End }

/// <param name="Width">In characters of the default font.</param>
public sealed record XlsxColumn(string Header, int Width, Align Align = Align.Start);

/// <param name="Name">Shortened and freed of the characters that Excel refuses.</param>
/// <param name="Columns">Empty: a sheet without header, frozen pane and filter.</param>
/// <param name="OutlineDepth">How many levels of subtotals the rows will have, 0 to 7.</param>
public sealed record XlsxSheet(string Name, IReadOnlyList<XlsxColumn> Columns, int OutlineDepth = 0)
{
    public bool Landscape { get; init; } = true;

    /// <summary>Columns that stay in sight while the others are scrolled.</summary>
    public int Frozen { get; init; }
}

/// <param name="Author">The person who asked.</param>
/// <param name="Zone">In which instants are shown.</param>
public sealed record XlsxBook(string Title, string Author, DateTimeOffset Created, TimeZoneInfo Zone)
{
    /// <summary>How many charts will be drawn, all on one sheet: the first part of the file must name them.</summary>
    internal int Charts { get; init; }

    /// <summary>Units of measure in the reader's words; as they are where none is given.</summary>
    internal Func<string?, string>? Unit { get; init; }
}

public enum XlsxRow { Detail, Subtotal, Total, Title, Note }

/// <summary>
/// Writes an Excel workbook row by row, straight into the zip: memory does not grow with rows. Text is always text, never
/// a formula, and characters that XML cannot hold are escaped as Excel does (ECMA-376, ST_Xstring). A sheet that reaches
/// the format's last row goes on in a next one. Until <see cref="CompleteAsync"/> the output is not a valid workbook, so
/// that an export which failed half-way cannot be taken for a whole one.
/// <code>
/// await using var book = await XlsxWriter.CreateAsync(stream, new("Companies", "Li Na", now, zone), ct);
/// await book.BeginSheetAsync(new("Companies", [new("Name", 30), new("Since", 12)]), ct);
/// foreach (...) { await book.BeginRowAsync(ct); book.Text(name); book.Date(since); book.EndRow(); }
/// await book.CompleteAsync(ct);
/// </code>
/// Excel keeps 15 significant digits of a number; the file holds all of them.
/// </summary>
public sealed class XlsxWriter : ICells, IAsyncDisposable
{
    /// <summary>ECMA-376: rows of a sheet.</summary>
    public const int FormatRows = 1_048_576;

    private const int LongestText = 32_767;
    private const int MostFormats = 400;
    private static readonly SearchValues<char> XmlSpecial = SearchValues.Create("&<>_\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000B\u000C\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF");
    private static readonly int Epoch = new DateOnly(1899, 12, 30).DayNumber;
    private static readonly int FirstDay = new DateOnly(1900, 3, 1).DayNumber;

    private readonly ZipArchive _zip;
    private readonly XlsxBook _book;
    private readonly int _rowLimit;
    private readonly Styles _styles = new();
    private readonly List<SheetPart> _sheets = [];
    private readonly List<XlsxChart> _charts = [];
    private Stream? _entry;
    private Utf8Output _out = null!;
    private XlsxSheet _sheet = null!;
    private byte[][] _names = [];
    private int _row;
    private int _column;
    private int _lastFilterRow;
    private XlsxRow _kind;
    private bool _completed;

    private sealed record SheetPart(string Name, int Columns, int LastFilterRow, bool HasHeader);

    private XlsxWriter(ZipArchive zip, XlsxBook book, int rowLimit) => (_zip, _book, _rowLimit) = (zip, book, rowLimit);

    /// <param name="output">May be a network stream: never sought, never read, written asynchronously only; stays open.</param>
    public static Task<XlsxWriter> CreateAsync(Stream output, XlsxBook book, CancellationToken ct) => CreateAsync(output, book, FormatRows, ct);

    internal static async Task<XlsxWriter> CreateAsync(Stream output, XlsxBook book, int rowLimit, CancellationToken ct)
    {
        var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        var writer = new XlsxWriter(zip, book, rowLimit);
        // First, so that whoever sniffs the first entry recognises a workbook. Every further .xml is a worksheet by default, so their number need not be known yet.
        var drawn = book.Charts == 0 ? "" : "<Override PartName=\"/xl/drawings/drawing1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.drawing+xml\"/>"
            + string.Concat(Enumerable.Range(1, book.Charts).Select(i => $"<Override PartName=\"/xl/charts/chart{i}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.drawingml.chart+xml\"/>"));
        await writer.PartAsync("[Content_Types].xml", $"""
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{drawn}</Types>
            """, ct);
        await writer.PartAsync("_rels/.rels", """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>
            """, ct);
        return writer;
    }

    /// <summary>Starts a sheet with its header row; ends the one before.</summary>
    public async Task BeginSheetAsync(XlsxSheet sheet, CancellationToken ct)
    {
        await EndSheetAsync(ct);
        _sheet = sheet;
        await OpenSheetAsync(ct);
    }

    /// <summary>1-based number of the row being written, and the sheet it is on: what a subtotal's range starts at.</summary>
    public (int Sheet, int Row) Position => (_sheets.Count, _row);

    /// <summary>Where the next row will stand, provided the sheet does not roll over.</summary>
    public (int Sheet, int Row) NextPosition => _row >= _rowLimit ? (_sheets.Count + 1, _sheet.Columns.Count > 0 ? 2 : 1) : (_sheets.Count, _row + 1);

    /// <summary>Draws a chart beside its numbers on the sheet being written; the book must have named it.</summary>
    internal void Draw(XlsxChart chart) => _charts.Add(chart);

    /// <param name="outline">Depth in the outline; 0 is the outermost.</param>
    public async ValueTask BeginRowAsync(CancellationToken ct, XlsxRow kind = XlsxRow.Detail, int outline = 0)
    {
        if (_out.IsFull) { await _out.FlushAsync(ct); }
        if (_row >= _rowLimit)
        {
            await EndSheetAsync(ct);
            await OpenSheetAsync(ct);
        }
        _row++;
        _column = 0;
        _kind = kind;
        if (kind is XlsxRow.Detail or XlsxRow.Subtotal) { _lastFilterRow = _row; }
        _out.Raw("<row r=\""u8);
        _out.Format(_row);
        if (outline > 0)
        {
            _out.Raw("\" outlineLevel=\""u8);
            _out.Format(outline);
        }
        _out.Raw(kind is XlsxRow.Title ? "\" ht=\"26\" customHeight=\"1\">"u8 : "\">"u8);
    }

    public void EndRow() => _out.Raw("</row>"u8);

    public void Text(string? value)
    {
        if (string.IsNullOrEmpty(value)) { Blank(); return; }
        var style = CsvWriter.LooksLikeFormula(value[0]) ? Format.QuotedText : value.Contains('\n', StringComparison.Ordinal) ? Format.WrappedText : Format.Text;
        Open(_styles.Of(style, _kind, AlignOfColumn()), text: true);
        OpenText(value);
        TextContent(value);
        _out.Raw("</t></is></c>"u8);
        _column++;
    }

    public void Whole(long? value)
    {
        if (value is not { } v) { Blank(); return; }
        Open(_styles.Of(Format.Whole, _kind));
        _out.Format(v);
        Close();
    }

    public void Number(decimal? value, int decimals) => Decimal(value, Format.Number(decimals));

    public void Money(decimal? amount, string? currency) => Decimal(amount, _styles.Money(currency));

    public void Quantity(decimal? value, string? unit) => Decimal(value, _styles.Quantity(InWords(unit), value is { } v && v == decimal.Truncate(v)));

    public void Percent(decimal? fraction) => Decimal(fraction, Format.Percent);

    public void Date(DateOnly? value)
    {
        if (value is not { } v) { Blank(); return; }
        // Excel counts a 29 February 1900 that never was; earlier days would be shown wrong.
        if (v.DayNumber < FirstDay) { Text(v.ToString("O", CultureInfo.InvariantCulture)); return; }
        Open(_styles.Of(Format.Date, _kind));
        _out.Format(v.DayNumber - Epoch);
        Close();
    }

    public void Instant(DateTimeOffset? value)
    {
        if (value is not { } v) { Blank(); return; }
        var local = _book.Zone == TimeZoneInfo.Utc ? v.UtcDateTime : TimeZoneInfo.ConvertTime(v, _book.Zone).DateTime;
        var day = local.Date.Ticks / TimeSpan.TicksPerDay;
        if (day < FirstDay) { Text(local.ToString("s", CultureInfo.InvariantCulture)); return; }
        Open(_styles.Of(Format.Instant, _kind));
        _out.Format(day - Epoch + Math.Round(local.TimeOfDay.TotalSeconds) / 86_400d, "0.##########");
        Close();
    }

    /// <summary>A total over rows of this sheet in the current column: <c>SUBTOTAL(function, column first:last)</c>, which leaves out what a filter hides and other subtotals.</summary>
    /// <param name="function">109 sum, 103 count, 101 average.</param>
    /// <param name="value">What the formula gives now, for readers that do not calculate.</param>
    internal void Subtotal(int function, int first, int last, decimal value, TotalFormat format)
    {
        Open(_styles.Of(StyleOf(format, value), _kind), formula: true);
        _out.Raw("SUBTOTAL("u8);
        _out.Format(function);
        _out.Raw((byte)',');
        _out.Raw(_names[_column]);
        _out.Format(first);
        _out.Raw((byte)':');
        _out.Raw(_names[_column]);
        _out.Format(last);
        _out.Raw(")</f><v>"u8);
        _out.Decimal(value);
        Close();
    }

    /// <summary>An empty cell in the look of its row.</summary>
    internal void Blank()
    {
        _out.Raw("<c s=\""u8);
        _out.Format(_styles.Of(Format.Text, _kind, AlignOfColumn()));
        _out.Raw("\"/>"u8);
        _column++;
    }

    /// <summary>Writes what is only known at the end. Without it the file does not open.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        await EndSheetAsync(ct);
        await PartAsync("xl/styles.xml", _styles.ToXml(), ct);
        var sheets = new StringBuilder();
        var names = new StringBuilder();
        var relations = new StringBuilder();
        for (var i = 0; i < _sheets.Count; i++)
        {
            var sheet = _sheets[i];
            sheets.Append(CultureInfo.InvariantCulture, $"<sheet name=\"{Attribute(sheet.Name)}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>");
            relations.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"rId{i + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>");
            if (!sheet.HasHeader) { continue; }
            var quoted = Attribute($"'{sheet.Name.Replace("'", "''", StringComparison.Ordinal)}'");
            names.Append(CultureInfo.InvariantCulture, $"<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{i}\" hidden=\"1\">{quoted}!$A$1:${Letters(sheet.Columns - 1)}${sheet.LastFilterRow}</definedName>");
            names.Append(CultureInfo.InvariantCulture, $"<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{i}\">{quoted}!$1:$1</definedName>");
        }
        await PartAsync("xl/workbook.xml", $"""
            <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets>{(names.Length > 0 ? $"<definedNames>{names}</definedNames>" : "")}</workbook>
            """, ct);
        await PartAsync("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}<Relationship Id="rId{_sheets.Count + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>
            """, ct);
        var created = _book.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await PartAsync("docProps/core.xml", $"""
            <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{Attribute(_book.Title)}</dc:title><dc:creator>{Attribute(_book.Author)}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created></cp:coreProperties>
            """, ct);
        _completed = true;
        await _zip.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_completed) { return; }
        _completed = true;
        if (_entry is not null) { await _entry.DisposeAsync(); }
        await _zip.DisposeAsync();
    }

    private async Task OpenSheetAsync(CancellationToken ct)
    {
        var number = _sheets.Count + 1;
        _entry = await _zip.CreateEntry($"xl/worksheets/sheet{number}.xml", CompressionLevel.Fastest).OpenAsync(ct);
        _out = new(_entry);
        _row = _column = 0;
        _lastFilterRow = 1;
        _sheets.Add(new(UniqueName(_sheet.Name), _sheet.Columns.Count, 1, _sheet.Columns.Count > 0));
        var columns = _sheet.Columns;
        _names = [.. Enumerable.Range(0, Math.Max(columns.Count, 64)).Select(i => Encoding.ASCII.GetBytes(Letters(i)))];
        _out.Raw("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><outlinePr summaryBelow=\"1\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>"u8);
        _out.Raw(number == 1 ? "<sheetViews><sheetView showGridLines=\"0\" tabSelected=\"1\" workbookViewId=\"0\">"u8 : "<sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\">"u8);
        if (columns.Count > 0 && _sheet.Frozen > 0)
        {
            var first = $"{Letters(_sheet.Frozen)}2";
            _out.Raw($"<pane xSplit=\"{_sheet.Frozen}\" ySplit=\"1\" topLeftCell=\"{first}\" activePane=\"bottomRight\" state=\"frozen\"/><selection pane=\"topRight\"/><selection pane=\"bottomLeft\"/><selection pane=\"bottomRight\" activeCell=\"{first}\" sqref=\"{first}\"/>");
        }
        else if (columns.Count > 0) { _out.Raw("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A2\" sqref=\"A2\"/>"u8); }
        _out.Raw("</sheetView></sheetViews>"u8);
        _out.Raw($"<sheetFormatPr defaultRowHeight=\"15\"{(_sheet.OutlineDepth > 0 ? $" outlineLevelRow=\"{_sheet.OutlineDepth}\"" : "")}/>");
        _out.Raw("<cols>"u8);
        if (columns.Count == 0) { _out.Raw("<col min=\"1\" max=\"1\" width=\"26\" customWidth=\"1\"/><col min=\"2\" max=\"8\" width=\"22\" customWidth=\"1\"/>"u8); }
        for (var i = 0; i < columns.Count; i++)
        {
            _out.Raw($"<col min=\"{i + 1}\" max=\"{i + 1}\" width=\"{Math.Clamp(columns[i].Width, 4, 120)}.7109375\" customWidth=\"1\"/>");
        }
        _out.Raw("</cols><sheetData>"u8);
        if (columns.Count == 0) { return; }
        _row = 1;
        _out.Raw($"<row r=\"1\" ht=\"{6 + (14 * columns.Max(LinesOf))}\" customHeight=\"1\">");
        foreach (var column in columns)
        {
            Open(_styles.Of(Format.Header, XlsxRow.Detail, column.Align), text: true);
            OpenText(column.Header);
            TextContent(column.Header);
            _out.Raw("</t></is></c>"u8);
            _column++;
        }
        _out.Raw("</row>"u8);
    }

    /// <summary>How many lines a head breaks into, at blanks only; letters of Chinese are twice as wide.</summary>
    private static int LinesOf(XlsxColumn column)
    {
        var lines = 0;
        foreach (var line in column.Header.Split('\n'))
        {
            lines++;
            var taken = 0;
            foreach (var word in line.Split(' '))
            {
                var length = word.Sum(c => c > '\u2e80' ? 2 : 1);
                if (taken > 0 && taken + 1 + length > column.Width - 1) { (lines, taken) = (lines + 1, 0); }
                taken += (taken > 0 ? 1 : 0) + length;
            }
        }
        return lines;
    }

    private async Task EndSheetAsync(CancellationToken ct)
    {
        if (_entry is null) { return; }
        _out.Raw("</sheetData>"u8);
        var columns = _sheet.Columns.Count;
        if (columns > 0) { _out.Raw($"<autoFilter ref=\"A1:{Letters(columns - 1)}{_lastFilterRow}\"/>"); }
        _sheets[^1] = _sheets[^1] with { LastFilterRow = _lastFilterRow };
        _out.Raw($"<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"{(_sheet.Landscape ? "landscape" : "portrait")}\" fitToHeight=\"0\"/><headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>");
        if (_charts.Count > 0) { _out.Raw("<drawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"rId1\"/>"u8); }
        _out.Raw("</worksheet>"u8);
        await _out.FlushAsync(ct);
        await _entry.DisposeAsync();
        _entry = null;
        if (_charts.Count > 0) { await DrawAsync(ct); }
    }

    private async Task DrawAsync(CancellationToken ct)
    {
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        await PartAsync($"xl/worksheets/_rels/sheet{_sheets.Count}.xml.rels", $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/drawing" Target="../drawings/drawing1.xml"/></Relationships>
            """, ct);
        await PartAsync("xl/drawings/drawing1.xml", $"""
            <xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{Relations}">{string.Concat(_charts.Select((c, i) => c.Anchor(i + 1)))}</xdr:wsDr>
            """, ct);
        await PartAsync("xl/drawings/_rels/drawing1.xml.rels", $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(_charts.Select((_, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"{Relations}/chart\" Target=\"../charts/chart{i + 1}.xml\"/>"))}</Relationships>
            """, ct);
        var sheet = $"'{_sheets[^1].Name.Replace("'", "''", StringComparison.Ordinal)}'";
        for (var i = 0; i < _charts.Count; i++) { await PartAsync($"xl/charts/chart{i + 1}.xml", _charts[i].ToXml(sheet), ct); }
        _charts.Clear();
    }

    private void Decimal(decimal? value, Format format)
    {
        if (value is not { } v) { Blank(); return; }
        Open(_styles.Of(format, _kind));
        _out.Decimal(v);
        Close();
    }

    private Format StyleOf(TotalFormat format, decimal value) => format.Kind switch
    {
        ColumnKind.Money => _styles.Money(format.Unit),
        ColumnKind.Quantity => _styles.Quantity(InWords(format.Unit), value == decimal.Truncate(value)),
        ColumnKind.Percent => Format.Percent,
        ColumnKind.Whole => Format.Whole,
        _ => Format.Number(format.Decimals),
    };

    private string? InWords(string? unit) => _book.Unit is { } words ? words(unit) : unit;

    private Align AlignOfColumn() => _column < _sheet.Columns.Count ? _sheet.Columns[_column].Align : Align.Start;

    private void Open(int style, bool text = false, bool formula = false)
    {
        // Without a name a cell stands next to the one before, and none is left out: that halves the file.
        _out.Raw("<c"u8);
        _out.Raw(_styles.CellOpening(style, text, formula));
    }

    /// <summary>XML readers may drop white space at the edges unless told not to.</summary>
    private void OpenText(string text) =>
        _out.Raw(text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.AsSpan().ContainsAny('\n', '\t')) ? "<t xml:space=\"preserve\">"u8 : "<t>"u8);

    private void Close()
    {
        _out.Raw("</v></c>"u8);
        _column++;
    }

    private void TextContent(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestText)
        {
            text = text[..(LongestText - (char.IsHighSurrogate(text[LongestText - 2]) ? 2 : 1))];
            EscapedXml(text);
            _out.Raw("…"u8);
            return;
        }
        EscapedXml(text);
    }

    private void EscapedXml(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var at = text.IndexOfAny(XmlSpecial);
            if (at < 0) { _out.Raw(text); return; }
            _out.Raw(text[..at]);
            switch (text[at])
            {
                case '&': _out.Raw("&amp;"u8); break;
                case '<': _out.Raw("&lt;"u8); break;
                case '>': _out.Raw("&gt;"u8); break;
                case '\t': _out.Raw((byte)'\t'); break;
                case '\n': _out.Raw((byte)'\n'); break;
                // What only looks like an escape of the format must not be read as one.
                case '_' when LooksEscaped(text[at..]): _out.Raw("_x005F_"u8); break;
                case '_': _out.Raw((byte)'_'); break;
                case '\uFFFE' or '\uFFFF': _out.Raw("\uFFFD"u8); break;
                case var control:
                    _out.Raw("_x"u8);
                    _out.Format((int)control, "X4");
                    _out.Raw((byte)'_');
                    break;
            }
            text = text[(at + 1)..];
        }
    }

    private static bool LooksEscaped(ReadOnlySpan<char> text) => text is ['_', 'x', var a, var b, var c, var d, '_', ..]
        && char.IsAsciiHexDigit(a) && char.IsAsciiHexDigit(b) && char.IsAsciiHexDigit(c) && char.IsAsciiHexDigit(d);

    private async Task PartAsync(string name, string xml, CancellationToken ct)
    {
        await using var entry = await _zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct);
        await entry.WriteAsync(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml), ct);
    }

    private string UniqueName(string wanted)
    {
        var clean = string.Concat(wanted.Select(c => c < ' ' || "[]:*?/\\\uFFFE\uFFFF".Contains(c, StringComparison.Ordinal) ? ' ' : c)).Trim(' ', '\'');
        if (clean.Length == 0) { clean = "Sheet"; }
        for (var n = 1; ; n++)
        {
            var suffix = n == 1 ? "" : $" ({n})";
            var name = clean[..Math.Min(clean.Length, 31 - suffix.Length)].TrimEnd() + suffix;
            if (!_sheets.Exists(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) { return name; }
        }
    }

    private static string Letters(int column)
    {
        var name = "";
        for (var n = column + 1; n > 0; n = (n - 1) / 26) { name = (char)('A' + (n - 1) % 26) + name; }
        return name;
    }

    internal static string Attribute(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => clean.Append("&amp;"),
                '<' => clean.Append("&lt;"),
                '>' => clean.Append("&gt;"),
                '"' => clean.Append("&quot;"),
                < ' ' or 0xFFFE or 0xFFFF => clean.Append(' '),
                _ => clean.Append(rune.ToString()),
            };
        }
        return clean.ToString();
    }

    /// <summary>How a cell shows its value: an index into the number formats of this workbook.</summary>
    private readonly record struct Format(int Index)
    {
        public static readonly Format Text = new(0), QuotedText = new(1), WrappedText = new(2), Header = new(3), Whole = new(4), Percent = new(5), Date = new(6), Instant = new(7);
        private const int FirstNumber = 8;
        public const int FirstNamed = 13;
        public static Format Number(int decimals) => new(FirstNumber + Math.Clamp(decimals, 0, 4));
        public static readonly string[] Codes = ["@", "@", "@", "@", "#,##0", "0.0%", "yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd\\ hh:mm", "#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"];
        public bool IsText => Index <= 3;
    }

    /// <summary>The cell formats met while writing; there are as many as kinds of cells, not as cells.</summary>
    private sealed class Styles
    {
        private readonly List<string> _codes = [.. Format.Codes];
        private readonly Dictionary<string, Format> _named = [];
        private readonly Dictionary<int, int> _ids = [];
        private readonly List<(Format Format, XlsxRow Row, Align Align)> _cells = [(Format.Text, XlsxRow.Note, Align.Start)];
        private readonly List<byte[]> _value = [Opening(0, "><v>")];
        private readonly List<byte[]> _text = [Opening(0, " t=\"inlineStr\"><is>")];
        private readonly List<byte[]> _formula = [Opening(0, "><f>")];
        private string? _lastCurrency;
        private Format _lastMoney;

        public ReadOnlySpan<byte> CellOpening(int style, bool text, bool formula) => (text ? _text : formula ? _formula : _value)[style];

        public int Of(Format format, XlsxRow row, Align align = Align.Start)
        {
            var key = (format.Index * 8 + (int)row) * 4 + (int)align;
            if (_ids.TryGetValue(key, out var id)) { return id; }
            id = _cells.Count;
            _cells.Add((format, row, align));
            _value.Add(Opening(id, "><v>"));
            _text.Add(Opening(id, " t=\"inlineStr\"><is>"));
            _formula.Add(Opening(id, "><f>"));
            _ids[key] = id;
            return id;
        }

        public Format Money(string? currency)
        {
            if (ReferenceEquals(currency, _lastCurrency) && currency is not null) { return _lastMoney; }
            _lastMoney = Named(currency, currency is null ? 2 : Currencies.Decimals(currency));
            _lastCurrency = currency;
            return _lastMoney;
        }

        public Format Quantity(string? unit, bool whole) => Named(unit, whole ? 0 : 4);

        private Format Named(string? name, int decimals)
        {
            if (string.IsNullOrEmpty(name)) { return decimals == 4 ? Format.Number(2) : Format.Number(decimals); }
            var key = $"{decimals}{name}";
            if (_named.TryGetValue(key, out var known)) { return known; }
            if (_named.Count >= MostFormats || name.Length > 24) { return Format.Number(Math.Min(decimals, 2)); }
            var digits = decimals switch { 0 => "#,##0", 4 => "#,##0.####", _ => "#,##0." + new string('0', decimals) };
            _codes.Add($"{digits}\"\u00A0{name.Replace("\"", "", StringComparison.Ordinal)}\"");
            return _named[key] = new(_codes.Count - 1);
        }

        public string ToXml()
        {
            var formats = new StringBuilder();
            for (var i = Format.Text.Index; i < _codes.Count; i++)
            {
                formats.Append(CultureInfo.InvariantCulture, $"<numFmt numFmtId=\"{164 + i}\" formatCode=\"{Attribute(_codes[i])}\"/>");
            }
            var cells = new StringBuilder();
            foreach (var (format, row, align) in _cells)
            {
                var (font, fill, border) = format == Format.Header ? (1, 2, 1) : row switch
                {
                    XlsxRow.Subtotal => (1, 3, 2),
                    XlsxRow.Total => (1, 4, 3),
                    XlsxRow.Title => (2, 0, 0),
                    XlsxRow.Note => (0, 0, 0),
                    _ => (0, 0, 4),
                };
                // A number keeps its distance from the text that begins in the next column.
                var horizontal = align switch
                {
                    Align.Center => " horizontal=\"center\"",
                    Align.Start when format == Format.Header || format == Format.Date || format == Format.Instant => " horizontal=\"left\"",
                    Align.Start when format.IsText => "",
                    _ => " horizontal=\"right\" indent=\"1\"",
                };
                var wrap = format == Format.WrappedText || format == Format.Header ? " wrapText=\"1\"" : "";
                var vertical = format == Format.Header ? "center" : "top";
                cells.Append(CultureInfo.InvariantCulture, $"<xf numFmtId=\"{(format.IsText ? 0 : 164 + format.Index)}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"{(format == Format.QuotedText ? " quotePrefix=\"1\"" : "")}><alignment{horizontal} vertical=\"{vertical}\"{wrap}/></xf>");
            }
            return $"""
                <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="{_codes.Count}">{formats}</numFmts><fonts count="3"><font><sz val="10"/><color rgb="FF1F2937"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="10"/><color rgb="FF12324F"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="16"/><color rgb="FF12324F"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDCE8F3"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF1F5F9"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE4ECF4"/></patternFill></fill></fills><borders count="5"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="medium"><color rgb="FF1D5F9E"/></bottom><diagonal/></border><border><left/><right/><top style="thin"><color rgb="FF94A3B8"/></top><bottom/><diagonal/></border><border><left/><right/><top style="thin"><color rgb="FF1D5F9E"/></top><bottom style="double"><color rgb="FF1D5F9E"/></bottom><diagonal/></border><border><left/><right/><top/><bottom style="hair"><color rgb="FFCBD5E1"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="{_cells.Count}">{cells}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
                """;
        }

        private static byte[] Opening(int style, string end) => Encoding.ASCII.GetBytes($" s=\"{style}\"{end}");
    }
}
