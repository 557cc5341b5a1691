using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Identity.Clients;

public enum ClientKind
{
    /// <summary>Runs on a server and keeps a secret.</summary>
    Confidential,

    /// <summary>Proves itself by its redirect address and PKCE alone.</summary>
    Public,

    /// <summary>Public, on the person's own machine: a redirect to a literal loopback address may use any port (RFC 8252, 7.3).</summary>
    Native,
}

/// <summary>How a client gets tokens. The words are the protocol's (RFC 6749).</summary>
public static class GrantTypes
{
    public const string Code = "authorization_code";
    public const string Refresh = "refresh_token";
    public const string ClientCredentials = "client_credentials";

    public static readonly IReadOnlyList<string> All = [Code, Refresh, ClientCredentials];
}

/// <summary>One secret of a client. It is shown when it is made and kept as a hash.</summary>
public sealed class ClientSecret
{
    public required Guid Id { get; init; }
    public required string ClientId { get; init; }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public required string Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for one that the host's settings state: those hold as long as they are stated.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool IsLive(DateTimeOffset now) => ExpiresAt is not { } end || end > now;
}

/// <summary>An application that people log in to through this provider, or a program that gets tokens for itself.</summary>
public sealed class Client
{
    public required string ClientId { get; init; }
    public required string Name { get; set; }
    public required ClientKind Kind { get; set; }
    public bool Enabled { get; set; } = true;
    public required List<string> RedirectUris { get; set; }
    public required List<string> PostLogoutRedirectUris { get; set; }
    public required List<string> Scopes { get; set; }

    /// <summary>Of <see cref="Clients.GrantTypes"/>.</summary>
    public required List<string> GrantTypes { get; set; }

    /// <summary>Origins of web pages that may call the token endpoint (CORS).</summary>
    public List<string> CorsOrigins { get; set; } = [];

    /// <summary>The live ones; two at a time allow a change without a break.</summary>
    public List<ClientSecret> Secrets { get; init; } = [];

    /// <summary>JWK set with public keys. A client that has one proves itself by private_key_jwt and by nothing else.</summary>
    public string? PublicKeys { get; set; }

    /// <summary>RS256 or ES256.</summary>
    public required string IdTokenAlgorithm { get; set; }

    /// <summary>Somebody else's application: the person is asked before it learns anything.</summary>
    public bool AsksConsent { get; set; }

    /// <summary>Authorization requests come by the pushed-request endpoint only (RFC 9126, 6).</summary>
    public bool PushesRequests { get; set; }

    /// <summary>Where log-outs are told (OpenID Connect Back-Channel Logout 1.0); null for nowhere.</summary>
    public string? LogoutUri { get; set; }

    /// <summary>The audience of the API that this client is, whose tokens it may have introspected; null for none.</summary>
    public string? IntrospectedAudience { get; set; }

    /// <summary>Stated by the host's settings: every start brings it back to them, so no page changes it.</summary>
    public bool FromSettings { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    internal static Client From(ClientRegistration asked, DateTimeOffset now)
    {
        var client = new Client
        {
            ClientId = asked.ClientId, Name = "", Kind = asked.Kind, RedirectUris = [], PostLogoutRedirectUris = [], Scopes = [], GrantTypes = [],
            IdTokenAlgorithm = asked.IdTokenAlgorithm, CreatedAt = now,
        };
        client.Take(asked);
        return client;
    }

    /// <summary>Everything but id, kind and secrets.</summary>
    internal void Take(ClientRegistration asked)
    {
        Name = asked.Name.Trim();
        RedirectUris = [.. asked.RedirectUris];
        PostLogoutRedirectUris = [.. asked.PostLogoutRedirectUris];
        Scopes = [.. asked.Scopes];
        GrantTypes = [.. asked.GrantTypes];
        CorsOrigins = [.. asked.CorsOrigins];
        PublicKeys = asked.PublicKeys;
        IdTokenAlgorithm = asked.IdTokenAlgorithm;
        AsksConsent = asked.AsksConsent;
        PushesRequests = asked.PushesRequests;
        LogoutUri = asked.LogoutUri;
        IntrospectedAudience = asked.IntrospectedAudience;
    }

    public bool Has(string grantType) => GrantTypes.Contains(grantType, StringComparer.Ordinal);

    /// <summary>Compares bytes, not meanings: any difference is a refusal. The one freedom is the port of a native client's loopback address.</summary>
    public bool AllowsRedirectTo(string uri) =>
        RedirectUris.Contains(uri, StringComparer.Ordinal) || (Kind == ClientKind.Native && RedirectUris.Any(registered => DiffersOnlyInLoopbackPort(registered, uri)));

    public bool AllowsPostLogoutRedirectTo(string uri) => PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal);

    public bool HasSecret(string secret, DateTimeOffset now)
    {
        var offered = Encoding.ASCII.GetBytes(HashOf(secret));
        var fits = false;
        foreach (var live in Secrets)
        {
            fits |= CryptographicOperations.FixedTimeEquals(offered, Encoding.ASCII.GetBytes(live.Hash)) & live.IsLive(now);
        }
        return fits;
    }

    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static bool DiffersOnlyInLoopbackPort(string registered, string uri)
    {
        foreach (var host in (ReadOnlySpan<string>)["http://127.0.0.1", "http://[::1]"])
        {
            if (!registered.StartsWith(host, StringComparison.Ordinal) || !uri.StartsWith(host, StringComparison.Ordinal))
            {
                continue;
            }
            return WithoutPort(registered[host.Length..]) is { } wanted && WithoutPort(uri[host.Length..]) is { } given && wanted == given;
        }
        return false;
    }

    private static string? WithoutPort(string rest)
    {
        if (!rest.StartsWith(':'))
        {
            return rest;
        }
        var end = rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? slash : rest.Length;
        var port = rest[1..end];
        return port is { Length: > 0 and <= 5 } && port[0] != '0' && port.All(char.IsAsciiDigit) && int.Parse(port, provider: null) <= IPEndPoint.MaxPort ? rest[end..] : null;
    }
}
