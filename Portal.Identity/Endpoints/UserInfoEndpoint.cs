using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>OpenID Connect Core 1.0, 5.3: claims of the scopes that were granted. The token by header, or in the body of a POST; never in the address.</summary>
internal sealed class UserInfoEndpoint(IdentityStoreContext db, Sessions.Sessions sessions, TokenReader tokens)
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
        var grantId = read is not null && read.TryGetPayloadValue<string>(TokenIssuer.GrantClaim, out var claim) && Guid.TryParseExact(claim, "N", out var id) ? id : Guid.Empty;
        var grant = read is null ? null : await db.Grants.AsNoTracking().FirstOrDefaultAsync(g => g.Id == grantId && g.RevokedAt == null, ct);
        var live = grant is null ? null : await sessions.FindAsync(grant.SessionId, ct);
        if (grant is null || live is null || !await db.Clients.AnyAsync(c => c.ClientId == grant.ClientId && c.Enabled, ct))
        {
            return JsonAnswer.Error("invalid_token", "The token is not valid here, or no longer.", StatusCodes.Status401Unauthorized, "Bearer error=\"invalid_token\"");
        }
        return new JsonAnswer(Claims(live.Account, grant.Scope.Split(' ')));
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
