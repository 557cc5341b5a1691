using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Identity.Endpoints;

namespace Portal.Identity.Federation;

/// <summary>What a provider's answer is checked against, and where the way leads on.</summary>
/// <param name="Request">Null where an invitation is accepted.</param>
/// <param name="Invitation">The secret of the invitation; null where somebody logs in.</param>
internal sealed record AttemptContent(string Verifier, string Nonce, AuthorizeRequest? Request, string? Invitation, DateTimeOffset BegunAt, string? Language)
{
    /// <summary>The person proves it at the provider now, whoever is logged in there.</summary>
    public bool Fresh => Request is { Again: true } or { MaxAge: not null };
}

/// <summary>Seals what a copy of the database alone must not open.</summary>
internal sealed class FederationSeals(IDataProtectionProvider protection)
{
    private readonly IDataProtector _secrets = protection.CreateProtector("Portal.Identity.FederationSecret.v1");
    private readonly IDataProtector _attempts = protection.CreateProtector("Portal.Identity.FederationAttempt.v1");

    public string SealSecret(string secret) => WebEncoders.Base64UrlEncode(_secrets.Protect(System.Text.Encoding.UTF8.GetBytes(secret)));

    /// <returns>Null where there is none, or it was sealed under keys that are gone.</returns>
    public string? OpenSecret(string? sealedSecret) => Open(_secrets, sealedSecret) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    public string Seal(AttemptContent content) => WebEncoders.Base64UrlEncode(_attempts.Protect(JsonSerializer.SerializeToUtf8Bytes(content)));

    public AttemptContent? OpenAttempt(string sealedContent) => Open(_attempts, sealedContent) is { } bytes ? JsonSerializer.Deserialize<AttemptContent>(bytes) : null;

    private static byte[]? Open(IDataProtector protector, string? value)
    {
        try
        {
            return value is null ? null : protector.Unprotect(WebEncoders.Base64UrlDecode(value));
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
