using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Exchange;

/// <summary>A field and how it is set on the record; null is the empty cell. Without a setter the record takes it in when it is made.</summary>
public sealed record ImportSetter<T>(ImportField Field, Action<T, object?>? Set = null);

/// <summary>An <see cref="IImportTarget"/> for one entity: loads what is there in one query, sets what the profile maps, adds what is new.</summary>
public abstract class RecordTarget<T> : IImportTarget where T : Aggregate
{
    private readonly IReadOnlyList<ImportSetter<T>> _setters;

    protected RecordTarget(string kind, string permission, IReadOnlyList<ImportSetter<T>> setters)
    {
        (Kind, Permission, _setters) = (kind, permission, setters);
        Fields = [.. setters.Select(s => s.Field)];
    }

    public string Kind { get; }
    public string Permission { get; }
    public IReadOnlyList<ImportField> Fields { get; }
    public virtual IReadOnlyList<string> LookupFields => [];
    public virtual IReadOnlyList<string> UniqueFields => [];
    public virtual IReadOnlyList<string> KeyFields => UniqueFields;
    public virtual IReadOnlyList<string> OtherKeyFields => [];
    public virtual bool OnePerPlace => false;
    public virtual Func<PortalDbContext, long[], CancellationToken, Task<int>>? Remove => null;

    public virtual string? StandsAt(ImportItem item) => null;

    public virtual Task<IReadOnlyList<(string Place, long Id)>> StandingAsync(PortalDbContext db, IReadOnlyList<ImportItem> items, CancellationToken ct) => Task.FromResult<IReadOnlyList<(string, long)>>([]);

    public virtual string Normalize(string field, string value) => value.Trim();

    /// <summary>What a look-up field holds; asked only for <see cref="LookupFields"/>.</summary>
    protected virtual IQueryable<Found> Named(PortalDbContext db, string field) => throw new ArgumentOutOfRangeException(nameof(field), field, "No such look-up.");

    /// <summary>What it is called in Chinese beside that; null where it has one name in all languages.</summary>
    protected virtual IQueryable<Found>? NamedInChinese(PortalDbContext db, string field) => null;

    protected sealed class Found
    {
        public required string Value { get; init; }
        public required long Id { get; init; }
    }

    public async Task<IReadOnlyList<(string Value, long Id)>> FindAsync(PortalDbContext db, string field, string[] values, CancellationToken ct) =>
        [.. (await BothAsync(db, field, names => names.Where(f => EF.Parameter(values).Contains(f.Value)).ToListAsync(ct))).SelectMany(found => found, (_, f) => (f.Value, f.Id))];

    public async Task<ImportNames?> NamesAsync(PortalDbContext db, string field, int most, CancellationToken ct)
    {
        var found = await BothAsync(db, field, names => names.OrderBy(f => f.Value).Take(most + 1).ToListAsync(ct));
        if (found[0].Count > most) { return null; }
        var own = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "zh" && found is [_, var chinese] ? chinese.ToDictionary(f => f.Id, f => f.Value) : [];
        return new([.. found[0].Select(f => own.GetValueOrDefault(f.Id, f.Value)).Distinct().Order(StringComparer.CurrentCulture)], [.. found.SelectMany(f => f).Select(f => f.Value)]);
    }

    private async Task<List<List<Found>>> BothAsync(PortalDbContext db, string field, Func<IQueryable<Found>, Task<List<Found>>> ask)
    {
        var found = new List<List<Found>> { await ask(Named(db, field)) };
        if (NamedInChinese(db, field) is { } chinese) { found.Add(await ask(chinese)); }
        return found;
    }

    public async Task<IReadOnlySet<long>> SeenAsync(PortalDbContext db, long[] ids, CancellationToken ct) =>
        (await db.Set<T>().Where(r => EF.Parameter(ids).Contains(r.Id)).Select(r => r.Id).ToListAsync(ct)).ToHashSet();

    public async Task ApplyAsync(ImportBatch batch, CancellationToken ct)
    {
        var ids = batch.Items.Where(i => !i.IsNew).Select(i => i.Id).ToArray();
        var there = ids.Length == 0 ? [] : await Load(batch.Db).Where(r => EF.Parameter(ids).Contains(r.Id)).ToDictionaryAsync(r => r.Id, ct);
        await PrepareAsync(batch, ct);
        foreach (var item in batch.Items)
        {
            T? record;
            if (item.IsNew) { record = Make(batch, item); }
            else if (!there.TryGetValue(item.Id, out record)) { item.Refuse(ImportRefusals.OutOfSight); continue; }
            if (Set(batch, item, record) is { } refusal)
            {
                item.Refuse(refusal, PlaceOfProperty(refusal.Field));
                if (!item.IsNew) { batch.Db.Entry(record).State = EntityState.Detached; }
                continue;
            }
            item.Foreseen = Foresee(record);
            if (item.IsNew) { batch.Db.AddInBulk(record); item.Done(ImportOutcome.Created); }
            else { item.Done(IsChanged(batch, record) ? ImportOutcome.Updated : ImportOutcome.Unchanged); }
        }
    }

    /// <summary>The records that are there, with what belongs to them.</summary>
    protected virtual IQueryable<T> Load(PortalDbContext db) => db.Set<T>();

    /// <summary>Look-ups that the whole batch needs.</summary>
    protected virtual Task PrepareAsync(ImportBatch batch, CancellationToken ct) => Task.CompletedTask;

    /// <summary>A new record with its required fields; the others follow by their setters.</summary>
    protected abstract T Make(ImportBatch batch, ImportItem item);

    /// <returns>Null, or why the record cannot be so; nothing of it is then written.</returns>
    protected virtual Refusal? Set(ImportBatch batch, ImportItem item, T record)
    {
        for (var place = 0; place < _setters.Count; place++)
        {
            if (_setters[place].Set is { } set && batch.Run.IsMapped(place)) { set(record, item[place]); }
        }
        return Check(batch, record);
    }

    /// <returns>Null, or which rule the record breaks: what a page would refuse, an import does not bring in. The rules are the record's own, and so are their refusals.</returns>
    protected virtual Refusal? Check(ImportBatch batch, T record) => null;

    /// <returns>What others that point at the record ask of it, for a run that writes nothing; null where they ask nothing.</returns>
    protected virtual object? Foresee(T record) => null;

    protected virtual bool IsChanged(ImportBatch batch, T record) => batch.Db.Entry(record).State is EntityState.Modified;

    protected int PlaceOf(string field)
    {
        for (var place = 0; place < _setters.Count; place++) { if (_setters[place].Field.Name == field) { return place; } }
        return -1;
    }

    /// <summary>The place of what the record calls so: <c>PartnerId</c> comes in as <c>partner</c>.</summary>
    private int PlaceOfProperty(string property)
    {
        for (var place = 0; place < _setters.Count; place++)
        {
            var field = _setters[place].Field;
            if (property.Equals(field.Name, StringComparison.OrdinalIgnoreCase) || (field.Refers is not null && property.Equals($"{field.Name}Id", StringComparison.OrdinalIgnoreCase))) { return place; }
        }
        return -1;
    }

    protected static TEnum Word<TEnum>(object? value, TEnum otherwise) where TEnum : struct, Enum => value is string word ? Enum.Parse<TEnum>(word) : otherwise;
}

/// <summary>Every kind of record that can be imported.</summary>
public static class ImportTargets
{
    public static readonly IReadOnlyList<IImportTarget> All =
    [
        .. typeof(ImportTargets).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IImportTarget)))
            .Select(t => (IImportTarget)Activator.CreateInstance(t, nonPublic: true)!)
            .OrderBy(t => t.Kind, StringComparer.Ordinal),
    ];
}
