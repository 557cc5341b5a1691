using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;
using Portal.Web.Access;

namespace Portal.Web.Api;

/// <summary>The access token of a request, found good.</summary>
/// <param name="Subject">The person's account; the program itself where it calls by itself.</param>
/// <param name="IsOfProgram">Whether the program calls by itself.</param>
public sealed record ApiToken(string Subject, string ClientId, bool IsOfProgram, IReadOnlySet<string> Scopes)
{
    public static ApiToken? Of(HttpContext http) => http.Items.TryGetValue(typeof(ApiToken), out var token) ? (ApiToken?)token : null;
}

/// <summary>Reads access tokens for the API: RFC 9068, and what ended since they were issued.</summary>
public interface IApiTokens
{
    /// <returns>Null for every reason to refuse.</returns>
    Task<ApiToken?> FindAsync(string token, CancellationToken ct);
}

/// <summary>Tokens of the provider in this process: its keys, grants, sessions and clients are asked at each request.</summary>
internal sealed class BuiltInTokens(AccessTokens tokens, ApiAddresses api) : IApiTokens
{
    public async Task<ApiToken?> FindAsync(string token, CancellationToken ct) =>
        await tokens.FindAsync(token, api.Audience, ct) is { } held ? new(held.Subject, held.ClientId, held.IsOfClient, held.Scopes) : null;
}

/// <summary>Tokens of another provider, by its published keys. Of ends it only hears of sessions: from the provider's back-channel.</summary>
internal sealed class OtherProvidersTokens(ProviderMetadata provider, ApiAddresses api, Func<string, CancellationToken, Task<bool>> isOver, TimeProvider clock) : IApiTokens
{
    private const int LongestSubject = 255;

    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);
    private static readonly string[] s_algorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256];
    private static readonly JsonWebTokenHandler s_reader = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 };

    public async Task<ApiToken?> FindAsync(string token, CancellationToken ct)
    {
        var read = await ReadAsync(token, ct);
        if (read.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have changed its keys since its document was read.
            provider.Refresh();
            read = await ReadAsync(token, ct);
        }
        if (!read.IsValid || read.SecurityToken is not JsonWebToken good || good.TryGetHeaderValue<object>("crit", out _)) { return null; }
        // RFC 9068, 2.2: these are always there.
        if (good.Subject is not { Length: > 0 and <= LongestSubject } subject || good.Id is not { Length: > 0 } || !good.TryGetPayloadValue<long>("iat", out _)
            || !good.TryGetPayloadValue<string>("client_id", out var client) || client.Length is 0 or > LongestSubject)
        {
            return null;
        }
        if (good.TryGetPayloadValue<string>("sid", out var session) && session.Length > 0 && await isOver(session, ct)) { return null; }
        var scopes = good.TryGetPayloadValue<string>("scope", out var given) ? given.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return new(subject, client, subject == client, scopes.ToHashSet(StringComparer.Ordinal));
    }

    private async Task<TokenValidationResult> ReadAsync(string token, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var metadata = await provider.GetAsync(ct);
        return await s_reader.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidAudience = api.Audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeys = metadata.SigningKeys,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = s_algorithms,
            RequireExpirationTime = true,
            TypeValidator = (type, _, _) => IsAccessToken(type) ? type : throw new SecurityTokenInvalidTypeException("The token is of another kind.") { InvalidType = type },
            LifetimeValidator = (notBefore, expires, _, _) => expires is { } end && end > now - s_skew && (notBefore is not { } start || start <= now + s_skew),
        });
    }

    private static bool IsAccessToken(string? type) => "at+jwt".Equals(type, StringComparison.OrdinalIgnoreCase) || "application/at+jwt".Equals(type, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Bearer tokens in the header, and nothing else (RFC 6750, 2.1): never a cookie, never in an address or a form. Only what lies under <see cref="ApiAddresses.Root"/> comes here, and all of it.
/// </summary>
public sealed class ApiTokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiAddresses api) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "api";

    private const string Bearer = "Bearer ", InvalidRequest = "invalid_request", InvalidToken = "invalid_token";
    private static readonly object s_fault = new();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Request.Headers.Authorization;
        if (Request.Query.ContainsKey("access_token") || given.Count > 1) { return Refuse(InvalidRequest); }
        if (given is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) { return AuthenticateResult.NoResult(); }
        if (await Context.RequestServices.GetRequiredService<IApiTokens>().FindAsync(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } token) { return Refuse(InvalidToken); }
        Context.Items[typeof(ApiToken)] = token;
        return AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim("client_id", token.ClientId)], SchemeName)), SchemeName));
    }

    private AuthenticateResult Refuse(string error)
    {
        Context.Items[s_fault] = error;
        return AuthenticateResult.Fail(error);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var error = Context.Items.TryGetValue(s_fault, out var fault) ? (string?)fault : null;
        Response.StatusCode = error is InvalidRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Challenge(api, error);
        return ApiProblems.WriteAsync(Context, Response.StatusCode, error switch { InvalidRequest => "api.token-misplaced", InvalidToken => "api.token-invalid", _ => "api.token-missing" });
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblems.WriteAsync(Context, StatusCodes.Status403Forbidden, "api.right-missing");

    /// <summary>RFC 6750, 3, and RFC 9728, 5.1. Who shows no token is told no error.</summary>
    internal static string Challenge(ApiAddresses api, string? error, string? scope = null) =>
        $"Bearer realm=\"{api.Resource}\", {(error is null ? "" : $"error=\"{error}\", ")}{(scope is null ? "" : $"scope=\"{scope}\", ")}resource_metadata=\"{api.MetadataUrl}\"";
}
