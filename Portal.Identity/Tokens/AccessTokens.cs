using Microsoft.EntityFrameworkCore;
using Portal.Identity.Clients;
using Portal.Identity.Endpoints;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tokens;

/// <summary>An access token that holds at this moment.</summary>
/// <param name="Subject">The account of a person, or the id of the client where the token is its own.</param>
/// <param name="IsOfClient">Whether the client got it for itself.</param>
/// <param name="Scopes">Those of the token that the client may still have.</param>
public sealed record HeldToken(string Subject, string ClientId, bool IsOfClient, IReadOnlySet<string> Scopes);

/// <summary>
/// For an API in the provider's own process. It hears of every end with the next request: of the token, the session, the consent, the account, the client, and of a key
/// that was revoked.
/// </summary>
public sealed class AccessTokens
{
    private readonly IdentityStoreContext _db;
    private readonly TokenReader _reader;
    private readonly LiveTokens _live;
    private readonly ClientDirectory _clients;
    private readonly bool _isShared;

    internal AccessTokens(IdentityStoreContext db, TokenReader reader, LiveTokens live, ClientDirectory clients, bool isShared) =>
        (_db, _reader, _live, _clients, _isShared) = (db, reader, live, clients, isShared);

    /// <param name="audience">The API's own address, as it is registered.</param>
    /// <returns>Null for every reason to refuse: what is no token of this provider, is for somebody else, or no longer holds.</returns>
    public async Task<HeldToken?> FindAsync(string token, string audience, CancellationToken ct)
    {
        if (await _reader.AnyAccessTokenAsync(token, ct) is not { } read || !read.Audiences.Contains(audience, StringComparer.Ordinal)
            || await _live.FindAsync(read, ct) is not { } live || await _clients.FindAsync(read.GetPayloadValue<string>("client_id"), ct) is not { Client: var client })
        {
            return null;
        }
        // A person's token hangs on a grant, which ends with the client. Of a client's own, another node would hear seconds later.
        if (live.Grant is null && _isShared && !await _db.Clients.AnyAsync(c => c.ClientId == client.ClientId && c.Enabled, ct))
        {
            return null;
        }
        return new(read.Subject, client.ClientId, live.Grant is null, live.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Intersect(client.Scopes).ToHashSet(StringComparer.Ordinal));
    }
}
