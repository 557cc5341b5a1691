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

    /// <exception cref="TooManyRowsException">There are more than <paramref name="mostRows"/>.</exception>
    internal abstract Task<long> RenderAsync(ReportContext context, IReportRenderer renderer, IProgress<long>? progress, long? mostRows, CancellationToken ct);
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

    /// <summary>One ordered pass; subtotals of inner groups are added to the outer ones, so each row is added up once.</summary>
    internal sealed override async Task<long> RenderAsync(ReportContext context, IReportRenderer renderer, IProgress<long>? progress, long? mostRows, CancellationToken ct)
    {
        var columns = Columns;
        var groups = Groups(context);
        var grouped = groups.Select(g => columns.ToList().IndexOf(g)).ToArray();
        // levels[0] is the whole table, levels[n] the n-th group.
        var levels = Enumerable.Range(0, groups.Count + 1).Select(_ => new Totals<TRow>(columns)).ToArray();
        var innermost = levels[^1];
        var rowCharts = RowCharts(context);
        var name = new TextCells(context.Language);
        var previous = default(TRow);
        long rows = 0;

        await renderer.BeginAsync(this, context, grouped, await ChartsAsync(context, ct), ct);
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
            if (rows > mostRows) { throw new TooManyRowsException(mostRows.Value); }
            if (rows % 1000 == 0) { progress?.Report(rows); }
        }
        if (rows > 0) { await CloseAsync(0); }
        await renderer.EndAsync(rows, HasGrandTotal ? levels[0].Lines() : [], [.. rowCharts.Select(c => c.Draw())], ct);
        progress?.Report(rows);
        return rows;

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
