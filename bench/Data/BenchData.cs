using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Bench.Data;

/// <param name="Opportunities">Spread over the partners as in the usual data set.</param>
/// <param name="Customers">The first 20,000 are those of the usual data set.</param>
internal sealed record HouseSize(long Opportunities, long Customers = BenchData.Customers)
{
    public string Name => Customers == BenchData.Customers ? $"{Opportunities}" : $"{Opportunities}-{Customers}";
}

/// <summary>
/// The bench data set: 2,000 partners, 20,000 customers, opportunities (100,000 unless told) and 1,000,000 demand signals as four CSV files. The skew is deliberate:
/// partner 1 owns a tenth of the opportunities, partners 2 to 20 about 650 of 100,000 each, the rest about 40.
/// </summary>
internal static class BenchData
{
    public const int Partners = 2_000, Customers = 20_000, Opportunities = 100_000, Signals = 1_000_000;

    /// <summary>Occurs in the names of 625 customers, however many there are.</summary>
    public const string SearchWord = "Juniper";

    private static readonly string[] First =
    [
        "Alder", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper", "Keystone", "Lumen", "Meridian", "Nimbus", "Orchard", "Pioneer",
        "Quartz", "Ridge", "Summit", "Talon", "Umber", "Vertex", "Willow", "Xenon", "Yarrow", "Zephyr", "Anchor", "Beacon", "Copper", "Dynamo", "Eagle", "Falcon",
    ];

    private static readonly string[] Second =
    [
        "Tools", "Foods", "Metals", "Textiles", "Chemicals", "Logistics", "Electric", "Marine", "Medical", "Plastics", "Paper", "Optics", "Energy", "Robotics", "Ceramics", "Furniture",
    ];

    private static readonly string[] Form = ["GmbH", "Ltd", "SA", "Inc", "BV", "AB", "Oy", "SpA"];

    private static readonly string[] City =
    [
        "Hamburg", "Lyon", "Porto", "Gdansk", "Turku", "Bergen", "Ghent", "Graz", "Brno", "Cork", "Malmo", "Turin", "Basel", "Split", "Riga", "Leeds", "Bilbao", "Utrecht", "Aarhus", "Pilsen",
    ];

    private static readonly string[] Stage = ["lead", "qualified", "opportunity", "proposal", "negotiation", "won", "lost", "cancelled"];

    private static readonly DateOnly Start = new(2025, 1, 1);

    // Of the usual size; another number of opportunities has no known sum.
    private static readonly Dictionary<string, string> Sums = new()
    {
        ["customers"] = "45b5056f793dfcb6dd1e28e49e82a0d4fee6400a4b2cc87bd35839d1e4c98417",
        ["opportunities"] = "d1315f79a3dc1f1f9b0df899fdf1eb5e705316dfff3f401dfc2a32fb54439219",
        ["partners"] = "20bb869cf1b541d73854825a5d5f5a46f7b8a8f45055cac53b7ecb09b0082d05",
        ["signals"] = "7ea27610f49429b22b16f0b6be31b47d7de6049142c4b9ac40f8184267cf8a82",
    };

    /// <summary>Writes the data set of this size, unless it lies there already.</summary>
    public static void Prepare(string folder, HouseSize size)
    {
        var written = Path.Combine(folder, "written");
        if (File.Exists(written)) { return; }
        Write(folder, size);
        File.WriteAllText(written, size.Name);
    }

    /// <summary>Writes partners.csv, customers.csv, opportunities.csv and, beside the usual opportunities, signals.csv.</summary>
    /// <exception cref="InvalidDataException">A file of the usual size does not have its known SHA-256 sum.</exception>
    public static void Write(string folder, HouseSize size)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "partners", "id,code,name,city,status", Partners, Partner);
        Write(folder, "customers", "id,code,name,city,email,partner_id", size.Customers, Customer, known: size.Customers == Customers);
        Write(folder, "opportunities", "id,title,partner_id,customer_id,stage,amount,close_date,opened", size.Opportunities, Opportunity, known: size.Opportunities == Opportunities);
        if (size.Opportunities == Opportunities) { Write(folder, "signals", "id,partner_id,product_id,week,quantity", Signals, Signal); }
    }

    private static void Partner(StringBuilder line, long i)
    {
        var r = Numbers.Hash(1, i);
        Line(line, $"{i},P{i:D5},{Of(First, r)} {Of(Second, r >> 8)} Partners {Of(Form, r >> 16)},{Of(City, r >> 24)},{((r >> 32) % 10 != 0 ? "active" : "paused")}");
    }

    private static void Customer(StringBuilder line, long i)
    {
        var r = Numbers.Hash(2, i);
        var first = Of(First, r);
        // Beyond the usual number nobody is called so: the word finds as many among two million as among twenty thousand.
        if (i > Customers && first == SearchWord) { first = First[0]; }
        var number = (r >> 40) % 1000;
        Line(line, $"{i},C{i:D6},{first} {Of(Second, r >> 8)} {Of(Form, r >> 16)} {number},{Of(City, r >> 24)},buyer{i}@{first.ToLowerInvariant()}{number}.example,{1 + ((r >> 32) % Partners)}");
    }

    private static void Opportunity(StringBuilder line, long i)
    {
        var r = Numbers.Hash(3, i);
        var partner = (r % 10) switch { 0 => 1UL, 1 => 1 + ((r >> 4) % 20), _ => 1 + ((r >> 4) % Partners) };
        Line(line, $"{i},{Of(First, r >> 50)} {Of(Second, r >> 56)} project {i},{partner},{1 + ((r >> 12) % Customers)},{Of(Stage, r >> 28)},{100 + ((r >> 20) % 250000)}.{(r >> 44) % 100:D2},{Day((r >> 36) % 730)},{Day(-(long)((r >> 46) % 365))}");
    }

    private static void Signal(StringBuilder line, long i)
    {
        var r = Numbers.Hash(4, i);
        Line(line, $"{i},{1 + (r % Partners)},{1 + ((r >> 12) % 500)},{Day(7 * ((r >> 24) % 104))},{1 + ((r >> 36) % 5000)}");
    }

    private static void Write(string folder, string name, string head, long rows, Action<StringBuilder, long> row, bool known = true)
    {
        var path = Path.Combine(folder, name + ".csv");
        using (var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 20))
        {
            file.Write(head);
            file.Write('\n');
            var line = new StringBuilder();
            for (var i = 1L; i <= rows; i++)
            {
                line.Clear();
                row(line, i);
                file.Write(line.Append('\n'));
            }
        }
        using var written = File.OpenRead(path);
        var sum = Convert.ToHexStringLower(SHA256.HashData(written));
        if (known && sum != Sums[name]) { throw new InvalidDataException($"{path} has the sum {sum}, not {Sums[name]}: the generator is wrong."); }
        Console.WriteLine($"{name,-14}{rows,12:N0} rows  {sum}{(known ? "  as known" : "")}");
    }

    private static string Of(string[] words, ulong r) => words[r % (ulong)words.Length];

    private static string Day(long days) => Start.AddDays((int)days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Day(ulong days) => Day((long)days);

    private static void Line(StringBuilder line, FormattableString text) => line.AppendFormat(CultureInfo.InvariantCulture, text.Format, text.GetArguments());
}
