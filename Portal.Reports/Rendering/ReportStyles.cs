namespace Portal.Reports.Rendering;

/// <summary>The style sheet of the report's HTML; every rule is below the class <c>report</c>, so that a page of the portal can bring it along.</summary>
public static class ReportStyles
{
    public static string Css { get; } = Load();

    private static string Load()
    {
        using var stream = typeof(ReportStyles).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
