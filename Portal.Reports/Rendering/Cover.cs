namespace Portal.Reports.Rendering;

/// <summary>What stands above every report: what, for whom, when, of what.</summary>
/// <param name="Facts">Person, moment and filters, with their names, in the reader's words.</param>
internal sealed record Cover(string Title, string About, string Person, string Moment, IReadOnlyList<(string Name, string Value)> Facts, bool Landscape)
{
    /// <summary>Characters that an upright A4 page holds in the table's type size.</summary>
    public const int UprightCharacters = 96;

    public static async Task<Cover> OfAsync(Report report, ReportContext context, string person, CancellationToken ct)
    {
        var moment = context.Language.Moment(context.Now);
        var facts = new List<(string, string)> { (context.Text("report.prepared-for"), person), (context.Text("report.prepared-at"), moment) };
        foreach (var parameter in report.Parameters)
        {
            if (context.Find(parameter) is { } value) { facts.Add((context.Text(parameter.TextKey), await parameter.ShowAsync(value, context, ct) ?? "")); }
        }
        return new(context.Text(report.TitleKey), context.Text(report.AboutKey), person, moment, facts, report.ColumnList.Sum(c => c.Width) > UprightCharacters);
    }
}
