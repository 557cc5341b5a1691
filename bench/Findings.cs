using System.Globalization;

namespace Portal.Bench;

/// <summary>A ratio with what it must reach and what it aims at.</summary>
/// <param name="AtLeast">True where more is better.</param>
internal sealed record Bound(double Must, double Aim, bool AtLeast = false)
{
    public string Judge(double ratio) => Reaches(ratio, Aim) ? "aim" : Reaches(ratio, Must) ? "must" : "MISSED";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(AtLeast ? ">=" : "<=")} {Must} | {(AtLeast ? ">=" : "<=")} {Aim}");

    private bool Reaches(double ratio, double bound) => AtLeast ? ratio >= bound : ratio <= bound;
}

/// <summary>The table that a run ends in.</summary>
internal sealed class Findings
{
    private readonly List<(string What, double Ratio, Bound Bound, string Detail)> _rows = [];

    public void Add(string what, double ratio, Bound bound, string detail) => _rows.Add((what, ratio, bound, detail));

    public bool AllReachMust => _rows.TrueForAll(row => row.Bound.Judge(row.Ratio) != "MISSED");

    public void Print()
    {
        Console.WriteLine("| what | ratio | must | aim | reached | measured |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var (what, ratio, bound, detail) in _rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {ratio:0.00} | {bound} | {bound.Judge(ratio)} | {detail} |"));
        }
    }

    /// <summary>The middle of several rounds, which one disturbed round does not move.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
