namespace Portal.Reports.Rendering;

/// <summary>Takes one pass over a report's rows.</summary>
internal interface IReportRenderer
{
    ICells Cells { get; }

    /// <summary>Whether the column has cells in a row: a group's column may stand above its rows instead.</summary>
    bool Shows(int column);

    /// <param name="grouped">The columns that the groups go by, outermost first.</param>
    Task BeginAsync(Report report, ReportContext context, IReadOnlyList<int> grouped, IReadOnlyList<Chart> charts, CancellationToken ct);

    /// <param name="name">The group's value in the reader's language; empty where the rows have none.</param>
    ValueTask BeginGroupAsync(int level, string name, CancellationToken ct);
    ValueTask BeginRowAsync(CancellationToken ct);
    void EndRow();
    ValueTask EndGroupAsync(int level, string name, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct);
    Task EndAsync(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, IReadOnlyList<Chart> charts, CancellationToken ct);
}
