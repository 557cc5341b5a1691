using System.Globalization;
using System.Text;
using Portal.Domain.Catalog;
using Portal.Domain.Common;

namespace Portal.Reports;

/// <summary>How one reader reads: words, dates, numbers, money and the time zone of instants.</summary>
public sealed class ReportLanguage
{
    /// <summary>Language tags that the portal speaks; the first is taken where an unknown one is asked for.</summary>
    public static readonly IReadOnlyList<string> Codes = ["en", "zh-Hans"];

    private ReportLanguage(string code, TimeZoneInfo zone, IReportText? text)
    {
        Code = Codes.FirstOrDefault(c => c.Equals(code, StringComparison.OrdinalIgnoreCase)) ?? Codes[0];
        Culture = CultureInfo.GetCultureInfo(Code);
        Zone = zone;
        Text = text ?? new ReportText(Culture);
        IsChinese = Code == "zh-Hans";
    }

    public string Code { get; }
    public CultureInfo Culture { get; }
    public TimeZoneInfo Zone { get; }
    public IReportText Text { get; }

    /// <summary>For names that records hold in both languages.</summary>
    public bool IsChinese { get; }

    /// <summary>Patterns of a day and of a minute in a table.</summary>
    public string DatePattern => IsChinese ? "yyyy-MM-dd" : "d MMM yyyy";
    public string InstantPattern => IsChinese ? "yyyy-MM-dd HH:mm" : "d MMM yyyy HH:mm";

    /// <param name="text">Other words than the product's own; null for those.</param>
    public static ReportLanguage Of(string code, TimeZoneInfo zone, IReportText? text = null) => new(code, zone, text);

    /// <summary>The text with {0}, {1} filled in.</summary>
    public string Say(string key, params object?[] values) => CountedText.Format(Culture, Text[key], values);

    /// <summary>The refusal in this language. Values that are text keys of a parameter are translated.</summary>
    public string Say(Refusal refusal) => Say(refusal.Code, [.. refusal.Values.Select(v => v is TextKey key ? Text[key.Key] : v)]);

    /// <summary>A day where the year stands beside it.</summary>
    public string BriefDay(DateOnly day) => day.ToString(IsChinese ? "M/d" : "d MMM", Culture);

    /// <summary>A day in running text.</summary>
    public string Day(DateOnly day) => day.ToString(IsChinese ? "yyyy年M月d日" : "d MMMM yyyy", Culture);

    /// <summary>A day as the cells of a table say it.</summary>
    public string TableDay(DateOnly day) => day.ToString(DatePattern, Culture);

    /// <summary>A month in words: <c>December 2026</c>, <c>2026年12月</c>.</summary>
    public string Month(int year, int month) => new DateOnly(year, month, 1).ToString("Y", Culture);

    /// <summary>A minute in running text, with its zone.</summary>
    public string Moment(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, Zone);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : local.ToString("'UTC'zzz", CultureInfo.InvariantCulture);
        return $"{Day(DateOnly.FromDateTime(local.DateTime))} {local.ToString("HH:mm", CultureInfo.InvariantCulture)} {offset}";
    }

    public string Number(decimal value, int decimals) => value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), Culture);

    /// <summary>The amount with the decimals of its currency, and the currency's code.</summary>
    public string Money(decimal amount, string currency) => $"{Number(amount, Currencies.Decimals(currency))} {currency}".TrimEnd();

    /// <summary>The name of a country by its code.</summary>
    public string Country(string code) => CountryCodes.Name(code, Culture);

    /// <summary>A unit of measure in words; an unknown one as it is.</summary>
    public string Unit(string? code) => Units.Word(code, Culture);

    /// <summary>A short form for axes: 1.2M, 120 万.</summary>
    public string Compact(decimal value)
    {
        (decimal From, string Suffix)[] steps = IsChinese ? [(100_000_000m, "亿"), (10_000m, "万")] : [(1_000_000_000m, "B"), (1_000_000m, "M"), (1_000m, "K")];
        foreach (var (from, suffix) in steps)
        {
            if (Math.Abs(value) >= from) { return (value / from).ToString("0.##", Culture) + suffix; }
        }
        return value.ToString("0.##", Culture);
    }

    /// <summary>Word of an enum value: key <c>deal-status.submitted</c> for DealStatus.Submitted.</summary>
    public string Word<T>(T value) where T : struct, Enum => Text[EnumKey(value)];

    public static string EnumKey<T>(T value) where T : struct, Enum => $"{Kebab(typeof(T).Name)}.{Kebab(value.ToString())}";

    internal static string Kebab(string name)
    {
        var kebab = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && kebab.Length > 0) { kebab.Append('-'); }
            kebab.Append(char.ToLowerInvariant(c));
        }
        return kebab.ToString();
    }
}

/// <summary>A refusal's value that is itself a text key.</summary>
public readonly record struct TextKey(string Key)
{
    public override string ToString() => Key;
}
