using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>What became of one source row, or of one group of rows.</summary>
/// <param name="IsRow">False for a group, whose rows were counted when they were read, and for a refusal of a whole file.</param>
public readonly record struct MappedRow(bool IsRow, ImportRecord? Record, IReadOnlyList<ImportRefusal> Refusals, ProfileText? Ignored)
{
    /// <summary>The file, or a table joined to it, cannot be used at all.</summary>
    public bool OfWholeFile { get; init; }

    public static MappedRow Taken(ImportRecord record, bool isRow) => new(isRow, record, [], null);
    public static readonly MappedRow Grouped = new(true, null, [], null);
}

/// <summary>Makes records of one record set from the rows of its files. Joined tables and groups are kept in memory up to stated bounds; rows are not.</summary>
public sealed class RecordMapper(ImportProfile profile, RecordSet set, IImportFiles files)
{
    public const int MostTableRows = 500_000;
    public const int MostGroups = 2_000_000;
    public const int MostKeyCharacters = 200;
    private const char Between = '\u001f';

    private Func<double> _done = () => 0;

    /// <summary>Share of the files that is read, 0 to 1.</summary>
    public double Done => _done();

    public IEnumerable<MappedRow> Map()
    {
        var pattern = profile.Files[set.File];
        var matched = files.Match(pattern.Path);
        if (matched.Count == 0) { yield return Fatal(pattern.Path, 0, ImportRefusals.FileMissing(pattern.Path)); yield break; }

        var joins = new List<Table>();
        foreach (var join in set.Joins)
        {
            var table = new Table(join, set.Slots);
            foreach (var problem in Load(table, profile.Files[join.File])) { yield return problem; if (problem.OfWholeFile) { yield break; } }
            joins.Add(table);
        }

        var groups = set.Group is null ? null : new Groups(set.Group, set);
        for (var i = 0; i < matched.Count; i++)
        {
            var opened = files.Open(matched[i], pattern.Format);
            if (!opened.Succeeded) { yield return Fatal(matched[i], 0, opened.Refusal!); continue; }
            using var rows = opened.Value;
            var before = i;
            _done = () => (before + rows.Done) / matched.Count;
            var binding = Bind(rows.Header, joins);
            if (binding.Missing is { } missing) { yield return Fatal(matched[i], 1, ImportRefusals.ColumnMissing(missing)); continue; }
            foreach (var row in rows.Rows)
            {
                var place = new SourcePlace(matched[i], row.Row);
                if (row.Malformed is { } malformed) { yield return Refused(place, "", null, malformed); continue; }
                yield return One(place, row, binding.Columns, joins, groups);
                if (groups?.TooMany == true) { yield return Fatal(matched[i], row.Row, ImportRefusals.GroupsTooMany(MostGroups)); yield break; }
            }
            _done = () => (before + 1.0) / matched.Count;
        }
        foreach (var group in groups?.All ?? [])
        {
            yield return Ignored(set.IgnoreGroups, group.Values) is { } reason ? new(false, null, [], reason) : Record(group.Place, group.Values, isRow: false);
        }
    }

    private MappedRow One(SourcePlace place, SourceRow row, (int Column, int Slot)[] columns, List<Table> joins, Groups? groups)
    {
        var values = new RowValues(set.Slots.Count);
        foreach (var (column, slot) in columns) { values[slot] = Clean(row.Values[column]); }
        foreach (var let in set.Lets) { if (!let.AfterJoins) { values[let.Slot] = let.Value.Of(values); } }
        foreach (var join in joins)
        {
            if (join.Fill(values) || !join.Join.Required) { continue; }
            return Refused(place, join.Join.On, values[join.On], new Refusal(ImportRefusals.ReferenceNotFound));
        }
        foreach (var let in set.Lets) { if (let.AfterJoins) { values[let.Slot] = let.Value.Of(values); } }
        if (Ignored(set.Ignores, values) is { } reason) { return new(true, null, [], reason); }
        if (groups is null) { return Record(place, values, isRow: true); }
        return groups.Add(place, values) is { } problem ? Refused(place, problem.Column, problem.Value, new Refusal(problem.Value.Code)) : MappedRow.Grouped;
    }

    private MappedRow Record(SourcePlace place, RowValues values, bool isRow)
    {
        List<ImportRefusal>? refusals = null;
        var key = set.Key.Of(values);
        if (key is null) { Refuse(set.Key.Column, null, ImportRefusals.KeyMissing); }
        else if (key is ValueProblem bad) { Refuse(set.Key.Column, bad, new Refusal(bad.Code)); }
        else if (Values.Text(key).Length > MostKeyCharacters) { Refuse(set.Key.Column, key, ImportRefusals.KeyTooLong(MostKeyCharacters)); }

        var record = new object?[set.Schema.Fields.Count];
        foreach (var field in set.Fields)
        {
            var value = field.Value.Of(values);
            var (converted, refusal) = FieldValues.Convert(field.Field, value);
            if (refusal is not null) { Refuse(field.Value.Column.Length > 0 ? field.Value.Column : field.Field.Name, value, refusal); }
            record[field.Place] = converted;
        }
        return refusals is null ? MappedRow.Taken(new ImportRecord(place, Values.Text(key!), record), isRow) : new(isRow, null, refusals, null);

        void Refuse(string column, object? value, Refusal reason) =>
            (refusals ??= []).Add(new ImportRefusal(set.Name, place, column, FieldValues.Shown(value), reason));
    }

    private static ProfileText? Ignored(IReadOnlyList<IgnoreRule> rules, RowValues values)
    {
        foreach (var rule in rules)
        {
            var holds = true;
            for (var i = 0; holds && i < rule.When.Count; i++) { holds = rule.When[i].Holds(values); }
            if (holds) { return rule.Reason; }
        }
        return null;
    }

    private object? Clean(object? cell)
    {
        var clean = Values.Clean(cell);
        return clean is string text && profile.NullWords.Contains(text) ? null : clean;
    }

    private ((int Column, int Slot)[] Columns, string? Missing) Bind(SourceHeader header, List<Table> joins)
    {
        var columns = new List<(int, int)>();
        foreach (var (name, slot) in set.Slots.All)
        {
            if (set.Lets.Any(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) || joins.Any(j => j.Join.Owns(name))) { continue; }
            var column = header.IndexOf(name);
            if (column < 0) { return ([], name); }
            columns.Add((column, slot));
        }
        return ([.. columns], null);
    }

    private IEnumerable<MappedRow> Load(Table table, ProfileFile file)
    {
        var matched = files.Match(file.Path);
        if (matched.Count == 0) { yield return Fatal(file.Path, 0, ImportRefusals.FileMissing(file.Path)); yield break; }
        foreach (var name in matched)
        {
            var opened = files.Open(name, file.Format);
            if (!opened.Succeeded) { yield return Fatal(name, 0, opened.Refusal!); yield break; }
            using var rows = opened.Value;
            if (table.Bind(rows.Header) is { } missing) { yield return Fatal(name, 1, ImportRefusals.ColumnMissing(missing)); yield break; }
            foreach (var row in rows.Rows)
            {
                if (row.Malformed is { } malformed) { yield return new(false, null, [new(set.Name, new(name, row.Row), "", null, malformed)], null); continue; }
                if (!table.Add(row.Values, Clean)) { yield return Fatal(name, row.Row, ImportRefusals.TableTooLarge(table.Join.File, MostTableRows)); yield break; }
            }
        }
    }

    private MappedRow Refused(SourcePlace place, string column, object? value, Refusal reason) =>
        new(true, null, [new ImportRefusal(set.Name, place, column, FieldValues.Shown(value), reason)], null);

    private MappedRow Fatal(string file, long row, Refusal reason) => new(false, null, [new ImportRefusal(set.Name, new(file, row), "", null, reason)], null) { OfWholeFile = true };

    private sealed class Table
    {
        private readonly List<(string Column, int Slot)> _taken;
        private readonly Dictionary<string, object?[]> _rows = new(StringComparer.OrdinalIgnoreCase);
        private int[] _columns = [];
        private int _equal;

        public Table(ProfileJoin join, SlotMap slots)
        {
            (Join, On) = (join, slots.Of(join.On));
            _taken = slots.All.Where(s => join.Owns(s.Name)).Select(s => (s.Name[(join.Alias.Length + 1)..], s.Slot)).ToList();
        }

        public ProfileJoin Join { get; }
        public int On { get; }

        /// <returns>The column that the file lacks, or null.</returns>
        public string? Bind(SourceHeader header)
        {
            _equal = header.IndexOf(Join.Equal);
            if (_equal < 0) { return Join.Equal; }
            _columns = [.. _taken.Select(t => header.IndexOf(t.Column))];
            var missing = Array.FindIndex(_columns, c => c < 0);
            return missing < 0 ? null : _taken[missing].Column;
        }

        public bool Add(object?[] row, Func<object?, object?> clean)
        {
            if (clean(row[_equal]) is not { } key) { return true; }
            _rows.TryAdd(Values.Text(key), [.. _columns.Select(c => clean(row[c]))]);
            return _rows.Count <= MostTableRows;
        }

        public bool Fill(RowValues values)
        {
            if (values[On] is not { } key || !_rows.TryGetValue(Values.Text(key), out var row)) { return false; }
            for (var i = 0; i < row.Length; i++) { values[_taken[i].Slot] = row[i]; }
            return true;
        }
    }

    private sealed class Groups
    {
        private readonly GroupRule _rule;
        private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
        private readonly int[] _by, _firsts, _sums, _byTo, _firstsTo, _sumsTo;
        private readonly int _width;
        private readonly System.Text.StringBuilder _key = new();

        public Groups(GroupRule rule, RecordSet set)
        {
            _rule = rule;
            _by = [.. rule.By.Select(set.Slots.Of)];
            _firsts = [.. rule.Firsts.Select(set.Slots.Of)];
            _sums = [.. rule.Sums.Select(s => set.Slots.Of(s.Of))];
            _byTo = [.. rule.By.Select(set.GroupSlots.Of)];
            _firstsTo = [.. rule.Firsts.Select(set.GroupSlots.Of)];
            _sumsTo = [.. rule.Sums.Select(s => set.GroupSlots.Of(s.Name))];
            _width = set.GroupSlots.Count;
        }

        public sealed record Group(SourcePlace Place, RowValues Values);

        public IEnumerable<Group> All => _groups.Values;
        public bool TooMany => _groups.Count > MostGroups;

        /// <returns>Null once added, or what in the row cannot be grouped or added up.</returns>
        public (string Column, ValueProblem Value)? Add(SourcePlace place, RowValues row)
        {
            for (var i = 0; i < _sums.Length; i++)
            {
                if (Values.Number(row[_sums[i]]) is ValueProblem problem) { return (_rule.Sums[i].Of, problem); }
            }
            _key.Clear();
            for (var i = 0; i < _by.Length; i++)
            {
                var value = row[_by[i]];
                if (value is ValueProblem problem) { return (_rule.By[i], problem); }
                if (value is not null) { _key.Append(Values.Text(value)); }
                _key.Append(Between);
            }
            var key = _key.ToString();
            if (!_groups.TryGetValue(key, out var group))
            {
                var values = new RowValues(_width);
                for (var i = 0; i < _by.Length; i++) { values[_byTo[i]] = row[_by[i]]; }
                foreach (var sum in _sumsTo) { values[sum] = 0m; }
                _groups[key] = group = new(place, values);
            }
            for (var i = 0; i < _firsts.Length; i++) { group.Values[_firstsTo[i]] ??= row[_firsts[i]]; }
            for (var i = 0; i < _sums.Length; i++)
            {
                if (Values.Number(row[_sums[i]]) is not decimal number) { continue; }
                var sum = (decimal)group.Values[_sumsTo[i]]! + number;
                if (Math.Abs(sum) > Money.Largest) { return (_rule.Sums[i].Of, new ValueProblem(ImportRefusals.OutOfRange, Values.Text(number))); }
                group.Values[_sumsTo[i]] = sum;
            }
            return null;
        }
    }
}
