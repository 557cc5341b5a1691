using System.Security.Cryptography;
using System.Text;
using Portal.Identity.Tokens;

namespace Portal.Identity.Credentials;

/// <summary>Stands in once for a lost authenticator. 120 random bits, so that its plain hash cannot be searched (OWASP ASVS 5.0, 6.5.2).</summary>
public sealed class RecoveryCode
{
    public const int Count = 10;

    /// <summary>Crockford's base 32: nothing that looks like something else.</summary>
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 24;

    /// <summary>Of codes that were made before and may still lie in a drawer.</summary>
    private const int EarlierLength = 16;

    public required Guid AccountId { get; init; }
    public required string Hash { get; init; }
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>Groups of four, for paper.</summary>
    internal static string New() => string.Join('-', RandomNumberGenerator.GetString(Signs, Length).Chunk(4).Select(part => new string(part)));

    /// <summary>As people copy it: lower case, with or without dashes and spaces, O and I for 0 and 1.</summary>
    internal static string HashOf(string typed)
    {
        var plain = new StringBuilder(Length);
        foreach (var sign in typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)) { plain.Append(sign switch { 'O' => '0', 'I' or 'L' => '1', _ => sign }); }
        return AuthorizationCode.HashOf(plain.ToString());
    }

    internal static bool LooksLikeOne(string typed) => typed.Count(char.IsAsciiLetterOrDigit) is Length or EarlierLength;
}
