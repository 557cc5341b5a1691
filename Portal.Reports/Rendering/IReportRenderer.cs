namespace Portal.Reports.Rendering;

/// <summary>How many columns may come from the data: in one table, and over all tables. None where rows are for programs.</summary>
internal readonly record struct Room(int Table, int All);

/// <summary>Takes one pass over the rows of each table of a report.</summary>
internal interface IReportRenderer
{
    ICells Cells { get; }

    Room Room { get; }

    /// <summary>Whether the column has cells in a row: a group's column may stand above its rows instead.</summary>
    bool Shows(int column);

    /// <param name="grouped">The columns that the groups go by, outermost first.</param>
    Task BeginAsync(Report report, ReportContext context, IReadOnlyList<int> grouped, IReadOnlyList<Chart> charts, CancellationToken ct);

    /// <summary>Ends a table and begins another one of the same report; only where <see cref="Room"/> has one table hold less than all.</summary>
    Task NextTableAsync(Report table, IReadOnlyList<int> grouped, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct);

    /// <param name="name">The group's value in the reader's language; empty where the rows have none.</param>
    ValueTask BeginGroupAsync(int level, string name, CancellationToken ct);
    ValueTask BeginRowAsync(CancellationToken ct);
    void EndRow();
    ValueTask EndGroupAsync(int level, string name, long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, CancellationToken ct);
    Task EndAsync(long rows, IReadOnlyList<IReadOnlyList<TotalCell>> totals, IReadOnlyList<Chart> charts, CancellationToken ct);
}
