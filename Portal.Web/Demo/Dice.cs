using System.Text;

namespace Portal.Web.Demo;

/// <summary>
/// Chance that falls the same way in every run: one sequence per subject and index (SplitMix64 over an FNV-1a seed), so that more companies or
/// opportunities change nothing about the first ones.
/// </summary>
internal sealed class Dice
{
    private ulong _state;

    public Dice(string subject, int index = 0)
    {
        var seed = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(subject)) { seed = (seed ^ octet) * 1099511628211UL; }
        _state = seed + (ulong)index * 0x9E3779B97F4A7C15UL;
    }

    /// <returns>0 to <paramref name="limit"/> - 1.</returns>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <returns>Both ends included.</returns>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <returns>Different choices, in the order of the list.</returns>
    public IEnumerable<T> Some<T>(IReadOnlyList<T> choices, int count)
    {
        for (int left = choices.Count, wanted = Math.Min(count, choices.Count), i = 0; wanted > 0; left--, i++)
        {
            if (Below(left) < wanted) { wanted--; yield return choices[i]; }
        }
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
