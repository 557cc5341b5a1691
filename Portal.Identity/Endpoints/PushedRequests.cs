using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>Authorization requests that clients leave here first (RFC 9126): what the browser carries is a handle, which nobody can alter.</summary>
internal sealed class PushedRequests(IdentityStoreContext db, ClientProof proof, TokenReader tokens, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private const string Prefix = "urn:ietf:params:oauth:request_uri:";
    private const int Longest = 16 * 1024;

    /// <summary>How the client proves itself is no part of what it asks for.</summary>
    private static readonly string[] s_proof = ["client_secret", "client_assertion", "client_assertion_type"];

    public static bool IsOne(string requestUri) => requestUri.StartsWith(Prefix, StringComparison.Ordinal);

    public async Task<IResult> PushAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var (given, client, refusal) = await ClientRequest.ReadAsync(http, proof, ct);
        if (given is null || client is null)
        {
            return refusal!;
        }
        if (client.Kind != ClientKind.Confidential)
        {
            return JsonAnswer.Error("invalid_client", "Only a client that proves itself may push requests.", StatusCodes.Status401Unauthorized);
        }
        if (given["request_uri"] is not null)
        {
            return JsonAnswer.Error("invalid_request", "request_uri has no place in a pushed request.");
        }
        if (given["redirect_uri"] is not { } redirectUri || !client.AllowsRedirectTo(redirectUri))
        {
            return JsonAnswer.Error("invalid_request", "redirect_uri is not registered.");
        }
        var hint = given["id_token_hint"] is { Length: <= 6000 } token ? await tokens.IdTokenHintAsync(token, ct) : null;
        if (AuthorizeRules.Judge(client, redirectUri, given, hint?.Subject) is { Error: { } error })
        {
            return JsonAnswer.Error(error.Error, error.Description);
        }
        var parameters = JsonSerializer.Serialize(given.All.Where(p => !s_proof.Contains(p.Key)).Append(new("client_id", client.ClientId)).DistinctBy(p => p.Key).ToDictionary());
        if (parameters.Length > Longest)
        {
            return JsonAnswer.Error("invalid_request", "The request is too long.");
        }
        var handle = Unguessable.Value();
        db.PushedRequests.Add(new PushedRequest
        {
            Hash = AuthorizationCode.HashOf(handle),
            ClientId = client.ClientId,
            Parameters = parameters,
            ExpiresAt = clock.GetUtcNow() + options.Value.PushedRequestLifetime,
        });
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        return new JsonAnswer(
            new JsonObject { ["request_uri"] = Prefix + handle, ["expires_in"] = (int)options.Value.PushedRequestLifetime.TotalSeconds }, StatusCodes.Status201Created);
    }

    /// <returns>Null for one that is unknown, expired, used or another client's.</returns>
    public async Task<(string Hash, Parameters Parameters)?> FindAsync(Client client, string requestUri, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(requestUri[Prefix.Length..]);
        var now = clock.GetUtcNow();
        var found = await db.PushedRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Hash == hash && r.ClientId == client.ClientId && r.ExpiresAt > now && r.UsedAt == null, ct);
        return found is null ? null
            : (hash, new Parameters(JsonSerializer.Deserialize<Dictionary<string, string>>(found.Parameters)!.Select(p => KeyValuePair.Create(p.Key, new StringValues(p.Value)))));
    }
}
