using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Domain.Access;
using Portal.Domain.Companies;

namespace Portal.Domain.Persistence;

/// <summary>What you could not see, you cannot write; what you write cannot point at what you could not see. One query per type and save.</summary>
internal static class SaveGuard
{
    /// <summary>Written by the context itself, not by the asker.</summary>
    public static readonly HashSet<Type> OwnRecords =
        [typeof(AuditEntry), typeof(TimelineEntry), typeof(SearchEntry), typeof(IdempotencyKey), typeof(Exchange.ExternalKey)];

    private static readonly MethodInfo CountMethod = typeof(SaveGuard).GetMethod(nameof(CountSeenAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static IReadOnlyList<(Type Type, long[] Ids)> Added(PortalDbContext db, NewRecords news)
    {
        if (db.Scope.IsSystem) { return []; }
        var tracked = Entries(db).Where(e => e.State is EntityState.Added && IdOf(e) is not null).Select(e => (Type: e.Metadata.ClrType, Id: IdOf(e)!.Value)).GroupBy(e => e.Type, e => e.Id);
        var many = Guarded(news).Where(n => n.Table.Id is not null && HasFilter(n.Table.Type));
        return [.. tracked.Select(g => (g.Key, g.ToArray())), .. many.Select(n => (n.Table.Type.ClrType, n.Records.Select(n.Table.Id!).ToArray()))];
    }

    /// <summary>Before the write: changed and deleted records are seen as they stand in the database, and so is everything newly pointed at.</summary>
    public static async Task CheckBeforeAsync(PortalDbContext db, NewRecords news, CancellationToken ct, IReadOnlySet<long>? unsaved = null)
    {
        if (db.Scope.IsSystem) { return; }
        var needed = new Dictionary<Type, HashSet<long>>();
        var fresh = new HashSet<(Type, long)>();
        foreach (var entry in Entries(db))
        {
            if (entry.State is EntityState.Added && IdOf(entry) is { } added) { fresh.Add((entry.Metadata.ClrType, added)); }
            if (entry.State is EntityState.Modified or EntityState.Deleted && IdOf(entry) is { } id) { Need(entry.Metadata.ClrType, id); }
            if (entry.State is EntityState.Deleted) { continue; }
            foreach (var key in entry.Metadata.GetForeignKeys().Where(k => k.Properties.Count == 1))
            {
                var property = entry.Property(key.Properties[0].Name);
                if (property.CurrentValue is long target && (entry.State is EntityState.Added || property.IsModified)) { Need(key.PrincipalEntityType.ClrType, target); }
            }
            if (entry.State is EntityState.Added && Subject(entry.Entity) is { } subject) { Need(Sights.Shareable[subject.Class], subject.Id); }
        }
        foreach (var (table, records) in Guarded(news))
        {
            if (table.Id is { } idOf) { fresh.UnionWith(records.Select(r => (table.Type.ClrType, idOf(r)))); }
            foreach (var (principal, key) in table.Pointers)
            {
                var last = 0L;
                foreach (var record in records)
                {
                    var target = key(record);
                    if (target != 0 && target != last) { Need(principal, last = target); }
                }
            }
            foreach (var record in records) { if (Subject(record) is { } subject) { Need(Sights.Shareable[subject.Class], subject.Id); } }
        }
        foreach (var (type, ids) in needed)
        {
            ids.RemoveWhere(id => fresh.Contains((type, id)) || unsaved?.Contains(id) == true);
            await RequireSeenAsync(db, type, ids, ct);
        }

        void Need(Type type, long id)
        {
            if (!needed.TryGetValue(type, out var ids)) { needed[type] = ids = []; }
            ids.Add(id);
        }
    }

    /// <summary>After the write, inside its transaction: nobody creates what they could not see afterwards.</summary>
    public static async Task CheckAfterAsync(PortalDbContext db, IReadOnlyList<(Type Type, long[] Ids)> added, CancellationToken ct)
    {
        foreach (var (type, ids) in added) { await RequireSeenAsync(db, type, [.. ids], ct); }
    }

    /// <summary>The same question of records that will not be written: by their own columns, since nothing is shared of what is not there.</summary>
    public static void CheckUnsaved(PortalDbContext db, NewRecords news)
    {
        foreach (var (table, records) in Guarded(news).Where(n => HasFilter(n.Table.Type)))
        {
            if (records.Exists(record => !Sights.Holds(record, db.Scope))) { throw new ScopeViolationException($"{db.Scope.PersonId} would write {table.Type.ClrType.Name} out of sight."); }
        }
    }

    private static IEnumerable<(RecordTable Table, List<object> Records)> Guarded(NewRecords news) => news.All.Where(n => !OwnRecords.Contains(n.Table.Type.ClrType));

    /// <summary>Where the asker's filter lets everything through, what was just written is seen.</summary>
    private static bool HasFilter(Microsoft.EntityFrameworkCore.Metadata.IEntityType type) => type.GetDeclaredQueryFilters().Count > 0;

    private static (RecordClass Class, long Id)? Subject(object entity) => entity switch
    {
        Share share => (share.RecordClass, share.RecordId),
        Comment comment => (comment.RecordClass, comment.RecordId),
        _ => null,
    };

    private static async Task RequireSeenAsync(PortalDbContext db, Type type, HashSet<long> ids, CancellationToken ct)
    {
        if (ids.Count == 0) { return; }
        var seen = await (Task<int>)CountMethod.MakeGenericMethod(type).Invoke(null, [db, ids.ToArray(), ct])!;
        if (seen != ids.Count) { throw new ScopeViolationException($"{db.Scope.PersonId} wrote or pointed at {type.Name} out of sight."); }
    }

    private static async Task<int> CountSeenAsync<T>(PortalDbContext db, long[] ids, CancellationToken ct) where T : class
    {
        var record = Expression.Parameter(typeof(T));
        var id = Expression.Call(typeof(EF), nameof(EF.Property), [typeof(long)], record, Expression.Constant("Id"));
        var seen = 0;
        foreach (var part in ids.Chunk(5_000))
        {
            Expression<Func<long[]>> list = () => part;
            var among = Expression.Lambda<Func<T, bool>>(Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(long)], Expression.Call(typeof(EF), nameof(EF.Parameter), [typeof(long[])], list.Body), id), record);
            seen += await db.Set<T>().AsNoTracking().Where(among).CountAsync(ct);
        }
        return seen;
    }

    private static IEnumerable<EntityEntry> Entries(PortalDbContext db) => db.ChangeTracker.Entries()
        .Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && !OwnRecords.Contains(e.Metadata.ClrType));

    private static long? IdOf(EntityEntry entry) =>
        entry.Metadata.FindPrimaryKey()!.Properties is [{ Name: "Id" } key] && key.ClrType == typeof(long) ? (long)entry.Property("Id").CurrentValue! : null;
}
