using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>Says a word in an opportunity's thread. Staff say it in the house or to everybody who sees it; a partner's person needs a grant or share to comment.</summary>
public sealed class AddComment(PortalDbContext db)
{
    public const int Longest = 4_000;

    /// <param name="Internal">Staff only; an answer to an internal word is internal whatever is asked.</param>
    /// <param name="AnswerTo">A comment of the same opportunity; the answer joins its thread.</param>
    public sealed record Request(long OpportunityId, string Body, bool Internal, long? AnswerTo = null);

    /// <returns>The saved comment, or one of <see cref="SalesRefusals"/>.</returns>
    public async Task<Result<Comment>> ExecuteAsync(Request request, CancellationToken ct)
    {
        var opportunity = await db.Opportunities.Where(o => o.Id == request.OpportunityId).Select(o => new { o.CustomerId, o.PartnerId, o.Title }).FirstOrDefaultAsync(ct);
        if (opportunity is null) { return SalesRefusals.NotFound; }
        var isStaff = db.Scope.Kind is not ScopeKind.Partner;
        if (!isStaff && (request.Internal || !await db.AllowsAsync(RecordClass.Opportunity, request.OpportunityId, GrantActions.Comment, ct))) { return SalesRefusals.CommentNotAllowed; }
        if (string.IsNullOrWhiteSpace(request.Body)) { return SalesRefusals.CommentEmpty; }
        var body = request.Body.Trim();
        if (body.Length > Longest) { return SalesRefusals.CommentTooLong(Longest); }
        var answered = request.AnswerTo is { } asked
            ? await db.Comments.AsNoTracking().FirstOrDefaultAsync(c => c.Id == asked && c.RecordClass == RecordClass.Opportunity && c.RecordId == request.OpportunityId, ct)
            : null;
        if (request.AnswerTo is not null && answered is null) { return SalesRefusals.CommentUnknown; }

        var comment = new Comment
        {
            Id = db.Ids.Next(), RecordClass = RecordClass.Opportunity, RecordId = request.OpportunityId, ParentId = answered?.ParentId ?? answered?.Id,
            AuthorId = db.Scope.PersonId, AuthorName = db.Scope.PersonName, AuthorCompanyId = isStaff ? null : db.Scope.RequireCompany(),
            Body = body, Internal = request.Internal || answered?.Internal is true, At = db.Now,
        };
        db.Add(comment);
        if (Opportunity.StoriesOf(opportunity.CustomerId, opportunity.PartnerId) is (Company: { } company, var partner))
        {
            db.Add(new TimelineEntry
            {
                Id = db.Ids.Next(), CompanyId = company, PartnerId = partner, At = db.Now, PersonId = db.Scope.PersonId, PersonName = db.Scope.PersonName,
                Kind = "comment.created", RecordId = request.OpportunityId, RecordClass = RecordClass.Opportunity, Title = opportunity.Title,
            });
        }
        await db.SaveChangesAsync(ct);
        return comment;
    }
}
