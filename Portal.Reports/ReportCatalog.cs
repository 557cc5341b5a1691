using System.Collections.Frozen;

namespace Portal.Reports;

/// <summary>All reports of the product; what menu, command line and the rights tests enumerate.</summary>
public sealed class ReportCatalog
{
    private readonly FrozenDictionary<string, Report> _byName;

    /// <exception cref="ArgumentException">Two reports have one name.</exception>
    public ReportCatalog(IEnumerable<Report> reports)
    {
        All = [.. reports.OrderBy(r => r.Name, StringComparer.Ordinal)];
        _byName = All.ToDictionary(r => r.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<Report> All { get; }

    public Report? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Every definition in this assembly: what is made anew for a run, such as a table of some weeks, takes arguments.</summary>
    public static ReportCatalog Standard() => new(typeof(Report).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Report)) && t.GetConstructor([]) is not null)
        .Select(t => (Report)Activator.CreateInstance(t)!));
}
