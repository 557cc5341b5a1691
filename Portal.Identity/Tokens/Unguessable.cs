using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Tokens;

/// <summary>Where every value comes from that is worth something to whoever guesses it. Base64url, from the system's own source of randomness.</summary>
internal static class Unguessable
{
    /// <summary>For what opens something: codes, refresh tokens, links, keys of sessions, secrets. 256 random bits.</summary>
    public static string Value() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>For what names something and is sealed or signed wherever it goes: 128 random bits, the least that a session may have (OWASP ASVS 5.0, V7.2.3).</summary>
    public static string Name() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
}
