using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>A text in the languages of the house; the profile's author gives both.</summary>
public sealed record ProfileText(string En, string ZhHans)
{
    public string In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) && ZhHans.Length > 0 ? ZhHans : En;
}

/// <summary>How the files of one source become records. Made by <see cref="ProfileReader"/>, which checks it; described in docs/admin/import-profiles.md.</summary>
public sealed record ImportProfile
{
    public required string Name { get; init; }
    public required ProfileText Title { get; init; }
    /// <summary>The source system: keys are unique within it, also across profiles.</summary>
    public required string Source { get; init; }
    public required IReadOnlyDictionary<string, ProfileFile> Files { get; init; }
    /// <summary>In the order of work.</summary>
    public required IReadOnlyList<RecordSet> Records { get; init; }
    /// <summary>Words that stand for nothing.</summary>
    public required IReadOnlySet<string> NullWords { get; init; }
}

public sealed record ProfileFile(string Path, SourceFormat Format);

/// <summary>One kind of record made from one file, or from several of one shape.</summary>
public sealed record RecordSet
{
    public required string Name { get; init; }
    public required IImportSchema Schema { get; init; }
    public required string File { get; init; }
    public IReadOnlyList<ProfileJoin> Joins { get; init; } = [];
    /// <summary>Named values worked out per row, each may use those before it; those that need no joined column come before the joins.</summary>
    public IReadOnlyList<LetRule> Lets { get; init; } = [];
    public IReadOnlyList<IgnoreRule> Ignores { get; init; } = [];
    public GroupRule? Group { get; init; }
    /// <summary>After grouping.</summary>
    public IReadOnlyList<IgnoreRule> IgnoreGroups { get; init; } = [];
    public required ValueRule Key { get; init; }
    /// <summary>Fields by which a record that is already there without this source's key is taken for the same.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];
    public required IReadOnlyList<FieldRule> Fields { get; init; }
    /// <summary>Names to slots of a row, before grouping.</summary>
    public required SlotMap Slots { get; init; }
    /// <summary>Names to slots of a group; the same as <see cref="Slots"/> where rows are not grouped.</summary>
    public required SlotMap GroupSlots { get; init; }
    /// <summary>False: only records that are there are changed.</summary>
    public bool Create { get; init; } = true;
    /// <summary>False: records that are there are left as they are, and only become known under their key.</summary>
    public bool Update { get; init; } = true;
    /// <summary>True: records of this set that the source no longer has are removed, where the kind can do that.</summary>
    public bool Replace { get; init; }
}

/// <summary>Columns of a small file of the same delivery, put beside each row as <c>alias.column</c>. The first match counts.</summary>
/// <param name="On">Names the column, value or earlier join's column of the row.</param>
/// <param name="Equal">The column of the joined file.</param>
public sealed record ProfileJoin(string File, string Alias, string On, string Equal, bool Required)
{
    /// <summary>Whether the name is one of its columns.</summary>
    public bool Owns(string name) => name.Length > Alias.Length && name[Alias.Length] == '.' && name.StartsWith(Alias, StringComparison.OrdinalIgnoreCase);
}

/// <param name="AfterJoins">The value needs a joined column.</param>
public sealed record LetRule(string Name, int Slot, ValueRule Value, bool AfterJoins);

public sealed record IgnoreRule(IReadOnlyList<Condition> When, ProfileText Reason);

/// <summary>Rows with equal values become one record.</summary>
/// <param name="By">Column or value names.</param>
/// <param name="Sums">Result name to the column or value added up.</param>
/// <param name="Firsts">Taken from the first row that has them.</param>
public sealed record GroupRule(IReadOnlyList<string> By, IReadOnlyList<(string Name, string Of)> Sums, IReadOnlyList<string> Firsts);

public enum WhenMissing { Refuse, Empty }

/// <param name="Place">In the schema's fields.</param>
/// <param name="LookUpBy">For a reference: null is the external key, else a look-up field of the other kind.</param>
public sealed record FieldRule(ImportField Field, int Place, ValueRule Value, string? LookUpBy, WhenMissing Missing);

/// <summary>Gives every name that a record set uses a place in <see cref="RowValues"/>.</summary>
public sealed class SlotMap
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _slots.Count;
    public IEnumerable<(string Name, int Slot)> All => _slots.Select(s => (s.Key, s.Value));

    /// <summary>Names asked for since it was last cleared.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.OrdinalIgnoreCase);

    public int Of(string name)
    {
        Asked.Add(name);
        if (!_slots.TryGetValue(name, out var slot)) { _slots[name] = slot = _slots.Count; }
        return slot;
    }
}
