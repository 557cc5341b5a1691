using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>Changes everything of an opportunity but its stage; staff only. Who hands it to a colleague out of reach sees it no more.</summary>
public sealed class EditOpportunity(PortalDbContext db)
{
    /// <param name="Version">As it was read; a newer one on record is a conflict.</param>
    public sealed record Request(long Id, long Version, OpportunityDraft Draft);

    /// <returns>The saved opportunity, or one of <see cref="SalesRefusals"/>.</returns>
    public async Task<Result<Opportunity>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var opportunity = await db.Opportunities.AsSplitQuery().Include(o => o.Lines).Include(o => o.Contacts).FirstOrDefaultAsync(o => o.Id == request.Id, ct);
        if (opportunity is null) { return SalesRefusals.NotFound; }
        if (db.Scope.Kind is ScopeKind.Partner || !await db.AllowsAsync(RecordClass.Opportunity, opportunity.Id, GrantActions.Edit, ct)) { return SalesRefusals.ReadOnly; }
        if (opportunity.Version != request.Version) { return SalesRefusals.ChangedMeanwhile; }
        var stage = await db.Stages.AsNoTracking().FirstAsync(s => s.Id == opportunity.StageId, ct);
        if (await request.Draft.ApplyAsync(db, opportunity, stage, ct) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }
        db.ChangeTracker.DetectChanges();
        // A change of lines or contacts alone is a change of the opportunity: the next editor must meet it.
        if (db.ChangeTracker.HasChanges()) { db.Entry(opportunity).Property(o => o.Title).IsModified = true; }
        await db.SaveChangesAsync(ct);
        return opportunity;
    }
}
