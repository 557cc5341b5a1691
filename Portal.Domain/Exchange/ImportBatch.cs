using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Exchange;

public enum ImportOutcome { Unchanged, Created, Updated, Refused }

/// <summary>One record on its way into the database.</summary>
/// <param name="references">Places of the fields that refer to other records.</param>
public sealed class ImportItem(ImportRecord record, int[] references)
{
    private const long NotLookedUp = -1;
    // A batch holds thousands of items: ids beside the row, not a copy of the row.
    private readonly long[] _found = [.. references.Select(_ => NotLookedUp)];

    public ImportRecord Record => record;
    /// <summary>The record that is there, or the id for the new one.</summary>
    public long Id { get; set; }
    public bool IsNew { get; set; }
    public ImportOutcome Outcome { get; private set; }
    public Refusal? Refusal { get; private set; }
    /// <summary>Place of the refused field; -1 for the whole row.</summary>
    public int RefusedPlace { get; private set; } = -1;
    /// <summary>What a run that writes nothing remembers of the record, for those that point at it.</summary>
    internal object? Foreseen { get; set; }
    internal long Hash { get; set; }
    internal ExternalKey? Key { get; set; }

    /// <summary>The value of a field; for one that refers to another record its id, once it is looked up.</summary>
    public object? this[int place]
    {
        get
        {
            var reference = Array.IndexOf(references, place);
            return reference < 0 || _found[reference] == NotLookedUp ? record.Values[place] : _found[reference] == 0 ? null : _found[reference];
        }
    }

    /// <param name="id">0 for none.</param>
    internal void Found(int place, long id) => _found[Array.IndexOf(references, place)] = id;

    public void Done(ImportOutcome outcome) => Outcome = outcome;

    public void Refuse(Refusal refusal, int place = -1) => (Outcome, Refusal, RefusedPlace) = (ImportOutcome.Refused, refusal, place);

    /// <summary>What was looked up is asked for anew.</summary>
    internal void Forget() => Array.Fill(_found, NotLookedUp);

    /// <summary>Before the item is tried again on its own.</summary>
    internal void Reset() => (Outcome, Refusal, RefusedPlace, Foreseen) = (ImportOutcome.Unchanged, null, -1, null);
}

/// <summary>What a kind of record keeps between the batches of one import.</summary>
public sealed class ImportRun(ImportProfile profile, RecordSet set)
{
    public ImportProfile Profile => profile;
    public RecordSet Set => set;
    /// <summary>The target's own; dropped when a batch is rolled back.</summary>
    public object? State { get; set; }

    private readonly bool[] _mapped = [.. Enumerable.Range(0, set.Schema.Fields.Count).Select(p => set.Fields.Any(f => f.Place == p))];

    /// <summary>Whether the profile fills the field: a field that it does not fill is left as it is.</summary>
    public bool IsMapped(int place) => _mapped[place];
}

/// <summary>Records that are written together, by the rules of <see cref="PortalDbContext"/>: in its scope, guarded, audited.</summary>
/// <param name="Foreseen">By id, what this run would have made of other records; empty where it writes them.</param>
public sealed record ImportBatch(PortalDbContext Db, ImportRun Run, IReadOnlyList<ImportItem> Items, IReadOnlyDictionary<long, object> Foreseen)
{
    /// <summary>What the run would have made of the records that others point at.</summary>
    public IEnumerable<T> ForeseenOf<T>(IEnumerable<long> ids) => Foreseen.Count == 0 ? [] : ids.Select(id => Foreseen.GetValueOrDefault(id)).OfType<T>();

    /// <summary>What is written by other means than the save, in its transaction and before it.</summary>
    public Func<Task>? BeforeSave { get; set; }
}

/// <summary>By what other records can name those of one kind.</summary>
/// <param name="Choices">One for each record, in the language of whoever asks.</param>
/// <param name="All">In every language.</param>
public sealed record ImportNames(IReadOnlyList<string> Choices, IReadOnlyList<string> All);

/// <summary>Where an import puts one kind of record. Knows the record's rules; the engine knows keys, look-ups and transactions.</summary>
public interface IImportTarget : IImportSchema
{
    /// <summary>What the importing person must be allowed to do.</summary>
    string Permission { get; }

    /// <summary>Look-up fields of which no two records have the same value.</summary>
    IReadOnlyList<string> UniqueFields { get; }

    /// <summary>For kinds of which only one record may stand at a place that several fields name: the place, in one word; null where there is none such.</summary>
    string? StandsAt(ImportItem item) => null;

    /// <returns>Per place of the items the record that the scope sees there.</returns>
    Task<IReadOnlyList<(string Place, long Id)>> StandingAsync(PortalDbContext db, IReadOnlyList<ImportItem> items, CancellationToken ct) => Task.FromResult<IReadOnlyList<(string, long)>>([]);

    /// <returns>Per value the ids that the scope sees, one for each record found; values as the look-up field stores them (see <see cref="Normalize"/>).</returns>
    Task<IReadOnlyList<(string Value, long Id)>> FindAsync(PortalDbContext db, string field, string[] values, CancellationToken ct);

    /// <returns>What the look-up field holds, to choose from; null where the scope sees more than so many.</returns>
    Task<ImportNames?> NamesAsync(PortalDbContext db, string field, int most, CancellationToken ct) => Task.FromResult<ImportNames?>(null);

    /// <returns>Those of the ids that the scope sees.</returns>
    Task<IReadOnlySet<long>> SeenAsync(PortalDbContext db, long[] ids, CancellationToken ct);

    /// <summary>A value as the look-up field stores it.</summary>
    string Normalize(string field, string value);

    /// <summary>Adds to and changes the context and gives every item its outcome. Writes nothing: it is called before the turn to write is taken, and by dry runs.</summary>
    Task ApplyAsync(ImportBatch batch, CancellationToken ct);

    /// <summary>Removes records that the source no longer has; null where this kind is never removed.</summary>
    Func<PortalDbContext, long[], CancellationToken, Task<int>>? Remove { get; }
}
