using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Sales;

/// <summary>The words said about an opportunity, as far as the reader may read them.</summary>
public static class Threads
{
    /// <summary>The latest words; older ones are left out of the page.</summary>
    private const int Most = 300;

    /// <param name="isInternal">Staff's own talk or the shared one; null for both.</param>
    public static async Task<IReadOnlyList<CommentItem>> OfAsync(PortalDbContext db, long opportunity, bool? isInternal, CancellationToken ct)
    {
        var comments = db.Comments.AsNoTracking().Where(c => c.RecordClass == RecordClass.Opportunity && c.RecordId == opportunity);
        if (isInternal is { } asked) { comments = comments.Where(c => c.Internal == asked); }
        var latest = await comments.OrderByDescending(c => c.Id).Take(Most).ToListAsync(ct);
        latest.Reverse();
        var heads = latest.Select(c => c.Id).ToHashSet();
        var answers = latest.Where(c => c.ParentId is { } parent && heads.Contains(parent)).ToLookup(c => c.ParentId);
        return [.. latest.Where(c => c.ParentId is not { } parent || !heads.Contains(parent)).Select(c => Item(c, [.. answers[c.Id].Select(a => Item(a, []))]))];
    }

    private static CommentItem Item(Comment comment, IReadOnlyList<CommentItem> answers) => new(comment.Id, comment.AuthorName, comment.At, comment.Body, comment.Internal, answers);
}
