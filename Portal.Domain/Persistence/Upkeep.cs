#pragma warning disable RS0030 // The one place that reaches past the scope: it keeps what is derived in step with its source, whoever changed that: copies of names, the mark of changed rights, and the demand that follows from opportunities.
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Sales;
using Portal.Domain.Supply;

namespace Portal.Domain.Persistence;

/// <summary>
/// Keeps what is derived equal to its source, also on records that the changing person does not see: a salesperson with an own reach sees no demand
/// signal, and yet the demand of the house follows the opportunity. What is written depends on the source alone, never on the asker, and nothing is returned.
/// </summary>
internal static class Upkeep
{
    public static async Task KeepNamesAsync(PortalDbContext db, CancellationToken ct)
    {
        using var past = db.GoPastAsker();
        foreach (var entry in db.ChangeTracker.Entries<Company>().Where(e => e.State is EntityState.Modified && e.Property(c => c.Name).IsModified).ToArray())
        {
            var (id, name) = (entry.Entity.Id, entry.Entity.Name);
            await db.Set<Opportunity>().IgnoreQueryFilters().Where(o => o.CustomerId == id && o.CustomerName != name).ExecuteUpdateAsync(o => o.SetProperty(x => x.CustomerName, name), ct);
        }
        foreach (var entry in db.ChangeTracker.Entries<Person>().Where(e => e.State is EntityState.Modified && e.Property(p => p.Name).IsModified).ToArray())
        {
            var (id, name) = (entry.Entity.Id, entry.Entity.Name);
            await db.Set<Opportunity>().IgnoreQueryFilters().Where(o => o.OwnerId == id && o.OwnerName != name).ExecuteUpdateAsync(o => o.SetProperty(x => x.OwnerName, name), ct);
        }
    }

    /// <summary>Tells the other nodes that what scopes are built from is another from this commit on.</summary>
    public static async Task MoveAccessMarkAsync(PortalDbContext db, CancellationToken ct)
    {
        using var past = db.GoPastAsker();
        await db.Set<AccessMark>().IgnoreQueryFilters().ExecuteUpdateAsync(m => m.SetProperty(x => x.Number, x => x.Number + 1), ct);
    }

    /// <summary>The opportunities of this save whose pipeline demand may have changed. New ones without lines and without an open outcome have none.</summary>
    public static long[] PipelineMoves(PortalDbContext db, NewRecords news)
    {
        var moved = new HashSet<long>();
        foreach (var entry in db.ChangeTracker.Entries<Opportunity>())
        {
            var moves = entry.State is EntityState.Deleted || (entry.State is EntityState.Modified && (entry.Property(o => o.Outcome).IsModified
                || entry.Property(o => o.Probability).IsModified || entry.Property(o => o.CloseDate).IsModified || entry.Property(o => o.CustomerId).IsModified));
            if (moves) { moved.Add(entry.Entity.Id); }
        }
        var closed = db.ChangeTracker.Entries<Opportunity>().Where(e => e.State is EntityState.Added && e.Entity.Outcome is not StageKind.Open).Select(e => e.Entity.Id).ToHashSet();
        foreach (var line in db.ChangeTracker.Entries<OpportunityLine>())
        {
            var moves = line.State is EntityState.Added or EntityState.Deleted || (line.State is EntityState.Modified && (line.Property(l => l.Quantity).IsModified
                || line.Property(l => l.ProductId).IsModified || line.Property(l => l.WantedOn).IsModified));
            if (moves && !closed.Contains(line.Entity.OpportunityId)) { moved.Add(line.Entity.OpportunityId); }
        }
        foreach (var opportunity in news.Of<Opportunity>())
        {
            if (opportunity.Outcome is StageKind.Open && opportunity.Lines.Count > 0) { moved.Add(opportunity.Id); }
        }
        return [.. moved];
    }

    /// <summary>
    /// Brings the pipeline batches of the opportunities in step with what the open transaction holds. The batch of an opportunity that is closed, without
    /// date or without lines goes with its signals. The opportunity's own change is in the audit trail; what is worked out from it is not written there again.
    /// </summary>
    public static async Task KeepPipelineDemandAsync(PortalDbContext db, IReadOnlyCollection<long> opportunityIds, CancellationToken ct)
    {
        using var past = db.GoPastAsker();
        foreach (var ids in opportunityIds.Chunk(500)) { await KeepPipelineDemandAsync(db, ids, ct); }
    }

    private static async Task KeepPipelineDemandAsync(PortalDbContext db, long[] ids, CancellationToken ct)
    {
        var now = db.Now;
        var origins = ids.ToDictionary(DemandFromPipeline.Origin);
        var named = origins.Keys.ToArray();
        var batches = db.Set<DemandBatch>().IgnoreQueryFilters().AsNoTracking().Where(b => b.Source == DemandSource.Pipeline && EF.Parameter(named).Contains(b.Origin));
        // Two changes of one opportunity at the same moment take turns here, and the later one reads what the earlier one wrote.
        await batches.ExecuteUpdateAsync(b => b.SetProperty(x => x.ReceivedAt, now), ct);
        var held = await HeldAsync(db, await batches.ToListAsync(ct), ct);
        var wanted = await WantedAsync(db, ids, ct);

        var gone = new List<long>();
        // Written past the guard of the asker's sight, and never tracked: the asker's context must not hold what the asker may not see.
        var added = new NewRecords();
        foreach (var (origin, id) in origins)
        {
            var figures = wanted.GetValueOrDefault(id) ?? [];
            var delivery = 1;
            if (held.TryGetValue(origin, out var batch))
            {
                if (figures.Count > 0 && batch.Figures.SetEquals(figures)) { continue; }
                gone.Add(batch.Id);
                delivery = batch.Delivery + 1;
            }
            if (figures.Count > 0) { foreach (var record in DemandFromPipeline.Batch(db.Ids, origin, delivery, now, figures)) { added.Add(db, record); } }
        }
        await db.Set<DemandBatch>().IgnoreQueryFilters().Where(b => EF.Parameter(gone).Contains(b.Id)).ExecuteDeleteAsync(ct);
        await added.WriteAsync(db, ct);
    }

    /// <returns>The opportunities that may still be won, with the demand they stand for.</returns>
    private static async Task<Dictionary<long, List<DemandFigure>>> WantedAsync(PortalDbContext db, long[] ids, CancellationToken ct)
    {
        var lines = await db.Set<OpportunityLine>().IgnoreQueryFilters().AsNoTracking().Where(l => EF.Parameter(ids).Contains(l.OpportunityId)).ToListAsync(ct);
        var byOpportunity = lines.ToLookup(l => l.OpportunityId);
        var open = await db.Set<Opportunity>().IgnoreQueryFilters().AsNoTracking().Where(o => EF.Parameter(ids).Contains(o.Id) && o.Outcome == StageKind.Open)
            .Select(o => new { o.Id, o.CustomerId, o.Probability, o.CloseDate }).ToListAsync(ct);
        return open.ToDictionary(o => o.Id, o => DemandFromPipeline.Figures(o.CustomerId, o.Probability, o.CloseDate, byOpportunity[o.Id]));
    }

    private static async Task<Dictionary<string, (long Id, int Delivery, HashSet<DemandFigure> Figures)>> HeldAsync(PortalDbContext db, List<DemandBatch> batches, CancellationToken ct)
    {
        var ids = batches.ConvertAll(b => b.Id);
        var signals = await db.Set<DemandSignal>().IgnoreQueryFilters().AsNoTracking().Where(s => EF.Parameter(ids).Contains(s.BatchId)).ToListAsync(ct);
        var byBatch = signals.ToLookup(s => s.BatchId, s => new DemandFigure(s.ProductId, s.CompanyId, s.Site, s.Period, s.Granularity, s.Quantity));
        return batches.ToDictionary(b => b.Origin, b => (b.Id, b.Delivery, byBatch[b.Id].ToHashSet()));
    }

    /// <summary>The next opportunities by key, whoever they belong to.</summary>
    public static async Task<long[]> PipelinePageAsync(PortalDbContext db, long after, int count, CancellationToken ct) =>
        await db.Set<Opportunity>().IgnoreQueryFilters().Where(o => o.Id > after).OrderBy(o => o.Id).Take(count).Select(o => o.Id).ToArrayAsync(ct);

    /// <summary>Removes pipeline batches that speak of no opportunity.</summary>
    public static async Task DropOrphanedPipelineDemandAsync(PortalDbContext db, CancellationToken ct)
    {
        for (long after = 0; ;)
        {
            var page = await db.Set<DemandBatch>().IgnoreQueryFilters().AsNoTracking().Where(b => b.Source == DemandSource.Pipeline && b.Id > after)
                .OrderBy(b => b.Id).Take(500).Select(b => new { b.Id, b.Origin }).ToListAsync(ct);
            if (page.Count == 0) { return; }
            after = page[^1].Id;
            var ids = page.Select(b => DemandFromPipeline.OpportunityOf(b.Origin)).OfType<long>().ToArray();
            var there = (await db.Set<Opportunity>().IgnoreQueryFilters().Where(o => EF.Parameter(ids).Contains(o.Id)).Select(o => o.Id).ToListAsync(ct)).ToHashSet();
            var gone = page.Where(b => DemandFromPipeline.OpportunityOf(b.Origin) is not { } id || !there.Contains(id)).Select(b => b.Id).ToArray();
            if (gone.Length > 0) { await db.Set<DemandBatch>().IgnoreQueryFilters().Where(b => EF.Parameter(gone).Contains(b.Id)).ExecuteDeleteAsync(ct); }
        }
    }
}
