using Portal.Domain.Common;
using Portal.Reports.Rendering;

namespace Portal.Reports;

/// <summary>A report as page, command line and tests see it. A definition derives from <see cref="Report{TRow}"/>.</summary>
public abstract class Report
{
    /// <summary>Kebab-case, unique: part of the page's address, of the command line and of the file name. Title: text key <c>report.{name}.title</c>; one sentence on what it shows: <c>report.{name}.about</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A constant of Portal.Domain/Access/Permissions: who may run it. What rows it holds is the scope's affair.</summary>
    public abstract string Permission { get; }

    public virtual IReadOnlyList<ReportParameter> Parameters => [];

    /// <summary>The room that the definition lies in: Sales, Supply.</summary>
    public string Area => GetType().Namespace!.Split('.')[^1];

    public string TitleKey => $"report.{Name}.title";
    public string AboutKey => $"report.{Name}.about";

    public abstract IReadOnlyList<Column> ColumnList { get; }

    /// <summary>What single answers cannot show: a period that ends before it begins. Null when all is well.</summary>
    public virtual Refusal? Check(ReportContext context) => null;

    /// <summary>Stands above the report's table where there are several of them.</summary>
    internal virtual string? Caption => null;

    /// <summary>
    /// The tables that the report is shown as, one after the other: itself, or where the values of a column go across, as many as these need. Rows for programs
    /// always stay as they are.
    /// </summary>
    internal virtual Task<IReadOnlyList<Report>> TablesAsync(ReportContext context, Room room, CancellationToken ct) => Task.FromResult<IReadOnlyList<Report>>([this]);

    /// <summary>The columns that the groups go by, outermost first.</summary>
    internal abstract IReadOnlyList<int> GroupPlaces(ReportContext context);

    private protected abstract Task<IReadOnlyList<Chart>> LeadingChartsAsync(ReportContext context, CancellationToken ct);

    /// <summary>One ordered pass over the rows of one table.</summary>
    private protected abstract Task<Pass> PassAsync(ReportContext context, IReportRenderer renderer, long before, IProgress<long>? progress, long? mostRows, CancellationToken ct);

    /// <summary>What a pass leaves for the foot of its table.</summary>
    private protected sealed record Pass(long Rows, IReadOnlyList<IReadOnlyList<TotalCell>> Totals, IReadOnlyList<Chart> Charts);

    /// <exception cref="TooManyRowsException">There are more than <paramref name="mostRows"/>.</exception>
    internal async Task<long> RenderAsync(ReportContext context, IReportRenderer renderer, IProgress<long>? progress, long? mostRows, CancellationToken ct)
    {
        var tables = await TablesAsync(context, renderer.Room, ct);
        await renderer.BeginAsync(tables[0], context, tables[0].GroupPlaces(context), await LeadingChartsAsync(context, ct), ct);
        var pass = await tables[0].PassAsync(context, renderer, 0, progress, mostRows, ct);
        var rows = pass.Rows;
        foreach (var table in tables.Skip(1))
        {
            await renderer.NextTableAsync(table, table.GroupPlaces(context), pass.Rows, pass.Totals, ct);
            pass = await table.PassAsync(context, renderer, rows, progress, mostRows, ct);
            rows += pass.Rows;
        }
        await renderer.EndAsync(pass.Rows, pass.Totals, pass.Charts, ct);
        progress?.Report(rows);
        return rows;
    }
}

/// <summary>
/// One report: what it asks, its scoped query, its columns, groups, totals and charts. All formats come from this.
/// </summary>
/// <typeparam name="TRow">A read model: a record with exactly what the reader may see.</typeparam>
public abstract class Report<TRow> : Report
{
    /// <summary>Made once, when the catalog is.</summary>
    public abstract IReadOnlyList<Column<TRow>> Columns { get; }

    public sealed override IReadOnlyList<Column> ColumnList => Columns;

    /// <summary>Columns by which <see cref="RowsAsync"/> is ordered first, outermost first: each change of value ends a group with its subtotals.</summary>
    public virtual IReadOnlyList<Column<TRow>> Groups(ReportContext context) => [];

    /// <summary>Whether the whole adds up to something. Not where groups speak of the same goods in different ways.</summary>
    public virtual bool HasGrandTotal => true;

    /// <summary>The rows, streamed in the order in which they are shown.</summary>
    public abstract IAsyncEnumerable<TRow> RowsAsync(ReportContext context);

    /// <summary>Charts from summary queries: they stand above the table.</summary>
    public virtual Task<IReadOnlyList<Chart>> ChartsAsync(ReportContext context, CancellationToken ct) => Task.FromResult<IReadOnlyList<Chart>>([]);

    /// <summary>Charts that fill while rows pass: they stand below the table.</summary>
    public virtual IReadOnlyList<RowChart<TRow>> RowCharts(ReportContext context) => [];

    internal sealed override IReadOnlyList<int> GroupPlaces(ReportContext context)
    {
        var columns = Columns.ToList();
        return [.. Groups(context).Select(g => columns.IndexOf(g))];
    }

    private protected sealed override Task<IReadOnlyList<Chart>> LeadingChartsAsync(ReportContext context, CancellationToken ct) => ChartsAsync(context, ct);

    /// <summary>Subtotals of inner groups are added to the outer ones, so each row is added up once.</summary>
    private protected sealed override async Task<Pass> PassAsync(ReportContext context, IReportRenderer renderer, long before, IProgress<long>? progress, long? mostRows, CancellationToken ct)
    {
        var columns = Columns;
        var groups = Groups(context);
        // levels[0] is the whole table, levels[n] the n-th group.
        var levels = Enumerable.Range(0, groups.Count + 1).Select(_ => new Totals<TRow>(columns)).ToArray();
        var innermost = levels[^1];
        var rowCharts = RowCharts(context);
        var name = new TextCells(context.Language);
        var previous = default(TRow);
        long rows = 0;

        var cells = renderer.Cells;
        await foreach (var row in RowsAsync(context).WithCancellation(ct))
        {
            var open = rows == 0 ? 0 : SharedGroups(groups, previous!, row);
            if (rows > 0) { await CloseAsync(open); }
            for (var level = open; level < groups.Count; level++)
            {
                await renderer.BeginGroupAsync(level, name.Of(groups[level], row), ct);
            }
            await renderer.BeginRowAsync(ct);
            for (var i = 0; i < columns.Count; i++)
            {
                if (renderer.Shows(i)) { columns[i].Write(row, cells, context.Language); }
            }
            renderer.EndRow();
            innermost.Add(row);
            foreach (var chart in rowCharts) { chart.Add(row); }
            previous = row;
            rows++;
            if (before + rows > mostRows) { throw new TooManyRowsException(mostRows.Value); }
            if (rows % 1000 == 0) { progress?.Report(before + rows); }
        }
        if (rows > 0) { await CloseAsync(0); }
        return new(rows, HasGrandTotal ? levels[0].Lines() : [], [.. rowCharts.Select(c => c.Draw())]);

        async Task CloseAsync(int keep)
        {
            for (var level = groups.Count - 1; level >= keep; level--)
            {
                var ended = levels[level + 1];
                var last = previous!;
                await renderer.EndGroupAsync(level, name.Of(groups[level], last), ended.Rows, ended.Lines(), ct);
                levels[level].Add(ended);
                ended.Clear();
            }
        }
    }

    /// <summary>How many groups, from the outermost, go on from one row to the next.</summary>
    private static int SharedGroups(IReadOnlyList<Column<TRow>> groups, TRow a, TRow b)
    {
        var shared = 0;
        while (shared < groups.Count && groups[shared].SameGroup(a, b)) { shared++; }
        return shared;
    }
}
