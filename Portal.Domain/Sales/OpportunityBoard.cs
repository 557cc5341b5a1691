using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>What a card of the board tells.</summary>
public sealed record OpportunityCard(long Id, long StageId, string Title, string CustomerName, string OwnerName, decimal Amount, string Currency, DateOnly? CloseDate);

public static class OpportunityBoard
{
    extension(PortalDbContext db)
    {
        /// <summary>The first few of each stage by close date, the soonest first, in one statement that reads no more of a stage than it shows.</summary>
        /// <param name="ownerId">Only this owner's; null for all.</param>
        public async Task<ILookup<long, OpportunityCard>> BoardAsync(IReadOnlyCollection<long> stages, int each, long? ownerId, CancellationToken ct)
        {
            var columns = stages.Select(stage =>
            {
                var cards = db.Opportunities.AsNoTracking().Where(o => o.StageId == stage);
                if (ownerId is { } owner) { cards = cards.Where(o => o.OwnerId == owner); }
                return cards.OrderBy(o => o.CloseDate).ThenBy(o => o.Id).Take(each);
            }).ToList();
            if (columns.Count == 0) { return Array.Empty<OpportunityCard>().ToLookup(c => c.StageId); }
            var all = await columns.Skip(1).Aggregate(columns[0], (sum, column) => sum.Concat(column))
                .Select(o => new OpportunityCard(o.Id, o.StageId, o.Title, o.CustomerName, o.OwnerName, o.Amount, o.Currency, o.CloseDate)).ToListAsync(ct);
            return all.OrderBy(c => c.CloseDate ?? DateOnly.MaxValue).ThenBy(c => c.Id).ToLookup(c => c.StageId);
        }
    }
}
