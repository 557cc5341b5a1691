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
            PageAsync(db.Timeline.Where(e => e.CompanyId == companyId), before, count, ct);

        /// <summary>What happened with one record.</summary>
        /// <inheritdoc cref="TimelineOfCompanyAsync"/>
        public Task<TimelinePage> TimelineOfRecordAsync(long recordId, long? before, int count, CancellationToken ct) =>
            PageAsync(db.Timeline.Where(e => e.RecordId == recordId), before, count, ct);
    }

    private static async Task<TimelinePage> PageAsync(IQueryable<TimelineEntry> entries, long? before, int count, CancellationToken ct)
    {
        if (before is { } bound) { entries = entries.Where(e => e.Id < bound); }
        var found = await entries.AsNoTracking().OrderByDescending(e => e.Id).Take(count + 1).ToListAsync(ct);
        if (found.Count <= count) { return new(found, null); }
        found.RemoveAt(count);
        return new(found, found[^1].Id);
    }
}
