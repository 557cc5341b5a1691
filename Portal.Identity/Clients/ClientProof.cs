using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Endpoints;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Clients;

/// <summary>
/// Who a program is: by secret in the header or in the body, by a signed assertion, or, for a public client, by its id alone;
/// never by two ways at once (RFC 6749, 2.3; RFC 7523, 2.2). A client that has keys is believed by them only.
/// </summary>
internal sealed class ClientProof(IdentityStoreContext db, ClientDirectory clients, ClientGuesses guesses, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The longest that an assertion may still live when it comes.</summary>
    private static readonly TimeSpan s_longestAssertion = TimeSpan.FromMinutes(5);

    /// <summary>How far the clocks may differ.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(10);
    private const string Challenge = "Basic realm=\"token\", charset=\"UTF-8\"";
    private static readonly JsonWebTokenHandler s_reader = new() { MaximumTokenSizeInBytes = 8 * 1024, MapInboundClaims = false };

    public async Task<(Client? Client, JsonAnswer? Refusal)> CheckAsync(HttpRequest request, Parameters given, CancellationToken ct)
    {
        var (id, secret, assertion) = (given["client_id"], given["client_secret"], given["client_assertion"]);
        var inHeader = request.Headers.Authorization.Count > 0;
        if (request.Headers.Authorization.Count > 1 || (inHeader && (secret is not null || assertion is not null)) || (secret is not null && assertion is not null))
        {
            return (null, JsonAnswer.Error("invalid_request", "The client authenticates in two ways."));
        }
        var from = request.HttpContext.Connection.RemoteIpAddress;
        if (assertion is not null || given["client_assertion_type"] is not null)
        {
            // A signature cannot be guessed; what is forged is refused as often as it comes.
            return given["client_assertion_type"] == AssertionType && assertion is not null && await ByAssertionAsync(assertion, id, ct) is { } signed ? (signed, null) : Refuse();
        }
        if (inHeader)
        {
            if (FromBasic(request.Headers.Authorization.ToString()) is not var (basicId, basicSecret) || (id is not null && id != basicId))
            {
                return Refuse();
            }
            (id, secret) = (basicId, basicSecret);
        }
        if (id is null || await clients.FindAsync(id, ct) is not { Client: var client })
        {
            return Refuse();
        }
        if (client.Kind != ClientKind.Confidential || client.PublicKeys is not null || secret is null)
        {
            return client.Kind != ClientKind.Confidential && secret is null ? (client, null) : Refuse();
        }
        if (await guesses.AreTooManyAsync(db, client.ClientId, from, ct))
        {
            request.HttpContext.Response.Headers.RetryAfter = "60";
            return (null, JsonAnswer.Error("invalid_client", "Too many wrong secrets came from there. Wait a minute.", StatusCodes.Status429TooManyRequests, Challenge));
        }
        if (!client.HasSecret(secret, clock.GetUtcNow()))
        {
            await guesses.FailedAsync(db, client.ClientId, from, ct);
            return Refuse();
        }
        guesses.Succeeded(client.ClientId, from);
        return (client, null);

        static (Client?, JsonAnswer?) Refuse() =>
            (null, JsonAnswer.Error("invalid_client", "The client is unknown or not authenticated.", StatusCodes.Status401Unauthorized, Challenge));
    }

    /// <summary>RFC 7523, 3, in the reading of FAPI 2.0: the audience is the issuer, as a single string, and each assertion serves once.</summary>
    private async Task<Client?> ByAssertionAsync(string assertion, string? id, CancellationToken ct)
    {
        if (assertion.Length > 8 * 1024 || !s_reader.CanReadToken(assertion))
        {
            return null;
        }
        JsonWebToken unproven;
        try
        {
            unproven = s_reader.ReadJsonWebToken(assertion);
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
        var subject = unproven.Subject;
        if (string.IsNullOrEmpty(subject) || (id is not null && id != subject) || unproven.Issuer != subject || await clients.FindAsync(subject, ct) is not { Keys.Count: > 0 } known)
        {
            return null;
        }
        var now = clock.GetUtcNow();
        var result = await s_reader.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = subject,
            ValidAudience = options.Value.Issuer,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256],
            IssuerSigningKeys = known.Keys,
            TryAllIssuerSigningKeys = string.IsNullOrEmpty(unproven.Kid),
            LifetimeValidator = (notBefore, expires, _, _) => expires is { } end && end > now.UtcDateTime && end <= (now + s_longestAssertion + s_skew).UtcDateTime
                && (notBefore is not { } start || start <= (now + s_skew).UtcDateTime),
        });
        if (result is not { IsValid: true, SecurityToken: JsonWebToken read } || read.TryGetHeaderValue<object>("crit", out _) || !HasPlainClaims(read, now, out var tokenId))
        {
            return null;
        }
        return await UseAsync(subject, tokenId, new DateTimeOffset(read.ValidTo, TimeSpan.Zero), ct) ? known.Client : null;
    }

    /// <summary>What the library reads more generously than we do: one audience as a string, a jti, an iat that is not of the future, no claim twice.</summary>
    private static bool HasPlainClaims(JsonWebToken token, DateTimeOffset now, out string tokenId)
    {
        tokenId = "";
        try
        {
            using var payload = JsonDocument.Parse(WebEncoders.Base64UrlDecode(token.EncodedPayload), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var claims = payload.RootElement;
            if (!claims.TryGetProperty("aud", out var audience) || audience.ValueKind != JsonValueKind.String
                || !claims.TryGetProperty("jti", out var jti) || jti.ValueKind != JsonValueKind.String || jti.GetString() is not { Length: > 0 and <= 255 } named
                || (claims.TryGetProperty("iat", out var issued) && (!issued.TryGetInt64(out var at) || at > (now + s_skew).ToUnixTimeSeconds())))
            {
                return false;
            }
            tokenId = named;
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <returns>False for one that was used before, on whichever node.</returns>
    private async Task<bool> UseAsync(string client, string tokenId, DateTimeOffset expires, CancellationToken ct)
    {
        var used = new UsedAssertion { Hash = AuthorizationCode.HashOf($"{client}\n{tokenId}"), ExpiresAt = expires + s_skew };
        if (await db.UsedAssertions.AnyAsync(a => a.Hash == used.Hash, ct))
        {
            return false;
        }
        db.UsedAssertions.Add(used);
        try
        {
            await using var write = await db.BeginWriteAsync(ct);
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            db.Entry(used).State = EntityState.Detached;
            return await db.UsedAssertions.AnyAsync(a => a.Hash == used.Hash, ct) ? false : throw new InvalidOperationException("The use of an assertion could not be noted.");
        }
    }

    /// <summary>Id and secret are form-encoded before they are joined by a colon, so both may contain one.</summary>
    private static (string Id, string Secret)? FromBasic(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase) || value.Parameter is null)
        {
            return null;
        }
        var bytes = new byte[value.Parameter.Length];
        if (!Convert.TryFromBase64String(value.Parameter, bytes, out var length))
        {
            return null;
        }
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (Decode(pair[..colon]), Decode(pair[(colon + 1)..])) : null;

        static string Decode(string encoded) => Uri.UnescapeDataString(encoded.Replace('+', ' '));
    }
}
