using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

public enum BulkField { Owner, Stage, Territory }

/// <summary>Sets owner, stage or territory of many opportunities: all of the list or none of it; staff only. Its maker can take it back: <see cref="UndoLastBulkChange"/>.</summary>
public sealed class ChangeOpportunities(PortalDbContext db)
{
    public const int Most = 1_000;

    /// <param name="Value">Id of the person, stage or territory; null takes owner or territory away.</param>
    /// <param name="Reason">For a lost stage.</param>
    public sealed record Request(IReadOnlyCollection<long> Ids, BulkField Field, long? Value, string? Reason = null);

    /// <param name="Changed">Those that stood otherwise before.</param>
    public sealed record Outcome(int Changed);

    internal sealed record Item(long Id, long? Old, long? New, int Probability, string? Reason) : IBulkItem;

    /// <returns>What changed, or one of <see cref="SalesRefusals"/> and nothing changed.</returns>
    public async Task<Result<Outcome>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (db.Scope.Kind is ScopeKind.Partner) { return SalesRefusals.ReadOnly; }
        long[] ids = [.. request.Ids.Distinct()];
        if (ids.Length == 0) { return SalesRefusals.BulkEmpty; }
        if (ids.Length > Most) { return SalesRefusals.BulkTooMany(Most); }
        if (request.Reason?.Trim().Length > Opportunity.LongestReason) { return SalesRefusals.TooLong(nameof(Opportunity.OutcomeReason), Opportunity.LongestReason); }
        var opportunities = await db.AllowedTo<Opportunity>(GrantActions.Edit).Where(o => ids.Contains(o.Id)).OrderBy(o => o.Id).ToListAsync(ct);
        if (opportunities.Count != ids.Length)
        {
            return await db.Opportunities.CountAsync(o => ids.Contains(o.Id), ct) == ids.Length ? SalesRefusals.ReadOnly : SalesRefusals.BulkNotAllSeen;
        }
        var changed = request.Field switch
        {
            BulkField.Owner => await SetOwnerAsync(opportunities, request.Value, ct),
            BulkField.Territory => await SetTerritoryAsync(opportunities, request.Value, ct),
            BulkField.Stage => await SetStageAsync(opportunities, request.Value, request.Reason, ct),
            _ => throw new InvalidOperationException($"{request.Field} is no bulk field."),
        };
        if (!changed.Succeeded)
        {
            db.ChangeTracker.Clear();
            return changed.Refusal!;
        }
        if (changed.Value.Count == 0) { return new Outcome(0); }
        db.RememberBulkChange<Opportunity, BulkField, Item>(request.Field, changed.Value);
        await db.SaveChangesAsync(ct);
        return new Outcome(changed.Value.Count);
    }

    private async Task<Result<List<Item>>> SetOwnerAsync(List<Opportunity> opportunities, long? owner, CancellationToken ct)
    {
        var name = owner is { } asked ? await OpportunityDraft.OwnerNameAsync(db, asked, ct) : "";
        if (name is null) { return SalesRefusals.OwnerUnknown; }
        if (opportunities.Any(o => Leaves(o, owner, o.TerritoryId))) { return SalesRefusals.BulkOutOfReach; }
        List<Item> items = [];
        foreach (var opportunity in opportunities.Where(o => o.OwnerId != owner))
        {
            items.Add(new(opportunity.Id, opportunity.OwnerId, owner, opportunity.Probability, null));
            (opportunity.OwnerId, opportunity.OwnerName) = (owner, name);
        }
        return items;
    }

    private async Task<Result<List<Item>>> SetTerritoryAsync(List<Opportunity> opportunities, long? territory, CancellationToken ct)
    {
        if (territory is { } asked && !await db.Territories.AnyAsync(t => t.Id == asked, ct)) { return SalesRefusals.TerritoryUnknown; }
        if (opportunities.Any(o => Leaves(o, o.OwnerId, territory))) { return SalesRefusals.BulkOutOfReach; }
        List<Item> items = [];
        foreach (var opportunity in opportunities.Where(o => o.TerritoryId != territory))
        {
            items.Add(new(opportunity.Id, opportunity.TerritoryId, territory, opportunity.Probability, null));
            opportunity.TerritoryId = territory;
        }
        return items;
    }

    private async Task<Result<List<Item>>> SetStageAsync(List<Opportunity> opportunities, long? stageId, string? reason, CancellationToken ct)
    {
        if (await db.Stages.FirstOrDefaultAsync(s => s.Id == stageId, ct) is not { } stage) { return SalesRefusals.StageUnknown; }
        List<Item> items = [];
        foreach (var opportunity in opportunities.Where(o => o.StageId != stage.Id))
        {
            items.Add(new(opportunity.Id, opportunity.StageId, stage.Id, opportunity.Probability, opportunity.OutcomeReason));
            if (opportunity.MoveTo(stage, reason, db.Now, db.Scope.PersonId, db.Ids.Next()) is { } refusal) { return refusal; }
        }
        return items;
    }

    private bool Leaves(Opportunity opportunity, long? owner, long? territory) =>
        db.Scope.HoldsOpportunity(opportunity.OwnerId, opportunity.TerritoryId) && !db.Scope.HoldsOpportunity(owner, territory);
}
