using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>Which access tokens still hold: not expired, not revoked, and what they hang on is alive.</summary>
internal sealed class LiveTokens(IdentityStoreContext db, TokenReader tokens, LiveGrants grants, ClientDirectory clients, RevokedTokenQuery revoked)
{
    /// <param name="Grant">Null for a client's own token.</param>
    internal sealed record LiveToken(JsonWebToken Token, string Scope, LiveGrant? Grant);

    public async Task<LiveToken?> FindAsync(JsonWebToken? token, CancellationToken ct)
    {
        if (token is null || token.Id is not { Length: > 0 } id || !token.TryGetPayloadValue<string>("client_id", out var clientId) || await clients.FindAsync(clientId, ct) is null
            || await revoked.HoldsAsync(db, id, ct))
        {
            return null;
        }
        var scope = token.TryGetPayloadValue<string>("scope", out var given) ? given : "";
        if (!token.TryGetPayloadValue<string>(TokenIssuer.GrantClaim, out var grantId))
        {
            return new(token, scope, null);
        }
        return Guid.TryParseExact(grantId, "N", out var grant) && await grants.FindAsync(grant, ct) is { } live ? new(token, scope, live) : null;
    }

    public async Task<LiveToken?> FindAsync(string token, CancellationToken ct) => await FindAsync(await tokens.AnyAccessTokenAsync(token, ct), ct);
}

/// <summary>Whether a token was revoked by itself; asked with every other question, so compiled once for the one model of this host.</summary>
internal sealed class RevokedTokenQuery
{
    private readonly Func<IdentityStoreContext, string, CancellationToken, Task<bool>> _holds =
        EF.CompileAsyncQuery((IdentityStoreContext db, string id, CancellationToken ct) => db.RevokedTokens.Any(t => t.TokenId == id));

    public Task<bool> HoldsAsync(IdentityStoreContext db, string id, CancellationToken ct) => _holds(db, id, ct);
}

/// <summary>RFC 7662. Only the API that a token is for learns anything; for everybody else every token is inactive.</summary>
internal sealed class IntrospectionEndpoint(ClientProof proof, LiveTokens tokens)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var (given, client, refusal) = await ClientRequest.ReadAsync(http, proof, ct);
        if (given is null || client is null)
        {
            return refusal!;
        }
        if (client.Kind != ClientKind.Confidential)
        {
            return JsonAnswer.Error("invalid_client", "Only an API that proves itself may ask.", StatusCodes.Status401Unauthorized);
        }
        if (given["token"] is not { } asked)
        {
            return JsonAnswer.Error("invalid_request", "token is missing.");
        }
        if (client.IntrospectedAudience is not { } audience || await tokens.FindAsync(asked, ct) is not { } live || !live.Token.Audiences.Contains(audience, StringComparer.Ordinal))
        {
            return new JsonAnswer(new JsonObject { ["active"] = false });
        }
        var token = live.Token;
        return new JsonAnswer(new JsonObject
        {
            ["active"] = true,
            ["iss"] = token.Issuer,
            ["aud"] = audience,
            ["sub"] = token.Subject,
            ["client_id"] = token.GetPayloadValue<string>("client_id"),
            ["scope"] = live.Scope,
            ["jti"] = token.Id,
            ["iat"] = token.GetPayloadValue<long>("iat"),
            ["exp"] = token.GetPayloadValue<long>("exp"),
            ["token_type"] = "Bearer",
        });
    }
}

/// <summary>RFC 7009. The answer is the same whether there was something to revoke or not; nobody revokes what is another client's.</summary>
internal sealed class RevocationEndpoint(IdentityStoreContext db, ClientProof proof, RefreshExchange refreshes, TokenReader tokens, WebOrigins origins, TimeProvider clock)
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
        if (given["token"] is not { } token)
        {
            return JsonAnswer.Error("invalid_request", "token is missing.");
        }
        // The hint is not read: a wrong one must change nothing (RFC 7009, 2.1).
        if (!await refreshes.RevokeAsync(client, token, http.Connection.RemoteIpAddress?.ToString(), ct))
        {
            await RevokeAccessTokenAsync(client, token, ct);
        }
        NoStore.On(http.Response);
        return Results.Ok();
    }

    private async Task RevokeAccessTokenAsync(Client client, string token, CancellationToken ct)
    {
        if (await tokens.AnyAccessTokenAsync(token, ct) is not { Id: { Length: > 0 and <= 43 } id } read
            || !read.TryGetPayloadValue<string>("client_id", out var owner) || owner != client.ClientId || await db.RevokedTokens.AnyAsync(t => t.TokenId == id, ct))
        {
            return;
        }
        db.RevokedTokens.Add(new RevokedToken { TokenId = id, ExpiresAt = new DateTimeOffset(read.ValidTo, TimeSpan.Zero) });
        db.Events.Add(IdentityEvent.Of(IdentityEventKind.TokenRevoked, clock.GetUtcNow(), client: client.ClientId));
        try
        {
            await using var write = await db.BeginWriteAsync(ct);
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (!await db.RevokedTokens.AnyAsync(t => t.TokenId == id, ct))
            {
                throw;
            }
        }
    }
}
