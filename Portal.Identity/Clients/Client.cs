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

/// <summary>An application that people log in to through this provider.</summary>
public sealed class Client
{
    public required string ClientId { get; init; }
    public required string Name { get; set; }
    public required ClientKind Kind { get; set; }
    public bool Enabled { get; set; } = true;
    public required List<string> RedirectUris { get; set; }
    public required List<string> PostLogoutRedirectUris { get; set; }
    public required List<string> Scopes { get; set; }

    /// <summary>SHA-256 of each live secret; two at a time allow a change without a break.</summary>
    public required List<string> SecretHashes { get; set; }

    /// <summary>RS256 or ES256.</summary>
    public required string IdTokenAlgorithm { get; set; }

    /// <summary>Compares bytes, not meanings: any difference is a refusal. The one freedom is the port of a native client's loopback address.</summary>
    public bool AllowsRedirectTo(string uri) =>
        RedirectUris.Contains(uri, StringComparer.Ordinal) || (Kind == ClientKind.Native && RedirectUris.Any(registered => DiffersOnlyInLoopbackPort(registered, uri)));

    public bool AllowsPostLogoutRedirectTo(string uri) => PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal);

    public bool HasSecret(string secret)
    {
        var offered = Encoding.ASCII.GetBytes(HashOf(secret));
        var fits = false;
        foreach (var hash in SecretHashes)
        {
            fits |= CryptographicOperations.FixedTimeEquals(offered, Encoding.ASCII.GetBytes(hash));
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

/// <summary>What a host states about a client of its provider.</summary>
public sealed record ClientRegistration
{
    private static readonly string[] s_algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    public required string ClientId { get; init; }
    public required string Name { get; init; }
    public required ClientKind Kind { get; init; }
    public required IReadOnlyList<string> RedirectUris { get; init; }
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>Plain secrets of a confidential client, at most two; only their hashes are kept.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    public string IdTokenAlgorithm { get; init; } = SecurityAlgorithms.RsaSha256;

    /// <summary>What makes the registration unsafe; nothing for a good one.</summary>
    internal IEnumerable<string> Problems()
    {
        if (ClientId is not { Length: > 0 and <= 100 } || ClientId.Any(c => c is < ' ' or > '~'))
        {
            yield return "A client id has 1 to 100 printable ASCII characters.";
        }
        if (RedirectUris.Count == 0)
        {
            yield return $"Client {ClientId}: at least one redirect address is needed.";
        }
        foreach (var uri in RedirectUris.Concat(PostLogoutRedirectUris).Where(uri => !IsSafe(uri)))
        {
            yield return $"Client {ClientId}: {uri} must be https (http on loopback only), absolute, without fragment, wildcard or user.";
        }
        if (Kind == ClientKind.Confidential ? Secrets.Count is 0 or > 2 || Secrets.Any(secret => secret.Length < 32) : Secrets.Count > 0)
        {
            yield return $"Client {ClientId}: a confidential client has one or two secrets of at least 32 characters, a public one none.";
        }
        if (!s_algorithms.Contains(IdTokenAlgorithm))
        {
            yield return $"Client {ClientId}: id tokens are signed with RS256 or ES256.";
        }
        if (!Scopes.Contains("openid") || Scopes.Except(Tokens.Scopes.All).Any())
        {
            yield return $"Client {ClientId}: scopes are openid and any of {string.Join(' ', Tokens.Scopes.All)}.";
        }
    }

    private static bool IsSafe(string uri) =>
        uri.Length <= 1000 && uri.All(c => c is > ' ' and <= '~') && !uri.Contains('*', StringComparison.Ordinal) && !uri.Contains('#', StringComparison.Ordinal) && !uri.Contains('\\', StringComparison.Ordinal)
        && Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0
        && (parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback));
}
