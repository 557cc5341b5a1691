using System.Globalization;
using System.Resources;

namespace Portal.Domain.Catalog;

/// <summary>Units of measure in words. Records hold UN/ECE Recommendation 20 codes, the codes that trading partners send beside them, or a word of the house.</summary>
public static class Units
{
    /// <summary>Codes to choose from, those in common use first. Others are kept as they are.</summary>
    public static readonly IReadOnlyList<string> Codes =
        ["PCE", "SET", "KIT", "PR", "DZN", "BOX", "CT", "PK", "PF", "RO", "BG", "BO", "DR", "GRM", "KGM", "TNE", "LBR", "MMT", "CMT", "MTR", "KMT", "FOT", "MTK", "MTQ", "MLT", "LTR", "HUR", "DAY", "KWH"];

    public static readonly ResourceManager Resources = new("Portal.Domain.Catalog.UnitText", typeof(Units).Assembly);

    /// <returns>What people write behind a quantity; the code itself where it is none that is known.</returns>
    public static string Word(string? code, CultureInfo culture) => string.IsNullOrEmpty(code) ? "" : Resources.GetString(code.ToLowerInvariant(), culture) ?? code;
}
