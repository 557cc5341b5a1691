using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;
using Portal.Identity.Tokens;

namespace Portal.Identity.Clients;

/// <summary>What a client would be allowed, in words.</summary>
/// <param name="Key">Key of <c>IdentityText</c> for what is about the person; null for an API's scope.</param>
/// <param name="Api">The name of the API; null for what is about the person.</param>
public sealed record ConsentWord(string? Key, string Title, string TitleZh, string? Api)
{
    /// <summary>In the reader's language.</summary>
    public string Words => CultureInfo.CurrentUICulture.Name.StartsWith("zh", StringComparison.Ordinal) ? TitleZh : Title;
}

/// <summary>What a person has allowed one client.</summary>
public sealed record GivenConsent(string ClientId, string ClientName, string Scope, DateTimeOffset GivenAt);

/// <summary>What people have allowed to clients that are not the house's own.</summary>
public sealed class Consents(IdentityStoreContext db, TimeProvider clock)
{
    internal async Task<bool> CoverAsync(Guid account, string clientId, string scope, CancellationToken ct) =>
        await db.Consents.AsNoTracking().FirstOrDefaultAsync(c => c.AccountId == account && c.ClientId == clientId, ct) is { } given && given.Covers(scope);

    internal async Task<IReadOnlyList<ConsentWord>> WordsAsync(string scope, CancellationToken ct)
    {
        var asked = scope.Split(' ');
        var apis = await db.ApiScopes.AsNoTracking().Where(s => asked.Contains(s.Name))
            .Join(db.Resources, s => s.Audience, r => r.Audience, (s, r) => new { s.Name, s.Title, s.TitleZh, Api = r.Name }).ToListAsync(ct);
        return
        [
            .. asked.Where(Scopes.All.Contains).Select(name => new ConsentWord($"consent.{name}", "", "", null)),
            .. apis.OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => new ConsentWord(null, s.Title, s.TitleZh, s.Api)),
        ];
    }

    internal async Task AnswerAsync(Account account, string clientId, string scope, bool allowed, string? address, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        if (allowed)
        {
            var given = await db.Consents.FirstOrDefaultAsync(c => c.AccountId == account.Id && c.ClientId == clientId, ct);
            if (given is null)
            {
                db.Consents.Add(new Consent { AccountId = account.Id, ClientId = clientId, Scope = scope, GivenAt = now });
            }
            else
            {
                (given.Scope, given.GivenAt) = (string.Join(' ', given.Scope.Split(' ').Union(scope.Split(' '))), now);
            }
        }
        db.Events.Add(IdentityEvent.Of(allowed ? IdentityEventKind.ConsentGiven : IdentityEventKind.ConsentRefused, now, account.Id, clientId, address));
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
    }

    /// <summary>What the account has allowed, newest first.</summary>
    public async Task<IReadOnlyList<GivenConsent>> ListAsync(string subject, CancellationToken ct)
    {
        if (!Guid.TryParseExact(subject, "N", out var account))
        {
            return [];
        }
        return await db.Consents.AsNoTracking().Where(c => c.AccountId == account).OrderByDescending(c => c.GivenAt)
            .Join(db.Clients, c => c.ClientId, client => client.ClientId, (c, client) => new GivenConsent(c.ClientId, client.Name, c.Scope, c.GivenAt)).ToListAsync(ct);
    }

    /// <summary>Takes it back: the client must ask again, and what it holds is dead at once.</summary>
    /// <returns>False where there was nothing to take back.</returns>
    public async Task<bool> WithdrawAsync(string subject, string clientId, CancellationToken ct)
    {
        if (!Guid.TryParseExact(subject, "N", out var account))
        {
            return false;
        }
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        if (await db.Consents.Where(c => c.AccountId == account && c.ClientId == clientId).ExecuteDeleteAsync(ct) == 0)
        {
            return false;
        }
        await db.Grants.Where(g => g.AccountId == account && g.ClientId == clientId && g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
        db.Events.Add(IdentityEvent.Of(IdentityEventKind.ConsentWithdrawn, now, account, clientId));
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        return true;
    }
}
