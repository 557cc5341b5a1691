namespace Portal.Reports;

/// <summary>How a total is shown: the column's kind with the currency or unit that was added up.</summary>
internal readonly record struct TotalFormat(ColumnKind Kind, string Unit, int Decimals);

/// <summary>One total in one column. <paramref name="Value"/> is null where the row has nothing for the column.</summary>
internal readonly record struct TotalCell(int Column, decimal? Value, TotalFormat Format, Total Total, bool OnlyUnit);

/// <summary>Sums and counts of one column per currency or unit. Few units: a list is quicker than a dictionary.</summary>
internal sealed class Tally
{
    private readonly List<(string Unit, decimal Sum, long Count)> _units = [];

    public IReadOnlyList<(string Unit, decimal Sum, long Count)> Units => _units;

    public void Add(string unit, decimal value, long count = 1)
    {
        for (var i = 0; i < _units.Count; i++)
        {
            var (name, sum, counted) = _units[i];
            if (!string.Equals(name, unit, StringComparison.Ordinal)) { continue; }
            _units[i] = (name, sum + value, counted + count);
            return;
        }
        _units.Add((unit, value, count));
    }

    public void Add(Tally other)
    {
        foreach (var (unit, sum, count) in other._units) { Add(unit, sum, count); }
    }

    public void Clear() => _units.Clear();
}

/// <summary>The running totals of all columns over one group, or over the whole table.</summary>
internal sealed class Totals<TRow>
{
    private readonly IReadOnlyList<Column<TRow>> _columns;
    private readonly Tally?[] _tallies;

    public Totals(IReadOnlyList<Column<TRow>> columns)
    {
        _columns = columns;
        _tallies = [.. columns.Select(c => c.Total is Total.None ? null : new Tally())];
    }

    public long Rows { get; private set; }

    public void Add(TRow row)
    {
        Rows++;
        for (var i = 0; i < _tallies.Length; i++)
        {
            if (_tallies[i] is not { } tally) { continue; }
            var (value, unit) = _columns[i].Measure(row);
            if (value is { } v) { tally.Add(unit, v); }
        }
    }

    public void Add(Totals<TRow> inner)
    {
        Rows += inner.Rows;
        for (var i = 0; i < _tallies.Length; i++) { _tallies[i]?.Add(inner._tallies[i]!); }
    }

    public void Clear()
    {
        Rows = 0;
        foreach (var tally in _tallies) { tally?.Clear(); }
    }

    /// <summary>
    /// One line per currency or unit, in the order of their codes. Columns of one kind share their lines, so that amount and
    /// weighted amount in one currency stand side by side. No line at all where no column is totalled.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<TotalCell>> Lines()
    {
        var units = new Dictionary<ColumnKind, List<string>>();
        for (var i = 0; i < _tallies.Length; i++)
        {
            if (_tallies[i] is not { } tally) { continue; }
            var key = KeyOf(_columns[i]);
            if (!units.TryGetValue(key, out var list)) { units[key] = list = []; }
            list.AddRange(tally.Units.Select(u => UnitOf(_columns[i], u.Unit)).Except(list).ToList());
        }
        foreach (var list in units.Values) { list.Sort(string.CompareOrdinal); }
        var count = units.Count == 0 ? 0 : Math.Max(1, units.Values.Max(l => l.Count));
        var lines = new List<IReadOnlyList<TotalCell>>(count);
        for (var line = 0; line < count; line++)
        {
            var cells = new List<TotalCell>();
            for (var i = 0; i < _tallies.Length; i++)
            {
                if (_tallies[i] is not { } tally) { continue; }
                var list = units[KeyOf(_columns[i])];
                cells.Add(line < list.Count ? Cell(i, tally, list[line]) : line == 0 && _columns[i].Total is Total.Count ? Cell(i, tally, "") : Empty(i));
            }
            lines.Add(cells);
        }
        return lines;
    }

    private TotalCell Cell(int column, Tally tally, string unit)
    {
        var definition = _columns[column];
        decimal sum = 0;
        long count = 0;
        foreach (var entry in tally.Units)
        {
            if (UnitOf(definition, entry.Unit) != unit) { continue; }
            sum += entry.Sum;
            count += entry.Count;
        }
        decimal? value = definition.Total switch
        {
            Total.Count => count,
            Total.Average => count == 0 ? null : sum / count,
            _ => count == 0 ? null : sum,
        };
        var format = definition.Total is Total.Count ? new TotalFormat(ColumnKind.Whole, "", 0) : new TotalFormat(definition.Kind, unit, definition.Decimals);
        return new(column, value, format, definition.Total, tally.Units.Count <= 1 || definition.Total is Total.Count);
    }

    private TotalCell Empty(int column) => new(column, null, default, _columns[column].Total, OnlyUnit: false);

    /// <summary>A count is one number, whatever the units.</summary>
    private static string UnitOf(Column column, string unit) => column.Total is Total.Count ? "" : unit;

    private static ColumnKind KeyOf(Column column) => column.Total is Total.Count ? ColumnKind.Whole : column.Kind switch
    {
        ColumnKind.Money => ColumnKind.Money,
        ColumnKind.Quantity => ColumnKind.Quantity,
        _ => ColumnKind.Whole,
    };
}
