namespace Portal.Domain.Exchange;

public enum ImportFieldType
{
    Text,
    /// <summary>Exact decimal, four places.</summary>
    Number,
    WholeNumber,
    Boolean,
    Date,
    Instant,
    /// <summary>One of a fixed list of words.</summary>
    Word,
    /// <summary>Several of a fixed list, separated by comma, semicolon or blank.</summary>
    Words,
    /// <summary>Another record, named by a key.</summary>
    Reference,
}

/// <summary>A field that an import can fill.</summary>
public sealed record ImportField(string Name, ImportFieldType Type)
{
    public bool Required { get; init; }
    /// <summary>Characters, for text.</summary>
    public int MaxLength { get; init; } = int.MaxValue;
    public decimal Least { get; init; } = -Common.Money.Largest;
    public decimal Most { get; init; } = Common.Money.Largest;
    /// <summary>Decimal places; a number with more is refused, never rounded unasked.</summary>
    public int Places { get; init; } = 4;
    public IReadOnlyList<string> Words { get; init; } = [];
    /// <summary>Whose names the words are; null where they are codes.</summary>
    public Type? Enum { get; init; }
    /// <summary>The word that another spelling stands for; null where there are none.</summary>
    public Func<string, string?>? Spelled { get; init; }
    /// <summary>Whether only certain words can stand in it, however many.</summary>
    public bool HasWords => Type is ImportFieldType.Boolean || Words.Count > 0 || Spelled is not null;
    /// <summary>Said of a word that is none of them; takes their list.</summary>
    public string UnknownWord { get; init; } = ImportRefusals.UnknownWord;
    /// <summary>The kind of record that a reference names.</summary>
    public string? Refers { get; init; }

    public static ImportField Text(string name, int maxLength, bool required = false) => new(name, ImportFieldType.Text) { MaxLength = maxLength, Required = required };
    public static ImportField Reference(string name, string kind, bool required = false) => new(name, ImportFieldType.Reference) { Refers = kind, Required = required };
    public static ImportField Word<TEnum>(string name, bool required = false) where TEnum : struct, Enum => new(name, ImportFieldType.Word) { Words = System.Enum.GetNames<TEnum>(), Enum = typeof(TEnum), Required = required };
    public static ImportField SeveralWords<TEnum>(string name) where TEnum : struct, Enum => new(name, ImportFieldType.Words) { Words = System.Enum.GetNames<TEnum>(), Enum = typeof(TEnum) };
    public static ImportField Currency(string name) => new(name, ImportFieldType.Word) { Spelled = Common.CurrencyCodes.Find, UnknownWord = ImportRefusals.UnknownCurrency };
    public static ImportField Country(string name) => new(name, ImportFieldType.Word) { Spelled = Common.CountryCodes.Find, UnknownWord = ImportRefusals.UnknownCountry };
    public static ImportField Flag(string name) => new(name, ImportFieldType.Boolean);
    public static ImportField Date(string name, bool required = false) => new(name, ImportFieldType.Date) { Required = required };
    public static ImportField Number(string name, decimal? least = null, bool required = false) => new(name, ImportFieldType.Number) { Least = least ?? -Common.Money.Largest, Required = required };
    public static ImportField WholeNumber(string name, int least, int most, bool required = false) => new(name, ImportFieldType.WholeNumber) { Least = least, Most = most, Required = required };
}

/// <summary>What the mapping of a profile is checked against: the fields of one kind of record.</summary>
public interface IImportSchema
{
    /// <summary>As profiles name it: <c>company</c>.</summary>
    string Kind { get; }
    IReadOnlyList<ImportField> Fields { get; }
    /// <summary>Beside the external key, by what a reference may name a record of this kind: <c>code</c>, <c>name</c>.</summary>
    IReadOnlyList<string> LookupFields { get; }
    /// <summary>What together tells records apart where a source has no key of its own.</summary>
    IReadOnlyList<string> KeyFields { get; }
    /// <summary>The same where nothing fills those.</summary>
    IReadOnlyList<string> OtherKeyFields => [];
    /// <summary>Whether only one record may stand at what <see cref="KeyFields"/> name; it can be matched by <see cref="Place"/>.</summary>
    bool OnePerPlace => false;

    /// <summary>Matches what stands at the same place.</summary>
    const string Place = "place";
}

/// <summary>Where a value came from.</summary>
public readonly record struct SourcePlace(string File, long Row);

/// <summary>One record as the profile made it from a row.</summary>
/// <param name="Key">The key in the source system, unique within source and kind.</param>
/// <param name="Values">By place in <see cref="IImportSchema.Fields"/>: string, decimal, int, bool, DateOnly, DateTimeOffset, string[] for words; a reference is the key until it is looked up, then the id; null where empty or not mapped.</param>
public sealed record ImportRecord(SourcePlace Place, string Key, object?[] Values);

/// <summary>A row that is not taken, and why.</summary>
/// <param name="Records">The record set of the profile.</param>
/// <param name="Column">The column of the file, or the field where several columns make it; empty for the whole row.</param>
public sealed record ImportRefusal(string Records, SourcePlace Place, string Column, string? Value, Common.Refusal Reason);
