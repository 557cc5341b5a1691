using System.Globalization;
using System.Text;

namespace Portal.Reports.Rendering;

/// <summary>What the HTML is for.</summary>
/// <param name="Whole">A document of its own; otherwise a fragment for a page that brings <see cref="ReportStyles.Css"/>.</param>
/// <param name="Styles">Added to the document's own, such as font faces.</param>
/// <param name="MostRows">Rows beyond are counted and added up, not written; null for no limit.</param>
internal sealed record HtmlOptions(bool Whole, string Styles = "", long? MostRows = null);

/// <summary>
/// A table that screen readers, browsers and the printer understand: head repeated on each printed page, one body per group, row and
/// column heads marked. No script and no style attribute, so that the strictest content security policy holds.
/// </summary>
internal sealed class HtmlRenderer : IReportRenderer, ICells
{
    /// <summary>Characters that a page across holds in the usual type; beyond, the table is set smaller.</summary>
    private const int ComfortableCharacters = 170;

    /// <summary>Letters before or behind the @ of an address that a page has room for beside other columns.</summary>
    private const int LongestAddressPart = 36;

    private const int LongestShortWord = 8;

    /// <summary>From here on stand the letters of East Asia.</summary>
    private const char FirstHan = '\u2E80';

    /// <summary>Columns of at least this width hold what may be broken within a word.</summary>
    private const int BreakingCharacters = 25;

    private readonly Utf8Output _out;
    private readonly Cover _cover;
    private readonly HtmlOptions _options;
    private ReportContext _context = null!;
    private ReportLanguage _language = null!;
    private IReadOnlyList<Column> _columns = [];
    private IReadOnlyList<int> _grouped = [];
    private bool[] _shown = [];
    private int _visible;
    private long _rows;
    private bool _firstCell;
    private bool _muted;
    private bool _bodyHasRows;

    public HtmlRenderer(Stream output, Cover cover, HtmlOptions options) => (_out, _cover, _options) = (new(output), cover, options);

    public ICells Cells => this;

    /// <summary>Of a row, without what stands above its group.</summary>
    private int Characters => _columns.Where((_, i) => _shown[i]).Sum(c => c.Width);

    public bool Shows(int column) => _shown[column] && !_muted;

    public Room Room => new(13, 52);

    public async Task BeginAsync(Report report, ReportContext context, IReadOnlyList<int> grouped, IReadOnlyList<Chart> charts, CancellationToken ct)
    {
        (_context, _language) = (context, context.Language);
        Take(report, grouped);
        if (_options.Whole) { DocumentStart(); }
        _out.Raw(Characters > ComfortableCharacters ? "<article class=\"report report-dense\">"u8 : "<article class=\"report\">"u8);
        CoverBlock();
        Figures(charts);
        TableStart(report.Caption);
        await _out.FlushAsync(ct);
    }

    public async Task NextTableAsync(Report table, IReadOnlyList<int> grouped, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct)
    {
        TableEnd(rows, totals);
        Take(table, grouped);
        TableStart(table.Caption);
        await _out.FlushAsync(ct);
    }

    private void Take(Report table, IReadOnlyList<int> grouped)
    {
        (_columns, _grouped, _muted) = (table.ColumnList, grouped, false);
        _shown = [.. _columns.Select((_, i) => !grouped.Contains(i))];
        _visible = _shown.Count(s => s);
    }

    public async ValueTask BeginGroupAsync(int level, string name, CancellationToken ct)
    {
        if (IsOver()) { return; }
        if (level == 0) { NextBody(); }
        _bodyHasRows = true;
        _out.Raw("<tr class=\"report-group report-level"u8);
        _out.Format(level);
        _out.Raw("\"><th scope=\"rowgroup\" colspan=\""u8);
        _out.Format(_visible);
        _out.Raw("\"><span>"u8);
        _out.Html(_context.Text(_columns[_grouped[level]].TextKey));
        _out.Raw("</span> "u8);
        _out.Html(name.Length > 0 ? name : _context.Text("report.none"));
        _out.Raw("</th></tr>\n"u8);
        if (_out.IsFull) { await _out.FlushAsync(ct); }
    }

    public ValueTask BeginRowAsync(CancellationToken ct)
    {
        _muted = IsOver();
        _rows++;
        if (_muted) { return ValueTask.CompletedTask; }
        _out.Raw("<tr>"u8);
        (_firstCell, _bodyHasRows) = (true, true);
        return _out.IsFull ? _out.FlushAsync(ct) : ValueTask.CompletedTask;
    }

    public void EndRow()
    {
        if (!_muted) { _out.Raw("</tr>\n"u8); }
    }

    public ValueTask EndGroupAsync(int level, string name, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct)
    {
        if (_muted) { return ValueTask.CompletedTask; }
        var label = _language.Say("report.subtotal", name.Length > 0 ? name : _context.Text("report.none"), rows);
        TotalLines($"report-subtotal report-level{level.ToString(CultureInfo.InvariantCulture)}", label, totals);
        return _out.IsFull ? _out.FlushAsync(ct) : ValueTask.CompletedTask;
    }

    public async Task EndAsync(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, IReadOnlyList<Chart> charts, CancellationToken ct)
    {
        TableEnd(rows, totals);
        if (_options.MostRows is { } most && _rows > most) { Note(_language.Say("report.first-rows", _language.Number(most, 0), _language.Number(_rows, 0))); }
        Figures(charts);
        _out.Raw("</article>"u8);
        if (_options.Whole) { _out.Raw("</body></html>"u8); }
        await _out.FlushAsync(ct);
    }

    public void Text(string? value)
    {
        if (_firstCell)
        {
            _firstCell = false;
            _out.Raw(IsOfShortWords(value) ? "<th scope=\"row\" class=\"report-words\">"u8 : "<th scope=\"row\">"u8);
            _out.Html(value);
            _out.Raw("</th>"u8);
            return;
        }
        if (value is not null && value.IndexOf('@') is > 0 and var at && !value.Contains(' '))
        {
            // An address breaks behind the @ and nowhere else, hyphens included, as long as its parts have room.
            _out.Raw(Math.Max(at + 1, value.Length - at - 1) > LongestAddressPart ? "<td>"u8 : "<td class=\"report-address\">"u8);
            AddressPart(value.AsSpan(0, at + 1));
            _out.Raw("<wbr>"u8);
            AddressPart(value.AsSpan(at + 1));
            _out.Raw("</td>"u8);
            return;
        }
        _out.Raw(IsOfShortWords(value) ? "<td class=\"report-words\">"u8 : "<td>"u8);
        _out.Html(value);
        _out.Raw("</td>"u8);
    }

    /// <summary>Chinese names beside others, which stay whole; a longer run of characters breaks where the line ends.</summary>
    private static bool IsOfShortWords(string? value)
    {
        var (run, longest) = (0, 0);
        foreach (var letter in value ?? "") { longest = Math.Max(longest, run = letter >= FirstHan ? run + 1 : 0); }
        return longest is > 0 and <= LongestShortWord;
    }

    public void Whole(long? value)
    {
        OpenNumber();
        if (value is { } v) { _out.Format(v, "N0", _language.Culture); }
        Close();
    }

    public void Number(decimal? value, int decimals)
    {
        OpenNumber();
        if (value is { } v) { _out.Format(v, Fixed(decimals), _language.Culture); }
        Close();
    }

    public void Money(decimal? amount, string? currency)
    {
        OpenNumber();
        if (amount is { } v) { Measured(v, currency is null ? 2 : Currencies.Decimals(currency), currency); }
        Close();
    }

    public void Quantity(decimal? value, string? unit)
    {
        OpenNumber();
        if (value is { } v) { Measured(v, v == decimal.Truncate(v) ? 0 : 2, _language.Unit(unit)); }
        Close();
    }

    public void Percent(decimal? fraction)
    {
        OpenNumber();
        if (fraction is { } v) { Measured(v * 100, 1, "%"); }
        Close();
    }

    public void Date(DateOnly? value)
    {
        OpenDate();
        if (value is { } v) { _out.Format(v, _language.DatePattern, _language.Culture); }
        Close();
    }

    public void Instant(DateTimeOffset? value)
    {
        OpenDate();
        if (value is { } v) { _out.Format(TimeZoneInfo.ConvertTime(v, _language.Zone), _language.InstantPattern, _language.Culture); }
        Close();
    }

    private bool IsOver() => _options.MostRows is { } most && _rows >= most;

    private static string Fixed(int decimals) => decimals switch { 0 => "N0", 1 => "N1", 2 => "N2", 3 => "N3", _ => "N4" };

    private void AddressPart(ReadOnlySpan<char> part)
    {
        _out.Raw("<span>"u8);
        _out.Html(part);
        _out.Raw("</span>"u8);
    }

    private void OpenNumber()
    {
        _firstCell = false;
        _out.Raw("<td class=\"report-number\">"u8);
    }

    private void OpenDate()
    {
        _firstCell = false;
        _out.Raw("<td class=\"report-date\">"u8);
    }

    private void Close() => _out.Raw("</td>"u8);

    private void Measured(decimal value, int decimals, string? unit)
    {
        _out.Format(value, Fixed(decimals), _language.Culture);
        if (string.IsNullOrEmpty(unit)) { return; }
        _out.Raw("\u00A0<small>"u8);
        _out.Html(unit);
        _out.Raw("</small>"u8);
    }

    private void DocumentStart()
    {
        _out.Raw("<!DOCTYPE html>\n<html lang=\""u8);
        _out.Html(_language.Code);
        // The document is also a file that people open from their disk: whatever a cell holds, nothing is fetched and nothing runs.
        _out.Raw("\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data: file:\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"u8);
        _out.Html(_cover.Title);
        _out.Raw("</title><meta name=\"author\" content=\""u8);
        _out.Html(_cover.Person);
        _out.Raw("\"><style>"u8);
        _out.Raw(_options.Styles);
        _out.Raw(ReportStyles.Css);
        _out.Raw(PageRules());
        _out.Raw("</style></head><body>\n"u8);
        // Page margins do not fetch fonts of their own accord: their words are laid out here, unseen and in exactly their type, so that the faces are there.
        _out.Raw("<div class=\"report-margins\" aria-hidden=\"true\">"u8);
        _out.Html(string.Concat(_language.Text["report.page-of"], "0123456789", _language.Text["report.brand"], _cover.Title, _cover.Person, _cover.Moment));
        _out.Raw("</div>"u8);
    }

    /// <summary>Head and foot as margin boxes of CSS Paged Media, so that they use the fonts of the document.</summary>
    private string PageRules()
    {
        var page = string.Join("", _language.Text["report.page-of"].Split(["{0}", "{1}"], StringSplitOptions.None) is [var before, var between, var after]
            ? [CssString(before), " counter(page) ", CssString(between), " counter(pages) ", CssString(after)] : new[] { "counter(page)" });
        // On paper nothing scrolls: long texts may break anywhere; short words, codes and addresses stay whole.
        var breaking = PlacesOf(c => c.Width >= BreakingCharacters && !c.IsCode, ":not(.report-address)");
        var whole = PlacesOf(c => c.IsCode);
        return $$"""
            @media print { {{(breaking.Length > 0 ? breaking + " { overflow-wrap: anywhere }" : "")}}{{(whole.Length > 0 ? whole + " { white-space: nowrap }" : "")}} }
            @page { size: A4 {{(Characters > Cover.UprightCharacters ? "landscape" : "portrait")}}; @top-left { content: {{CssString(_cover.Title)}} } @top-right { content: {{CssString($"{_cover.Person} · {_cover.Moment}")}} } @bottom-left { content: {{CssString(_language.Text["report.brand"])}} } @bottom-right { content: {{page}} } }
            @page :first { @top-left { content: none } @top-right { content: none } }
            """;
    }

    private string PlacesOf(Func<Column, bool> which, string except = "") =>
        string.Join(", ", _columns.Where((_, i) => _shown[i]).Index().Where(c => which(c.Item)).Select(c => $".report-table tr > :nth-child({c.Index + 1}):not([colspan]){except}"));

    private static string CssString(string text)
    {
        var css = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '.' or ',' or ':' or '-' or '+' or '(' or ')' or '·') { css.Append(rune.ToString()); }
            else { css.Append(CultureInfo.InvariantCulture, $"\\{Math.Max(rune.Value, 1):x} "); }
        }
        return css.Append('"').ToString();
    }

    private void CoverBlock()
    {
        _out.Raw("<header class=\"report-cover\"><h1>"u8);
        _out.Html(_cover.Title);
        _out.Raw("</h1><p>"u8);
        _out.Html(_cover.About);
        _out.Raw("</p><dl>"u8);
        foreach (var (name, value) in _cover.Facts)
        {
            _out.Raw("<div><dt>"u8);
            _out.Html(name);
            _out.Raw("</dt><dd>"u8);
            _out.Html(value);
            _out.Raw("</dd></div>"u8);
        }
        _out.Raw("</dl></header>\n"u8);
    }

    private void TableStart(string? caption)
    {
        if (caption is not null)
        {
            _out.Raw("<h2 class=\"report-caption\">"u8);
            _out.Html(caption);
            _out.Raw("</h2>"u8);
        }
        _out.Raw("<div class=\"report-scroll\" role=\"region\" tabindex=\"0\" aria-label=\""u8);
        _out.Html(caption is null ? _cover.Title : $"{_cover.Title}: {caption}");
        _out.Raw("\"><table class=\"report-table\"><colgroup>"u8);
        var characters = Characters;
        foreach (var column in _columns.Where((_, i) => _shown[i]))
        {
            _out.Raw("<col width=\""u8);
            _out.Format(Math.Max(1, column.Width * 100 / characters));
            _out.Raw("%\">"u8);
        }
        _out.Raw("</colgroup><thead><tr>"u8);
        for (var i = 0; i < _columns.Count; i++)
        {
            if (!_shown[i]) { continue; }
            _out.Raw(_columns[i].Heading is not null ? "<th scope=\"col\" class=\"report-number report-narrow\">"u8
                : _columns[i].Align is Align.End ? "<th scope=\"col\" class=\"report-number\">"u8 : "<th scope=\"col\">"u8);
            foreach (var (line, words) in _context.HeadOf(_columns[i]).Split('\n').Index())
            {
                if (line > 0) { _out.Raw("<br>"u8); }
                _out.Html(words);
            }
            _out.Raw("</th>"u8);
        }
        _out.Raw("</tr></thead>\n<tbody>"u8);
    }

    /// <summary>Never leaves an empty body behind: between the head and an empty body a page may end, and the head would stand there alone.</summary>
    private void NextBody()
    {
        if (_bodyHasRows) { _out.Raw("</tbody><tbody>"u8); }
        _bodyHasRows = false;
    }

    private void TableEnd(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals)
    {
        // Not a tfoot: that would be printed at the foot of every page.
        NextBody();
        if (rows == 0) { Spanning("report-empty", _context.Text("report.empty")); }
        else if (totals.Count > 0) { TotalLines("report-total", _language.Say("report.total", rows), totals); }
        else { Spanning("report-total", _language.Say("report.total", rows)); }
        _out.Raw("</tbody></table></div>"u8);
    }

    private void TotalLines(string css, string label, IReadOnlyList<IReadOnlyList<TotalCell>> lines)
    {
        var shown = Enumerable.Range(0, _columns.Count).Where(i => _shown[i]).ToList();
        var head = shown.TakeWhile(i => _columns[i].Total is Total.None).Count();
        if (head == 0 || lines.Count == 0) { Spanning(css, label); }
        for (var l = 0; l < lines.Count; l++)
        {
            _out.Raw("<tr class=\""u8);
            _out.Raw(css);
            if (l > 0) { _out.Raw(" report-more"u8); }
            _out.Raw("\">"u8);
            if (head > 0)
            {
                _out.Raw("<th scope=\"row\" colspan=\""u8);
                _out.Format(head);
                _out.Raw("\">"u8);
                if (l == 0) { _out.Html(label); }
                if (lines[l].FirstOrDefault(c => c.Value is not null && _columns[c.Column].UnitApart) is { Value: not null, Format.Unit: { Length: > 0 } apart })
                {
                    _out.Raw(" <small>"u8);
                    _out.Html(_language.Unit(apart));
                    _out.Raw("</small>"u8);
                }
                _out.Raw("</th>"u8);
            }
            foreach (var i in shown.Skip(head))
            {
                var total = lines[l].FirstOrDefault(c => c.Column == i && c.Value is not null);
                OpenNumber();
                if (total.Value is { } value)
                {
                    switch (total.Format.Kind)
                    {
                        case ColumnKind.Money: Measured(value, Currencies.Decimals(total.Format.Unit), total.Format.Unit); break;
                        case ColumnKind.Quantity: Measured(value, value == decimal.Truncate(value) ? 0 : 2, _columns[i].UnitApart ? "" : _language.Unit(total.Format.Unit)); break;
                        case ColumnKind.Percent: Measured(value * 100, 1, "%"); break;
                        default: _out.Format(value, Fixed(total.Format.Decimals), _language.Culture); break;
                    }
                }
                Close();
            }
            _out.Raw("</tr>\n"u8);
        }
    }

    private void Spanning(string css, string text)
    {
        _out.Raw("<tr class=\""u8);
        _out.Raw(css);
        _out.Raw("\"><td colspan=\""u8);
        _out.Format(_visible);
        _out.Raw("\">"u8);
        _out.Html(text);
        _out.Raw("</td></tr>\n"u8);
    }

    private void Note(string text)
    {
        _out.Raw("<p class=\"report-note\">"u8);
        _out.Html(text);
        _out.Raw("</p>"u8);
    }

    /// <summary>Several lines over time stand two abreast, or they would fill pages before the table begins; one left over has the row to itself.</summary>
    private void Figures(IReadOnlyList<Chart> charts)
    {
        var drawn = charts.Where(c => c.Categories.Count > 0).ToList();
        var abreast = drawn.Count > 1 && drawn.All(c => c is { Kind: ChartKind.Line, IsToldBelow: true });
        if (abreast) { _out.Raw("<div class=\"report-abreast\">"u8); }
        for (var i = 0; i < drawn.Count; i++) { Figure(drawn[i], abreast, alone: abreast && i % 2 == 0 && i == drawn.Count - 1); }
        if (abreast) { _out.Raw("</div>"u8); }
    }

    private void Figure(Chart chart, bool abreast, bool alone)
    {
        _out.Raw(alone ? "<figure class=\"report-chart report-wide report-alone\"><div><h2>"u8
            : chart.Kind is ChartKind.Line || chart.Series.Count > 2 ? "<figure class=\"report-chart report-wide\"><div><h2>"u8 : "<figure class=\"report-chart\"><div><h2>"u8);
        _out.Html(chart.Title);
        _out.Raw("</h2>"u8);
        new SvgChart(_out, chart, _language, abreast && !alone).Draw();
        _out.Raw("</div>"u8);
        if (chart.IsToldBelow)
        {
            _out.Raw("</figure>\n"u8);
            return;
        }
        _out.Raw("<table class=\"report-data\"><thead><tr><th scope=\"col\">"u8);
        _out.Html(chart.CategoryName);
        _out.Raw("</th>"u8);
        foreach (var series in chart.Series)
        {
            _out.Raw("<th scope=\"col\" class=\"report-number\">"u8);
            _out.Html(series.Name);
            _out.Raw("</th>"u8);
        }
        _out.Raw("</tr></thead><tbody>"u8);
        for (var i = 0; i < chart.Categories.Count; i++)
        {
            _out.Raw("<tr><th scope=\"row\">"u8);
            _out.Html(chart.Categories[i]);
            _out.Raw("</th>"u8);
            foreach (var series in chart.Series)
            {
                OpenNumber();
                if (series.Values[i] is { } value) { Measured(value, chart.DecimalsOf(series), chart.UnitOf(series)); }
                Close();
            }
            _out.Raw("</tr>"u8);
        }
        _out.Raw("</tbody></table></figure>\n"u8);
    }
}
