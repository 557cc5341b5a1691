using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>The token endpoint (RFC 6749, 3.2; OpenID Connect Core 1.0, 3.1.3).</summary>
internal sealed class TokenEndpoint(IdentityStoreContext db, CodeExchange codes)
{
    private const string Challenge = "Basic realm=\"token\", charset=\"UTF-8\"";

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (!Parameters.IsForm(http.Request))
        {
            return JsonAnswer.Error("invalid_request", "The body must be application/x-www-form-urlencoded.", StatusCodes.Status415UnsupportedMediaType);
        }
        if (http.Request.QueryString.HasValue)
        {
            return JsonAnswer.Error("invalid_request", "Parameters belong into the body.");
        }
        var given = new Parameters(await http.Request.ReadFormAsync(ct));
        if (given.AnyRepeated)
        {
            return JsonAnswer.Error("invalid_request", "A parameter is repeated.");
        }
        var (client, refusal) = await AuthenticateAsync(http.Request, given, ct);
        if (client is null)
        {
            return refusal!;
        }
        switch (given["grant_type"])
        {
            case null: return JsonAnswer.Error("invalid_request", "grant_type is missing.");
            case not "authorization_code": return JsonAnswer.Error("unsupported_grant_type", "The only grant_type is authorization_code.");
        }
        if (given["code"] is not { } code)
        {
            return JsonAnswer.Error("invalid_request", "code is missing.");
        }
        var issued = await codes.RedeemAsync(client, code, given["redirect_uri"] ?? "", given["code_verifier"] ?? "", http.Connection.RemoteIpAddress?.ToString(), ct);
        return issued is null
            ? JsonAnswer.Error("invalid_grant", "The code does not hold: expired, used, or for another client, address or verifier.")
            : new JsonAnswer(new JsonObject
            {
                ["access_token"] = issued.AccessToken,
                ["token_type"] = "Bearer",
                ["expires_in"] = issued.ExpiresInSeconds,
                ["scope"] = issued.Scope,
                ["id_token"] = issued.IdToken,
            });
    }

    /// <summary>By header, by body, or, for a public client, by its id alone; never by two ways at once (RFC 6749, 2.3).</summary>
    private async Task<(Client?, JsonAnswer?)> AuthenticateAsync(HttpRequest request, Parameters given, CancellationToken ct)
    {
        var (id, secret) = (given["client_id"], given["client_secret"]);
        if (request.Headers.Authorization is { Count: > 0 } headers)
        {
            if (headers.Count > 1 || secret is not null)
            {
                return (null, JsonAnswer.Error("invalid_request", "The client authenticates in two ways."));
            }
            if (FromBasic(headers.ToString()) is not var (basicId, basicSecret) || (id is not null && id != basicId))
            {
                return Refuse();
            }
            (id, secret) = (basicId, basicSecret);
        }
        if (id is null || await db.Clients.AsNoTracking().FirstOrDefaultAsync(c => c.ClientId == id && c.Enabled, ct) is not { } client)
        {
            return Refuse();
        }
        var proven = client.Kind == ClientKind.Confidential ? secret is not null && client.HasSecret(secret) : secret is null;
        return proven ? (client, null) : Refuse();

        static (Client?, JsonAnswer?) Refuse() =>
            (null, JsonAnswer.Error("invalid_client", "The client is unknown or not authenticated.", StatusCodes.Status401Unauthorized, Challenge));
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
