using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>Moves an opportunity along the pipeline, to any stage; staff only, partners use <see cref="AdvanceOpportunity"/>. The history keeps how long each stage took.</summary>
public sealed class MoveOpportunity(PortalDbContext db)
{
    /// <param name="Reason">Why it was won or lost; needed for lost.</param>
    /// <param name="Version">As it was read; null moves whatever stands, for a board that shows the stage and nothing else.</param>
    public sealed record Request(long Id, long StageId, string? Reason = null, long? Version = null);

    /// <returns>The opportunity as it now is, or one of <see cref="SalesRefusals"/>. Staying where it is changes nothing.</returns>
    public async Task<Result<Opportunity>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var opportunity = await db.Opportunities.FirstOrDefaultAsync(o => o.Id == request.Id, ct);
        if (opportunity is null) { return SalesRefusals.NotFound; }
        if (db.Scope.Kind is ScopeKind.Partner || !await db.AllowsAsync(RecordClass.Opportunity, opportunity.Id, GrantActions.Edit, ct)) { return SalesRefusals.ReadOnly; }
        if (request.Version is { } version && version != opportunity.Version) { return SalesRefusals.ChangedMeanwhile; }
        if (await db.Stages.FirstOrDefaultAsync(s => s.Id == request.StageId, ct) is not { } stage) { return SalesRefusals.StageUnknown; }
        if (request.Reason?.Trim().Length > Opportunity.LongestReason) { return SalesRefusals.TooLong(nameof(Opportunity.OutcomeReason), Opportunity.LongestReason); }
        if (opportunity.MoveTo(stage, request.Reason, db.Now, db.Scope.PersonId, db.Ids.Next()) is { } refusal) { return refusal; }
        await db.SaveChangesAsync(ct);
        return opportunity;
    }
}
