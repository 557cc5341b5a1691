using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

/// <param name="Before">Id to ask for what came earlier; null at the beginning of the story.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, long? Before);

public static class TimelineQueries
{
    extension(PortalDbContext db)
    {
        /// <summary>What happened with a company, newest first, as far as the asker sees it.</summary>
        /// <param name="before">Only what happened before the entry of this id; null for the newest.</param>
        public Task<TimelinePage> TimelineOfCompanyAsync(long companyId, long? before, int count, CancellationToken ct) =>
            // Each half reads the newest along its own index; one condition for both would read all that the company was ever in.
            PageAsync([db.Timeline.Where(e => e.CompanyId == companyId), db.Timeline.Where(e => e.PartnerId == companyId)], before, count, ct);

        /// <summary>What happened with one record.</summary>
        /// <inheritdoc cref="TimelineOfCompanyAsync"/>
        public Task<TimelinePage> TimelineOfRecordAsync(long recordId, long? before, int count, CancellationToken ct) =>
            PageAsync([db.Timeline.Where(e => e.RecordId == recordId)], before, count, ct);
    }

    /// <param name="stories">No entry is in two of them.</param>
    private static async Task<TimelinePage> PageAsync(IReadOnlyList<IQueryable<TimelineEntry>> stories, long? before, int count, CancellationToken ct)
    {
        var newest = stories.Select(story => (before is { } bound ? story.Where(e => e.Id < bound) : story).OrderByDescending(e => e.Id).Take(count + 1));
        var found = await newest.Aggregate(Queryable.Concat).AsNoTracking().OrderByDescending(e => e.Id).Take(count + 1).ToListAsync(ct);
        if (found.Count <= count) { return new(found, null); }
        found.RemoveAt(count);
        return new(found, found[^1].Id);
    }
}
