namespace Portal.Reports.Rendering;

/// <summary>Rows and nothing else: no totals, no cover, every column. Programs read it.</summary>
internal sealed class CsvRenderer(Stream output) : IReportRenderer
{
    private readonly CsvWriter _csv = new(output);

    public ICells Cells => _csv;

    public Room Room => new(0, 0);

    public bool Shows(int column) => true;

    public async Task BeginAsync(Report report, ReportContext context, IReadOnlyList<int> grouped, IReadOnlyList<Chart> charts, CancellationToken ct)
    {
        foreach (var column in report.ColumnList)
        {
            var name = context.Text(column.TextKey);
            _csv.Text(name);
            if (column.Kind is ColumnKind.Money) { _csv.Text(context.Language.Say("report.currency-of", name)); }
            if (column.Kind is ColumnKind.Quantity) { _csv.Text(context.Language.Say("report.unit-of", name)); }
        }
        await _csv.EndRowAsync(ct);
    }

    public Task NextTableAsync(Report table, IReadOnlyList<int> grouped, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct) =>
        throw new InvalidOperationException("The file has one table.");

    public ValueTask BeginGroupAsync(int level, string name, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask BeginRowAsync(CancellationToken ct) => _csv.FlushIfFullAsync(ct);

    public void EndRow() => _csv.EndRow();

    public ValueTask EndGroupAsync(int level, string name, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct) => ValueTask.CompletedTask;

    public async Task EndAsync(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, IReadOnlyList<Chart> charts, CancellationToken ct) => await _csv.CompleteAsync(ct);
}
