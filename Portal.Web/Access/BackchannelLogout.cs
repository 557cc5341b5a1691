using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Sessions;

namespace Portal.Web.Access;

/// <summary>
/// The provider tells that a session is over (OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8). For another provider than the built-in one, whose
/// sessions and the portal's lie in one store and end together.
/// </summary>
public sealed class BackchannelLogout(HostSessions sessions, SignInAddresses addresses, IOptionsMonitor<SignInHandlerOptions> client, TimeProvider clock)
{
    public const string Path = "/sign-in/back-channel-logout";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    /// <summary>How old a message without an end may be.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private static readonly JsonWebTokenHandler s_reader = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>Messages taken, until they are too old to be taken again. A second time on another node would end what is ended already.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _taken = new(StringComparer.Ordinal);

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType)
        {
            return Refuse("The message must come as a form.");
        }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["logout_token"] is not [{ Length: > 0 } token])
        {
            return Refuse("logout_token is missing.");
        }
        if (await ReadAsync(token, http.RequestAborted) is not var (subject, session))
        {
            return Refuse("The logout token is not valid.");
        }
        await sessions.EndOfProviderAsync(addresses.LinkIssuer, subject, session, http.RequestAborted);
        return Results.Ok();

        static IResult Refuse(string why) => Results.Json(new { error = "invalid_request", error_description = why }, statusCode: StatusCodes.Status400BadRequest);
    }

    /// <returns>Whose session and which, at least one of them; null for a token that is not a proper message of the provider to this client.</returns>
    private async Task<(string? Subject, string? Session)?> ReadAsync(string token, CancellationToken ct)
    {
        var options = client.Get(PortalSignIn.ProviderScheme);
        var result = await ValidateAsync(token, options, ct);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            options.Provider.Refresh();
            result = await ValidateAsync(token, options, ct);
        }
        if (result is not { IsValid: true, SecurityToken: JsonWebToken read } || read.TryGetHeaderValue<object>("crit", out _))
        {
            return null;
        }
        try
        {
            using var payload = JsonDocument.Parse(WebEncoders.Base64UrlDecode(read.EncodedPayload), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var claims = payload.RootElement;
            var now = clock.GetUtcNow();
            if (claims.TryGetProperty("nonce", out _) || !claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object
                || !events.TryGetProperty(Event, out var named) || named.ValueKind != JsonValueKind.Object
                || !claims.TryGetProperty("iat", out var iat) || !iat.TryGetInt64(out var issued) || DateTimeOffset.FromUnixTimeSeconds(issued) is var at && (at > now + s_skew || at < now - s_longest)
                || Word(claims, "jti") is not { } id)
            {
                return null;
            }
            var (subject, session) = (Word(claims, "sub"), Word(claims, "sid"));
            return (subject is null && session is null) || !IsFirst($"{read.Issuer}\n{id}", now) ? null : (subject, session);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }

        static string? Word(JsonElement claims, string name) =>
            claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 255 } word ? word : null;
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, SignInHandlerOptions options, CancellationToken ct)
    {
        var metadata = await options.Provider.GetAsync(ct);
        return await s_reader.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidAudience = options.ClientId,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeys = metadata.SigningKeys,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = SignInHandler.Algorithms,
            // Older providers leave the type out; the event and the absence of a nonce tell it from an id token.
            TypeValidator = (type, _, _) => string.IsNullOrEmpty(type) || type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase)
                ? type : throw new SecurityTokenInvalidTypeException("The token is of another kind.") { InvalidType = type },
            RequireExpirationTime = false,
            LifetimeValidator = (_, expires, _, _) => expires is not { } end || end > clock.GetUtcNow().UtcDateTime - s_skew,
        });
    }

    private bool IsFirst(string id, DateTimeOffset now)
    {
        foreach (var (old, _) in _taken.Where(entry => entry.Value < now))
        {
            _taken.TryRemove(old, out _);
        }
        return _taken.TryAdd(id, now + s_longest + s_skew + s_skew);
    }
}
