using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Sales;

namespace Portal.Reports.Sales;

/// <summary>What a partner may read of an opportunity that it sees in full. Other partners, the competitor, the probability and notes have no place in this type.</summary>
public sealed record OpportunityRowForPartner(
    string Number, string Title, string CustomerName, string Stage, StageKind Outcome, string OwnerName, DateOnly? CloseDate, Money Amount, string? NextStep, DateOnly? NextStepOn);

/// <summary>A partner's own opportunities: registered on it or shared with it in full.</summary>
public sealed class PartnerOpportunities : Report<OpportunityRowForPartner>
{
    private static readonly ChoiceParameter Outcome = new() { Key = "outcome", Choices = ChoiceParameter.Of<StageKind>() };
    private static readonly Column<OpportunityRowForPartner> Stage = Columns<OpportunityRowForPartner>.Text("stage", r => r.Stage, 14);

    public override string Name => "partner-opportunities";
    public override string Permission => Permissions.PartnerOpportunities;
    public override IReadOnlyList<ReportParameter> Parameters => [Outcome, OpportunityRows.CloseFrom, OpportunityRows.CloseUntil, OpportunityRows.Containing];

    public override IReadOnlyList<Column<OpportunityRowForPartner>> Columns { get; } =
    [
        Columns<OpportunityRowForPartner>.Text("opportunity", r => r.Title, 32),
        Columns<OpportunityRowForPartner>.Code("number", r => r.Number, 16),
        Columns<OpportunityRowForPartner>.Text("customer", r => r.CustomerName),
        Stage,
        Columns<OpportunityRowForPartner>.Word<StageKind>("outcome", r => r.Outcome, 9),
        Columns<OpportunityRowForPartner>.Text("contact-person", r => r.OwnerName, 18),
        Columns<OpportunityRowForPartner>.Date("close-date", r => r.CloseDate),
        Columns<OpportunityRowForPartner>.Money("amount", r => r.Amount),
        Columns<OpportunityRowForPartner>.Text("next-step", r => r.NextStep, 28),
        Columns<OpportunityRowForPartner>.Date("next-step-on", r => r.NextStepOn),
    ];

    public override IReadOnlyList<Column<OpportunityRowForPartner>> Groups(ReportContext context) => [Stage];

    /// <summary>Only open ones are drawn: asked for what was won or lost, the report has no funnel.</summary>
    public override Task<IReadOnlyList<Chart>> ChartsAsync(ReportContext context, CancellationToken ct) =>
        ChoiceParameter.Chosen<StageKind>(context.Get(Outcome)) is null or StageKind.Open ? OpportunityRows.FunnelsAsync(context, ct) : Task.FromResult<IReadOnlyList<Chart>>([]);

    public override Refusal? Check(ReportContext context) => OpportunityRows.CheckPeriod(context);

    public override IAsyncEnumerable<OpportunityRowForPartner> RowsAsync(ReportContext context)
    {
        var asked = OpportunityRows.Asked(context);
        if (ChoiceParameter.Chosen<StageKind>(context.Get(Outcome)) is { } outcome) { asked = asked.Where(o => o.Outcome == outcome); }
        var chinese = context.Language.IsChinese;
        return (from o in asked
                join stage in context.Db.Stages on o.StageId equals stage.Id
                orderby stage.Position, stage.Id, o.CloseDate, o.Id
                select new OpportunityRowForPartner(o.Number, o.Title, o.CustomerName, chinese && stage.NameZh != "" ? stage.NameZh : stage.Name, o.Outcome, o.OwnerName,
                    o.CloseDate, new Money(o.Amount, o.Currency), o.NextStep, o.NextStepOn)).AsAsyncEnumerable();
    }
}
