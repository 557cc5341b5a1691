namespace Portal.Reports.Rendering;

/// <summary>Sheet 1 the rows with outline, subtotals and totals; sheet 2 what the report is; sheet 3 its charts with their numbers.</summary>
internal sealed class XlsxRenderer(Stream output, Cover cover) : IReportRenderer, IAsyncDisposable
{
    private XlsxWriter _book = null!;
    private Report _report = null!;
    private ReportContext _context = null!;
    private IReadOnlyList<Column> _columns = [];
    private IReadOnlyList<int> _grouped = [];
    private IReadOnlyList<Chart> _charts = [];
    private (int Sheet, int Row)[] _starts = [];

    public ICells Cells => _book;

    public Room Room => new(520, 520);

    public bool Shows(int column) => true;

    public async Task BeginAsync(Report report, ReportContext context, IReadOnlyList<int> grouped, IReadOnlyList<Chart> charts, CancellationToken ct)
    {
        (_report, _context, _columns, _grouped, _charts) = (report, context, report.ColumnList, grouped, charts);
        _starts = new (int, int)[grouped.Count + 1];
        _book = await XlsxWriter.CreateAsync(output, new(cover.Title, cover.Person, context.Now, context.Language.Zone) { Charts = charts.Count, Unit = context.Language.Unit }, ct);
        var columns = _columns.Select(c => new XlsxColumn(context.HeadOf(c), WidthOf(c), c.Align)).ToList();
        await _book.BeginSheetAsync(new(cover.Title, columns, Math.Min(grouped.Count, 7))
        {
            // Where columns come from the data there may be many: what the row is about stays in sight.
            Landscape = cover.Landscape, Frozen = _columns.Any(c => c.Heading is not null) ? grouped.Count + 1 : 0,
        }, ct);
        _starts[0] = _book.NextPosition;
    }

    public Task NextTableAsync(Report table, IReadOnlyList<int> grouped, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct) =>
        throw new InvalidOperationException("The file has one table.");

    public ValueTask BeginGroupAsync(int level, string name, CancellationToken ct)
    {
        _starts[level + 1] = _book.NextPosition;
        return ValueTask.CompletedTask;
    }

    public ValueTask BeginRowAsync(CancellationToken ct) => _book.BeginRowAsync(ct, XlsxRow.Detail, Math.Min(_grouped.Count, 7));

    public void EndRow() => _book.EndRow();

    public async ValueTask EndGroupAsync(int level, string name, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct)
    {
        var label = _context.Language.Say("report.subtotal", name.Length > 0 ? name : _context.Text("report.none"), rows);
        await TotalsAsync(XlsxRow.Subtotal, _starts[level + 1], _grouped[level], label, Math.Min(level, 7), totals, ct);
    }

    public async Task EndAsync(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, IReadOnlyList<Chart> charts, CancellationToken ct)
    {
        if (rows > 0) { await TotalsAsync(XlsxRow.Total, _starts[0], 0, _context.Language.Say("report.total", rows), 0, totals, ct); }
        await AboutAsync(rows, ct);
        IReadOnlyList<Chart> all = [.. _charts, .. charts];
        if (all.Count > 0) { await ChartsAsync(all, ct); }
        await _book.CompleteAsync(ct);
    }

    /// <summary>A sheet scrolls where paper ends: names and sentences have half as much room again, so that few are cut. Numbers stand away from the edge.</summary>
    private static int WidthOf(Column column) => column switch
    {
        { Align: Align.End } => column.Width + 1,
        { Kind: ColumnKind.Text, IsCode: false, Width: >= 16 } => column.Width * 3 / 2,
        _ => column.Width,
    };

    public ValueTask DisposeAsync() => _book is null ? ValueTask.CompletedTask : _book.DisposeAsync();

    private async Task TotalsAsync(XlsxRow kind, (int Sheet, int Row) start, int wanted, string label, int outline, IReadOnlyList<IReadOnlyList<TotalCell>> lines, CancellationToken ct)
    {
        var last = _book.Position;
        var labelled = _columns[wanted].Total is Total.None ? wanted : _columns.ToList().FindIndex(c => c.Total is Total.None);
        // A formula's range cannot cross sheets.
        var ranged = start.Sheet == last.Sheet;
        var first = true;
        foreach (var line in lines)
        {
            await _book.BeginRowAsync(ct, kind, outline);
            var apart = line.FirstOrDefault(c => c.Value is not null && _columns[c.Column].UnitApart).Format.Unit is { Length: > 0 } code ? _context.Language.Unit(code) : "";
            for (var i = 0; i < _columns.Count; i++)
            {
                var total = line.FirstOrDefault(c => c.Column == i && c.Value is not null);
                if (total.Value is { } value) { TotalCell(total, value, ranged, start.Row, last.Row); }
                else if (i == labelled && (first || apart.Length > 0)) { _book.Text(!first ? apart : apart.Length > 0 ? $"{label} · {apart}" : label); }
                else { _book.Blank(); }
            }
            _book.EndRow();
            first = false;
        }
    }

    private void TotalCell(TotalCell total, decimal value, bool ranged, int firstRow, int lastRow)
    {
        if (_columns[total.Column].UnitApart) { total = total with { Format = total.Format with { Unit = "" } }; }
        var function = total.Total switch
        {
            Total.Sum => 109,
            Total.Average => 101,
            // COUNTA would count the labels of inner subtotals too.
            Total.Count when _grouped.Count == 0 => 103,
            _ => 0,
        };
        if (ranged && total.OnlyUnit && function > 0) { _book.Subtotal(function, firstRow, lastRow, value, total.Format); return; }
        switch (total.Format.Kind)
        {
            case ColumnKind.Money: _book.Money(value, total.Format.Unit); break;
            case ColumnKind.Quantity: _book.Quantity(value, total.Format.Unit); break;
            case ColumnKind.Percent: _book.Percent(value); break;
            default: _book.Number(value, total.Format.Decimals); break;
        }
    }

    private async Task AboutAsync(long rows, CancellationToken ct)
    {
        await _book.BeginSheetAsync(new(_context.Text("report.about-sheet"), []) { Landscape = false }, ct);
        await _book.BeginRowAsync(ct, XlsxRow.Title);
        _book.Text(cover.Title);
        _book.EndRow();
        await _book.BeginRowAsync(ct, XlsxRow.Note);
        _book.Text(cover.About);
        _book.EndRow();
        await _book.BeginRowAsync(ct, XlsxRow.Note);
        _book.EndRow();
        foreach (var (name, value) in cover.Facts.Append((_context.Text("report.rows"), _context.Language.Number(rows, 0))))
        {
            await _book.BeginRowAsync(ct, XlsxRow.Note);
            _book.Text(name);
            _book.Text(value);
            _book.EndRow();
        }
    }

    private async Task ChartsAsync(IReadOnlyList<Chart> charts, CancellationToken ct)
    {
        await _book.BeginSheetAsync(new(_context.Text("report.charts-sheet"), []), ct);
        foreach (var chart in charts)
        {
            await _book.BeginRowAsync(ct, XlsxRow.Title);
            _book.Text(chart.Title);
            _book.EndRow();
            await _book.BeginRowAsync(ct, XlsxRow.Total);
            _book.Text(chart.CategoryName);
            foreach (var series in chart.Series) { _book.Text(series.Name); }
            _book.EndRow();
            var header = _book.Position.Row;
            // Those filled from the rows are known too late to be named in the first part of the file: they stand as numbers.
            if (_charts.Contains(chart)) { _book.Draw(new(chart, header)); }
            for (var i = 0; i < chart.Categories.Count; i++)
            {
                await _book.BeginRowAsync(ct, XlsxRow.Note);
                _book.Text(chart.Categories[i]);
                foreach (var series in chart.Series) { ChartCell(chart, series, series.Values[i]); }
                _book.EndRow();
            }
            do
            {
                await _book.BeginRowAsync(ct, XlsxRow.Note);
                _book.EndRow();
            }
            while (_charts.Contains(chart) && _book.Position.Row < header + XlsxChart.Height);
        }
    }

    private void ChartCell(Chart chart, ChartSeries series, decimal? value)
    {
        if (chart.UnitOf(series) is { Length: > 0 } unit) { _book.Money(value, unit); }
        else { _book.Number(value, chart.DecimalsOf(series)); }
    }
}
