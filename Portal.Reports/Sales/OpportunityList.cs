using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Sales;

namespace Portal.Reports.Sales;

/// <summary>Every opportunity that the asker sees, one line each, nearest close date first.</summary>
public sealed class OpportunityList : Report<OpportunityRow>
{
    private static readonly ChoiceParameter Outcome = new() { Key = "outcome", Choices = ChoiceParameter.Of<StageKind>() };

    public override string Name => "opportunity-list";
    public override string Permission => Permissions.ViewOpportunities;
    public override IReadOnlyList<ReportParameter> Parameters => [Outcome, OpportunityRows.CloseFrom, OpportunityRows.CloseUntil, OpportunityRows.Partner, OpportunityRows.Containing];

    public override IReadOnlyList<Column<OpportunityRow>> Columns { get; } =
    [
        Columns<OpportunityRow>.Text("opportunity", r => r.Title, 36),
        Columns<OpportunityRow>.Code("number", r => r.Number, 16),
        Columns<OpportunityRow>.Text("customer", r => r.CustomerName),
        Columns<OpportunityRow>.Text("stage", r => r.Stage, 14),
        Columns<OpportunityRow>.Word<StageKind>("outcome", r => r.Outcome, 9),
        Columns<OpportunityRow>.Text("owner", r => r.OwnerName, 18),
        Columns<OpportunityRow>.Text("partner", r => r.PartnerName, 20),
        Columns<OpportunityRow>.Text("territory", r => r.TerritoryName, 20),
        Columns<OpportunityRow>.Date("opened", r => r.OpenedOn),
        Columns<OpportunityRow>.Date("close-date", r => r.CloseDate),
        Columns<OpportunityRow>.Money("amount", r => r.Amount),
        Columns<OpportunityRow>.Percent("probability", r => r.Probability / 100m),
        Columns<OpportunityRow>.Text("next-step", r => r.NextStep, 28),
    ];

    public override Refusal? Check(ReportContext context) => OpportunityRows.CheckPeriod(context);

    public override IAsyncEnumerable<OpportunityRow> RowsAsync(ReportContext context)
    {
        var asked = OpportunityRows.Asked(context);
        if (ChoiceParameter.Chosen<StageKind>(context.Get(Outcome)) is { } outcome) { asked = asked.Where(o => o.Outcome == outcome); }
        var ordered = OpportunityRows.WithNames(asked, context.Db).OrderBy(j => j.Opportunity.CloseDate == null).ThenBy(j => j.Opportunity.CloseDate).ThenBy(j => j.Opportunity.Id);
        return OpportunityRows.Rows(ordered, context.Language.IsChinese).AsAsyncEnumerable();
    }
}
