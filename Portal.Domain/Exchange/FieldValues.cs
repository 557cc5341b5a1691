using System.Globalization;
using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>Turns what the rules of a profile produced into the typed value of a field, or into the refusal.</summary>
public static class FieldValues
{
    private static readonly char[] WordSeparators = [',', ';', ' ', '|'];

    /// <returns>The typed value (see <see cref="ImportRecord"/>), or a refusal whose field is the field's name.</returns>
    public static (object? Value, Refusal? Refusal) Convert(ImportField field, object? value)
    {
        if (value is ValueProblem problem) { return Refused(field, problem.Code); }
        if (value is null) { return field.Required ? (null, ImportRefusals.Required with { Field = field.Name }) : (null, null); }
        return field.Type switch
        {
            ImportFieldType.Text or ImportFieldType.Reference => OfText(field, Values.Text(value)),
            ImportFieldType.Number => OfNumber(field, Values.Number(value), whole: false),
            ImportFieldType.WholeNumber => OfNumber(field, Values.Number(value), whole: true),
            ImportFieldType.Boolean => OfBoolean(field, value),
            ImportFieldType.Date => OfDate(field, Values.Date(value), instant: false),
            ImportFieldType.Instant => OfDate(field, Values.Date(value), instant: true),
            ImportFieldType.Word => OfWord(field, Values.Text(value)),
            ImportFieldType.Words => OfWords(field, Values.Text(value)),
            _ => throw new InvalidOperationException($"No conversion to {field.Type}."),
        };
    }

    private static (object?, Refusal?) Refused(ImportField field, string code, params object[] values) => (null, new Refusal(code, Field: field.Name, Values: values));

    private static (object?, Refusal?) OfText(ImportField field, string text)
    {
        if (text.Length > field.MaxLength) { return (null, ImportRefusals.TooLong(field.MaxLength) with { Field = field.Name }); }
        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) { return Refused(field, ImportRefusals.ControlCharacter); }
        }
        return (text, null);
    }

    private static (object?, Refusal?) OfNumber(ImportField field, object? value, bool whole)
    {
        if (value is ValueProblem problem) { return Refused(field, problem.Code); }
        var number = (decimal)value!;
        if (number < field.Least || number > field.Most || (whole && number is < int.MinValue or > int.MaxValue)) { return Refused(field, ImportRefusals.OutOfRange, field.Least, field.Most); }
        if (whole) { return number == decimal.Truncate(number) ? ((int)number, null) : Refused(field, ImportRefusals.NotAnInteger); }
        return decimal.Round(number, field.Places) == number ? (number, null) : Refused(field, ImportRefusals.TooManyDecimals, field.Places);
    }

    private static (object?, Refusal?) OfBoolean(ImportField field, object value) => value is bool truth ? (truth, null) : Values.Text(value).ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "Y" or "是" => (true, null),
        "FALSE" or "0" or "NO" or "N" or "否" => (false, null),
        _ => Refused(field, ImportRefusals.NotABoolean),
    };

    private static (object?, Refusal?) OfDate(ImportField field, object? value, bool instant)
    {
        if (value is ValueProblem problem) { return Refused(field, problem.Code); }
        var time = (DateTime)value!;
        if (time.Year is < 1000 or > 9000) { return Refused(field, ImportRefusals.NotADate); }
        // Databases keep microseconds; what is finer would look like a change at every run.
        return instant ? (new DateTimeOffset(time.Ticks - time.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero), null) : (DateOnly.FromDateTime(time), null);
    }

    private static (object?, Refusal?) OfWord(ImportField field, string text) =>
        Find(field, text) is { } word ? (word, null) : Refused(field, field.UnknownWord, string.Join(", ", field.Words));

    private static (object?, Refusal?) OfWords(ImportField field, string text)
    {
        var words = text.Split(WordSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(w => Find(field, w)).Distinct().ToArray();
        return words.Contains(null) ? Refused(field, ImportRefusals.UnknownWord, string.Join(", ", field.Words)) : (words.Order(StringComparer.Ordinal).ToArray(), null);
    }

    private static string? Find(ImportField field, string word) => field.Words.FirstOrDefault(w => w.Equals(word, StringComparison.OrdinalIgnoreCase)) ?? field.Spelled?.Invoke(word);

    /// <summary>How a refusal shows the value that was not taken.</summary>
    public static string? Shown(object? value) => value switch
    {
        null => null,
        ValueProblem problem => Values.Shorten(problem.Value),
        _ => Values.Shorten(System.Convert.ToString(value is string ? value : Values.Text(value), CultureInfo.InvariantCulture) ?? ""),
    };
}
