using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

/// <summary>Records of one type of which the same columns changed.</summary>
/// <param name="Columns">Places in <see cref="RecordTable.Columns"/>.</param>
public sealed record RecordChanges(RecordTable Table, IReadOnlyList<int> Columns)
{
    /// <summary>Each with the version that was read; 0 where the type has none.</summary>
    public List<(object Record, long Was)> Records { get; } = [];
}

/// <summary>Changed records of one save that are written set by set: for many at once. They are tracked until then, since the audit trail tells what they were.</summary>
internal sealed class ChangedRecords
{
    private readonly Dictionary<(RecordTable Table, string Columns), RecordChanges> _sets = [];

    /// <summary>Takes what is changed out of the hands of the tracker; what is added and deleted stays there.</summary>
    public static ChangedRecords Take(PortalDbContext db)
    {
        var taken = new ChangedRecords();
        foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Modified).ToArray())
        {
            var table = RecordTable.Of(entry.Metadata);
            int[] columns = [.. entry.Properties.Where(p => p.IsModified).Select(p => table.PlaceOf(p.Metadata))];
            var key = (table, string.Join(',', columns));
            if (!taken._sets.TryGetValue(key, out var set)) { taken._sets[key] = set = new(table, columns); }
            set.Records.Add((entry.Entity, table.VersionPlace < 0 ? 0 : (long)entry.Property(nameof(Aggregate.Version)).OriginalValue!));
            // The tracker puts what is not accepted back to what it was.
            entry.OriginalValues.SetValues(entry.CurrentValues);
            entry.State = EntityState.Unchanged;
        }
        return taken;
    }

    /// <summary>Into the open transaction.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody changed one of them since it was read.</exception>
    /// <exception cref="DbUpdateException">A rule of the database fired.</exception>
    public async Task<int> WriteAsync(PortalDbContext db, CancellationToken ct)
    {
        foreach (var set in _sets.Values)
        {
            if (await db.Engine.UpdateAsync(db, set, ct) != set.Records.Count) { throw new DbUpdateConcurrencyException($"A record of {set.Table.Name} was changed meanwhile."); }
        }
        return _sets.Values.Sum(s => s.Records.Count);
    }
}
