using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Identity.Federation;

/// <summary>Reads what a provider signed. Sources: OpenID Connect Core 1.0, 3.1.3.7; OpenID Connect Back-Channel Logout 1.0, 2.6.</summary>
internal sealed class FederatedTokens(FederationDocuments documents, TimeProvider clock)
{
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";
    private const int LongestSubject = 255;
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    /// <summary>How old an id token or a message may be when it comes.</summary>
    private static readonly TimeSpan s_oldest = TimeSpan.FromMinutes(10);

    /// <summary>Public-key algorithms only: a secret that the attacker knows, the published key, can never verify.</summary>
    private static readonly string[] s_algorithms =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSsaPssSha256];

    private static readonly JsonWebTokenHandler s_reader = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 32 * 1024 };

    /// <returns>The claims; or in English what is wrong.</returns>
    public async Task<(JsonElement Claims, string? Fault)> ReadIdTokenAsync(FederatedProvider provider, string token, string nonce, string? accessToken, CancellationToken ct)
    {
        var (read, claims, fault) = await ReadAsync(provider, token, logout: false, ct);
        if (read is null) { return (default, fault); }
        var now = clock.GetUtcNow();
        var audiences = read.Audiences.ToArray();
        fault = read switch
        {
            _ when SubjectOf(claims) is null => "has no proper subject",
            _ when Word(claims, "nonce") != nonce => "has another nonce",
            _ when audiences.Length > 1 && Word(claims, "azp") != provider.ClientId => "was made for another party",
            _ when claims.TryGetProperty("azp", out _) && Word(claims, "azp") != provider.ClientId => "was made for another party",
            _ when !IsRecent(claims, now) => "was not issued just now",
            _ when Word(claims, "at_hash") is { } hash && (accessToken is null || !Belongs(hash, read.Alg, accessToken)) => "belongs to another access token",
            _ => null,
        };
        return fault is null ? (claims, null) : (default, $"The id token {fault}.");
    }

    /// <returns>Whose session and which, at least one of them, and the message's own name; null for what is no proper message of the provider to us.</returns>
    public async Task<(string? Subject, string? Session, string Id)?> ReadLogoutAsync(FederatedProvider provider, string token, CancellationToken ct)
    {
        var (read, claims, _) = await ReadAsync(provider, token, logout: true, ct);
        if (read is null || !IsRecent(claims, clock.GetUtcNow()) || claims.TryGetProperty("nonce", out _) || Word(claims, "jti") is not { Length: > 0 and <= 255 } id
            || !claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object || !events.TryGetProperty(LogoutEvent, out var named) || named.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var (subject, session) = (SubjectOf(claims), Word(claims, "sid") is { Length: > 0 and <= 255 } sid ? sid : null);
        return subject is null && session is null ? null : (subject, session, id);
    }

    internal static string? SubjectOf(JsonElement claims) => Word(claims, "sub") is { Length: > 0 and <= LongestSubject } subject ? subject : null;

    internal static string? Word(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsRecent(JsonElement claims, DateTimeOffset now) =>
        claims.TryGetProperty("iat", out var iat) && iat.ValueKind == JsonValueKind.Number && iat.TryGetDouble(out var seconds) && seconds is > 0 and < 99_999_999_999
        && DateTimeOffset.UnixEpoch.AddSeconds(seconds) is var at && at <= now + s_skew && at >= now - s_oldest;

    private async Task<(JsonWebToken? Token, JsonElement Claims, string? Fault)> ReadAsync(FederatedProvider provider, string token, bool logout, CancellationToken ct)
    {
        var (document, fault) = await documents.GetAsync(provider.Issuer, ct);
        if (document is null) { return (null, default, fault); }
        var result = await ValidateAsync(provider, document, token, logout);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have changed its keys since its document was read.
            (document, fault) = await documents.RefreshAsync(provider.Issuer, ct);
            if (document is null) { return (null, default, fault); }
            result = await ValidateAsync(provider, document, token, logout);
        }
        if (result is not { IsValid: true, SecurityToken: JsonWebToken read }) { return (null, default, $"The token is not valid ({result.Exception?.GetType().Name})."); }
        if (read.TryGetHeaderValue<object>("crit", out _)) { return (null, default, "The token has an extension that is not understood."); }
        try
        {
            using var payload = JsonDocument.Parse(WebEncoders.Base64UrlDecode(read.EncodedPayload), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return (read, payload.RootElement.Clone(), null);
        }
        catch (JsonException)
        {
            return (null, default, "The token names a claim twice.");
        }
    }

    private Task<TokenValidationResult> ValidateAsync(FederatedProvider provider, ProviderDocument document, string token, bool logout) =>
        s_reader.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = provider.ClientId,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeys = document.Keys,
            // A token may leave the key's name out where the provider has one key only (OpenID Connect Core 1.0, 10.1).
            TryAllIssuerSigningKeys = document.Keys.Count == 1 && s_reader.CanReadToken(token) && IsNameless(token),
            ValidAlgorithms = s_algorithms,
            TypeValidator = (type, _, _) => string.IsNullOrEmpty(type) || type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || (logout && type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase))
                ? type : throw new SecurityTokenInvalidTypeException("The token is of another kind.") { InvalidType = type },
            RequireExpirationTime = !logout,
            LifetimeValidator = (notBefore, expires, _, _) =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                return (expires is { } end ? end > now - s_skew : logout) && (notBefore is not { } start || start <= now + s_skew);
            },
        });

    private static bool IsNameless(string token)
    {
        try
        {
            return string.IsNullOrEmpty(s_reader.ReadJsonWebToken(token).Kid);
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return false;
        }
    }

    private static bool Belongs(string hash, string algorithm, string accessToken)
    {
        var whole = algorithm.EndsWith("384", StringComparison.Ordinal) ? SHA384.HashData(Encoding.ASCII.GetBytes(accessToken)) : SHA256.HashData(Encoding.ASCII.GetBytes(accessToken));
        return WebEncoders.Base64UrlEncode(whole.AsSpan(0, whole.Length / 2)) == hash;
    }
}
