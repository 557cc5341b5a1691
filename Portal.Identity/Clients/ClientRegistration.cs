using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Identity.Clients;

/// <summary>Why a client, scope or resource is refused.</summary>
/// <param name="Code">Key of <c>IdentityText</c>, whose sentence takes <paramref name="Subject"/> and <paramref name="Value"/>.</param>
/// <param name="Subject">The id of the client, scope or resource.</param>
public sealed record SettingProblem(string Code, string Subject, string Value = "")
{
    /// <summary>The sentence in English, for logs and the command line.</summary>
    public override string ToString() => Pages.IdentityText.English(Code, Subject, Value);
}

/// <summary>What a host, an administrator or a command states about a client.</summary>
public sealed record ClientRegistration
{
    /// <summary>What a secret must have at least; one that the provider makes has 43 characters.</summary>
    public const int ShortestSecret = 32;

    private static readonly string[] s_algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    public required string ClientId { get; init; }
    public required string Name { get; init; }
    public required ClientKind Kind { get; init; }
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];
    public IReadOnlyList<string> GrantTypes { get; init; } = [Clients.GrantTypes.Code];
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Plain secrets of a confidential client, at most two; only their hashes are kept.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>JWK set of a confidential client that proves itself by private_key_jwt.</summary>
    public string? PublicKeys { get; init; }

    public string IdTokenAlgorithm { get; init; } = SecurityAlgorithms.EcdsaSha256;
    public bool AsksConsent { get; init; }
    public bool PushesRequests { get; init; }
    public string? LogoutUri { get; init; }
    public string? IntrospectedAudience { get; init; }

    /// <summary>What makes the registration unsafe, apart from its secrets; nothing for a good one.</summary>
    public IEnumerable<SettingProblem> Problems()
    {
        if (ClientId is not { Length: > 0 and <= 100 } || ClientId.Any(c => c is < '!' or > '~' or ':'))
        {
            yield return new("client.id-invalid", ClientId ?? "");
        }
        else if (Guid.TryParse(ClientId, out _))
        {
            // It is the subject of the client's own tokens and must never read as a person's.
            yield return new("client.id-like-subject", ClientId);
        }
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 200)
        {
            yield return new("client.name-invalid", ClientId ?? "");
        }
        var id = ClientId ?? "";
        var forPeople = GrantTypes.Contains(Clients.GrantTypes.Code);
        if (GrantTypes.Count == 0 || GrantTypes.Except(Clients.GrantTypes.All).Any() || (!forPeople && GrantTypes.Contains(Clients.GrantTypes.Refresh)))
        {
            yield return new("client.grants-invalid", id);
        }
        if (Kind != ClientKind.Confidential && GrantTypes.Contains(Clients.GrantTypes.ClientCredentials))
        {
            yield return new("client.public-without-person", id);
        }
        if (forPeople != RedirectUris.Count > 0)
        {
            yield return new(forPeople ? "client.redirect-missing" : "client.redirect-useless", id);
        }
        foreach (var uri in RedirectUris.Where(uri => !IsSafe(uri, loopbackAllowed: true)).Concat(PostLogoutRedirectUris.Where(uri => !IsSafe(uri, loopbackAllowed: true))))
        {
            yield return new("client.redirect-unsafe", id, uri);
        }
        if (Kind == ClientKind.Native)
        {
            foreach (var uri in RedirectUris.Where(uri => uri.StartsWith("http://localhost", StringComparison.OrdinalIgnoreCase)))
            {
                yield return new("client.native-localhost", id, uri);
            }
        }
        foreach (var origin in CorsOrigins.Where(origin => !IsOrigin(origin)))
        {
            yield return new("client.origin-invalid", id, origin);
        }
        if (CorsOrigins.Count > 0 && Kind != ClientKind.Public)
        {
            yield return new("client.origin-not-browser", id);
        }
        if (Kind != ClientKind.Confidential && (PublicKeys is not null || PushesRequests))
        {
            yield return new("client.public-cannot-prove", id);
        }
        if (PublicKeys is not null && !ClientKeys.AreSafe(PublicKeys))
        {
            yield return new("client.keys-invalid", id);
        }
        if (LogoutUri is not null && !IsSafe(LogoutUri, loopbackAllowed: true))
        {
            yield return new("client.redirect-unsafe", id, LogoutUri);
        }
        if (IntrospectedAudience is not null && Kind != ClientKind.Confidential)
        {
            yield return new("client.public-cannot-prove", id);
        }
        if (!s_algorithms.Contains(IdTokenAlgorithm))
        {
            yield return new("client.algorithm-invalid", id, IdTokenAlgorithm);
        }
        if (forPeople && !Scopes.Contains(Tokens.Scopes.OpenId))
        {
            yield return new("client.openid-missing", id);
        }
        if (Scopes.Contains(Tokens.Scopes.OfflineAccess) && !GrantTypes.Contains(Clients.GrantTypes.Refresh))
        {
            yield return new("client.offline-without-refresh", id);
        }
        foreach (var scope in Scopes.Where(scope => !ScopeRegistration.IsWord(scope)))
        {
            yield return new("scope.name-invalid", scope);
        }
    }

    /// <summary>Secrets that the host states; a client made otherwise gets them from the provider.</summary>
    internal IEnumerable<SettingProblem> SecretProblems()
    {
        if (Kind == ClientKind.Confidential && PublicKeys is null
            ? Secrets.Count is 0 or > 2 || Secrets.Any(secret => secret.Length < ShortestSecret)
            : Secrets.Count > 0)
        {
            yield return new("client.secrets-invalid", ClientId);
        }
    }

    internal static bool IsSafe(string uri, bool loopbackAllowed) =>
        uri.Length <= 1000 && uri.All(c => c is > ' ' and <= '~') && !uri.Contains('*', StringComparison.Ordinal) && !uri.Contains('#', StringComparison.Ordinal) && !uri.Contains('\\', StringComparison.Ordinal)
        && Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0
        && (parsed.Scheme == Uri.UriSchemeHttps || (loopbackAllowed && parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback));

    private static bool IsOrigin(string origin) =>
        IsSafe(origin, loopbackAllowed: true) && new Uri(origin).GetLeftPart(UriPartial.Authority) == origin;
}

/// <summary>Public keys of a client, as a JWK set.</summary>
internal static class ClientKeys
{
    private static readonly string[] s_private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>One to ten RSA or EC keys without any private part, large enough.</summary>
    public static bool AreSafe(string set)
    {
        if (set.Length > 20_000)
        {
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(set, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var keys)
                || keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() is 0 or > 10
                || keys.EnumerateArray().Any(key => key.ValueKind != JsonValueKind.Object || s_private.Any(name => key.TryGetProperty(name, out _))))
            {
                return false;
            }
            return Read(set).All(key => key.Kty is "EC" && key.Crv is "P-256" || key.Kty is "RSA" && key.KeySize is >= 2048 and <= 8192);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or FormatException)
        {
            return false;
        }
    }

    public static IList<JsonWebKey> Read(string set) => new JsonWebKeySet(set).Keys;
}
