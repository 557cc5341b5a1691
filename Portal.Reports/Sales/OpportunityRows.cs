using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;

namespace Portal.Reports.Sales;

/// <summary>What staff read of an opportunity in a report.</summary>
public sealed record OpportunityRow(
    string Number, string Title, string CustomerName, string Stage, StageKind Outcome, string OwnerName, string? PartnerName, string? TerritoryName,
    DateOnly? CloseDate, DateOnly OpenedOn, int Probability, Money Amount, string? Source, string? NextStep, DateOnly? NextStepOn)
{
    public Money Weighted => new(Money.Round(Amount.Amount * Probability / 100m), Amount.Currency);
}

/// <summary>The questions that reports on opportunities share, and the rows that answer them.</summary>
internal static class OpportunityRows
{
    /// <summary>Charts for so many currencies, those with the most opportunities first.</summary>
    private const int MostCurrencies = 3;

    public static readonly DateParameter CloseFrom = new() { Key = "close-from" };
    public static readonly DateParameter CloseUntil = new() { Key = "close-until" };
    public static readonly CompanyParameter Partner = new() { Key = "partner" };
    public static readonly TextParameter Containing = new() { Key = "containing" };

    /// <summary>An opportunity with the names beside it; orders and filters reach into it.</summary>
    public sealed class Joined
    {
        public required Opportunity Opportunity { get; init; }
        public required SalesStage Stage { get; init; }
        public required Company? Partner { get; init; }
        public required Territory? Territory { get; init; }
    }

    /// <summary>Seen in full by the asker, and what the answers ask for.</summary>
    public static IQueryable<Opportunity> Asked(ReportContext context)
    {
        var opportunities = context.Db.SeenIn<Opportunity>(FieldSet.Full);
        if (context.Get(CloseFrom) is { } from) { opportunities = opportunities.Where(o => o.CloseDate >= from); }
        if (context.Get(CloseUntil) is { } until) { opportunities = opportunities.Where(o => o.CloseDate <= until); }
        if (context.Get(Partner) is { } partner) { opportunities = opportunities.Where(o => o.PartnerId == partner); }
        if (context.Get(Containing) is { } words) { opportunities = opportunities.Matching(context.Db, words); }
        return opportunities;
    }

    public static IQueryable<Opportunity> Open(ReportContext context) => Asked(context).Where(o => o.Outcome == StageKind.Open);

    /// <summary>What is open by stage, a funnel for each currency.</summary>
    public static async Task<IReadOnlyList<Chart>> FunnelsAsync(ReportContext context, CancellationToken ct)
    {
        var stages = await context.Db.Stages.AsNoTracking().Where(s => s.Kind == StageKind.Open).OrderBy(s => s.Position).ThenBy(s => s.Id).ToListAsync(ct);
        var sums = await Open(context).GroupBy(o => new { o.StageId, o.Currency })
            .Select(g => new { g.Key.StageId, g.Key.Currency, Count = g.Count(), Amount = g.Sum(o => o.Amount) }).ToListAsync(ct);
        return [.. sums.GroupBy(s => s.Currency).OrderByDescending(g => g.Sum(s => s.Count)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostCurrencies).Select(currency => new Chart(
            ChartKind.Funnel, context.Language.Say("chart.value-by-stage", currency.Key), context.Text("column.stage"), [.. stages.Select(s => s.NameIn(context.Language.Code))],
            [
                new(context.Text("column.amount"), [.. stages.Select(s => (decimal?)currency.Where(c => c.StageId == s.Id).Sum(c => c.Amount))]),
                new(context.Text("chart.opportunities"), [.. stages.Select(s => (decimal?)currency.Where(c => c.StageId == s.Id).Sum(c => c.Count))], "") { Told = context.Text("chart.opportunities.told") },
            ], currency.Key))];
    }

    public static IQueryable<Joined> WithNames(IQueryable<Opportunity> opportunities, PortalDbContext db) =>
        from opportunity in opportunities
        join stage in db.Stages on opportunity.StageId equals stage.Id
        join partner in db.Companies on opportunity.PartnerId equals partner.Id into partners
        from partner in partners.DefaultIfEmpty()
        join territory in db.Territories on opportunity.TerritoryId equals territory.Id into territories
        from territory in territories.DefaultIfEmpty()
        select new Joined { Opportunity = opportunity, Stage = stage, Partner = partner, Territory = territory };

    public static IQueryable<OpportunityRow> Rows(IQueryable<Joined> joined, bool chinese) => joined.Select(j => new OpportunityRow(
        j.Opportunity.Number, j.Opportunity.Title, j.Opportunity.CustomerName, chinese && j.Stage.NameZh != "" ? j.Stage.NameZh : j.Stage.Name, j.Opportunity.Outcome,
        j.Opportunity.OwnerName, j.Partner!.Name, j.Territory!.Name, j.Opportunity.CloseDate, j.Opportunity.OpenedOn, j.Opportunity.Probability,
        new Money(j.Opportunity.Amount, j.Opportunity.Currency), j.Opportunity.Source, j.Opportunity.NextStep, j.Opportunity.NextStepOn));

    public static Refusal? CheckPeriod(ReportContext context) => ReportRefusals.Reversed(context, CloseFrom, CloseUntil);
}
