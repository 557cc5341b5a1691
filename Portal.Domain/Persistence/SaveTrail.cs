using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Sales;

namespace Portal.Domain.Persistence;

/// <summary>What every save leaves behind, in the same transaction: version, audit, the company's story, the search index, names kept in step.</summary>
internal static class SaveTrail
{
    /// <summary>Not worth a line of their own: they are records of what happened, or follow their record.</summary>
    private static readonly HashSet<Type> Unaudited =
        [.. SaveGuard.OwnRecords, typeof(Job), typeof(BulkChange), typeof(StageChange), typeof(Supply.DemandSignal), typeof(Documents.DocumentReceipt)];

    public static async Task WriteAsync(PortalDbContext db, NewRecords news, CancellationToken ct)
    {
        var asker = db.Scope.PersonName is { Length: > 0 } person ? person : db.Scope.Reason ?? "";
        // Asked for once: every look at a set's local view compares all that is tracked.
        var lines = db.Set<SearchEntry>().Local;
        foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToArray())
        {
            if (entry is { State: EntityState.Added or EntityState.Modified, Entity: Aggregate aggregate }) { aggregate.NextVersion(); }
            if (Unaudited.Contains(entry.Metadata.ClrType)) { continue; }
            var changes = ChangesOf(entry);
            if (entry.State is EntityState.Modified && changes.Length == 0) { continue; }
            var act = entry.State switch { EntityState.Added => "created", EntityState.Deleted => "deleted", _ => "changed" };
            var name = entry.Metadata.ClrType.Name;
            Leave(Audit(db, asker, name, RecordId(entry), act, changes));
            if (entry.Entity is IOnTimeline { TimelineCompanyId: { } company } story)
            {
                Leave(Story(db, asker, company, story, $"{name.ToLowerInvariant()}.{act}", entry.State is EntityState.Modified ? changes : ""));
            }
            if (entry.Entity is ISearchable searchable) { Index(db, lines, entry.State, name, searchable); }
        }
        foreach (var (table, records) in news.All) { TellOfNew(db, news, table, records, asker); }
        if (db.SavesInBulk) { await LeaveEqualLinesAsync(db, ct); }
        await Upkeep.KeepNamesAsync(db, ct);

        void Leave(object trace)
        {
            if (db.SavesInBulk) { news.Add(db, trace); }
            else { db.Add(trace); }
        }
    }

    /// <summary>A line of the search index costs more than its record; most changes leave it as it was.</summary>
    private static async Task LeaveEqualLinesAsync(PortalDbContext db, CancellationToken ct)
    {
        var changed = db.ChangeTracker.Entries<SearchEntry>().Where(e => e.State is EntityState.Modified).ToList();
        if (changed.Count == 0) { return; }
        var ids = changed.Select(e => e.Entity.Id).ToArray();
        var there = await db.Set<SearchEntry>().AsNoTracking().Where(e => EF.Parameter(ids).Contains(e.Id)).Select(e => new { e.Id, e.Text }).ToDictionaryAsync(e => e.Id, e => e.Text, ct);
        foreach (var line in changed.Where(e => there.GetValueOrDefault(e.Entity.Id) == e.Entity.Text)) { line.State = EntityState.Detached; }
    }

    /// <summary>The same for records that are written in bulk; what tells of them is made when it is written.</summary>
    private static void TellOfNew(PortalDbContext db, NewRecords news, RecordTable table, List<object> records, string asker)
    {
        var audited = !Unaudited.Contains(table.Type.ClrType);
        var name = table.Type.ClrType.Name;
        var kind = $"{name.ToLowerInvariant()}.created";
        foreach (var record in records.OfType<Aggregate>()) { record.NextVersion(); }
        if (!audited) { return; }
        news.AddAsWritten(db, Audits());
        if (typeof(IOnTimeline).IsAssignableFrom(table.Type.ClrType)) { news.AddAsWritten(db, Stories()); }
        if (typeof(ISearchable).IsAssignableFrom(table.Type.ClrType)) { news.AddAsWritten(db, records.Select(record => Line(db, name, (ISearchable)record))); }

        IEnumerable<AuditEntry> Audits()
        {
            using var text = new JsonText();
            var values = new object?[table.Told.Length];
            foreach (var record in records)
            {
                table.Tell(record, values);
                yield return Audit(db, asker, name, table.FirstKey(record), "created", text.Of(table.Told, values));
            }
        }

        IEnumerable<TimelineEntry> Stories()
        {
            foreach (var record in records.Cast<IOnTimeline>())
            {
                if (record.TimelineCompanyId is { } company) { yield return Story(db, asker, company, record, kind, ""); }
            }
        }
    }

    private static AuditEntry Audit(PortalDbContext db, string asker, string entity, long record, string act, string changes) => new()
    {
        Id = db.Ids.Next(), At = db.Now, PersonId = db.Scope.PersonId, PersonName = asker, Through = db.Through, Entity = entity, RecordId = record, Action = act, Changes = changes,
    };

    private static TimelineEntry Story(PortalDbContext db, string asker, long company, IOnTimeline record, string kind, string changes) => new()
    {
        Id = db.Ids.Next(), CompanyId = company, PartnerId = record.TimelinePartnerId, At = db.Now, PersonId = db.Scope.PersonId, PersonName = asker, Kind = kind, RecordId = record.Id, Title = record.TimelineTitle,
        RecordClass = record is Opportunity ? RecordClass.Opportunity : null, Changes = changes,
    };

    private static SearchEntry Line(PortalDbContext db, string entity, ISearchable record)
    {
        var text = SearchText.Normalize(record.SearchText);
        return new SearchEntry { Id = record.Id, Entity = entity, Text = text, Grams = db.Engine.Terms(entity, text) };
    }

    private static void Index(PortalDbContext db, LocalView<SearchEntry> lines, EntityState state, string entity, ISearchable record)
    {
        var line = Line(db, entity, record);
        // A second save of the same record in one context meets the line of the first.
        if (lines.FindEntry(record.Id) is { } earlier) { earlier.State = EntityState.Detached; }
        db.Entry(line).State = state;
    }

    private static long RecordId(EntityEntry entry) =>
        entry.Metadata.FindPrimaryKey()!.Properties[0] is var key && key.ClrType == typeof(long) ? (long)entry.Property(key.Name).CurrentValue! : 0;

    /// <summary>The version tells nothing, and a record's own number stands beside its changes; a record that is nothing but what it ties together is told by these.</summary>
    internal static bool IsTold(IProperty property) => property.Name is not nameof(Aggregate.Version) && (!property.IsPrimaryKey() || property.FindContainingPrimaryKey()!.Properties.Count > 1);

    private static string ChangesOf(EntityEntry entry)
    {
        using var buffer = new MemoryStream();
        var any = false;
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var property in entry.Properties)
            {
                if (!IsTold(property.Metadata)) { continue; }
                var (from, to) = entry.State switch { EntityState.Added => (null, property.CurrentValue), EntityState.Deleted => (property.OriginalValue, null), _ => (property.OriginalValue, property.CurrentValue) };
                if (from is null or "" && to is null or "" || (entry.State is EntityState.Modified && (!property.IsModified || Equals(from, to)))) { continue; }
                any = true;
                json.WriteStartArray(property.Metadata.Name);
                Write(json, from);
                Write(json, to);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return any ? Encoding.UTF8.GetString(buffer.ToArray()) : "";
    }

    /// <summary>What a new record holds, as <see cref="ChangesOf"/> writes it; one buffer serves all.</summary>
    private sealed class JsonText : IDisposable
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Utf8JsonWriter _json;

        public JsonText() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public string Of(JsonEncodedText[] names, object?[] values)
        {
            _buffer.ResetWrittenCount();
            _json.Reset();
            _json.WriteStartObject();
            var any = false;
            for (var n = 0; n < names.Length; n++)
            {
                if (values[n] is null or "") { continue; }
                any = true;
                _json.WriteStartArray(names[n]);
                _json.WriteNullValue();
                Write(_json, values[n]);
                _json.WriteEndArray();
            }
            _json.WriteEndObject();
            _json.Flush();
            return any ? Encoding.UTF8.GetString(_buffer.WrittenSpan) : "";
        }

        public void Dispose() => _json.Dispose();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case decimal number: json.WriteNumberValue(number); break;
            case int number: json.WriteNumberValue(number); break;
            case long id: json.WriteStringValue(id.ToString(System.Globalization.CultureInfo.InvariantCulture)); break;
            case IFormattable formattable: json.WriteStringValue(formattable.ToString(value is DateOnly ? "yyyy-MM-dd" : value is DateTimeOffset ? "O" : null, System.Globalization.CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }
}
