using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Options;

namespace Portal.Identity.Credentials;

/// <summary>
/// Passwords that are tried first: one sign or a short piece over and over, keys in a row, the person's own address or the product's name with little around it, the
/// words of every published list with digits and signs behind them, and whatever stands in the file that the settings name.
/// </summary>
internal sealed class ObviousPasswords(IOptions<PortalIdentityOptions> options)
{
    /// <summary>What must be left beside the address or the product's name.</summary>
    private const int LeastOfOwn = 6;

    private static readonly string[] s_rows =
    [
        "01234567890123456789", "09876543210987654321", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
        "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9j0", "asdfghjklasdfghjkl", "zxcvbnmzxcvbnm", "poiuytrewqlkjhgfdsamnbvcxz",
    ];

    /// <summary>The words that lead the published lists of leaked passwords.</summary>
    private static readonly FrozenSet<string> s_words = """
        password passwort passwd pass secret welcome willkommen admin administrator letmein login access changeme default test testing guest user username root master
        monkey dragon football baseball basketball soccer hockey superman batman spiderman starwars pokemon princess sunshine shadow michael jennifer jordan hunter
        killer charlie thomas daniel andrew joshua matthew anthony robert william jessica ashley nicole amanda michelle iloveyou loveyou lovely love trustno one two three
        summer winter spring autumn fall january february march april may june july august september october november december monday tuesday wednesday thursday friday
        saturday sunday qwerty qwertz azerty asdf zxcv abc abcd abcdef company business office internet computer server windows google facebook linkedin hello freedom
        whatever flower cookie cheese chocolate banana orange purple yellow silver golden diamond ginger pepper buster tigger bailey maggie corvette mustang mercedes
        ferrari porsche liverpool arsenal chelsea manchester barcelona london berlin paris newyork china america woaini mima wodemima woaini wo ai ni
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private readonly Lazy<FrozenSet<string>> _more = new(() => options.Value.BreachedPasswords is { Length: > 0 } file
        ? File.ReadLines(file).Select(line => line.Trim().ToLowerInvariant()).Where(line => line.Length > 0).ToFrozenSet(StringComparer.Ordinal) : FrozenSet<string>.Empty);

    public bool Contains(string password, string email)
    {
        var plain = password.ToLowerInvariant();
        return Repeats(plain) || IsRow(plain) || IsWords(plain) || _more.Value.Contains(plain)
            || email.Split('@', '.').Append(options.Value.ProductName.ToLowerInvariant()).Where(part => part.Length > 3).Any(part => IsMostly(plain, part.ToLowerInvariant()));
    }

    /// <summary>One piece of up to four characters, over and over.</summary>
    private static bool Repeats(string plain)
    {
        var runes = plain.EnumerateRunes().ToArray();
        return Enumerable.Range(1, 4).Any(length => runes.Length > 2 * length && runes.Select((rune, at) => rune == runes[at % length]).All(same => same));
    }

    private static bool IsRow(string plain)
    {
        var signs = new string([.. plain.Where(char.IsLetterOrDigit)]);
        return signs.Length > 0 && s_rows.Any(row => row.Contains(signs, StringComparison.Ordinal) || (signs.Length >= row.Length && (row + row + row).Contains(signs, StringComparison.Ordinal)));
    }

    private static bool IsMostly(string plain, string part) => plain.Contains(part, StringComparison.Ordinal) && plain.Replace(part, "", StringComparison.Ordinal).Count(char.IsLetterOrDigit) < LeastOfOwn;

    /// <summary>At most two words of the lists, after the usual swaps of letters for digits, with up to six digits and any signs around them.</summary>
    private static bool IsWords(string plain)
    {
        foreach (var text in new[] { plain, Unswapped(plain) })
        {
            var letters = new string([.. text.Where(char.IsLetter)]);
            if (text.Count(char.IsDigit) > 6 || letters.Length == 0) { continue; }
            if (s_words.Contains(letters) || Enumerable.Range(1, letters.Length - 1).Any(at => s_words.Contains(letters[..at]) && s_words.Contains(letters[at..]))) { return true; }
        }
        return false;
    }

    private static string Unswapped(string plain)
    {
        // What stands behind the last letter is a number, not a letter in disguise.
        var last = plain.LastIndexOf(plain.LastOrDefault(char.IsLetter));
        var text = new StringBuilder(plain.Length);
        for (var at = 0; at < plain.Length; at++)
        {
            text.Append(at > last ? plain[at] : plain[at] switch { '0' => 'o', '1' or '!' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', var other => other });
        }
        return text.ToString();
    }
}
