using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Identity.Tokens;

internal sealed record IssuedTokens(string AccessToken, string? IdToken, string? RefreshToken, string Scope, int ExpiresInSeconds);

/// <summary>Issues authorization codes and redeems each at most once.</summary>
internal sealed class CodeExchange(IdentityStoreContext db, Sessions.Sessions sessions, TokenWriter writer, AccountLife life, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    /// <returns>Null where the request was pushed and has brought a code already.</returns>
    public async Task<string?> IssueAsync(Endpoints.AuthorizeRequest request, LiveSession live, CancellationToken ct)
    {
        var code = Unguessable.Value();
        await using var write = await db.BeginWriteAsync(ct);
        if (request.PushedHash is { } pushed)
        {
            var now = clock.GetUtcNow();
            if (await db.PushedRequests.Where(r => r.Hash == pushed && r.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(r => r.UsedAt, now), ct) == 0)
            {
                return null;
            }
        }
        db.Codes.Add(new AuthorizationCode
        {
            Hash = AuthorizationCode.HashOf(code),
            ClientId = request.ClientId,
            RedirectUri = request.RedirectUri,
            AccountId = live.Account.Id,
            SessionId = live.Session.Id,
            Scope = request.Scope,
            Nonce = request.Nonce,
            CodeChallenge = request.CodeChallenge,
            ExpiresAt = clock.GetUtcNow() + options.Value.CodeLifetime,
        });
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        return code;
    }

    /// <summary>
    /// The code is burnt by the first try, right or wrong. A later try revokes what the first one brought: one of the two was a thief
    /// (RFC 6749, 4.1.2; RFC 9700, 4.5).
    /// </summary>
    /// <returns>Null for every reason to refuse.</returns>
    public async Task<IssuedTokens?> RedeemAsync(Client client, string code, string redirectUri, string verifier, AudienceChoice audience, string? address, CancellationToken ct)
    {
        var hash = AuthorizationCode.HashOf(code);
        var now = clock.GetUtcNow();
        TokenGrant grant;
        string? refresh;
        LiveSession? live;
        AuthorizationCode? found;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            var first = await db.Codes.Where(c => c.Hash == hash && c.RedeemedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.RedeemedAt, now), ct) == 1;
            found = await db.Codes.AsNoTracking().FirstOrDefaultAsync(c => c.Hash == hash, ct);
            live = first && found is not null && Fits(found, client, redirectUri, verifier, now) ? await sessions.FindAsync(found.SessionId, ct) : null;
            if (found is null || live is null)
            {
                if (!first && found is not null)
                {
                    await db.Grants.Where(g => g.CodeHash == hash && g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
                    var owner = await db.Users.AsNoTracking().FirstAsync(a => a.Id == found.AccountId, ct);
                    life.Note(owner, IdentityEventKind.CodeReused, address, null, client.ClientId);
                    await db.SaveChangesAsync(ct);
                }
                await write.CommitAsync(ct);
                life.Told();
                return null;
            }
            grant = new TokenGrant
            {
                Id = Guid.CreateVersion7(now),
                CodeHash = hash,
                ClientId = client.ClientId,
                AccountId = found.AccountId,
                SessionId = found.SessionId,
                Scope = found.Scope,
                SecurityStamp = live.Session.SecurityStamp,
                AuthenticatedAt = live.Session.AuthenticatedAt,
                CreatedAt = now,
            };
            db.Grants.Add(grant);
            refresh = client.Has(GrantTypes.Refresh) ? RefreshExchange.Begin(db, grant, now) : null;
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        return await writer.WriteAsync(client, grant, audience, refresh, live.Session.Methods, found.Nonce, ct);
    }

    private static bool Fits(AuthorizationCode code, Client client, string redirectUri, string verifier, DateTimeOffset now) =>
        code.ExpiresAt > now && code.ClientId == client.ClientId && code.RedirectUri == redirectUri && Pkce.IsWellFormed(verifier)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(AuthorizationCode.HashOf(verifier)), Encoding.ASCII.GetBytes(code.CodeChallenge));
}

/// <summary>RFC 7636. The only method here is S256.</summary>
internal static class Pkce
{
    public const string Method = "S256";

    /// <summary>43 to 128 unreserved characters, for verifier and challenge alike (RFC 7636, 4.1 and 4.2).</summary>
    public static bool IsWellFormed(string value) =>
        value.Length is >= 43 and <= 128 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
