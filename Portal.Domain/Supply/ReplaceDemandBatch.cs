using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

/// <summary>One figure of a delivery.</summary>
/// <param name="CompanyId">Whose demand; null where nobody says.</param>
/// <param name="Period">Any day of the period.</param>
/// <param name="Quantity">In the product's unit; a correction may be negative.</param>
public readonly record struct DemandFigure(long ProductId, long? CompanyId, string Site, DateOnly Period, DemandPeriod Granularity, decimal Quantity);

/// <summary>
/// Takes a delivery of demand figures in the place of the last one of the same origin: afterwards the batch holds exactly this delivery. Signals that
/// stay are not touched, so the same delivery again writes nothing. Figures of one delivery for the same product, company, site and period add up.
/// </summary>
/// <remarks>
/// The figures are read once, before the turn to write is taken, and kept added up: about a hundred bytes for each product, company, site and period.
/// Joins the transaction of its context where one is open.
/// </remarks>
public sealed class ReplaceDemandBatch(PortalDbContext db)
{
    private const int SignalsPerSave = 5_000;

    /// <param name="Origin">Names the delivery for ever: <c>northwind:orders</c>. Unique within the source.</param>
    /// <param name="ReporterId">The company that reports; null for the house. A partner's person always reports for the own company.</param>
    public sealed record Request(DemandSource Source, string Origin, long? ReporterId = null);

    /// <param name="BatchId">0 where an empty delivery met no batch.</param>
    /// <param name="Delivery">How often the batch was replaced, from 1.</param>
    public sealed record Outcome(long BatchId, int Delivery, int Added, int Removed, int Kept)
    {
        public bool Changed => Added > 0 || Removed > 0;
    }

    private readonly record struct Place(long ProductId, long? CompanyId, string Site, DateOnly Period, DemandPeriod Granularity);

    /// <returns>What the delivery changed, or one of <see cref="SupplyRefusals"/>; then nothing is changed.</returns>
    /// <exception cref="ScopeViolationException">The batch, or a figure of it, is out of the asker's sight.</exception>
    public async Task<Result<Outcome>> ExecuteAsync(Request request, IAsyncEnumerable<DemandFigure> figures, CancellationToken ct)
    {
        if (Check(request) is { } refusal) { return refusal; }
        var wanted = new Dictionary<Place, decimal>();
        await foreach (var figure in figures.WithCancellation(ct))
        {
            if (Check(figure) is { } wrong) { return wrong; }
            var place = new Place(figure.ProductId, figure.CompanyId, figure.Site.Trim(), Periods.Of(figure.Period, figure.Granularity), figure.Granularity);
            wanted[place] = wanted.GetValueOrDefault(place) + figure.Quantity;
        }
        foreach (var (place, sum) in wanted)
        {
            if (Math.Abs(sum) > Money.Largest) { return SupplyRefusals.QuantityOutOfRange(place.Period); }
        }
        try
        {
            if (db.Database.CurrentTransaction is not null) { return await ReplaceAsync(request, wanted, ct); }
            Outcome? outcome = null;
            await db.InOneTransactionAsync(async () => (outcome = await ReplaceAsync(request, wanted, ct)).Changed, ct);
            return outcome!;
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || db.Engine.IsUniqueViolation(e))
        {
            return SupplyRefusals.BatchChanged;
        }
    }

    /// <returns>What is wrong with one figure in itself; null where nothing is.</returns>
    public static Refusal? Check(DemandFigure figure) => figure switch
    {
        _ when figure.Site.Trim().Length > DemandSignal.SiteLength => SupplyRefusals.SiteTooLong(DemandSignal.SiteLength),
        _ when Math.Abs(figure.Quantity) > Money.Largest => SupplyRefusals.QuantityOutOfRange(figure.Period),
        _ => null,
    };

    private static Refusal? Check(Request request) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Origin) => SupplyRefusals.OriginMissing,
        _ when request.Origin.Trim().Length > DemandBatch.OriginLength => SupplyRefusals.OriginTooLong(DemandBatch.OriginLength),
        { Source: DemandSource.Pipeline } => SupplyRefusals.PipelineIsDerived,
        _ => null,
    };

    private async Task<Outcome> ReplaceAsync(Request request, Dictionary<Place, decimal> wanted, CancellationToken ct)
    {
        var origin = request.Origin.Trim();
        var batch = await db.DemandBatches.AsTracking().FirstOrDefaultAsync(b => b.Source == request.Source && b.Origin == origin, ct);
        var (gone, kept) = batch is null ? ([], 0) : await CompareAsync(batch, wanted, ct);
        var added = wanted.ToArray();
        if (added.Length == 0 && gone.Count == 0) { return new(batch?.Id ?? 0, batch?.Delivery ?? 0, 0, 0, kept); }

        if (batch is null)
        {
            var reporter = db.Scope.Kind is ScopeKind.Partner ? db.Scope.RequireCompany() : request.ReporterId;
            db.Add(batch = new DemandBatch { Id = db.Ids.Next(), Source = request.Source, Origin = origin, ReporterId = reporter });
        }
        else
        {
            batch.Delivery++;
        }
        (batch.ReceivedAt, batch.SignalCount) = (db.Now, kept + added.Length);
        // The batch goes first: its version decides between two deliveries at the same moment.
        await db.SaveChangesAsync(ct);
        await RemoveAsync(gone, ct);
        await AddAsync(batch.Id, request.Source, added, ct);
        return new(batch.Id, batch.Delivery, added.Length, gone.Count, kept);
    }

    /// <summary>Takes out of <paramref name="wanted"/> what the batch holds already.</summary>
    /// <returns>The signals that the delivery no longer names, and how many stay.</returns>
    private async Task<(List<long> Gone, int Kept)> CompareAsync(DemandBatch batch, Dictionary<Place, decimal> wanted, CancellationToken ct)
    {
        var gone = new List<long>();
        var kept = 0;
        var held = db.DemandSignals.Where(s => s.BatchId == batch.Id)
            .Select(s => new { s.Id, s.ProductId, s.CompanyId, s.Site, s.Period, s.Granularity, s.Quantity }).AsAsyncEnumerable();
        await foreach (var signal in held.WithCancellation(ct))
        {
            var place = new Place(signal.ProductId, signal.CompanyId, signal.Site, signal.Period, signal.Granularity);
            if (wanted.TryGetValue(place, out var quantity) && Money.Round(quantity) == signal.Quantity)
            {
                wanted.Remove(place);
                kept++;
            }
            else
            {
                gone.Add(signal.Id);
            }
        }
        return gone.Count + kept == batch.SignalCount
            ? (gone, kept)
            : throw new ScopeViolationException($"{db.Scope.PersonId} would replace a batch of which a part is out of sight.");
    }

    private async Task RemoveAsync(List<long> gone, CancellationToken ct)
    {
        foreach (var part in gone.Chunk(SignalsPerSave)) { await db.DemandSignals.Where(s => EF.Parameter(part).Contains(s.Id)).ExecuteDeleteAsync(ct); }
    }

    private async Task AddAsync(long batchId, DemandSource source, KeyValuePair<Place, decimal>[] added, CancellationToken ct)
    {
        foreach (var part in added.Chunk(SignalsPerSave))
        {
            foreach (var (place, quantity) in part)
            {
                db.AddInBulk(new DemandSignal
                {
                    Id = db.Ids.Next(), BatchId = batchId, ProductId = place.ProductId, CompanyId = place.CompanyId, Site = place.Site, Period = place.Period,
                    Granularity = place.Granularity, Source = source, Quantity = Money.Round(quantity),
                });
            }
            await db.SaveChangesAsync(ct);
        }
    }
}
