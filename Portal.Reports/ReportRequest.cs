using Portal.Domain.Common;

namespace Portal.Reports;

public enum ReportFormat { Html, Pdf, Xlsx, Csv }

public static class ReportFormats
{
    extension(ReportFormat format)
    {
        public string Extension => format switch
        {
            ReportFormat.Html => "html",
            ReportFormat.Pdf => "pdf",
            ReportFormat.Xlsx => "xlsx",
            ReportFormat.Csv => "csv",
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };

        public string ContentType => format switch
        {
            ReportFormat.Html => "text/html; charset=utf-8",
            ReportFormat.Pdf => "application/pdf",
            ReportFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ReportFormat.Csv => "text/csv; charset=utf-8",
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }
}

/// <param name="Name">Of a report in the catalog.</param>
/// <param name="Parameters">By key; a missing or empty answer is none. Defaults are the form's affair: <see cref="ReportRunner.Defaults"/>.</param>
/// <param name="Language">A tag of <see cref="ReportLanguage.Codes"/>; another one gives the first of them.</param>
/// <param name="Zone">In which the reader lives: instants, and what "today" is.</param>
/// <param name="Person">The asker's name, for the cover.</param>
public sealed record ReportRequest(string Name, ReportFormat Format, IReadOnlyDictionary<string, string> Parameters, string Language, TimeZoneInfo Zone, string Person)
{
    /// <summary>HTML for a page that brings the style sheet along, instead of a document.</summary>
    public bool Fragment { get; init; }

    /// <summary>HTML only: rows beyond are added up but not written.</summary>
    public long? MostRows { get; init; }
}

/// <summary>What a run came to.</summary>
/// <param name="Refusals">All of them; nothing was written when there is one.</param>
/// <param name="FileName">Name, date and extension: <c>sales-pipeline-2026-01-31.pdf</c>.</param>
public sealed record ReportOutcome(IReadOnlyList<Refusal> Refusals, long Rows, string FileName)
{
    public bool Succeeded => Refusals.Count == 0;
}
