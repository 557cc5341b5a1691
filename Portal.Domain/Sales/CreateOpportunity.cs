using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>Opens an opportunity. Nobody opens what they could not see afterwards.</summary>
public sealed class CreateOpportunity(PortalDbContext db)
{
    /// <param name="StageId">Null: the first open stage.</param>
    /// <param name="Reason">For one that is entered as won or lost.</param>
    public sealed record Request(OpportunityDraft Draft, long? StageId = null, string? Reason = null);

    /// <returns>The saved opportunity, or one of <see cref="SalesRefusals"/>.</returns>
    public async Task<Result<Opportunity>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var stage = request.StageId is { } asked
            ? await db.Stages.FirstOrDefaultAsync(s => s.Id == asked, ct)
            : await db.Stages.Where(s => s.Kind == StageKind.Open).OrderBy(s => s.Position).ThenBy(s => s.Id).FirstOrDefaultAsync(ct);
        if (stage is null) { return SalesRefusals.StageUnknown; }
        var draft = request.Draft.OwnerId is null && !db.Scope.IsSystem ? request.Draft with { OwnerId = db.Scope.PersonId } : request.Draft;
        if (!db.Scope.HoldsOpportunity(draft.OwnerId, draft.TerritoryId)) { return SalesRefusals.OwnerOutOfReach; }

        var id = db.Ids.Next();
        var opportunity = new Opportunity { Id = id, Number = Numbers.For("OP", id), Title = draft.Title, StageId = stage.Id, OpenedOn = db.Today };
        if (opportunity.MoveTo(stage, request.Reason, db.Now, db.Scope.PersonId, db.Ids.Next()) is { } reason) { return reason; }
        if (await draft.ApplyAsync(db, opportunity, stage, ct) is { } refusal) { return refusal; }
        db.Add(opportunity);
        await db.SaveChangesAsync(ct);
        return opportunity;
    }
}
