using System.Globalization;
using System.Resources;

namespace Portal.Domain.Catalog;

/// <summary>Units of measure: UN/ECE Recommendation 20 codes, the codes that trading partners send beside them, and what people write for them.</summary>
public static class Units
{
    public const string Piece = "PCE";

    /// <summary>Codes to choose from, those in common use first.</summary>
    public static readonly IReadOnlyList<string> Codes =
        [Piece, "SET", "KIT", "PR", "DZN", "BOX", "CT", "PK", "PF", "RO", "BG", "BO", "DR", "GRM", "KGM", "TNE", "LBR", "MMT", "CMT", "MTR", "KMT", "FOT", "MTK", "MTQ", "MLT", "LTR", "HUR", "DAY", "KWH"];

    public static readonly ResourceManager Resources = new("Portal.Domain.Catalog.UnitText", typeof(Units).Assembly);

    /// <summary>Codes that are kept as they were sent and count as another one.</summary>
    private static readonly Dictionary<string, string> SameAs = new(StringComparer.OrdinalIgnoreCase) { ["EA"] = Piece, ["C62"] = Piece, ["H87"] = Piece, ["BX"] = "BOX" };

    /// <summary>What people and other systems write for a code; letter case does not matter.</summary>
    private static readonly Dictionary<string, string> Spellings = Spelled(
        (Piece, "pc pcs piece pieces each stk st stück unit units 个 件 只 台"), ("SET", "sets 套"), ("KIT", "kits 组件"), ("PR", "pair pairs 双 对"), ("DZN", "dz doz dozen 打"), ("BOX", "boxes 盒"),
        ("CT", "ctn carton cartons 箱"), ("PK", "pack packs pkt 包"), ("PF", "pallet pallets pal 托盘"), ("RO", "roll rolls rl 卷"), ("BG", "bag bags 袋"), ("BO", "bottle bottles btl 瓶"), ("DR", "drum drums 桶"),
        ("GRM", "g gr gram grams 克"), ("KGM", "kg kgs kilo kilogram kilograms 千克 公斤"), ("TNE", "t to ton tons tonne tonnes 吨"), ("LBR", "lb lbs pound pounds 磅"), ("MMT", "mm 毫米"), ("CMT", "cm 厘米"),
        ("MTR", "m meter metre meters metres 米"), ("KMT", "km 千米 公里"), ("FOT", "ft foot feet 英尺"), ("MTK", "m2 m² sqm 平方米"), ("MTQ", "m3 m³ cbm 立方米"), ("MLT", "ml 毫升"), ("LTR", "l lt liter litre liters litres 升"),
        ("HUR", "h hr hrs hour hours 小时"), ("DAY", "d days 天"), ("KWH", "kilowatt-hour 千瓦时"));

    /// <returns>The code for a code or for what people write; null for a word that means no unit here.</returns>
    public static string? Find(string text)
    {
        var word = text.Trim();
        return Spellings.TryGetValue(word, out var code) ? code
            : SameAs.ContainsKey(word) ? word.ToUpperInvariant()
            : Codes.FirstOrDefault(c => c.Equals(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>What quantities may be added up under: one code for all that mean the same; a word of the house stands for itself.</returns>
    public static string CountedAs(string unit) => Find(unit) is { } code ? SameAs.GetValueOrDefault(code, code) : unit.Trim();

    /// <returns>Every way in which products may hold what counts as this unit.</returns>
    public static IReadOnlyList<string> WrittenFor(string unit)
    {
        var code = CountedAs(unit);
        return [.. new[] { unit, code }.Concat(SameAs.Where(s => s.Value == code).Select(s => s.Key)).Concat(Spellings.Where(s => s.Value == code).Select(s => s.Key)).Distinct(StringComparer.Ordinal)];
    }

    /// <returns>What people write behind a quantity; the text itself where it is no unit that is known.</returns>
    public static string Word(string? unit, CultureInfo culture) => string.IsNullOrEmpty(unit) ? "" : OfCode(unit, culture) ?? (Find(unit) is { } code ? OfCode(code, culture) : null) ?? unit;

    private static string? OfCode(string code, CultureInfo culture) => Resources.GetString(code.ToLowerInvariant(), culture);

    private static Dictionary<string, string> Spelled(params ReadOnlySpan<(string Code, string Words)> units)
    {
        var codes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (code, words) in units) { foreach (var word in words.Split(' ')) { codes.Add(word, code); } }
        return codes;
    }
}
