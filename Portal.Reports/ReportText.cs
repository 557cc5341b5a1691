using System.Globalization;
using System.Resources;

namespace Portal.Reports;

/// <summary>The words of a report, by key, in one language.</summary>
public interface IReportText
{
    /// <returns>The text, or the key itself where there is none.</returns>
    string this[string key] { get; }
}

/// <summary>ReportsText.resx and its languages.</summary>
public sealed class ReportText(CultureInfo culture) : IReportText
{
    public static readonly ResourceManager Resources = new("Portal.Reports.ReportsText", typeof(ReportText).Assembly);

    public string this[string key] => Resources.GetString(key, culture) ?? key;
}
