namespace Portal.Reports;

public enum ChartKind { Funnel, Bar, Line }

/// <param name="Values">One for each category; null leaves a gap.</param>
/// <param name="Unit">Where it is not the chart's: empty for a count beside amounts. A second series of a funnel is told beside the first, not drawn.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal?> Values, string? Unit = null)
{
    /// <summary>A value in words, where the name alone does not go with every number.</summary>
    public string? Told { get; init; }
}

/// <summary>What a chart shows, in the reader's words; drawn as vector graphics with its numbers in a table.</summary>
/// <param name="Title">One line.</param>
/// <param name="CategoryName">What the categories are: heads the first column of the data table.</param>
/// <param name="Unit">Currency or unit of the values; empty for a count.</param>
public sealed record Chart(ChartKind Kind, string Title, string CategoryName, IReadOnlyList<string> Categories, IReadOnlyList<ChartSeries> Series, string Unit = "")
{
    /// <summary>The report's own table tells the same numbers: on the page and on paper the chart brings none beside it.</summary>
    public bool IsToldBelow { get; init; }

    /// <summary>Decimals of the values; of money, those of its currency.</summary>
    public int Decimals { get; init; }

    internal string UnitOf(ChartSeries series) => series.Unit ?? Unit;

    internal int DecimalsOf(ChartSeries series) =>
        UnitOf(series) is { Length: 3 } code && code.All(char.IsAsciiLetterUpper) ? Currencies.Decimals(code) : series.Unit is null ? Decimals : 0;
}

/// <summary>
/// A chart filled from the rows as they pass, for a report whose query is dear; it stands below the table. Memory is bounded: categories
/// beyond <see cref="MostCategories"/> are added up as "other".
/// </summary>
public sealed class RowChart<TRow>(ChartKind kind, string title, string categoryName, Func<TRow, string?> category, Func<TRow, decimal?> value, string seriesName, string otherName, string unit = "")
{
    public const int MostCategories = 60;
    private readonly Dictionary<string, int> _index = [];
    private readonly List<(string Name, decimal Sum)> _sums = [];

    internal void Add(TRow row)
    {
        if (value(row) is not { } amount) { return; }
        var name = category(row) ?? "";
        if (!_index.TryGetValue(name, out var at))
        {
            if (_sums.Count >= MostCategories) { name = otherName; }
            if (!_index.TryGetValue(name, out at))
            {
                at = _sums.Count;
                _sums.Add((name, 0));
                _index[name] = at;
            }
        }
        _sums[at] = (_sums[at].Name, _sums[at].Sum + amount);
    }

    internal Chart Draw() => new(kind, title, categoryName, [.. _sums.Select(s => s.Name)], [new(seriesName, [.. _sums.Select(s => (decimal?)s.Sum)])], unit);
}
