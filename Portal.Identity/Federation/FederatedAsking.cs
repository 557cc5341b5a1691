using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Credentials;
using Portal.Identity.Endpoints;

namespace Portal.Identity.Federation;

/// <summary>Whom a provider has named, by an id token that was checked.</summary>
/// <param name="Email">As the provider writes it; null where it gives none.</param>
/// <param name="EmailVerified">Whether the provider answers for the address.</param>
/// <param name="Values">Of the claim that brings functions.</param>
/// <param name="TwoFactors">Whether the provider says that it asked for two.</param>
internal sealed record FederatedIdentity(
    string Subject, string? Email, bool EmailVerified, string? Name, string? Language, string? TimeZone, IReadOnlyList<string> Values, bool TwoFactors, DateTimeOffset? AuthenticatedAt, string? Session);

/// <summary>Asks a company's provider who somebody is: authorization code with PKCE (S256), nonce, and a redirect address for each provider.</summary>
internal sealed class FederatedAsking(FederationDocuments documents, FederationChannel channel, FederatedTokens tokens, FederationSeals seals, IOptions<PortalIdentityOptions> options)
{
    private const int MostValues = 200;
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    public string RedirectUri(Guid provider) => options.Value.Issuer + Routes.FederationCallback.Replace("{provider}", provider.ToString("N"), StringComparison.Ordinal);

    /// <summary>Where the browser goes.</summary>
    public string AddressOf(FederatedProvider provider, ProviderDocument document, AttemptContent attempt, string state, string? hint) => Address.With(document.Authorization.OriginalString,
        ("client_id", provider.ClientId), ("redirect_uri", RedirectUri(provider.Id)), ("response_type", "code"), ("scope", provider.Scope), ("state", state), ("nonce", attempt.Nonce),
        ("code_challenge", WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier)))), ("code_challenge_method", "S256"),
        ("login_hint", hint), ("ui_locales", attempt.Language ?? attempt.Request?.UiLocales), ("prompt", attempt.Fresh ? "login" : null), ("max_age", attempt.Fresh ? "0" : null));

    /// <returns>Who it is; or, in English for the log, what is wrong.</returns>
    public async Task<(FederatedIdentity? Identity, string? Fault)> RedeemAsync(FederatedProvider provider, AttemptContent attempt, string code, CancellationToken ct)
    {
        var (document, fault) = await documents.GetAsync(provider.Issuer, ct);
        if (document is null) { return (null, fault); }
        using var request = new HttpRequestMessage(HttpMethod.Post, document.Token);
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = RedirectUri(provider.Id), ["code_verifier"] = attempt.Verifier,
        };
        if (seals.OpenSecret(provider.SealedSecret) is { } secret && document.TakesBasic)
        {
            var pair = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            form["client_id"] = provider.ClientId;
            if (seals.OpenSecret(provider.SealedSecret) is { } plain) { form["client_secret"] = plain; }
        }
        request.Headers.Accept.Add(new("application/json"));
        request.Content = new FormUrlEncodedContent(form);
        (var answer, fault) = await channel.SendAsync(request, ct);
        if (fault is not null) { return (null, fault); }
        if (FederatedTokens.Word(answer, "id_token") is not { } idToken) { return (null, "The token endpoint sent no id token."); }
        var accessToken = FederatedTokens.Word(answer, "access_token");
        (var claims, fault) = await tokens.ReadIdTokenAsync(provider, idToken, attempt.Nonce, accessToken, ct);
        if (fault is not null) { return (null, fault); }
        var more = await UserInfoAsync(provider, document, claims, accessToken, ct);
        if (more.Fault is not null) { return (null, more.Fault); }
        return Read(provider, attempt, claims, more.Claims);
    }

    /// <summary>Claims that the id token leaves out; its subject must be the id token's (OpenID Connect Core 1.0, 5.3.2).</summary>
    private async Task<(JsonElement Claims, string? Fault)> UserInfoAsync(FederatedProvider provider, ProviderDocument document, JsonElement claims, string? accessToken, CancellationToken ct)
    {
        var complete = claims.TryGetProperty("email", out _) && (claims.TryGetProperty(provider.FunctionsClaim, out _) || provider.Functions.TrueForAll(f => f.Value.Length == 0));
        if (complete || document.UserInfo is null || accessToken is null) { return (default, null); }
        using var request = new HttpRequestMessage(HttpMethod.Get, document.UserInfo);
        request.Headers.Authorization = new("Bearer", accessToken);
        var (said, fault) = await channel.SendAsync(request, ct);
        if (fault is not null) { return (default, fault); }
        return FederatedTokens.Word(said, "sub") == FederatedTokens.SubjectOf(claims) ? (said, null) : (default, "The userinfo endpoint speaks of another subject.");
    }

    private static (FederatedIdentity?, string?) Read(FederatedProvider provider, AttemptContent attempt, JsonElement claims, JsonElement more)
    {
        JsonElement? Claim(string name) => claims.TryGetProperty(name, out var said) ? said : more.ValueKind == JsonValueKind.Object && more.TryGetProperty(name, out var added) ? added : null;
        string? Word(string name) => Claim(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        DateTimeOffset? proven = claims.TryGetProperty("auth_time", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetDouble(out var seconds) && seconds is >= 0 and < 99_999_999_999 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
        if (attempt.Fresh && (proven is null || proven < attempt.BegunAt - s_skew)) { return (null, "The provider did not ask the person to prove it once more."); }
        var verified = Claim("email_verified") switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.String } text => text.GetString() == "true",
            null => provider.VouchesForEmails,
            _ => false,
        };
        var name = Word("name") ?? string.Join(' ', new[] { Word("given_name"), Word("family_name") }.OfType<string>());
        return (new(
            FederatedTokens.SubjectOf(claims)!, Word("email")?.Trim(), verified, Clean(name), Word("locale"), Word("zoneinfo"), ValuesOf(Claim(provider.FunctionsClaim)),
            claims.TryGetProperty("amr", out var methods) && ValuesOf(methods).Contains(Methods.TwoFactors), proven, FederatedTokens.Word(claims, "sid") is { Length: > 0 and <= 255 } sid ? sid : null), null);
    }

    private static IReadOnlyList<string> ValuesOf(JsonElement? claim) => claim switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!).Take(MostValues)],
        _ => [],
    };

    /// <returns>On one line and not longer than a name; null where nothing is left.</returns>
    private static string? Clean(string? name)
    {
        var plain = new string([.. (name ?? "").Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format)]).Trim();
        return plain.Length == 0 ? null : plain.Length <= 160 ? plain : plain[..160].Trim();
    }

    /// <summary>One of the languages that we have.</summary>
    internal static string LanguageOf(FederatedIdentity identity) =>
        identity.Language?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true ? Accounts.Accounts.Languages[1] : Accounts.Accounts.Languages[0];
}
