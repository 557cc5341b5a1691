namespace Portal.Web.Exchange.Readers;

/// <summary>What a file may ask of the machine before it is refused. The defaults hold any honest workbook of the format's full size.</summary>
public sealed record ReadLimits
{
    public static readonly ReadLimits Default = new();

    /// <summary>Parts in a workbook's archive.</summary>
    public int ArchiveEntries { get; init; } = 2_000;
    /// <summary>Bytes of all parts together, unpacked.</summary>
    public long ArchiveBytes { get; init; } = 2L << 30;
    /// <summary>Unpacked over packed size of one part; asked of parts above <see cref="RatioFrom"/>. Sheet XML of real data packs 5 to 40 times.</summary>
    public int ArchiveRatio { get; init; } = 150;
    public long RatioFrom { get; init; } = 4 << 20;
    /// <summary>Bytes of shared text kept in memory; UTF-8, each text once.</summary>
    public int SharedTextBytes { get; init; } = 128 << 20;
    /// <summary>Characters of one cell; a worksheet allows 32,767.</summary>
    public int CellCharacters { get; init; } = 1 << 20;
    /// <summary>Bytes of one record in a text file, as UTF-8.</summary>
    public int RowBytes { get; init; } = 4 << 20;
    public int Columns { get; init; } = 16_384;
}
