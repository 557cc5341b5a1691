namespace Portal.Bench.Data;

/// <summary>The bench data's only source of chance: 64-bit integer arithmetic that gives the same numbers in any language.</summary>
internal static class Numbers
{
    /// <param name="series">1 partners, 2 customers, 3 opportunities, 4 signals.</param>
    public static ulong Hash(int series, long index) => Mix(unchecked(((ulong)series << 40) + (ulong)index));

    private static ulong Mix(ulong n)
    {
        unchecked
        {
            var z = n + 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
