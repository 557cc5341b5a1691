using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

/// <summary>One changed record, as <see cref="BulkChange.Items"/> holds it.</summary>
internal interface IBulkItem
{
    long Id { get; }
    long? New { get; }
}

/// <summary>The asker's last bulk change of a type, against what its records are now.</summary>
/// <param name="Records">Those that are still the asker's to change, by id; tracked.</param>
/// <param name="Still">What stands as the change left it.</param>
internal sealed record LastBulkChange<TRecord, TField, TItem>(TField Field, IReadOnlyList<TItem> Items, IReadOnlyDictionary<long, TRecord> Records, IReadOnlyList<TItem> Still);

/// <summary>A bulk change that its maker has not taken back.</summary>
/// <param name="Count">How many records it changed.</param>
public sealed record StandingBulkChange(int Count, DateTimeOffset At);

/// <summary>What many records were changed in at once is remembered with what stood before, so that whoever did it can take the last one back.</summary>
public static class BulkChanges
{
    extension(PortalDbContext db)
    {
        /// <summary>Saved with the change itself.</summary>
        internal void RememberBulkChange<TRecord, TField, TItem>(TField field, IReadOnlyCollection<TItem> items) where TRecord : Aggregate where TField : struct, Enum where TItem : IBulkItem =>
            db.Add(new BulkChange
            {
                Id = db.Ids.Next(), PersonId = db.Scope.PersonId, At = db.Now, Entity = typeof(TRecord).Name, Field = field.ToString(), Items = JsonSerializer.Serialize(items), Count = items.Count,
            });

        /// <returns>The asker's last bulk change of a type; null where it was taken back or is older than that.</returns>
        public async Task<StandingBulkChange?> StandingBulkChangeAsync<TRecord>(TimeSpan age, CancellationToken ct)
        {
            var entity = typeof(TRecord).Name;
            var last = await db.BulkChanges.Where(c => c.PersonId == db.Scope.PersonId && c.Entity == entity).OrderByDescending(c => c.Id)
                .Select(c => new { c.Count, c.At, c.UndoneAt }).FirstOrDefaultAsync(ct);
            return last is { UndoneAt: null } && last.At > db.Now - age ? new(last.Count, last.At) : null;
        }

        /// <summary>Marks the change as taken back; the caller puts back what <see cref="LastBulkChange{TRecord,TField,TItem}.Still"/> names, and saves.</summary>
        /// <param name="current">What the field holds now.</param>
        /// <returns>Null where there is nothing to take back.</returns>
        internal async Task<LastBulkChange<TRecord, TField, TItem>?> TakeLastBulkChangeAsync<TRecord, TField, TItem>(Func<TRecord, TField, long?> current, CancellationToken ct)
            where TRecord : Aggregate where TField : struct, Enum where TItem : IBulkItem
        {
            var entity = typeof(TRecord).Name;
            var last = await db.BulkChanges.Where(c => c.PersonId == db.Scope.PersonId && c.Entity == entity).OrderByDescending(c => c.Id).FirstOrDefaultAsync(ct);
            if (last is null or { UndoneAt: not null }) { return null; }
            var items = JsonSerializer.Deserialize<List<TItem>>(last.Items)!;
            var field = Enum.Parse<TField>(last.Field);
            long[] ids = [.. items.Select(i => i.Id)];
            var records = await db.AllowedTo<TRecord>(GrantActions.Edit).Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, ct);
            last.UndoneAt = db.Now;
            return new(field, items, records, items.FindAll(i => records.TryGetValue(i.Id, out var record) && current(record, field) == i.New));
        }
    }
}
