using System.Globalization;

namespace Portal.Reports;

/// <summary>What a definition may ask while it runs.</summary>
public sealed class ReportContext
{
    private readonly Dictionary<ReportParameter, object> _values = [];

    public required ReportLanguage Language { get; init; }

    /// <summary>The same instant throughout one run.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Name of a company that the asking person may see; null for any other id.</summary>
    public required Func<long, CancellationToken, ValueTask<string?>> CompanyName { get; init; }

    /// <summary>Today in the reader's time zone.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Language.Zone).DateTime);

    public string Text(string key) => Language.Text[key];

    /// <summary>The answer to a parameter of this report; null where none was given.</summary>
    public T? Get<T>(ReportParameter<T> parameter) => _values.TryGetValue(parameter, out var value) ? (T)value : default;

    internal object? Find(ReportParameter parameter) => _values.GetValueOrDefault(parameter);

    internal void Set(ReportParameter parameter, object value) => _values[parameter] = value;

    internal static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
