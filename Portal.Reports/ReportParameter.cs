using System.Globalization;
using Portal.Domain.Common;

namespace Portal.Reports;

/// <summary>A question that a report asks before it runs. The text key is <c>parameter.{key}</c>.</summary>
public abstract class ReportParameter
{
    /// <summary>Kebab-case: the field's name in the form and in <c>--param name=value</c>.</summary>
    public required string Key { get; init; }
    public bool Required { get; init; }
    public string TextKey => $"parameter.{Key}";

    /// <summary>What the form is filled with at first; empty for nothing.</summary>
    public abstract string DefaultText(DateOnly today);

    /// <summary>The value that was meant (null for none), or why it cannot be taken.</summary>
    internal abstract (object? Value, Refusal? Refusal) Parse(string text);

    /// <summary>The value as the cover shows it.</summary>
    internal abstract ValueTask<string?> ShowAsync(object value, ReportContext context, CancellationToken ct);

    protected Refusal Refuse(string code, params object[] values) => new(code, RefusalKind.Invalid, Key, [new TextKey(TextKey), .. values]);
}

/// <typeparam name="T">What <see cref="ReportContext.Get{T}"/> gives for it; null when left empty.</typeparam>
public abstract class ReportParameter<T> : ReportParameter;

/// <summary>A day: <c>2026-01-31</c>.</summary>
public sealed class DateParameter : ReportParameter<DateOnly?>
{
    /// <summary>From today's date in the reader's time zone.</summary>
    public Func<DateOnly, DateOnly?>? Default { get; init; }

    public override string DefaultText(DateOnly today) => Default?.Invoke(today)?.ToString("O", CultureInfo.InvariantCulture) ?? "";

    internal override (object? Value, Refusal? Refusal) Parse(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (day, null) : (null, Refuse("report.date-invalid", text));

    internal override ValueTask<string?> ShowAsync(object value, ReportContext context, CancellationToken ct) => new(context.Language.Day((DateOnly)value));
}

/// <summary>One of a few words.</summary>
public sealed class ChoiceParameter : ReportParameter<string?>
{
    /// <summary>Values, as in the address of the page, with the text key of each.</summary>
    public required IReadOnlyList<(string Value, string TextKey)> Choices { get; init; }
    public string? Default { get; init; }

    public override string DefaultText(DateOnly today) => Default ?? "";

    internal override (object? Value, Refusal? Refusal) Parse(string text) =>
        Choices.Any(c => c.Value == text) ? (text, null) : (null, Refuse("report.choice-invalid", text));

    internal override ValueTask<string?> ShowAsync(object value, ReportContext context, CancellationToken ct) =>
        new(context.Language.Text[Choices.First(c => c.Value == (string)value).TextKey]);

    /// <returns>The value whose word was chosen; null for none.</returns>
    public static TEnum? Chosen<TEnum>(string? word) where TEnum : struct, Enum =>
        word is null ? null : Enum.GetValues<TEnum>().First(v => ReportLanguage.Kebab(v.ToString()) == word);

    /// <summary>The words of an enum, in its order.</summary>
    public static IReadOnlyList<(string Value, string TextKey)> Of<TEnum>() where TEnum : struct, Enum =>
        [.. Enum.GetValues<TEnum>().Select(v => (ReportLanguage.Kebab(v.ToString()), ReportLanguage.EnumKey(v)))];
}

/// <summary>A company that the asking person may see; by its id.</summary>
public sealed class CompanyParameter : ReportParameter<long?>
{
    public override string DefaultText(DateOnly today) => "";

    internal override (object? Value, Refusal? Refusal) Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (id, null) : (null, Refuse("report.company-unknown", text));

    internal override async ValueTask<string?> ShowAsync(object value, ReportContext context, CancellationToken ct) => await context.CompanyNameAsync((long)value, ct);

    internal Refusal Unknown(object value) => Refuse("report.company-unknown", value);
}

/// <summary>Free text: a part of a name, a code.</summary>
public sealed class TextParameter : ReportParameter<string?>
{
    public int MaxLength { get; init; } = 120;
    public string? Default { get; init; }

    public override string DefaultText(DateOnly today) => Default ?? "";

    internal override (object? Value, Refusal? Refusal) Parse(string text) =>
        text.Length <= MaxLength ? (text, null) : (null, Refuse("report.text-too-long", MaxLength));

    internal override ValueTask<string?> ShowAsync(object value, ReportContext context, CancellationToken ct) => new((string)value);
}
