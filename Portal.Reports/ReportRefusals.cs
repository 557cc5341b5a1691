using Portal.Domain.Common;

namespace Portal.Reports;

internal static class ReportRefusals
{
    /// <returns>Null unless both ends are given and stand the wrong way round.</returns>
    public static Refusal? Reversed(ReportContext context, DateParameter from, DateParameter until) =>
        context.Get(from) is { } first && context.Get(until) is { } last && last < first ? new("report.period-reversed", RefusalKind.Invalid, until.Key) : null;
}
