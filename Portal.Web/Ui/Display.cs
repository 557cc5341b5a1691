using System.Collections.Concurrent;
using System.Globalization;
using Portal.Domain.Catalog;
using Portal.Domain.Common;

namespace Portal.Web.Ui;

/// <summary>How values are written for a reader: in the current language and the reader's time zone. Numbers keep their digits: nothing is rounded but money to its currency's places.</summary>
public static class Display
{
    /// <summary>Written where a value is absent.</summary>
    public const string None = "–";

    private static readonly ConcurrentDictionary<string, int> Places = new(
        new Dictionary<string, int> { ["JPY"] = 0, ["KRW"] = 0, ["VND"] = 0, ["CLP"] = 0, ["ISK"] = 0, ["BHD"] = 3, ["KWD"] = 3, ["OMR"] = 3, ["TND"] = 3, ["JOD"] = 3 });

    /// <summary>A month in words: <c>December 2026</c>, <c>2026年12月</c>.</summary>
    public static string? Month(int? year, int? month) => year is { } y && month is { } m ? new DateOnly(y, m, 1).ToString("Y", CultureInfo.CurrentCulture) : null;

    /// <param name="kept">Year and number: <c>2026-12</c>.</param>
    public static string Month(string kept) => DateOnly.ParseExact(kept, "yyyy-MM", CultureInfo.InvariantCulture).ToString("Y", CultureInfo.CurrentCulture);

    public static string Date(DateOnly? date) => date?.ToString("d", CultureInfo.CurrentCulture) ?? None;

    /// <summary>The day and minute of an instant in the reader's time zone.</summary>
    public static string Instant(DateTimeOffset? instant, TimeZoneInfo zone) =>
        instant is { } i ? TimeZoneInfo.ConvertTime(i, zone).ToString("g", CultureInfo.CurrentCulture) : None;

    /// <summary>Hour and minute in the reader's time zone, of an instant that is near.</summary>
    public static string Time(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).ToString("t", CultureInfo.CurrentCulture);

    public static string Number(decimal? number) => number?.ToString("#,##0.####", CultureInfo.CurrentCulture) ?? None;

    public static string Number(long? number) => number?.ToString("#,##0", CultureInfo.CurrentCulture) ?? None;

    public static string Percent(decimal? share) => share is { } s ? (s * 100).ToString("#,##0.#", CultureInfo.CurrentCulture) + " %" : None;

    /// <summary>Amount and ISO code: <c>1,234.50 EUR</c>. The code and not the sign: ¥ is two currencies, $ twenty.</summary>
    public static string Money(Money? money) => money is { } m ? Amount(m.Amount, m.Currency) + " " + m.Currency : None;

    /// <summary>The amount alone, with at least its currency's places and never fewer than it has.</summary>
    public static string Amount(decimal amount, string currency) => amount.ToString(Pattern(currency, amount), CultureInfo.CurrentCulture);

    /// <summary>The pattern of an amount. Most need no more places than their currency, and for those the standard one is several times quicker.</summary>
    internal static string Pattern(string currency, decimal amount) =>
        Places.TryGetValue(currency, out var places) ? amount.Scale <= places ? Standard[places] : Pattern(currency) : amount.Scale <= 2 ? Standard[2] : Pattern(currency);

    private static readonly string[] Standard = ["N0", "N1", "N2", "N3"];

    private static string Pattern(string currency) => (Places.TryGetValue(currency, out var places) ? places : 2) switch
    {
        0 => "#,##0.####", 3 => "#,##0.000#", _ => "#,##0.00##",
    };

    /// <summary>A unit of measure in words: <c>pcs</c> for PCE.</summary>
    public static string Unit(string? code) => Units.Word(code, CultureInfo.CurrentUICulture);

    /// <summary>A file size in steps of 1,024.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => bytes.ToString("#,##0", CultureInfo.CurrentCulture) + " B",
        < 1024 * 1024 => (bytes / 1024m).ToString("#,##0", CultureInfo.CurrentCulture) + " KB",
        < 1024L * 1024 * 1024 => (bytes / 1048576m).ToString("#,##0.0", CultureInfo.CurrentCulture) + " MB",
        _ => (bytes / 1073741824m).ToString("#,##0.0", CultureInfo.CurrentCulture) + " GB",
    };

    /// <summary>The text key of an enum value: <c>DealStatus.NotStarted</c> is <c>deal-status.not-started</c>.</summary>
    public static string Key(Enum value) => Keys.GetOrAdd(value, static v => Kebab(v.GetType().Name) + "." + Kebab(v.ToString()));

    private static readonly ConcurrentDictionary<Enum, string> Keys = new();

    internal static string Kebab(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))) { text.Append('-'); }
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
