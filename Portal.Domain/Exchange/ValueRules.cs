using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>The values of one row by slot; a mapping binds names to slots once, so that a row costs no look-up by name.</summary>
public sealed class RowValues(int slots)
{
    public object?[] Slots { get; } = new object?[slots];
    public object? this[int slot] { get => Slots[slot]; set => Slots[slot] = value; }
}

/// <summary>Where a value comes from and what is done to it, in order.</summary>
public sealed class ValueRule(ValueOrigin origin, IReadOnlyList<ValueStep> steps)
{
    public ValueOrigin Origin => origin;

    /// <summary>The column a refusal names; empty where several columns make the value.</summary>
    public string Column => origin.Column;

    /// <returns>Null, string, decimal, DateTime, TimeSpan, bool, or the <see cref="ValueProblem"/> that stopped the steps.</returns>
    public object? Of(RowValues row)
    {
        var value = origin.Of(row);
        foreach (var step in steps)
        {
            if (value is ValueProblem) { return value; }
            value = step.Apply(value);
            if (value is string { Length: 0 }) { value = null; }
        }
        return value;
    }
}

public abstract class ValueOrigin
{
    public virtual string Column => "";
    public abstract object? Of(RowValues row);
}

public sealed class ColumnOrigin(string name, int slot) : ValueOrigin
{
    public override string Column => name;
    public override object? Of(RowValues row) => row[slot];
}

public sealed class ConstantOrigin(object? value) : ValueOrigin
{
    public override object? Of(RowValues row) => value;
}

/// <summary>Text with places <c>{column}</c>. Empty places leave no double blanks; with every place empty the value is empty.</summary>
public sealed class TemplateOrigin(IReadOnlyList<(string Text, int Slot)> parts) : ValueOrigin
{
    public override object? Of(RowValues row)
    {
        var text = new StringBuilder();
        var (places, filled) = (0, 0);
        foreach (var (literal, slot) in parts)
        {
            text.Append(literal);
            if (slot < 0) { continue; }
            places++;
            var value = row[slot];
            if (value is ValueProblem) { return value; }
            if (value is null) { continue; }
            filled++;
            text.Append(Values.Text(value));
        }
        return places > 0 && filled == 0 ? null : Values.Collapse(text.ToString());
    }
}

/// <summary>The first of several that is not empty.</summary>
public sealed class FirstOrigin(IReadOnlyList<ValueRule> rules) : ValueOrigin
{
    public override string Column => rules[0].Column;

    public override object? Of(RowValues row)
    {
        foreach (var rule in rules)
        {
            if (rule.Of(row) is { } value) { return value; }
        }
        return null;
    }
}

/// <summary>One thing done to a value. Nothing is done to an empty value except by steps that give it a meaning.</summary>
public abstract class ValueStep
{
    public abstract object? Apply(object? value);
}

public sealed class TextStep(Func<string, string?> change) : ValueStep
{
    public override object? Apply(object? value) => value is null ? null : change(Values.Text(value));
}

public sealed class DefaultStep(object otherwise) : ValueStep
{
    public override object? Apply(object? value) => value ?? otherwise;
}

public enum Unmapped { Keep, Refuse, Empty, Constant }

/// <summary>Other words for given ones; letter case does not matter.</summary>
/// <param name="each">The value lists several, parted by comma, semicolon, bar or their Chinese forms; each stands for itself.</param>
public sealed class MapStep(IReadOnlyDictionary<string, string?> words, Unmapped otherwise, string? constant, bool each = false) : ValueStep
{
    private static readonly char[] s_between = [',', ';', '|', '，', '；', '、'];

    /// <returns>What a list names, one by one.</returns>
    public static string[] Parts(string list) => list.Split(s_between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public override object? Apply(object? value)
    {
        if (value is null) { return null; }
        if (!each) { return One(value, Values.Text(value)); }
        var found = new List<string>();
        foreach (var part in Parts(Values.Text(value)))
        {
            switch (One(part, part))
            {
                case ValueProblem problem: return problem;
                case { } word: found.Add(Values.Text(word)); break;
            }
        }
        return string.Join(',', found);
    }

    private object? One(object value, string text)
    {
        if (words.TryGetValue(text, out var mapped)) { return mapped; }
        return otherwise switch
        {
            Unmapped.Keep => value,
            Unmapped.Empty => null,
            Unmapped.Constant => constant,
            Unmapped.Refuse => new ValueProblem(ImportRefusals.NotInMap, text),
            _ => throw new InvalidOperationException(),
        };
    }
}

public sealed class ReplaceStep(Regex pattern, string with) : ValueStep
{
    public override object? Apply(object? value)
    {
        if (value is null) { return null; }
        var text = Values.Text(value);
        try { return pattern.Replace(text, with).Trim(); }
        catch (RegexMatchTimeoutException) { return new ValueProblem(ImportRefusals.PatternTooSlow, Values.Shorten(text)); }
    }
}

/// <summary>The part of the text that the pattern's first group (or the whole pattern) matches; empty where it does not match.</summary>
public sealed class ExtractStep(Regex pattern) : ValueStep
{
    public override object? Apply(object? value)
    {
        if (value is null) { return null; }
        var text = Values.Text(value);
        try
        {
            var match = pattern.Match(text);
            return !match.Success ? null : match.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
        }
        catch (RegexMatchTimeoutException) { return new ValueProblem(ImportRefusals.PatternTooSlow, Values.Shorten(text)); }
    }
}

public sealed class SplitStep(string separator, int take) : ValueStep
{
    public override object? Apply(object? value)
    {
        if (value is null) { return null; }
        var parts = Values.Text(value).Split(separator, StringSplitOptions.TrimEntries);
        var place = take >= 0 ? take : parts.Length + take;
        return place >= 0 && place < parts.Length ? parts[place] : null;
    }
}

/// <summary>Reads a number as the culture writes it: <c>1.234,50</c> in de-DE. Blanks and apostrophes that part thousands may stand in any.</summary>
public sealed class NumberStep(CultureInfo culture) : ValueStep
{
    private readonly string _thousands = culture.NumberFormat.NumberGroupSeparator;
    private readonly string _decimals = culture.NumberFormat.NumberDecimalSeparator;

    public override object? Apply(object? value) => value switch
    {
        null or decimal => value,
        bool => new ValueProblem(ImportRefusals.NotANumber, Values.Text(value)),
        _ => Number(Values.Text(value)) is { } number ? number : new ValueProblem(ImportRefusals.NotANumber, Values.Text(value)),
    };

    private decimal? Number(string text)
    {
        var plain = new string([.. text.Where(c => !char.IsWhiteSpace(c) && c is not ('\'' or '’'))]);
        return IsGrouped(plain) && decimal.TryParse(plain, NumberStyles.Number | NumberStyles.AllowExponent | NumberStyles.AllowParentheses, culture, out var number) ? number : null;
    }

    /// <summary>Where thousands are parted, three digits follow the last mark: 1.5 is not 15 because a comma was expected.</summary>
    private bool IsGrouped(string text)
    {
        var last = _thousands.Length == 0 ? -1 : text.LastIndexOf(_thousands, StringComparison.Ordinal);
        if (last < 0) { return true; }
        var after = text.AsSpan(last + _thousands.Length);
        var end = after.IndexOf(_decimals, StringComparison.Ordinal);
        var group = (end < 0 ? after : after[..end]).TrimEnd(')');
        return group.Length == 3 && group.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}

/// <summary>Reads a date in one of the given formats.</summary>
public sealed class DateStep(string[] formats, CultureInfo culture) : ValueStep
{
    public override object? Apply(object? value) => value switch
    {
        null or DateTime => value,
        _ => DateTime.TryParseExact(Values.Text(value), formats, culture, DateTimeStyles.AllowWhiteSpaces, out var date) ? date : new ValueProblem(ImportRefusals.NotADate, Values.Text(value)),
    };
}

public sealed class ArithmeticStep(Func<decimal, decimal> change) : ValueStep
{
    public override object? Apply(object? value)
    {
        var number = Values.Number(value);
        if (number is not decimal exact) { return number; }
        try { return change(exact); }
        catch (OverflowException) { return new ValueProblem(ImportRefusals.OutOfRange, Values.Text(exact)); }
    }
}

/// <summary>The first day of the week (ISO 8601: Monday) or of the month in which the date lies.</summary>
public sealed class PeriodStep(bool month) : ValueStep
{
    public override object? Apply(object? value)
    {
        var date = Values.Date(value);
        if (date is not DateTime time) { return date; }
        var day = DateOnly.FromDateTime(time);
        return (month ? new DateOnly(day.Year, day.Month, 1) : day.AddDays(-(((int)day.DayOfWeek + 6) % 7))).ToDateTime(default);
    }
}

/// <summary>The text of the first element with a local name, from a cell that holds XML. No document type, nothing fetched.</summary>
public sealed class XmlStep(string element) : ValueStep
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment };

    public override object? Apply(object? value)
    {
        if (value is null) { return null; }
        var text = Values.Text(value);
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            while (reader.Read())
            {
                if (reader.NodeType is XmlNodeType.Element && reader.LocalName == element) { return reader.ReadElementContentAsString().Trim(); }
            }
            return null;
        }
        catch (XmlException) { return new ValueProblem(ImportRefusals.NotXml, Values.Shorten(text)); }
    }
}

/// <summary>One test of a row. Empty cells are equal to nothing.</summary>
public sealed class Condition(int slot, Func<object?, bool> test, bool not)
{
    public bool Holds(RowValues row) => test(row[slot]) != not;
}

/// <summary>Conversions that the steps share; none depends on the machine's culture.</summary>
public static class Values
{
    /// <summary>The year first, as ISO 8601 and East Asia write it: no such date can be read in two ways.</summary>
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm",
        "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyyMMdd", "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyy/M/d H:mm", "yyyy/M/d H:mm:ss",
    ];

    public static string Text(object value) => value switch
    {
        string text => text,
        DateTime time => time.ToString(time.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <returns>decimal, null, or a problem.</returns>
    public static object? Number(object? value) => value switch
    {
        null or decimal or ValueProblem => value,
        string text => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? number
            : new ValueProblem(ImportRefusals.NotANumber, text),
        _ => new ValueProblem(ImportRefusals.NotANumber, Text(value)),
    };

    /// <returns>DateTime, null, or a problem. Text begins with the year; other forms need a date step.</returns>
    public static object? Date(object? value) => value switch
    {
        null or DateTime or ValueProblem => value,
        string text => DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var date) ? date : new ValueProblem(ImportRefusals.NotADate, text),
        _ => new ValueProblem(ImportRefusals.NotADate, Text(value)),
    };

    /// <returns>The cell without what stands around its text; null where nothing is left.</returns>
    public static object? Clean(object? cell)
    {
        if (cell is not string text) { return cell; }
        text = text.Trim();
        // Whoever writes tables for spreadsheets puts an apostrophe before what would be a formula, as Portal does.
        if (text is ['\'', '=' or '+' or '-' or '@', ..]) { text = text[1..]; }
        return text.Length == 0 ? null : text;
    }

    public static string? Collapse(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c)) { result.Append(c); }
            else if (result.Length > 0 && result[^1] != ' ') { result.Append(' '); }
        }
        var end = result.Length;
        while (end > 0 && result[end - 1] == ' ') { end--; }
        return end == 0 ? null : result.ToString(0, end);
    }

    public static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 79), "…");
}
