using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Clients;
using Portal.Identity.Keys;
using Portal.Identity.Sessions;

namespace Portal.Identity.Tokens;

/// <summary>Writes tokens. Sources: OpenID Connect Core 1.0, 2; RFC 9068.</summary>
internal sealed class TokenIssuer(SigningKeys keys, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    public const string GrantClaim = "grant";
    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Typed <c>at+jwt</c>; its audience is the provider itself, whose userinfo endpoint is the only resource.</summary>
    public async Task<string> AccessTokenAsync(TokenGrant grant, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return Write((await keys.RingAsync(ct)).CredentialsFor(SecurityAlgorithms.EcdsaSha256), "at+jwt", new()
        {
            ["iss"] = options.Value.Issuer,
            ["aud"] = options.Value.Issuer,
            ["sub"] = Accounts.Account.SubjectOf(grant.AccountId),
            ["client_id"] = grant.ClientId,
            ["scope"] = grant.Scope,
            ["sid"] = grant.SessionId,
            ["jti"] = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)),
            [GrantClaim] = grant.Id.ToString("N"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + options.Value.AccessTokenLifetime).ToUnixTimeSeconds(),
        });
    }

    public async Task<string> IdTokenAsync(Client client, LiveSession live, string? nonce, string accessToken, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = options.Value.Issuer,
            ["aud"] = client.ClientId,
            ["azp"] = client.ClientId,
            ["sub"] = live.Account.Subject,
            ["sid"] = live.Session.Id,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + options.Value.IdTokenLifetime).ToUnixTimeSeconds(),
            ["auth_time"] = live.Session.AuthenticatedAt.ToUnixTimeSeconds(),
            ["amr"] = live.Session.Methods.Split(' '),
            ["acr"] = Credentials.Methods.LevelOf(live.Session.Methods),
            ["at_hash"] = HalfHash(accessToken),
        };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        return Write((await keys.RingAsync(ct)).CredentialsFor(client.IdTokenAlgorithm), "JWT", claims);
    }

    /// <summary>The left half of the SHA-256, as RS256 and ES256 ask (OpenID Connect Core 1.0, 3.1.3.6).</summary>
    internal static string HalfHash(string token) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));

    private string Write(SigningCredentials credentials, string type, Dictionary<string, object> claims) =>
        _writer.CreateToken(new SecurityTokenDescriptor { SigningCredentials = credentials, TokenType = type, Claims = claims });
}

/// <summary>Reads tokens that this provider wrote.</summary>
internal sealed class TokenReader(SigningKeys keys, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler _reader = new() { MaximumTokenSizeInBytes = 8 * 1024, MapInboundClaims = false };

    public Task<JsonWebToken?> AccessTokenAsync(string token, CancellationToken ct) => ReadAsync(token, "at+jwt", expired: false, ct);

    /// <summary>A hint may have expired: it says who was meant, it opens nothing (OpenID Connect RP-Initiated Logout 1.0, 4).</summary>
    public Task<JsonWebToken?> IdTokenHintAsync(string token, CancellationToken ct) => ReadAsync(token, "JWT", expired: true, ct);

    private async Task<JsonWebToken?> ReadAsync(string token, string type, bool expired, CancellationToken ct)
    {
        var ring = await keys.RingAsync(ct);
        var result = await _reader.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Value.Issuer,
            ValidateAudience = type == "at+jwt",
            ValidAudience = options.Value.Issuer,
            ValidTypes = [type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = ring.VerificationKeys,
            TryAllIssuerSigningKeys = false,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expired || (expires is { } end && new DateTimeOffset(end, TimeSpan.Zero) > clock.GetUtcNow()),
        });
        // An extension that must be understood and is not (RFC 7515, 4.1.11).
        return result is { IsValid: true, SecurityToken: JsonWebToken read } && !read.TryGetHeaderValue<object>("crit", out _) ? read : null;
    }
}
