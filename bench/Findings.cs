using System.Globalization;
using System.Text;

namespace Portal.Bench;

/// <summary>What a ratio, or a number of MB, must reach and what it aims at.</summary>
/// <param name="AtLeast">True where more is better.</param>
internal sealed record Bound(double Must, double Aim, bool AtLeast = false)
{
    public const string Missed = "MISSED";

    public string Judge(double value) => Reaches(value, Aim) ? "aim" : Reaches(value, Must) ? "must" : Missed;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(AtLeast ? ">=" : "<=")} {Must} | {(AtLeast ? ">=" : "<=")} {Aim}");

    private bool Reaches(double value, double bound) => AtLeast ? value >= bound : value <= bound;
}

/// <summary>The table that a run ends in.</summary>
internal sealed class Findings
{
    private readonly List<(string What, double? Value, Bound Bound, string Detail)> _rows = [];

    public void Add(string what, double value, Bound bound, string detail)
    {
        _rows.Add((what, value, bound, detail));
        Console.WriteLine(Line(_rows[^1]));
    }

    /// <summary>A row of the table that this run leaves out, and why.</summary>
    public void NotRun(string what, Bound bound, string why) => _rows.Add((what, null, bound, why));

    public bool AllReachMust => _rows.TrueForAll(row => row.Value is null || row.Bound.Judge(row.Value.Value) != Bound.Missed);

    /// <summary>As a table of Markdown.</summary>
    public string Table()
    {
        var table = new StringBuilder("| what | measured | must | aim | reached | how |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in _rows) { table.Append(Line(row)).Append('\n'); }
        return table.ToString();
    }

    /// <summary>The middle of several rounds, which one disturbed round does not move.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Line((string What, double? Value, Bound Bound, string Detail) row) => string.Create(CultureInfo.InvariantCulture,
        $"| {row.What} | {(row.Value is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "not run")} | {row.Bound} | {(row.Value is { } judged ? row.Bound.Judge(judged) : "")} | {row.Detail} |");
}
