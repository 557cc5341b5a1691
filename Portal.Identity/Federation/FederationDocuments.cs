using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Identity.Federation;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0, 4), with its public keys.</summary>
/// <param name="SaysIssuer">Whether each of its answers names it (RFC 9207).</param>
/// <param name="TakesBasic">Whether it takes the client's secret in the header; else in the form.</param>
internal sealed record ProviderDocument(
    Uri Authorization, Uri Token, Uri? UserInfo, bool SaysIssuer, bool TakesBasic, bool NamesPkce, IReadOnlyList<SecurityKey> Keys, DateTimeOffset ReadAt);

/// <summary>
/// The providers' documents and keys. Read when first needed and every quarter of an hour; a key that is not known lets them be read anew, but not more often than
/// twice a minute, since a stranger's forged token may lead here too.
/// </summary>
internal sealed class FederationDocuments(FederationChannel channel, TimeProvider clock)
{
    private const int MostKeys = 50;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    /// <summary>For so long a provider that did not answer is not asked again.</summary>
    private static readonly TimeSpan s_afterFault = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <returns>The document, or in English what is wrong.</returns>
    public Task<(ProviderDocument? Document, string? Fault)> GetAsync(string issuer, CancellationToken ct) => ReadAsync(issuer, s_kept, ct);

    /// <summary>A key was not found: a newer document, if the one at hand is not of the last half minute.</summary>
    public Task<(ProviderDocument? Document, string? Fault)> RefreshAsync(string issuer, CancellationToken ct) => ReadAsync(issuer, s_pause, ct);

    /// <summary>Reads now, whatever is kept: for an administrator who tries the connection.</summary>
    public Task<(ProviderDocument? Document, string? Fault)> TryAsync(string issuer, CancellationToken ct) => ReadAsync(issuer, TimeSpan.Zero, ct);

    private async Task<(ProviderDocument? Document, string? Fault)> ReadAsync(string issuer, TimeSpan notOlderThan, CancellationToken ct)
    {
        var kept = _kept.GetOrAdd(issuer, _ => new Kept());
        if (kept.Document is { } fresh && Age(fresh.ReadAt) < notOlderThan) { return (fresh, null); }
        await kept.Turn.WaitAsync(ct);
        try
        {
            if (kept.Document is { } other && Age(other.ReadAt) < notOlderThan) { return (other, null); }
            if (notOlderThan > TimeSpan.Zero && kept.FailedAt is { } failed && Age(failed) < s_afterFault) { return (null, kept.Fault); }
            var (document, fault) = await FetchAsync(issuer, ct);
            (kept.Document, kept.Fault, kept.FailedAt) = (document, fault, document is null ? clock.GetUtcNow() : null);
            return (document, fault);
        }
        finally
        {
            kept.Turn.Release();
        }
    }

    private TimeSpan Age(DateTimeOffset at) => (clock.GetUtcNow() - at).Duration();

    private async Task<(ProviderDocument? Document, string? Fault)> FetchAsync(string issuer, CancellationToken ct)
    {
        if (!channel.Allows(issuer.TrimEnd('/') + "/.well-known/openid-configuration", out var place)) { return (null, "The issuer is not an https address."); }
        var (said, fault) = await GetAsync(place, ct);
        if (fault is not null) { return (null, fault); }
        // OpenID Connect Discovery 1.0, 4.3: whoever calls itself otherwise is not the one that was entered.
        if (Word(said, "issuer") is not { } named || named != issuer) { return (null, $"The provider calls itself {(Word(said, "issuer") is { Length: <= 500 } other ? other : "nothing that is an issuer")}."); }
        Uri? Endpoint(string name) => channel.Allows(Word(said, name), out var uri) ? uri : null;
        if (Endpoint("authorization_endpoint") is not { } authorization || Endpoint("token_endpoint") is not { } token || Endpoint("jwks_uri") is not { } keysAt)
        {
            return (null, "The provider names no safe address for log-in, tokens or keys.");
        }
        var (set, missing) = await GetAsync(keysAt, ct);
        if (missing is not null) { return (null, missing); }
        var keys = KeysOf(set);
        if (keys.Count == 0) { return (null, "The provider publishes no key that can be used."); }
        var methods = Words(said, "token_endpoint_auth_methods_supported");
        var basic = methods.Count == 0 || methods.Contains("client_secret_basic") || !methods.Contains("client_secret_post");
        return (new(authorization, token, Endpoint("userinfo_endpoint"), Flag(said, "authorization_response_iss_parameter_supported"), basic, Words(said, "code_challenge_methods_supported").Contains("S256"), keys, clock.GetUtcNow()), null);
    }

    private async Task<(JsonElement Body, string? Fault)> GetAsync(Uri from, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, from);
        request.Headers.Accept.Add(new("application/json"));
        return await channel.SendAsync(request, ct);
    }

    /// <summary>Public keys for signatures, large enough; whatever else stands in the set is left out.</summary>
    private static List<SecurityKey> KeysOf(JsonElement set)
    {
        try
        {
            return
            [
                .. new JsonWebKeySet(set.GetRawText()).Keys.Take(MostKeys)
                    .Where(key => (key.Use is null or "" or "sig") && (key.Kty is "EC" && key.Crv is "P-256" or "P-384" || key.Kty is "RSA" && key.KeySize is >= 2048 and <= 8192)),
            ];
        }
        catch (Exception fault) when (fault is ArgumentException or JsonException or FormatException)
        {
            return [];
        }
    }

    private static string? Word(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static List<string> Words(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)] : [];

    private sealed class Kept
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public volatile ProviderDocument? Document;
        public string? Fault;
        public DateTimeOffset? FailedAt;
    }
}
