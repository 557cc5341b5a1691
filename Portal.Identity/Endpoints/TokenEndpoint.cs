using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Portal.Identity.Clients;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>The token endpoint (RFC 6749, 3.2; OpenID Connect Core 1.0, 3.1.3 and 12).</summary>
internal sealed class TokenEndpoint(ClientProof proof, CodeExchange codes, RefreshExchange refreshes, Audiences audiences, TokenIssuer tokens, WebOrigins origins, IOptions<PortalIdentityOptions> options)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var (given, client, refusal) = await ClientRequest.ReadAsync(http, proof, ct);
        await origins.AllowAsync(http, client);
        if (given is null || client is null)
        {
            return refusal!;
        }
        var grant = given["grant_type"];
        switch (grant)
        {
            case null: return JsonAnswer.Error("invalid_request", "grant_type is missing.");
            case not (GrantTypes.Code or GrantTypes.Refresh or GrantTypes.ClientCredentials):
                return JsonAnswer.Error("unsupported_grant_type", "grant_type is authorization_code, refresh_token or client_credentials.");
        }
        if (!client.Has(grant))
        {
            return JsonAnswer.Error("unauthorized_client", "The client may not use this grant_type.");
        }
        var choice = new AudienceChoice(grant == GrantTypes.Code ? null : given["scope"], given["resource"]);
        return grant switch
        {
            GrantTypes.Code => await RedeemCodeAsync(http, client, given, choice, ct),
            GrantTypes.Refresh => await RefreshAsync(http, client, given, choice, ct),
            _ => await ForItselfAsync(client, choice, ct),
        };
    }

    private async Task<IResult> RedeemCodeAsync(HttpContext http, Client client, Parameters given, AudienceChoice choice, CancellationToken ct)
    {
        if (given["code"] is not { } code)
        {
            return JsonAnswer.Error("invalid_request", "code is missing.");
        }
        var issued = await codes.RedeemAsync(client, code, given["redirect_uri"] ?? "", given["code_verifier"] ?? "", choice, http.Connection.RemoteIpAddress?.ToString(), ct);
        return issued is null
            ? JsonAnswer.Error("invalid_grant", "The code does not hold: expired, used, or for another client, address or verifier.")
            : Answer(issued);
    }

    private async Task<IResult> RefreshAsync(HttpContext http, Client client, Parameters given, AudienceChoice choice, CancellationToken ct)
    {
        if (given["refresh_token"] is not { } handle)
        {
            return JsonAnswer.Error("invalid_request", "refresh_token is missing.");
        }
        var (issued, error) = await refreshes.RedeemAsync(client, handle, choice, http.Connection.RemoteIpAddress?.ToString(), ct);
        return issued is null ? JsonAnswer.Error(error, "The refresh token does not hold, or not for this.") : Answer(issued);
    }

    /// <summary>RFC 6749, 4.4: scopes of APIs only, and the client itself is the subject.</summary>
    private async Task<IResult> ForItselfAsync(Client client, AudienceChoice choice, CancellationToken ct)
    {
        var own = string.Join(' ', client.Scopes.Except(Scopes.All));
        var (scope, audience, error) = await audiences.ResolveAsync(client, own, choice, ct);
        if (error is not null)
        {
            return JsonAnswer.Error(error, "The scope is not one of an API that the client may call.");
        }
        var token = await tokens.AccessTokenAsync(new(client.ClientId, client.ClientId, scope, audience, null), ct);
        return Answer(new(token, null, null, scope, (int)options.Value.AccessTokenLifetime.TotalSeconds));
    }

    private static JsonAnswer Answer(IssuedTokens issued)
    {
        var body = new JsonObject
        {
            ["access_token"] = issued.AccessToken,
            ["token_type"] = "Bearer",
            ["expires_in"] = issued.ExpiresInSeconds,
            ["scope"] = issued.Scope,
        };
        if (issued.IdToken is { } idToken)
        {
            body["id_token"] = idToken;
        }
        if (issued.RefreshToken is { } refreshToken)
        {
            body["refresh_token"] = refreshToken;
        }
        return new JsonAnswer(body);
    }
}

/// <summary>What every endpoint for programs asks first: a form by POST, nothing in the address, nothing twice, and a client that proves itself.</summary>
internal static class ClientRequest
{
    public static async Task<(Parameters? Given, Client? Client, IResult? Refusal)> ReadAsync(HttpContext http, ClientProof proof, CancellationToken ct)
    {
        if (!Parameters.IsForm(http.Request))
        {
            return (null, null, JsonAnswer.Error("invalid_request", "The body must be application/x-www-form-urlencoded.", StatusCodes.Status415UnsupportedMediaType));
        }
        if (http.Request.QueryString.HasValue)
        {
            return (null, null, JsonAnswer.Error("invalid_request", "Parameters belong into the body."));
        }
        var given = new Parameters(await http.Request.ReadFormAsync(ct));
        if (given.AnyRepeated)
        {
            return (null, null, JsonAnswer.Error("invalid_request", "A parameter is repeated."));
        }
        var (client, refusal) = await proof.CheckAsync(http.Request, given, ct);
        return (given, client, refusal);
    }
}

/// <summary>
/// Cross-origin calls of web pages that are clients themselves. Only origins that a client registered, never with cookies; what a page of one client
/// gets by another client's id is not shown to it.
/// </summary>
internal sealed class WebOrigins(ClientDirectory clients)
{
    /// <param name="client">Null where the caller is not known yet: a refusal may be read by every registered origin.</param>
    public async Task AllowAsync(HttpContext http, Client? client)
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return;
        }
        http.Response.Headers.Append("Vary", "Origin");
        if (client is null ? (await clients.ApisAsync(http.RequestAborted)).Origins.Contains(origin) : client.CorsOrigins.Contains(origin, StringComparer.Ordinal))
        {
            http.Response.Headers.AccessControlAllowOrigin = origin;
        }
    }

    public async Task<IResult> PreflightAsync(HttpContext http, string methods)
    {
        await AllowAsync(http, null);
        if (http.Response.Headers.AccessControlAllowOrigin.Count > 0)
        {
            http.Response.Headers.AccessControlAllowMethods = methods;
            http.Response.Headers.AccessControlAllowHeaders = "authorization, content-type";
            http.Response.Headers.AccessControlMaxAge = "600";
        }
        return Results.NoContent();
    }
}
