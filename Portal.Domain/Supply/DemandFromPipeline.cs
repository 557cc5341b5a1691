using System.Globalization;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;

namespace Portal.Domain.Supply;

/// <summary>
/// The demand that open opportunities stand for: each line's quantity times the opportunity's chance, in the week in which it is wanted, or else in the
/// week of the close date. Won, lost and undated opportunities stand for none. One batch for each opportunity.
/// </summary>
/// <remarks>Every save of an opportunity or its lines recomputes it in the same transaction, whoever saves; see <c>Upkeep</c>.</remarks>
public static class DemandFromPipeline
{
    private const string Prefix = "opportunity:";
    private const int PerTransaction = 500;

    public static string Origin(long opportunityId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{opportunityId}");

    /// <returns>Null for an origin that names no opportunity.</returns>
    public static long? OpportunityOf(string origin) =>
        origin.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(origin.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>For changes that no save of opportunities carries, such as a bulk update. Joins the open transaction; without one it makes its own.</summary>
    /// <exception cref="InvalidOperationException">Something is pending: save it first.</exception>
    public static async Task RecomputeAsync(PortalDbContext db, IReadOnlyCollection<long> opportunityIds, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await db.KeepPipelineDemandAsync(opportunityIds, ct);
            return;
        }
        await db.InOneTransactionAsync(async () =>
        {
            await db.KeepPipelineDemandAsync(opportunityIds, ct);
            return true;
        }, ct);
    }

    /// <inheritdoc cref="RecomputeAsync(PortalDbContext, IReadOnlyCollection{long}, CancellationToken)"/>
    public static Task RecomputeAsync(PortalDbContext db, long opportunityId, CancellationToken ct) => RecomputeAsync(db, [opportunityId], ct);

    /// <summary>Works out everything anew, 500 opportunities to a transaction: memory does not grow with their number and writers in between wait briefly.</summary>
    /// <returns>How many opportunities were gone through.</returns>
    public static async Task<int> RecomputeAllAsync(PortalDbContext db, CancellationToken ct)
    {
        var done = 0;
        for (long after = 0; await Upkeep.PipelinePageAsync(db, after, PerTransaction, ct) is { Length: > 0 } page; after = page[^1])
        {
            await RecomputeAsync(db, page, ct);
            done += page.Length;
        }
        await db.InOneTransactionAsync(async () =>
        {
            await Upkeep.DropOrphanedPipelineDemandAsync(db, ct);
            return true;
        }, ct);
        return done;
    }

    /// <param name="probability">Percent.</param>
    /// <returns>Figures by product and week, without those that come to nothing.</returns>
    public static List<DemandFigure> Figures(long? customerId, int probability, DateOnly? closeDate, IEnumerable<OpportunityLine> lines) =>
    [
        .. from line in lines
           let day = line.WantedOn ?? closeDate
           where day is not null
           group line.Quantity by (line.ProductId, Week: Periods.WeekOf(day.Value)) into sum
           let quantity = Money.Round(sum.Sum() * probability / 100m)
           where quantity != 0
           select new DemandFigure(sum.Key.ProductId, customerId, "", sum.Key.Week, DemandPeriod.Week, quantity),
    ];

    internal static IEnumerable<object> Batch(IdSource ids, string origin, int delivery, DateTimeOffset now, List<DemandFigure> figures)
    {
        var batch = new DemandBatch { Id = ids.Next(), Source = DemandSource.Pipeline, Origin = origin, Delivery = delivery, ReceivedAt = now, SignalCount = figures.Count };
        batch.NextVersion();
        yield return batch;
        foreach (var figure in figures)
        {
            yield return new DemandSignal
            {
                Id = ids.Next(), BatchId = batch.Id, ProductId = figure.ProductId, CompanyId = figure.CompanyId, Site = figure.Site, Period = figure.Period,
                Granularity = figure.Granularity, Source = DemandSource.Pipeline, Quantity = figure.Quantity,
            };
        }
    }
}
