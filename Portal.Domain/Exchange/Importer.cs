using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Exchange;

public sealed record ImportOptions
{
    /// <summary>Everything is done and counted, nothing is kept.</summary>
    public bool DryRun { get; init; }
    /// <summary>One refused row, and nothing is kept.</summary>
    public bool Strict { get; init; }
}

/// <param name="Set">The record set at work, and which of how many.</param>
/// <param name="Rows">Read so far in all sets.</param>
/// <param name="Done">Share of the whole, 0 to 1.</param>
public readonly record struct ImportProgress(string Set, int Number, int Sets, long Rows, double Done);

/// <summary>The counts of one record set. Rows that are grouped count as read; what they become counts as created, updated and so on.</summary>
public sealed class ImportCount(string name, string kind)
{
    public string Name => name;
    public string Kind => kind;
    public long Read { get; internal set; }
    /// <summary>Groups that rows were gathered into; 0 where rows are not grouped.</summary>
    public long Groups { get; internal set; }
    public long Created { get; internal set; }
    public long Updated { get; internal set; }
    public long Unchanged { get; internal set; }
    /// <summary>Rows, not faults: a row with two faults is refused once and listed twice.</summary>
    public long Refused { get; internal set; }
    public long Ignored { get; internal set; }
    /// <summary>Records that the source no longer has.</summary>
    public long Removed { get; internal set; }
    public Dictionary<ProfileText, long> IgnoredFor { get; } = [];
}

/// <param name="Kept">False after a dry run, a strict run with refusals, or where nothing could be done.</param>
/// <param name="Cancelled">Stopped by the asker; batches before that are kept unless the run was strict or dry.</param>
public sealed record ImportResult(IReadOnlyList<ImportCount> Records, bool Kept, bool Cancelled)
{
    public long Refused => Records.Sum(r => r.Refused);
    public long Changed => Records.Sum(r => r.Created + r.Updated + r.Removed);
}

/// <summary>
/// Brings the rows of a delivery into the database by a profile: in the importing person's scope, batch by batch, each in one transaction. Every record
/// is known by source, kind and key, so a second run changes nothing and a broken-off run is completed by running it again.
/// </summary>
/// <param name="batchSize">Rows written at once.</param>
public sealed class Importer(IEnumerable<IImportTarget> targets, int batchSize = Importer.BatchSize)
{
    /// <summary>Few enough that whoever waits for the turn to write waits about a second at most; many enough that a page of an index is written once for several rows.</summary>
    public const int BatchSize = 8_000;
    private const int MostWaiting = 100_000;
    private const int MostKnownReferences = 50_000;

    private readonly int _batchSize = batchSize;
    private readonly Dictionary<string, IImportTarget> _targets = targets.ToDictionary(t => t.Kind);

    public IReadOnlyDictionary<string, IImportTarget> Targets => _targets;

    /// <summary>What profiles are read against.</summary>
    public IReadOnlyDictionary<string, IImportSchema> Schemas => _targets.ToDictionary(t => t.Key, t => (IImportSchema)t.Value);

    /// <param name="db">A context of the importing person's scope, for this import alone.</param>
    /// <param name="refused">Called for each refusal as it is found.</param>
    public async Task<ImportResult> RunAsync(ImportProfile profile, IImportFiles files, ImportOptions options, PortalDbContext db, Action<ImportRefusal> refused, Func<ImportProgress, Task>? progress, CancellationToken ct)
    {
        var work = new Work(this, profile, files, db, options.DryRun || options.Strict ? Mode.Check : Mode.Batches, refused, progress);
        await using var bulk = await db.Engine.EnterBulkAsync(db, ct);
        db.SavesInBulk = true;
        try
        {
            await work.RunAsync(ct);
            if (!options.DryRun && !options.Strict) { return work.Result(kept: true, cancelled: false); }
            if (options.DryRun || work.Refused > 0) { return work.Result(kept: false, cancelled: false); }
            // Whoever waits for the turn to write now waits for the writing alone. Progress would wait for it as well.
            work = new Work(this, profile, files, db, Mode.Whole, refused, progress: null);
            await db.InOneTransactionAsync(async () =>
            {
                await work.RunAsync(ct);
                return work.Refused == 0;
            }, ct);
            return work.Result(kept: work.Refused == 0, cancelled: false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return work.Result(kept: !options.DryRun && !options.Strict, cancelled: true);
        }
        finally { db.Forget(); }
    }

    private enum Mode
    {
        /// <summary>Everything that can refuse a row is asked, nothing is written, and nobody waits.</summary>
        Check,
        /// <summary>Each batch in a transaction of its own.</summary>
        Batches,
        /// <summary>All within the transaction that is open.</summary>
        Whole,
    }

    /// <summary>What becomes of a record that points at one of its own kind which is not there.</summary>
    private enum Patience
    {
        /// <summary>It waits.</summary>
        Waits,
        /// <summary>It waits, but goes on where the profile lets it lack the other.</summary>
        TakesLess,
        /// <summary>It goes on or is refused.</summary>
        Ends,
    }

    private sealed class Work(Importer importer, ImportProfile profile, IImportFiles files, PortalDbContext db, Mode mode, Action<ImportRefusal> report, Func<ImportProgress, Task>? progress)
    {
        private readonly List<ImportCount> _counts = [];
        private readonly Dictionary<(string Kind, string By), Dictionary<string, long>> _known = [];
        private readonly Unsaved _unsaved = new();
        private long _rows;

        public long Refused => _counts.Sum(c => c.Refused);

        public ImportResult Result(bool kept, bool cancelled) => new(_counts, kept, cancelled);

        public async Task RunAsync(CancellationToken ct)
        {
            for (var i = 0; i < profile.Records.Count; i++)
            {
                var set = profile.Records[i];
                var count = new ImportCount(set.Name, set.Schema.Kind);
                _counts.Add(count);
                var target = importer._targets[set.Schema.Kind];
                if (!db.Scope.May(target.Permission))
                {
                    count.Refused++;
                    report(new(set.Name, new(profile.Files[set.File].Path, 0), "", null, ImportRefusals.NotAllowed(target.Kind)));
                    continue;
                }
                await new SetWork(this, target, set, count, i).RunAsync(ct);
            }
        }

        /// <summary>One record set.</summary>
        private sealed class SetWork(Work work, IImportTarget target, RecordSet set, ImportCount count, int number)
        {
            private readonly ImportRun _run = new(work.Profile, set);
            private readonly int[] _references = [.. set.Fields.Where(f => f.Field.Type is ImportFieldType.Reference).Select(f => f.Place)];
            private readonly Dictionary<ulong, int> _seen = [];
            private readonly List<ImportItem> _batch = new(work.BatchSize);
            private readonly string _origin = $"{work.Profile.Name}/{set.Name}";
            private List<ImportItem> _waiting = [];
            private bool _whole = true;

            public async Task RunAsync(CancellationToken ct)
            {
                var mapper = new RecordMapper(work.Profile, set, work.Files);
                foreach (var row in mapper.Map())
                {
                    if (row.IsRow) { count.Read++; work._rows++; }
                    else if (set.Group is not null && (row.Record is not null || row.Ignored is not null)) { count.Groups++; }
                    if (row.Refusals.Count > 0)
                    {
                        count.Refused++;
                        _whole = false;
                        foreach (var refusal in row.Refusals) { work.Report(refusal); }
                    }
                    if (row.Ignored is { } reason)
                    {
                        count.Ignored++;
                        count.IgnoredFor[reason] = count.IgnoredFor.GetValueOrDefault(reason) + 1;
                    }
                    if (row.Record is { } record && Take(record) is { } item)
                    {
                        _batch.Add(item);
                        if (_batch.Count == work.BatchSize) { await FlushAsync(mapper, ct); }
                    }
                    else if (work._rows % work.BatchSize == 0) { ct.ThrowIfCancellationRequested(); await ProgressAsync(mapper); }
                }
                await FlushAsync(mapper, ct);
                await SettleWaitingAsync(mapper, ct);
                if (set.Replace && _whole && target.Remove is { } remove) { await RemoveAsync(remove, ct); }
                await work.ReportAsync(new(set.Name, number + 1, work.Profile.Records.Count, work._rows, (number + 1.0) / work.Profile.Records.Count));
            }

            private Task ProgressAsync(RecordMapper mapper) =>
                work.ReportAsync(new(set.Name, number + 1, work.Profile.Records.Count, work._rows, (number + Math.Clamp(mapper.Done, 0, 1)) / work.Profile.Records.Count));

            /// <summary>A key that comes twice with other values is refused: which of the two held would depend on their order.</summary>
            private ImportItem? Take(ImportRecord record)
            {
                var item = new ImportItem(record, _references) { Hash = HashOf(record) };
                var key = KeyHash(record.Key);
                if (!_seen.TryAdd(key, (int)item.Hash))
                {
                    if (_seen[key] == (int)item.Hash) { count.Unchanged++; }
                    else { item.Refuse(ImportRefusals.KeyTwice); Count(item); }
                    return null;
                }
                return item;
            }

            private async Task FlushAsync(RecordMapper mapper, CancellationToken ct)
            {
                ct.ThrowIfCancellationRequested();
                if (_batch.Count > 0)
                {
                    await WriteAsync(_batch, Patience.Waits, ct);
                    _batch.Clear();
                }
                await ProgressAsync(mapper);
            }

            /// <summary>
            /// Records that point at records of their own kind further down wait for them; every round must settle at least one. After one that settled
            /// none, those go on without what they may lack, since others may wait for them; where that settles none either, nothing more will come.
            /// </summary>
            private async Task SettleWaitingAsync(RecordMapper mapper, CancellationToken ct)
            {
                for (var patience = Patience.Waits; _waiting.Count > 0;)
                {
                    var (round, before) = (_waiting, _waiting.Count);
                    _waiting = [];
                    foreach (var part in round.Chunk(work.BatchSize))
                    {
                        _batch.AddRange(part);
                        ct.ThrowIfCancellationRequested();
                        await WriteAsync(_batch, patience, ct);
                        _batch.Clear();
                    }
                    patience = _waiting.Count < before ? Patience.Waits : patience + 1;
                    await ProgressAsync(mapper);
                }
            }

            private async Task WriteAsync(List<ImportItem> batch, Patience patience, CancellationToken ct)
            {
                var (ready, waiting) = await PrepareAsync(batch, patience, ct);
                await ApplyAsync(ready.FindAll(i => i.Outcome is not ImportOutcome.Refused), again: false, ct);
                foreach (var item in ready) { Count(item); }
                _waiting.AddRange(waiting);
                if (_waiting.Count > MostWaiting)
                {
                    foreach (var item in _waiting) { item.Refuse(ImportRefusals.WaitingTooMany(MostWaiting)); Count(item); }
                    _waiting.Clear();
                }
            }

            /// <summary>Finds what is there, and turns keys into ids: one query for each look-up, whatever the number of records.</summary>
            /// <returns>What is to be written or was refused; and what waits. The unchanged are counted and gone.</returns>
            private async Task<(List<ImportItem> Ready, HashSet<ImportItem> Waiting)> PrepareAsync(List<ImportItem> batch, Patience patience, CancellationToken ct)
            {
                var keys = batch.Select(i => i.Record.Key).ToArray();
                var (source, kind) = (work.Profile.Source, target.Kind);
                var existing = await work.Db.Set<ExternalKey>().AsNoTracking().Where(k => k.Source == source && k.Kind == kind && EF.Parameter(keys).Contains(k.Key)).ToDictionaryAsync(k => k.Key, ct);
                var ready = new List<ImportItem>(batch.Count);
                foreach (var item in batch)
                {
                    item.Reset();
                    item.Key = existing.GetValueOrDefault(item.Record.Key);
                    item.Forget();
                    if (item.Key is { } known)
                    {
                        (item.Id, item.IsNew) = (known.RecordId, false);
                        if (known.Hash == item.Hash) { item.Done(ImportOutcome.Unchanged); count.Unchanged++; continue; }
                    }
                    else if (work._unsaved.IdOf(target.Kind, null, item.Record.Key) is > 0 and var made) { (item.Id, item.IsNew) = (made, false); }
                    else { item.IsNew = true; }
                    ready.Add(item);
                }
                var waiting = new HashSet<ImportItem>();
                foreach (var field in set.Fields.Where(f => f.Field.Type is ImportFieldType.Reference)) { await LookUpAsync(field, ready, waiting, patience, ct); }
                if (waiting.Count > 0) { ready.RemoveAll(waiting.Contains); }
                await MatchAsync(ready, ct);
                await CheckUniqueAsync(ready, ct);
                foreach (var item in ready.Where(i => i.IsNew && i.Outcome is not ImportOutcome.Refused))
                {
                    if (!set.Create) { item.Refuse(ImportRefusals.NotFoundToUpdate); continue; }
                    item.Id = work.Db.Ids.Next();
                }
                return (ready, waiting);
            }

            private async Task LookUpAsync(FieldRule field, List<ImportItem> items, HashSet<ImportItem> waiting, Patience patience, CancellationToken ct)
            {
                var referred = importer(field);
                var found = await work.FindAsync(referred, field.LookUpBy, items.Select(i => i.Record.Values[field.Place]).OfType<string>(), ct);
                foreach (var item in items)
                {
                    if (item.Record.Values[field.Place] is not string key || item.Outcome is ImportOutcome.Refused) { continue; }
                    var id = found.GetValueOrDefault(Normal(referred, field.LookUpBy, key));
                    item.Found(field.Place, Math.Max(id, 0));
                    if (id > 0) { continue; }
                    if (id == Ambiguous) { item.Refuse(new Refusal(ImportRefusals.ReferenceAmbiguous, Field: field.Field.Name, Values: [key]), field.Place); }
                    else if (referred.Kind == target.Kind && (patience is Patience.Waits || (patience is Patience.TakesLess && field.Missing is WhenMissing.Refuse))) { waiting.Add(item); }
                    else if (field.Missing is WhenMissing.Refuse) { item.Refuse(new Refusal(ImportRefusals.ReferenceNotFound, Field: field.Field.Name, Values: [key]), field.Place); }
                    // Left empty: not remembered as done, so that a later run can still find it.
                    else { item.Hash = 0; }
                }
                IImportTarget importer(FieldRule rule) => work.TargetOf(rule.Field.Refers!);
            }

            /// <summary>A record that is there without this source's key is taken for the same by the profile's match fields, in their order.</summary>
            private async Task MatchAsync(List<ImportItem> items, CancellationToken ct)
            {
                foreach (var by in set.Match)
                {
                    if (by == IImportSchema.Place) { await MatchPlacesAsync(items, ct); continue; }
                    var place = PlaceOf(by);
                    if (place < 0) { continue; }
                    var open = items.Where(i => i.IsNew && i.Outcome is not ImportOutcome.Refused && i[place] is string).ToList();
                    var found = await work.FindAsync(target, by, open.Select(i => (string)i[place]!), ct);
                    foreach (var item in open)
                    {
                        var id = found.GetValueOrDefault(Normal(target, by, (string)item[place]!));
                        if (id == Ambiguous) { item.Refuse(new Refusal(ImportRefusals.ReferenceAmbiguous, Field: by, Values: [item[place]!]), place); }
                        else if (id > 0) { (item.Id, item.IsNew) = (id, false); }
                    }
                }
            }

            private async Task CheckUniqueAsync(List<ImportItem> items, CancellationToken ct)
            {
                foreach (var by in target.UniqueFields)
                {
                    var place = PlaceOf(by);
                    if (place < 0 || !_run.IsMapped(place)) { continue; }
                    var open = items.Where(i => i.Outcome is not ImportOutcome.Refused && i[place] is string).ToList();
                    var found = await work.FindAsync(target, by, open.Select(i => (string)i[place]!), ct, remember: false);
                    var inBatch = new Dictionary<string, ImportItem>();
                    foreach (var item in open)
                    {
                        var value = Normal(target, by, (string)item[place]!);
                        var holder = found.GetValueOrDefault(value);
                        if ((holder > 0 && holder != item.Id) || !inBatch.TryAdd(value, item)) { item.Refuse(ImportRefusals.Taken with { Field = by }, place); }
                    }
                }
                await CheckPlacesAsync(items, ct);
            }

            private async Task MatchPlacesAsync(List<ImportItem> items, CancellationToken ct)
            {
                foreach (var (item, _, holder) in await PlacedAsync(items.Where(i => i.IsNew), ct))
                {
                    if (holder > 0) { (item.Id, item.IsNew) = (holder, false); }
                }
            }

            private async Task CheckPlacesAsync(List<ImportItem> items, CancellationToken ct)
            {
                var inBatch = new HashSet<string>(StringComparer.Ordinal);
                foreach (var (item, place, holder) in await PlacedAsync(items, ct))
                {
                    if ((holder > 0 && holder != item.Id) || !inBatch.Add(place)) { item.Refuse(ImportRefusals.Taken); }
                }
            }

            /// <returns>The items that stand at a place, and who holds it: 0 for nobody.</returns>
            private async Task<List<(ImportItem Item, string Place, long Holder)>> PlacedAsync(IEnumerable<ImportItem> items, CancellationToken ct)
            {
                var placed = items.Where(i => i.Outcome is not ImportOutcome.Refused).Select(i => (Item: i, Place: target.StandsAt(i))).Where(p => p.Place is not null).ToList();
                if (placed.Count == 0) { return []; }
                var standing = (await target.StandingAsync(work.Db, placed.ConvertAll(p => p.Item), ct)).ToDictionary(s => s.Place, s => s.Id);
                return placed.ConvertAll(p => (p.Item, p.Place!, standing.TryGetValue(p.Place!, out var there) ? there : work._unsaved.IdOf(target.Kind, Unsaved.ByPlace, p.Place!)));
            }

            /// <summary>One record spoils those that are written with it: halves are tried until it stands alone.</summary>
            /// <param name="again">A record that somebody changed in between was read once more.</param>
            private async Task ApplyAsync(List<ImportItem> items, bool again, CancellationToken ct)
            {
                if (items.Count == 0) { return; }
                try
                {
                    await SaveAsync(items, ct);
                }
                catch (Exception fault) when (fault is ScopeViolationException || (fault is DbUpdateConcurrencyException && !again) || (fault is DbUpdateException clash && work.Db.Engine.IsUniqueViolation(clash)))
                {
                    foreach (var item in items) { item.Reset(); }
                    if (items.Count > 1)
                    {
                        await ApplyAsync(items[..(items.Count / 2)], again: false, ct);
                        await ApplyAsync(items[(items.Count / 2)..], again: false, ct);
                    }
                    else if (fault is DbUpdateConcurrencyException) { await ApplyAsync(items, again: true, ct); }
                    else { items[0].Refuse(fault is not ScopeViolationException ? ImportRefusals.Taken : items[0].IsNew ? ImportRefusals.OutOfReach : ImportRefusals.OutOfSight); }
                }
            }

            private async Task SaveAsync(List<ImportItem> items, CancellationToken ct)
            {
                var db = work.Db;
                db.Forget();
                try
                {
                    var batch = new ImportBatch(db, _run, set.Update ? items.FindAll(i => !work._unsaved.Holds(i)) : items.FindAll(i => i.IsNew), work._unsaved.Foreseen);
                    if (batch.Items.Count > 0) { await target.ApplyAsync(batch, ct); }
                    if (work.IsCheck)
                    {
                        await db.CheckAsync(work._unsaved.Ids, ct);
                        foreach (var item in items.Where(i => i.Outcome is not ImportOutcome.Refused)) { work._unsaved.Add(work.Profile, target, item); }
                        return;
                    }
                    var kept = items.FindAll(i => i.Outcome is not ImportOutcome.Refused);
                    if (kept.Exists(i => i.Key is null)) { db.AddAsWritten(kept.Where(i => i.Key is null).Select(i => new ExternalKey { Source = work.Profile.Source, Kind = target.Kind, Key = i.Record.Key, RecordId = i.Id, Origin = _origin, Hash = i.Hash })); }
                    foreach (var item in kept.Where(i => i.Key is not null))
                    {
                        var known = db.Update(item.Key!).Entity;
                        (known.Hash, known.Origin) = (item.Hash, _origin);
                    }
                    await work.SaveAsync(batch.BeforeSave, ct);
                }
                catch
                {
                    _run.State = null;
                    throw;
                }
                finally { db.Forget(); }
            }

            private async Task RemoveAsync(Func<PortalDbContext, long[], CancellationToken, Task<int>> remove, CancellationToken ct)
            {
                var (source, kind, origin) = (work.Profile.Source, target.Kind, _origin);
                var gone = new List<(string Key, long Id)>();
                await foreach (var key in work.Db.Set<ExternalKey>().AsNoTracking().Where(k => k.Source == source && k.Kind == kind && k.Origin == origin).Select(k => new { k.Key, k.RecordId }).AsAsyncEnumerable().WithCancellation(ct))
                {
                    if (!_seen.ContainsKey(KeyHash(key.Key))) { gone.Add((key.Key, key.RecordId)); }
                }
                foreach (var part in gone.Chunk(work.BatchSize))
                {
                    ct.ThrowIfCancellationRequested();
                    if (work.IsCheck)
                    {
                        count.Removed += (await target.SeenAsync(work.Db, [.. part.Select(p => p.Id)], ct)).Count;
                        continue;
                    }
                    count.Removed += await work.InTransactionAsync(async () =>
                    {
                        var keys = part.Select(p => p.Key).ToArray();
                        var removed = await remove(work.Db, [.. part.Select(p => p.Id)], ct);
                        await work.Db.Set<ExternalKey>().Where(k => k.Source == source && k.Kind == kind && EF.Parameter(keys).Contains(k.Key)).ExecuteDeleteAsync(ct);
                        return removed;
                    }, ct);
                }
            }

            private void Count(ImportItem item)
            {
                switch (item.Outcome)
                {
                    case ImportOutcome.Created: count.Created++; break;
                    case ImportOutcome.Updated: count.Updated++; break;
                    case ImportOutcome.Unchanged: count.Unchanged++; break;
                    case ImportOutcome.Refused:
                        count.Refused++;
                        _whole = false;
                        var rule = item.RefusedPlace < 0 ? null : set.Fields.FirstOrDefault(f => f.Place == item.RefusedPlace);
                        var column = rule is null ? set.Key.Column : rule.Value.Column.Length > 0 ? rule.Value.Column : rule.Field.Name;
                        work.Report(new(set.Name, item.Record.Place, column, FieldValues.Shown(rule is null ? item.Record.Key : item.Record.Values[rule.Place]), item.Refusal!));
                        break;
                }
            }

            private int PlaceOf(string field)
            {
                for (var i = 0; i < target.Fields.Count; i++) { if (target.Fields[i].Name == field) { return i; } }
                return -1;
            }

            private long HashOf(ImportRecord record)
            {
                var text = work._text.Clear();
                foreach (var field in set.Fields)
                {
                    text.Append(field.Field.Name).Append('=');
                    switch (record.Values[field.Place])
                    {
                        case null: break;
                        case string[] words: text.AppendJoin(',', words); break;
                        case DateOnly day: text.Append(day.DayNumber); break;
                        case DateTimeOffset at: text.Append(at.UtcTicks); break;
                        case decimal number: text.Append(Values.Text(number)); break;
                        case var value: text.Append(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)); break;
                    }
                    text.Append('\u001f');
                }
                var hash = 0L;
                var bytes = Encoding.UTF8.GetBytes(text.ToString());
                hash = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(bytes));
                return hash == 0 ? 1 : hash;
            }
        }

        private const long Ambiguous = -1;
        private readonly StringBuilder _text = new();

        private int BatchSize => importer._batchSize;
        private ImportProfile Profile => profile;
        private IImportFiles Files => files;
        private PortalDbContext Db => db;
        private Task ReportAsync(ImportProgress now) => progress?.Invoke(now) ?? Task.CompletedTask;

        private void Report(ImportRefusal refusal) => report(refusal);
        private IImportTarget TargetOf(string kind) => importer._targets[kind];

        private static string Normal(IImportTarget target, string? by, string value) => by is null ? value : target.Normalize(by, value);

        private bool IsCheck => mode is Mode.Check;

        /// <summary>A failed save leaves nothing behind, within a larger transaction as well.</summary>
        private async Task SaveAsync(Func<Task>? before, CancellationToken ct)
        {
            if (db.Database.CurrentTransaction is { } transaction)
            {
                await transaction.CreateSavepointAsync("import", ct);
                try
                {
                    await WriteAsync();
                    await transaction.ReleaseSavepointAsync("import", ct);
                }
                catch
                {
                    await transaction.RollbackToSavepointAsync("import", CancellationToken.None);
                    throw;
                }
            }
            else if (before is null) { await db.SaveChangesAsync(ct); }
            else { await db.InOneTransactionAsync(async () => { await WriteAsync(); return true; }, ct); }

            async Task WriteAsync()
            {
                if (before is not null) { await before(); }
                await db.SaveChangesAsync(ct);
            }
        }

        private async Task<T> InTransactionAsync<T>(Func<Task<T>> act, CancellationToken ct)
        {
            if (mode is Mode.Whole) { return await act(); }
            T result = default!;
            await db.InOneTransactionAsync(async () => { result = await act(); return true; }, ct);
            return result;
        }

        /// <summary>Ids by key or by a look-up field, among what the scope sees; <see cref="Ambiguous"/> where several records answer. Remembered for the run, up to a bound.</summary>
        private async Task<Dictionary<string, long>> FindAsync(IImportTarget target, string? by, IEnumerable<string> values, CancellationToken ct, bool remember = true)
        {
            if (!_known.TryGetValue((target.Kind, by ?? ""), out var known) || !remember) { known = []; }
            if (known.Count > MostKnownReferences) { known.Clear(); }
            if (remember) { _known[(target.Kind, by ?? "")] = known; }
            var asked = values.Select(v => Normal(target, by, v)).Where(v => !known.ContainsKey(v)).Distinct().ToArray();
            if (asked.Length == 0) { return known; }
            foreach (var value in asked) { if (_unsaved.IdOf(target.Kind, by, value) is > 0 and var made) { known[value] = made; } }
            if (by is null)
            {
                var (source, kind) = (profile.Source, target.Kind);
                var keys = await db.Set<ExternalKey>().AsNoTracking().Where(k => k.Source == source && k.Kind == kind && EF.Parameter(asked).Contains(k.Key)).Select(k => new { k.Key, k.RecordId }).ToListAsync(ct);
                var seen = await target.SeenAsync(db, [.. keys.Select(k => k.RecordId).Distinct()], ct);
                foreach (var key in keys.Where(k => seen.Contains(k.RecordId))) { known[key.Key] = key.RecordId; }
                return known;
            }
            foreach (var (value, id) in await target.FindAsync(db, by, asked, ct)) { known[value] = known.TryGetValue(value, out var other) && other != id ? Ambiguous : id; }
            return known;
        }
    }
    /// <summary>What a check would have written: what follows in the same run may point at it, and may not take its place.</summary>
    private sealed class Unsaved
    {
        /// <summary>Stands where the name of a look-up field would; no field is named so.</summary>
        public const string ByPlace = "/";

        private readonly Dictionary<(string Kind, string By), Dictionary<ulong, long>> _known = [];
        private readonly HashSet<long> _ids = [];

        public IReadOnlySet<long> Ids => _ids;
        public Dictionary<long, object> Foreseen { get; } = [];

        /// <returns>0 for nothing.</returns>
        public long IdOf(string kind, string? by, string value) => _known.TryGetValue((kind, by ?? ""), out var ids) ? ids.GetValueOrDefault(KeyHash(value)) : 0;

        /// <summary>Whether the item would change what is not there yet: nothing more can be said of it.</summary>
        public bool Holds(ImportItem item)
        {
            if (item.IsNew || !_ids.Contains(item.Id)) { return false; }
            item.Done(ImportOutcome.Updated);
            return true;
        }

        public void Add(ImportProfile profile, IImportTarget target, ImportItem item)
        {
            if (item.IsNew) { _ids.Add(item.Id); }
            if (item.Foreseen is { } foreseen) { Foreseen[item.Id] = foreseen; }
            Of(target.Kind, "")[KeyHash(item.Record.Key)] = item.Id;
            if (target.StandsAt(item) is { } place) { Of(target.Kind, ByPlace)[KeyHash(place)] = item.Id; }
            foreach (var by in target.LookupFields.Where(f => target.UniqueFields.Contains(f) || profile.Records.Any(r => r.Match.Contains(f) || r.Fields.Any(x => x.LookUpBy == f && x.Field.Refers == target.Kind))))
            {
                var at = 0;
                while (target.Fields[at].Name != by) { at++; }
                if (item[at] is string value) { Of(target.Kind, by)[KeyHash(target.Normalize(by, value))] = item.Id; }
            }
        }

        private Dictionary<ulong, long> Of(string kind, string by) => _known.TryGetValue((kind, by), out var ids) ? ids : _known[(kind, by)] = [];
    }

    private static ulong KeyHash(string key) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
