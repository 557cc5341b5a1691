using Portal.Domain.Common;
using Portal.Reports.Rendering;

namespace Portal.Reports;

public enum ColumnKind { Text, Whole, Number, Money, Quantity, Percent, Date, Instant }

/// <summary>What stands in the column below a group and below the whole table. Money is totalled per currency, a quantity per unit.</summary>
public enum Total { None, Sum, Average, Count }

/// <summary>What a renderer knows of a column.</summary>
public abstract class Column
{
    /// <summary>Kebab-case; the text key is <c>column.{key}</c>.</summary>
    public required string Key { get; init; }
    public required ColumnKind Kind { get; init; }

    /// <summary>In characters.</summary>
    public required int Width { get; init; }
    public Total Total { get; init; }

    /// <summary>Decimals shown of a plain number.</summary>
    public int Decimals { get; init; }

    /// <summary>Keys of the words that its cells can hold.</summary>
    public IReadOnlyList<string> WordKeys { get; init; } = [];

    /// <summary>What heads the column instead of its text, for columns that come from the data: a week.</summary>
    public string? Heading { get; init; }

    /// <summary>The unit stands in a column of its own, and in totals beside their name: one of many narrow columns.</summary>
    public bool UnitApart { get; init; }

    /// <summary>A number of a record, an item number: never broken over lines.</summary>
    public bool IsCode { get; init; }

    public string TextKey => $"column.{Key}";
    public Align Align => Kind is ColumnKind.Text ? Align.Start : Kind is ColumnKind.Date or ColumnKind.Instant ? Align.Start : Align.End;
}

/// <summary>A column of a row type: where its value comes from. Made by <see cref="Columns{TRow}"/>.</summary>
public abstract class Column<TRow> : Column
{
    internal abstract void Write(TRow row, ICells cells, ReportLanguage language);

    /// <summary>Whether two rows belong to one group of this column.</summary>
    internal abstract bool SameGroup(TRow a, TRow b);

    /// <summary>What is added up; null counts for nothing.</summary>
    internal virtual (decimal? Value, string Unit) Measure(TRow row) => default;
}

internal sealed class Column<TRow, TValue> : Column<TRow>
{
    public required Func<TRow, TValue> Value { get; init; }
    public required Action<ICells, TValue, TRow, ReportLanguage> Cell { get; init; }
    public Func<TRow, (decimal? Value, string Unit)>? Measured { get; init; }

    internal override void Write(TRow row, ICells cells, ReportLanguage language) => Cell(cells, Value(row), row, language);
    internal override bool SameGroup(TRow a, TRow b) => EqualityComparer<TValue>.Default.Equals(Value(a), Value(b));
    internal override (decimal? Value, string Unit) Measure(TRow row) =>
        Measured is not null ? Measured(row) : (Value(row) is null or "" ? null : 1m, "");
}

/// <summary>Makes the columns of a row type.</summary>
public static class Columns<TRow>
{
    public static Column<TRow> Text(string key, Func<TRow, string?> value, int width = 24, Total total = Total.None) => new Column<TRow, string?>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, Total = total, Value = value, Cell = static (cells, v, _, _) => cells.Text(v),
    };

    public static Column<TRow> Code(string key, Func<TRow, string?> value, int width = 14) => new Column<TRow, string?>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, IsCode = true, Value = value, Cell = static (cells, v, _, _) => cells.Text(v),
    };

    /// <summary>An enum in the reader's language.</summary>
    public static Column<TRow> Word<TEnum>(string key, Func<TRow, TEnum?> value, int width = 14) where TEnum : struct, Enum => new Column<TRow, TEnum?>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, Value = value, Cell = static (cells, v, _, language) => cells.Text(v is { } word ? language.Word(word) : null),
        WordKeys = [.. Enum.GetValues<TEnum>().Select(ReportLanguage.EnumKey)],
    };

    /// <summary>A country by its code, named in the reader's language.</summary>
    public static Column<TRow> Country(string key, Func<TRow, string?> code, int width = 14) => new Column<TRow, string?>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, Value = code, Cell = static (cells, v, _, language) => cells.Text(v is null ? null : language.Country(v)),
    };

    /// <summary>A month in the reader's words, where its day is not told.</summary>
    public static Column<TRow> Month(string key, Func<TRow, (int Year, int Month)?> value, int width = 15) => new Column<TRow, (int Year, int Month)?>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, Value = value, Cell = static (cells, v, _, language) => cells.Text(v is var (year, month) ? language.Month(year, month) : null),
    };

    /// <summary>A yes or a no in the reader's language.</summary>
    public static Column<TRow> Flag(string key, Func<TRow, bool> value, int width = 8) => new Column<TRow, bool>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, Value = value, Cell = static (cells, v, _, language) => cells.Text(language.Text[v ? "report.yes" : "report.no"]),
    };

    public static Column<TRow> Whole(string key, Func<TRow, long?> value, int width = 10, Total total = Total.None) => new Column<TRow, long?>
    {
        Key = key, Kind = ColumnKind.Whole, Width = width, Total = total, Value = value, Cell = static (cells, v, _, _) => cells.Whole(v), Measured = row => (value(row), ""),
    };

    public static Column<TRow> Number(string key, Func<TRow, decimal?> value, int decimals = 2, int width = 12, Total total = Total.None) => new Column<TRow, decimal?>
    {
        Key = key, Kind = ColumnKind.Number, Width = width, Total = total, Decimals = decimals, Value = value,
        Cell = (cells, v, _, _) => cells.Number(v, decimals), Measured = row => (value(row), ""),
    };

    public static Column<TRow> Money(string key, Func<TRow, Money?> value, int width = 18, Total total = Total.Sum) => new Column<TRow, Money?>
    {
        Key = key, Kind = ColumnKind.Money, Width = width, Total = total, Decimals = 2, Value = value,
        Cell = static (cells, v, _, _) => cells.Money(v?.Amount, v?.Currency), Measured = row => value(row) is { } money ? (money.Amount, money.Currency) : (null, ""),
    };

    public static Column<TRow> Quantity(string key, Func<TRow, decimal?> value, Func<TRow, string?> unit, int width = 14, Total total = Total.Sum) => new Column<TRow, decimal?>
    {
        Key = key, Kind = ColumnKind.Quantity, Width = width, Total = total, Value = value,
        Cell = (cells, v, row, _) => cells.Quantity(v, unit(row)), Measured = row => (value(row), unit(row) ?? ""),
    };

    /// <summary>The unit of the quantities that stand in other columns of the row.</summary>
    public static Column<TRow> Unit(string key, Func<TRow, string?> code, int width = 8) => new Column<TRow, string?>
    {
        Key = key, Kind = ColumnKind.Text, Width = width, Value = code, Cell = static (cells, v, _, language) => cells.Text(language.Unit(v)),
    };

    /// <summary>A quantity without its unit, under a heading that comes from the data.</summary>
    public static Column<TRow> Across(string key, string? heading, Func<TRow, decimal?> value, Func<TRow, string?> unit, int width = 9) => new Column<TRow, decimal?>
    {
        Key = key, Heading = heading, UnitApart = true, Kind = ColumnKind.Quantity, Width = width, Total = Total.Sum, Value = value,
        Cell = static (cells, v, _, _) => cells.Quantity(v, null), Measured = row => (value(row), unit(row) ?? ""),
    };

    /// <param name="value">A fraction: 0.25 is 25 %.</param>
    public static Column<TRow> Percent(string key, Func<TRow, decimal?> value, int width = 12, Total total = Total.None) => new Column<TRow, decimal?>
    {
        Key = key, Kind = ColumnKind.Percent, Width = width, Total = total, Decimals = 1, Value = value, Cell = static (cells, v, _, _) => cells.Percent(v), Measured = row => (value(row), ""),
    };

    public static Column<TRow> Date(string key, Func<TRow, DateOnly?> value, int width = 13) => new Column<TRow, DateOnly?>
    {
        Key = key, Kind = ColumnKind.Date, Width = width, Value = value, Cell = static (cells, v, _, _) => cells.Date(v),
    };

    public static Column<TRow> Instant(string key, Func<TRow, DateTimeOffset?> value, int width = 18) => new Column<TRow, DateTimeOffset?>
    {
        Key = key, Kind = ColumnKind.Instant, Width = width, Value = value, Cell = static (cells, v, _, _) => cells.Instant(v),
    };
}
