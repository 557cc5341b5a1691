namespace Portal.Domain.Common;

/// <summary>Numbers that people quote to each other: short, without order, so that nobody reads a volume off two of them.</summary>
public static class Numbers
{
    /// <summary>Crockford's base 32: no I, L, O, U.</summary>
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <returns>Prefix and ten signs in two groups, 50 bits of a mixed id: OP-7K3F9-Q2M4X.</returns>
    public static string For(string prefix, long id)
    {
        var z = (ulong)id + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return string.Create(prefix.Length + 12, (prefix, z), static (text, seed) =>
        {
            seed.prefix.CopyTo(text);
            var at = seed.prefix.Length;
            for (var i = 0; i < 10; i++)
            {
                if (i % 5 == 0) { text[at++] = '-'; }
                text[at++] = Digits[(int)((seed.z >> (i * 5)) & 31)];
            }
        });
    }
}
