using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Tokens;

/// <summary>A code waiting to be redeemed, or already redeemed: it stays for as long as what it brought lives, so that a second use is known for what it is.</summary>
public sealed class AuthorizationCode
{
    /// <summary>SHA-256 of the code: whoever reads the table cannot redeem.</summary>
    public required string Hash { get; init; }
    public required string ClientId { get; init; }
    public required string RedirectUri { get; init; }
    public required Guid AccountId { get; init; }
    public required string SessionId { get; init; }

    /// <summary>Separated by spaces.</summary>
    public required string Scope { get; init; }
    public string? Nonce { get; init; }

    /// <summary>SHA-256 of the verifier, base64url (RFC 7636).</summary>
    public required string CodeChallenge { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RedeemedAt { get; private set; }

    internal static string HashOf(string value) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
