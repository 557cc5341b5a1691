using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tokens;

/// <summary>A grant that still holds, and whose it is.</summary>
internal sealed record LiveGrant(TokenGrant Grant, Account Account);

/// <summary>Looks grants up: not revoked, the account active and its password unchanged, and, unless it is an offline one, the session still on.</summary>
internal sealed class LiveGrants(IdentityStoreContext db, Sessions.Sessions sessions)
{
    public async Task<LiveGrant?> FindAsync(Guid id, CancellationToken ct)
    {
        var found = await db.Grants.AsNoTracking().Where(g => g.Id == id && g.RevokedAt == null)
            .Join(db.Users.AsNoTracking(), g => g.AccountId, a => a.Id, (g, a) => new { Grant = g, Account = a })
            .Where(both => both.Account.State == AccountState.Active && (both.Grant.SecurityStamp == null || both.Grant.SecurityStamp == both.Account.SecurityStamp))
            .FirstOrDefaultAsync(ct);
        if (found is null || (!found.Grant.IsOffline && await sessions.FindAsync(found.Grant.SessionId, ct) is null))
        {
            return null;
        }
        return new(found.Grant, found.Account);
    }
}

/// <summary>
/// Refresh tokens: each serves once and brings its successor (RFC 9700, 4.14). A used one that comes again kills the family, for one of the two
/// who hold it is a thief. The one exception: a client that has proven itself repeats at once, because the answer got lost, and gets the same successor.
/// </summary>
internal sealed class RefreshExchange(
    IdentityStoreContext db, LiveGrants grants, Audiences audiences, TokenWriter writer, AccountLife life, IDataProtectionProvider protection, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Portal.Identity.RefreshSuccessor.v1");

    /// <summary>Adds the first token of a grant to what is about to be saved.</summary>
    public static string Begin(IdentityStoreContext db, TokenGrant grant, DateTimeOffset now)
    {
        var handle = Unguessable.Value();
        db.RefreshTokens.Add(new RefreshToken { Hash = AuthorizationCode.HashOf(handle), GrantId = grant.Id, ClientId = grant.ClientId, CreatedAt = now });
        return handle;
    }

    /// <returns>The tokens, or the protocol's word for why there are none.</returns>
    public async Task<(IssuedTokens? Issued, string Error)> RedeemAsync(Client client, string handle, AudienceChoice choice, string? address, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(handle);
        var now = clock.GetUtcNow();
        string successor;
        LiveGrant? live;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            // Somebody else's token is refused without a sign that it exists, and without harm to its family.
            var token = await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(t => t.Hash == hash && t.ClientId == client.ClientId, ct);
            live = token is null ? null : await grants.FindAsync(token.GrantId, ct);
            if (token is null || live is null || live.Grant.CreatedAt + options.Value.RefreshAbsoluteLimit <= now
                || (token.ConsumedAt is null && token.CreatedAt + options.Value.RefreshIdleLimit <= now))
            {
                await write.CommitAsync(ct);
                return (null, "invalid_grant");
            }
            if (await audiences.ResolveAsync(client, live.Grant.Scope, choice, ct) is { Error: { } error })
            {
                await write.CommitAsync(ct);
                return (null, error);
            }
            successor = Unguessable.Value();
            var (successorHash, sealedSuccessor) = (AuthorizationCode.HashOf(successor), _protector.Protect(successor));
            var first = token.ConsumedAt is null && await db.RefreshTokens.Where(t => t.Hash == hash && t.ConsumedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.ConsumedAt, now).SetProperty(t => t.SuccessorHash, successorHash).SetProperty(t => t.SealedSuccessor, sealedSuccessor), ct) == 1;
            if (first)
            {
                db.RefreshTokens.Add(new RefreshToken { Hash = successorHash, GrantId = token.GrantId, ClientId = client.ClientId, CreatedAt = now });
                await db.SaveChangesAsync(ct);
            }
            else if (await RepeatedAsync(client, hash, now, ct) is { } same)
            {
                successor = same;
            }
            else
            {
                await db.Grants.Where(g => g.Id == token.GrantId && g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
                life.Note(live.Account, IdentityEventKind.RefreshTokenReused, address, null, client.ClientId);
                await db.SaveChangesAsync(ct);
                await write.CommitAsync(ct);
                life.Told();
                return (null, "invalid_grant");
            }
            await write.CommitAsync(ct);
        }
        return await writer.WriteAsync(client, live.Grant, choice, successor, null, null, ct) is { } issued ? (issued, "") : (null, "invalid_scope");
    }

    /// <summary>Revokes the family that the handle belongs to; nothing happens for a handle that is not this client's.</summary>
    public async Task<bool> RevokeAsync(Client client, string handle, string? address, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(handle);
        if (await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(t => t.Hash == hash && t.ClientId == client.ClientId, ct) is not { } token)
        {
            return false;
        }
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        var account = await db.Grants.Where(g => g.Id == token.GrantId).Select(g => g.AccountId).FirstAsync(ct);
        if (await db.Grants.Where(g => g.Id == token.GrantId && g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct) == 1)
        {
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.TokenRevoked, now, account, client.ClientId, address));
            await db.SaveChangesAsync(ct);
        }
        await write.CommitAsync(ct);
        return true;
    }

    /// <returns>The successor already given, where a repetition is believed and nobody has used it yet.</returns>
    private async Task<string?> RepeatedAsync(Client client, string hash, DateTimeOffset now, CancellationToken ct)
    {
        if (client.Kind != ClientKind.Confidential)
        {
            return null;
        }
        var used = await db.RefreshTokens.AsNoTracking().FirstAsync(t => t.Hash == hash, ct);
        if (used is not { ConsumedAt: { } at, SealedSuccessor: { } kept, SuccessorHash: { } next } || (now - at).Duration() > options.Value.RefreshGrace
            || !await db.RefreshTokens.AnyAsync(t => t.Hash == next && t.ConsumedAt == null, ct))
        {
            return null;
        }
        try
        {
            return _protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
