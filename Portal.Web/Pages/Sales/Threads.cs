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
        // Which other partners have a part in it, and who they are, is not a partner's to know: their words stand without a name.
        var (named, company) = (db.Scope.Kind is not ScopeKind.Partner, db.Scope.CompanyId);
        var latest = await comments.OrderByDescending(c => c.Id).Take(Most)
            .Select(c => new Said(c.Id, c.ParentId, named || c.AuthorCompanyId == null || c.AuthorCompanyId == company ? c.AuthorName : null, c.At, c.Body, c.Internal)).ToListAsync(ct);
        latest.Reverse();
        var heads = latest.Select(c => c.Id).ToHashSet();
        var answers = latest.Where(c => c.ParentId is { } parent && heads.Contains(parent)).ToLookup(c => c.ParentId);
        return [.. latest.Where(c => c.ParentId is not { } parent || !heads.Contains(parent)).Select(c => Item(c, [.. answers[c.Id].Select(a => Item(a, []))]))];
    }

    private static CommentItem Item(Said said, IReadOnlyList<CommentItem> answers) => new(said.Id, said.Author, said.At, said.Body, said.Internal, answers);

    private sealed record Said(long Id, long? ParentId, string? Author, DateTimeOffset At, string Body, bool Internal);
}
