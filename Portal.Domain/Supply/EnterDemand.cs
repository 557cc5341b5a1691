using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Supply;

/// <summary>
/// Sets figures of one product by hand. What was entered by hand before for the same company, site and period is replaced; what was delivered stands
/// beside it, so a correction of a delivered figure is the difference. A partner's person enters for the own company only.
/// </summary>
public sealed class EnterDemand(PortalDbContext db)
{
    /// <param name="CompanyId">Whose demand; ignored for a partner's person, who enters the own company's.</param>
    public sealed record Request(DemandSource Source, long ProductId, long? CompanyId, string Site, DemandPeriod Granularity, IReadOnlyList<Entry> Entries);

    /// <param name="Quantity">Null takes back what was entered.</param>
    public sealed record Entry(DateOnly Period, decimal? Quantity);

    /// <summary>What a partner reports of itself; the sight of demand signals knows the same three.</summary>
    public static readonly IReadOnlyList<DemandSource> PartnerSources = [DemandSource.SellThrough, DemandSource.StockOnHand, DemandSource.Forecast];

    /// <returns>What changed, or one of <see cref="SupplyRefusals"/>.</returns>
    public async Task<Result<ReplaceDemandBatch.Outcome>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var isPartner = db.Scope.Kind is ScopeKind.Partner;
        if (request.Source is DemandSource.Pipeline) { return SupplyRefusals.PipelineIsDerived; }
        if (!MayEnter(db.Scope, request.Source)) { return SupplyRefusals.SourceNotYours; }
        if (request.Entries.Count == 0) { return SupplyRefusals.NothingEntered; }
        if (!await db.Products.AnyAsync(p => p.Id == request.ProductId, ct)) { return SupplyRefusals.DemandProductUnknown; }
        var company = isPartner ? db.Scope.RequireCompany() : request.CompanyId;
        if (company is { } given && !await db.Companies.AnyAsync(c => c.Id == given, ct)) { return SupplyRefusals.CompanyUnknown; }

        var origin = Origin(db.Scope, request.ProductId);
        var site = request.Site.Trim();
        var periods = request.Entries.Select(e => Periods.Of(e.Period, request.Granularity)).ToHashSet();
        var kept = await db.DemandSignals
            .Where(s => db.DemandBatches.Any(b => b.Id == s.BatchId && b.Source == request.Source && b.Origin == origin))
            .Select(s => new DemandFigure(s.ProductId, s.CompanyId, s.Site, s.Period, s.Granularity, s.Quantity)).ToListAsync(ct);
        kept.RemoveAll(f => f.CompanyId == company && f.Site == site && f.Granularity == request.Granularity && periods.Contains(f.Period));
        var entered = request.Entries.Where(e => e.Quantity is not null)
            .Select(e => new DemandFigure(request.ProductId, company, site, e.Period, request.Granularity, e.Quantity!.Value));
        return await new ReplaceDemandBatch(db).ExecuteAsync(new(request.Source, origin, isPartner ? company : null), kept.Concat(entered).ToAsyncEnumerable(), ct);
    }

    /// <returns>What was entered by hand for the company and site, by period.</returns>
    public async Task<Dictionary<DateOnly, decimal>> EnteredAsync(DemandSource source, long productId, long? companyId, string site, DemandPeriod granularity, CancellationToken ct)
    {
        var (origin, place) = (Origin(db.Scope, productId), site.Trim());
        var company = db.Scope.Kind is ScopeKind.Partner ? db.Scope.RequireCompany() : companyId;
        return await db.DemandSignals
            .Where(s => db.DemandBatches.Any(b => b.Id == s.BatchId && b.Source == source && b.Origin == origin) && s.CompanyId == company && s.Site == place && s.Granularity == granularity)
            .ToDictionaryAsync(s => s.Period, s => s.Quantity, ct);
    }

    /// <summary>A partner's person needs a grant to edit as the distributor of what it reports; a supplier reads the demand for its products and enters none.</summary>
    public static bool MayEnter(AccessScope scope, DemandSource source) => source is not DemandSource.Pipeline && (scope.Kind is not ScopeKind.Partner
        || PartnerSources.Contains(source) && scope.ActionsAs(RecordClass.DemandSignal, Relationship.DistributorOf).HasFlag(GrantActions.Edit));

    /// <summary>A batch for each product, and for each partner of its own, so that no partner's entry meets another's.</summary>
    public static string Origin(AccessScope scope, long productId) =>
        scope.Kind is ScopeKind.Partner ? $"entered:{scope.RequireCompany()}:{productId}" : $"entered:house:{productId}";
}
