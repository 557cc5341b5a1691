using System.Collections.Concurrent;
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

/// <param name="Grant">What the token hangs on; null for a client's own.</param>
internal sealed record AccessTokenContent(string Subject, string ClientId, string Scope, IReadOnlyList<string> Audiences, TokenGrant? Grant);

/// <summary>Writes tokens. Sources: OpenID Connect Core 1.0, 2; RFC 9068.</summary>
internal sealed class TokenIssuer(SigningKeys keys, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    public const string GrantClaim = "grant";
    public const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";
    private static readonly TimeSpan s_logoutTokenLifetime = TimeSpan.FromMinutes(2);
    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Typed <c>at+jwt</c>. Signed with ES256 whatever the client: APIs, not clients, read it.</summary>
    public async ValueTask<string> AccessTokenAsync(AccessTokenContent content, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = options.Value.Issuer,
            ["aud"] = content.Audiences is [var only] ? only : content.Audiences,
            ["sub"] = content.Subject,
            ["client_id"] = content.ClientId,
            ["scope"] = content.Scope,
            ["jti"] = Unguessable.Name(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + options.Value.AccessTokenLifetime).ToUnixTimeSeconds(),
        };
        if (content.Grant is { } grant)
        {
            claims["sid"] = grant.SessionId;
            claims[GrantClaim] = grant.Id.ToString("N");
        }
        return Write((await keys.RingAsync(ct)).CredentialsFor(SecurityAlgorithms.EcdsaSha256), "at+jwt", claims);
    }

    /// <param name="methods">How the person proved who they are, values of RFC 8176 separated by spaces; null after a refresh, which proves nothing new.</param>
    public async Task<string> IdTokenAsync(Client client, TokenGrant grant, string? methods, string? nonce, string accessToken, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = options.Value.Issuer,
            ["aud"] = client.ClientId,
            ["azp"] = client.ClientId,
            ["sub"] = Accounts.Account.SubjectOf(grant.AccountId),
            ["sid"] = grant.SessionId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + options.Value.IdTokenLifetime).ToUnixTimeSeconds(),
            ["at_hash"] = HalfHash(accessToken),
        };
        if (grant.AuthenticatedAt is { } authenticated)
        {
            claims["auth_time"] = authenticated.ToUnixTimeSeconds();
        }
        if (methods is not null)
        {
            claims["amr"] = methods.Split(' ');
            claims["acr"] = Credentials.Methods.LevelOf(methods);
        }
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        return Write((await keys.RingAsync(ct)).CredentialsFor(client.IdTokenAlgorithm), "JWT", claims);
    }

    /// <summary>OpenID Connect Back-Channel Logout 1.0, 2.4: typed <c>logout+jwt</c>, never with a nonce, so that it cannot pass for an id token.</summary>
    public async Task<string> LogoutTokenAsync(Client client, Guid account, string sessionId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return Write((await keys.RingAsync(ct)).CredentialsFor(client.IdTokenAlgorithm), "logout+jwt", new()
        {
            ["iss"] = options.Value.Issuer,
            ["aud"] = client.ClientId,
            ["sub"] = Accounts.Account.SubjectOf(account),
            ["sid"] = sessionId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + s_logoutTokenLifetime).ToUnixTimeSeconds(),
            ["jti"] = Unguessable.Name(),
            ["events"] = new Dictionary<string, object> { [LogoutEvent] = new Dictionary<string, object>() },
        });
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

    private const int MostKept = 5_000;

    /// <summary>Tokens whose signature was found right, by the hash of the whole, with the keys that said so: they are asked about again and again.</summary>
    private readonly ConcurrentDictionary<string, (KeyRing Ring, JsonWebToken Token)> _proven = new(StringComparer.Ordinal);

    /// <summary>For the userinfo endpoint, which is the resource that has the issuer's name.</summary>
    public async Task<JsonWebToken?> AccessTokenAsync(string token, CancellationToken ct) =>
        await AnyAccessTokenAsync(token, ct) is { } read && read.Audiences.Contains(options.Value.Issuer, StringComparer.Ordinal) ? read : null;

    /// <summary>For questions about a token, whomever it is meant for.</summary>
    public async Task<JsonWebToken?> AnyAccessTokenAsync(string token, CancellationToken ct)
    {
        var (ring, hash) = (await keys.RingAsync(ct), AuthorizationCode.HashOf(token));
        if (_proven.TryGetValue(hash, out var proven) && proven.Ring == ring)
        {
            return new DateTimeOffset(proven.Token.ValidTo, TimeSpan.Zero) > clock.GetUtcNow() ? proven.Token : null;
        }
        var read = await ReadAsync(token, "at+jwt", expired: false, ct);
        if (read is not null)
        {
            if (_proven.Count >= MostKept) { _proven.Clear(); }
            _proven[hash] = (ring, read);
        }
        return read;
    }

    /// <summary>A hint may have expired: it says who was meant, it opens nothing (OpenID Connect RP-Initiated Logout 1.0, 4).</summary>
    public Task<JsonWebToken?> IdTokenHintAsync(string token, CancellationToken ct) => ReadAsync(token, "JWT", expired: true, ct);

    private async Task<JsonWebToken?> ReadAsync(string token, string type, bool expired, CancellationToken ct)
    {
        var ring = await keys.RingAsync(ct);
        var result = await _reader.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Value.Issuer,
            ValidateAudience = false,
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
