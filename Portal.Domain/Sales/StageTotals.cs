using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>What stands in a stage in one currency; currencies are never added.</summary>
public sealed record StageTotal(long StageId, string Currency, long Count, decimal Amount);

public static class StageTotals
{
    extension(PortalDbContext db)
    {
        /// <summary>
        /// Count and sum of the opportunities that the asker sees with their amounts, by stage and currency, exact at any size: the kept totals of what is the
        /// asker's by its columns, and the few that come by a share added one by one.
        /// </summary>
        /// <param name="ownerId">Only this owner's; null for all.</param>
        public async Task<IReadOnlyList<StageTotal>> StageTotalsAsync(long? ownerId, CancellationToken ct)
        {
            var totals = await Kept(db, ownerId).GroupBy(t => new { t.StageId, t.Currency })
                .Select(g => new StageTotal(g.Key.StageId, g.Key.Currency, g.Sum(t => t.Count), g.Sum(t => t.Amount))).ToListAsync(ct);
            if (Shared(db) is { } shared)
            {
                if (ownerId is { } owner) { shared = shared.Where(o => o.OwnerId == owner); }
                totals.AddRange(await shared.GroupBy(o => new { o.StageId, o.Currency })
                    .Select(g => new StageTotal(g.Key.StageId, g.Key.Currency, g.LongCount(), g.Sum(o => o.Amount))).ToListAsync(ct));
            }
            return [.. totals.GroupBy(t => (t.StageId, t.Currency)).Select(g => new StageTotal(g.Key.StageId, g.Key.Currency, g.Sum(t => t.Count), g.Sum(t => t.Amount)))
                .Where(t => t.Count > 0).OrderBy(t => t.StageId).ThenByDescending(t => t.Amount).ThenBy(t => t.Currency)];
        }
    }

    /// <summary>The lines that hold each opportunity exactly once. Which of them are the asker's, the sight says; the dimension and keys only lead to the index.</summary>
    internal static IQueryable<OpportunityTotal> Kept(PortalDbContext db, long? ownerId)
    {
        if (db.Scope.Kind is ScopeKind.Partner)
        {
            return ownerId is null ? db.OpportunityTotals.Where(t => t.Dimension == TotalDimension.Partner && t.KeyId == db.Scope.CompanyId) : db.OpportunityTotals.Where(_ => false);
        }
        if (ownerId is { } owner) { return db.OpportunityTotals.Where(t => t.Dimension == TotalDimension.Owner && t.KeyId == owner); }
        var owners = db.Scope.OpportunityOwners();
        return db.Scope.ReachIn(RecordClass.Opportunity) switch
        {
            Reach.All => db.OpportunityTotals.Where(t => t.Dimension == TotalDimension.House),
            Reach.Territory => db.OpportunityTotals.Where(t => t.Dimension == TotalDimension.Owner),
            Reach.None or Reach.Own or Reach.Team => db.OpportunityTotals.Where(t => t.Dimension == TotalDimension.Owner && owners.Contains(t.KeyId)),
            _ => throw new InvalidOperationException("A reach is none, own, team, territory or all."),
        };
    }

    /// <summary>What is seen with its amount by a share alone; null where there can be none.</summary>
    private static IQueryable<Opportunity>? Shared(PortalDbContext db)
    {
        if (db.Scope.ReachIn(RecordClass.Opportunity) is Reach.All) { return null; }
        var now = db.Now;
        var keys = db.Scope.Keys;
        var shares = db.Shares.Where(s => s.RecordClass == RecordClass.Opportunity && keys.Contains(s.Key) && s.Until > now);
        if (db.Scope.Kind is ScopeKind.Partner)
        {
            var company = db.Scope.CompanyAs(RecordClass.Opportunity, Relationship.RegisteredOn, FieldSet.Full);
            return db.Opportunities.Where(o => shares.Where(s => s.Fields == FieldSet.Full).Select(s => s.RecordId).Contains(o.Id) && o.PartnerId != company);
        }
        var (owners, territories) = (db.Scope.OpportunityOwners(), db.Scope.OpportunityTerritories());
        return db.Opportunities.Where(o => shares.Select(s => s.RecordId).Contains(o.Id)
            && !(o.OwnerId != null && owners.Contains(o.OwnerId.Value)) && !(o.TerritoryId != null && territories.Contains(o.TerritoryId.Value)));
    }
}
