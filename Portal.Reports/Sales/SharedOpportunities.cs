using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;

namespace Portal.Reports.Sales;

/// <summary>What a summary tells a partner: that there is a sale, how far it is and in which month it may close. Not whose, nor for how much.</summary>
public sealed record OpportunitySummaryRow(string Number, string Title, string Stage, StageKind Outcome, int? CloseYear, int? CloseMonth)
{
    public (int Year, int Month)? ClosesIn => CloseYear is { } year && CloseMonth is { } month ? (year, month) : null;
}

/// <summary>All that a partner sees of the pipeline, in the field set that it sees all of it in.</summary>
public sealed class SharedOpportunities : Report<OpportunitySummaryRow>
{
    private static readonly Column<OpportunitySummaryRow> Stage = Columns<OpportunitySummaryRow>.Text("stage", r => r.Stage, 16);

    public override string Name => "shared-opportunities";
    public override string Permission => Permissions.PartnerOpportunities;

    public override IReadOnlyList<Column<OpportunitySummaryRow>> Columns { get; } =
    [
        Columns<OpportunitySummaryRow>.Text("opportunity", r => r.Title, 40),
        Columns<OpportunitySummaryRow>.Code("number", r => r.Number, 18),
        Stage,
        Columns<OpportunitySummaryRow>.Word<StageKind>("outcome", r => r.Outcome, 10),
        Columns<OpportunitySummaryRow>.Month("closes-in", r => r.ClosesIn),
    ];

    public override IReadOnlyList<Column<OpportunitySummaryRow>> Groups(ReportContext context) => [Stage];

    public override IAsyncEnumerable<OpportunitySummaryRow> RowsAsync(ReportContext context)
    {
        var chinese = context.Language.IsChinese;
        // Ordered by nothing that a summary does not tell: the order of exact close dates would give them away.
        return (from o in context.Db.Opportunities
                join stage in context.Db.Stages on o.StageId equals stage.Id
                orderby stage.Position, stage.Id, o.Title, o.Id
                select new OpportunitySummaryRow(o.Number, o.Title, chinese && stage.NameZh != "" ? stage.NameZh : stage.Name, o.Outcome,
                    o.CloseDate == null ? null : o.CloseDate.Value.Year, o.CloseDate == null ? null : o.CloseDate.Value.Month)).AsAsyncEnumerable();
    }
}
