using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Makes and ends the rules by which a record's own columns count for partners.</summary>
public sealed class GrantAccess(PortalDbContext db)
{
    public sealed record Request(string Key, Relationship Relationship, RecordClass RecordClass, FieldSet Fields, GrantActions Actions, string Reason, DateTimeOffset Until);

    public async Task<Result<AccessGrant>> ExecuteAsync(Request request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Reason)) { return new Refusal("share.reason-missing", Field: nameof(Request.Reason)); }
        if (request.Until <= db.Now) { return new Refusal("share.end-past", Field: nameof(Request.Until)); }
        if (request.Until > db.Now + ShareRecord.Longest) { return new Refusal("share.end-too-far", Field: nameof(Request.Until), Values: [(int)ShareRecord.Longest.TotalDays]); }
        if (!Rules.Contains((request.RecordClass, request.Relationship))) { return new Refusal("grant.no-such-rule", Field: nameof(Request.Relationship)); }
        if (request.Actions.HasFlag(GrantActions.Edit) && request.Fields is not FieldSet.Full) { return ShareRecord.EditNeedsFull; }
        var grant = new AccessGrant
        {
            Id = db.Ids.Next(), Key = request.Key, Relationship = request.Relationship, RecordClass = request.RecordClass, Fields = request.Fields, Actions = request.Actions | GrantActions.Read,
            From = db.Now, Until = request.Until, Reason = request.Reason.Trim(), GrantedBy = db.Scope.PersonId,
        };
        db.Add(grant);
        await db.SaveChangesAsync(ct);
        return grant;
    }

    /// <summary>Ends a grant now; the row stays on record.</summary>
    public async Task<Refusal?> EndAsync(long id, CancellationToken ct)
    {
        if (await db.Grants.FirstOrDefaultAsync(g => g.Id == id && g.Until > db.Now, ct) is not { } grant) { return new Refusal("record.not-found", RefusalKind.NotFound); }
        grant.Until = db.Now;
        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>The pairs for which some type states a rule: what can be granted at all.</summary>
    public static readonly IReadOnlySet<(RecordClass, Relationship)> Rules = Sights.Rules();
}
