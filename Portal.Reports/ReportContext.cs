using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Reports;

/// <summary>What a definition may ask while it runs.</summary>
public sealed class ReportContext
{
    private readonly Dictionary<ReportParameter, object> _values = [];

    public required ReportLanguage Language { get; init; }

    /// <summary>The same instant throughout one run.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The data as the asking person sees it: the only source of rows.</summary>
    public required PortalDbContext Db { get; init; }

    /// <summary>Today in the reader's time zone.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Language.Zone).DateTime);

    /// <returns>The instant, in UTC, at which the day begins where the reader lives.</returns>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where the clock is put forward at midnight the day begins later.
        while (Language.Zone.IsInvalidTime(midnight)) { midnight = midnight.AddMinutes(15); }
        return new DateTimeOffset(midnight, Language.Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    public string Text(string key) => Language.Text[key];

    internal string HeadOf(Column column) => column.Heading ?? Text(column.TextKey);

    /// <summary>The answer to a parameter of this report; null where none was given.</summary>
    public T? Get<T>(ReportParameter<T> parameter) => _values.TryGetValue(parameter, out var value) ? (T)value : default;

    internal object? Find(ReportParameter parameter) => _values.GetValueOrDefault(parameter);

    internal void Set(ReportParameter parameter, object value) => _values[parameter] = value;

    /// <returns>Name of a company that the asking person may see; null for any other id.</returns>
    internal Task<string?> CompanyNameAsync(long id, CancellationToken ct) => Db.Companies.Where(c => c.Id == id).Select(c => c.Name).FirstOrDefaultAsync(ct);
}
