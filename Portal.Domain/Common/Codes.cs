using System.Collections.Frozen;
using System.Globalization;
using System.Resources;

namespace Portal.Domain.Common;

/// <summary>ISO 3166-1 alpha-2, the assigned codes, and XK, which trade uses for Kosovo.</summary>
public static class CountryCodes
{
    public static readonly FrozenSet<string> All = ("""
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ
        DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
        KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ
        OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
        UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
        """).Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Names by code in small letters, from Unicode CLDR.</summary>
    private static readonly ResourceManager Names = new("Portal.Domain.Common.CountryText", typeof(CountryCodes).Assembly);

    public static bool IsKnown(string code) => All.Contains(code);

    /// <returns>The country's name; the code itself where it is none.</returns>
    public static string Name(string code, CultureInfo culture) => Names.GetString(code.ToLowerInvariant(), culture) ?? code;

    private static readonly Lazy<FrozenDictionary<string, string>> Spellings = new(() => All
        .SelectMany(code => new[] { code, Name(code, CultureInfo.InvariantCulture), Name(code, CultureInfo.GetCultureInfo("zh-Hans")) }.Select(spelling => (Spelling: spelling, Code: code)))
        .Concat([(Spelling: "UK", Code: "GB"), (Spelling: "USA", Code: "US")])
        .DistinctBy(s => s.Spelling, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(s => s.Spelling, s => s.Code, StringComparer.OrdinalIgnoreCase));

    /// <returns>The code for what a file of another system says, in whatever letter case: the code, or the name in English or Chinese; null for a word that is no country.</returns>
    public static string? Find(string text) => Spellings.Value.GetValueOrDefault(text.Trim());
}

/// <summary>ISO 4217, the alphabetic codes of money in circulation: List One of its maintenance agency, without funds, metals and testing codes.</summary>
public static class CurrencyCodes
{
    public static readonly FrozenSet<string> All = ("""
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
        GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
        MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND
        TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
        """).Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string? code) => code is not null && All.Contains(code);

    /// <returns>The code for what a file of another system says, in whatever letter case; null for a word that is no currency.</returns>
    public static string? Find(string text) => text.Trim().ToUpperInvariant() is var code && IsKnown(code) ? code : null;
}
