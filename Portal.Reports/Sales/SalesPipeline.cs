using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Sales;

namespace Portal.Reports.Sales;

/// <summary>Open opportunities by stage, owner, partner or territory, with what they are worth and what may be expected of them.</summary>
public sealed class SalesPipeline : Report<OpportunityRow>
{
    private static readonly ChoiceParameter By = new()
    {
        Key = "by", Required = true, Default = "stage",
        Choices = [("stage", "column.stage"), ("owner", "column.owner"), ("partner", "column.partner"), ("territory", "column.territory")],
    };

    private static readonly Column<OpportunityRow> Stage = Columns<OpportunityRow>.Text("stage", r => r.Stage, 14);
    private static readonly Column<OpportunityRow> Owner = Columns<OpportunityRow>.Text("owner", r => r.OwnerName, 18);
    private static readonly Column<OpportunityRow> Partner = Columns<OpportunityRow>.Text("partner", r => r.PartnerName, 20);
    private static readonly Column<OpportunityRow> Territory = Columns<OpportunityRow>.Text("territory", r => r.TerritoryName, 20);

    public override string Name => "sales-pipeline";
    public override string Permission => Permissions.ViewOpportunities;
    public override IReadOnlyList<ReportParameter> Parameters => [By, OpportunityRows.CloseFrom, OpportunityRows.CloseUntil, OpportunityRows.Partner, OpportunityRows.Containing];

    public override IReadOnlyList<Column<OpportunityRow>> Columns { get; } =
    [
        Columns<OpportunityRow>.Text("opportunity", r => r.Title, 36),
        Columns<OpportunityRow>.Text("customer", r => r.CustomerName, 24),
        Stage,
        Owner,
        Partner,
        Territory,
        Columns<OpportunityRow>.Date("close-date", r => r.CloseDate),
        Columns<OpportunityRow>.Money("amount", r => r.Amount),
        Columns<OpportunityRow>.Percent("probability", r => r.Probability / 100m),
        Columns<OpportunityRow>.Money("weighted", r => r.Weighted),
    ];

    public override IReadOnlyList<Column<OpportunityRow>> Groups(ReportContext context) => context.Get(By) switch
    {
        "owner" => [Owner],
        "partner" => [Partner],
        "territory" => [Territory],
        _ => [Stage],
    };

    public override Refusal? Check(ReportContext context) => OpportunityRows.CheckPeriod(context);

    public override IAsyncEnumerable<OpportunityRow> RowsAsync(ReportContext context)
    {
        var open = OpportunityRows.WithNames(OpportunityRows.Open(context), context.Db);
        var ordered = context.Get(By) switch
        {
            "owner" => open.OrderBy(j => j.Opportunity.OwnerName).ThenBy(j => j.Stage.Position),
            "partner" => open.OrderBy(j => j.Opportunity.PartnerId == null).ThenBy(j => j.Partner!.Name).ThenBy(j => j.Stage.Position),
            "territory" => open.OrderBy(j => j.Opportunity.TerritoryId == null).ThenBy(j => j.Territory!.Name).ThenBy(j => j.Stage.Position),
            _ => open.OrderBy(j => j.Stage.Position).ThenBy(j => j.Stage.Id),
        };
        return OpportunityRows.Rows(ordered.ThenBy(j => j.Opportunity.CloseDate).ThenBy(j => j.Opportunity.Id), context.Language.IsChinese).AsAsyncEnumerable();
    }

    public override Task<IReadOnlyList<Chart>> ChartsAsync(ReportContext context, CancellationToken ct) => OpportunityRows.FunnelsAsync(context, ct);
}
