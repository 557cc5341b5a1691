using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

public static class Advancing
{
    extension(PortalDbContext db)
    {
        /// <summary>What the asker may move along, open or closed.</summary>
        public IQueryable<Opportunity> MayAdvance() => db.AllowedTo<Opportunity>(GrantActions.Edit).Where(o => db.OpportunitiesInFull.Any(full => full.Id == o.Id));
    }
}

/// <summary>
/// Tells how far a sale has come and what happens next: all that a partner's person changes of an opportunity. It must be seen in full and its grant or share
/// must allow changes. What is won or lost is closed for partners; opening it again is for the house. docs/user/sales.md, "Shared with partners".
/// </summary>
public sealed class AdvanceOpportunity(PortalDbContext db)
{
    public const int LongestStep = 200;

    /// <summary>The fields that partners change.</summary>
    public sealed record Standing(long StageId, string? NextStep, DateOnly? NextStepOn);

    /// <param name="Read">As it stood when the asker read it; another standing on record is a conflict. What else changed meanwhile is none and is not told.</param>
    /// <param name="Reason">Needed for lost, whatever reason the house has on record.</param>
    public sealed record Request(long Id, Standing Read, Standing Wanted, string? Reason = null);

    /// <returns>Whether anything changed, or one of <see cref="SalesRefusals"/>.</returns>
    public async Task<Result<bool>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var opportunity = await db.MayAdvance().FirstOrDefaultAsync(o => o.Id == request.Id, ct);
        if (opportunity is null) { return await db.Opportunities.AnyAsync(o => o.Id == request.Id, ct) ? SalesRefusals.ReadOnly : SalesRefusals.NotFound; }
        if (opportunity.Outcome is not StageKind.Open) { return SalesRefusals.Closed; }
        var wanted = request.Wanted with { NextStep = Kept(request.Wanted.NextStep) };
        if (wanted.NextStep?.Length > LongestStep) { return SalesRefusals.TooLong(nameof(Opportunity.NextStep), LongestStep); }
        var reason = Kept(request.Reason);
        if (reason?.Length > Opportunity.LongestReason) { return SalesRefusals.TooLong(nameof(Opportunity.OutcomeReason), Opportunity.LongestReason); }
        if (new Standing(opportunity.StageId, opportunity.NextStep, opportunity.NextStepOn) != request.Read with { NextStep = Kept(request.Read.NextStep) }) { return SalesRefusals.ChangedMeanwhile; }
        if (await db.Stages.FirstOrDefaultAsync(s => s.Id == wanted.StageId, ct) is not { } stage) { return SalesRefusals.StageUnknown; }
        if (stage.Kind is StageKind.Lost && reason is null) { return SalesRefusals.ReasonMissing; }
        if (opportunity.MoveTo(stage, reason, db.Now, db.Scope.PersonId, db.Ids.Next()) is { } refusal) { return refusal; }
        (opportunity.NextStep, opportunity.NextStepOn) = (wanted.NextStep, wanted.NextStepOn);
        return await db.SaveChangesAsync(ct) > 0;

        static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
