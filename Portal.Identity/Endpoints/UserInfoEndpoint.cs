using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>OpenID Connect Core 1.0, 5.3: claims of the scopes that were granted. The token by header, or in the body of a POST; never in the address.</summary>
internal sealed class UserInfoEndpoint(TokenReader tokens, LiveTokens liveTokens, ClientDirectory clients, WebOrigins origins)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var request = http.Request;
        if (request.Query.ContainsKey("access_token"))
        {
            return JsonAnswer.Error("invalid_request", "A token does not belong into an address.", challenge: "Bearer error=\"invalid_request\"");
        }
        var header = request.Headers.Authorization is [{ } only] && only.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? only["Bearer ".Length..].Trim() : null;
        var posted = HttpMethods.IsPost(request.Method) && Parameters.IsForm(request) ? new Parameters(await request.ReadFormAsync(ct)) : null;
        if (posted is { AnyRepeated: true } || (header is not null && posted?["access_token"] is not null))
        {
            return JsonAnswer.Error("invalid_request", "The token is given twice.", challenge: "Bearer error=\"invalid_request\"");
        }
        if ((header ?? posted?["access_token"]) is not { Length: > 0 } token)
        {
            return new JsonAnswer([], StatusCodes.Status401Unauthorized, "Bearer");
        }

        var read = await tokens.AccessTokenAsync(token, ct);
        var live = await liveTokens.FindAsync(read, ct);
        if (live is not { Grant: { } grant })
        {
            await origins.AllowAsync(http, null);
            return JsonAnswer.Error("invalid_token", "The token is not valid here, or no longer.", StatusCodes.Status401Unauthorized, "Bearer error=\"invalid_token\"");
        }
        await origins.AllowAsync(http, (await clients.FindAsync(grant.Grant.ClientId, ct))?.Client);
        return new JsonAnswer(Claims(grant.Account, live.Scope.Split(' ')));
    }

    private static JsonObject Claims(Account account, string[] scopes)
    {
        var claims = new JsonObject { ["sub"] = account.Subject };
        if (scopes.Contains(Scopes.Profile))
        {
            claims["locale"] = account.Language;
            claims["zoneinfo"] = account.TimeZone;
        }
        if (scopes.Contains(Scopes.Email))
        {
            claims["email"] = account.Email;
            claims["email_verified"] = account.EmailConfirmed;
        }
        return claims;
    }
}
