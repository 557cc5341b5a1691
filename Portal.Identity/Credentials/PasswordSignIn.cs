using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Federation;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity.Credentials;

/// <summary>
/// Checks an e-mail address and a password. Every refusal, whatever its reason, costs the same: the same reads, one committed write, one hash.
/// The attempt is counted before the password is looked at, so that parallel guesses cannot outrun the lock. A browser that the account knows has a count of its
/// own: strangers who pause log-in pause it for strangers.
/// </summary>
internal sealed class PasswordSignIn(
    IdentityStoreContext db, IPasswordHasher<Account> hasher, ILookupNormalizer names, DecoyHash decoy, HashTurns turns, GuessLimit guesses, HomeRule homes, ProviderCookies cookies, IOptions<IdentityOptions> options,
    TimeProvider clock)
{
    /// <param name="asProof">The password opens no session but proves an account's owner to a company's provider: whoever logs in there only may still prove it.</param>
    /// <returns>The account, or null: unknown address, wrong password, locked, disabled, without password and barred by the company's provider are one answer. Apart from it: whether the network tried too often.</returns>
    public async Task<(Account? Account, bool TooMany)> CheckAsync(HttpContext http, string email, string password, bool asProof, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var lockout = options.Value.Lockout;
        var normalized = names.NormalizeEmail(email.Trim());
        var account = await db.Users.FirstOrDefaultAsync(a => a.NormalizedEmail == normalized, ct);
        var (id, mark) = (account?.Id ?? Guid.Empty, cookies.ReadKnown(http) is { } known ? AuthorizationCode.HashOf(known) : "");
        var isKnown = await db.KnownBrowsers.AnyAsync(b => b.AccountId == id && b.MarkHash == mark, ct);
        var barred = await homes.BarsAsync(account, ct) && !asProof;
        if (!isKnown && await guesses.IsExceededAsync(http.Connection.RemoteIpAddress, ct)) { return (null, true); }

        await using (var write = await db.BeginWriteAsync(ct))
        {
            var last = lockout.MaxFailedAccessAttempts - 1;
            DateTimeOffset? pausedUntil = now + lockout.DefaultLockoutTimeSpan;
            var open = isKnown
                ? await db.KnownBrowsers.Where(b => b.AccountId == id && b.MarkHash == mark && (b.PausedUntil == null || b.PausedUntil <= now))
                    .ExecuteUpdateAsync(set => set
                        .SetProperty(b => b.PausedUntil, b => b.Failures >= last ? pausedUntil : null)
                        .SetProperty(b => b.Failures, b => b.Failures >= last ? 0 : b.Failures + 1), ct)
                : await db.Users.Where(a => a.NormalizedEmail == normalized && (a.LockoutEnd == null || a.LockoutEnd <= now))
                    .ExecuteUpdateAsync(set => set
                        .SetProperty(a => a.LockoutEnd, a => a.AccessFailedCount >= last ? pausedUntil : null)
                        .SetProperty(a => a.AccessFailedCount, a => a.AccessFailedCount >= last ? 0 : a.AccessFailedCount + 1), ct);
            if (open == 0 || barred || account is { State: not AccountState.Active } or { PasswordHash: null })
            {
                account = null;
            }
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LogInTried, now, account?.Id, address: http.Connection.RemoteIpAddress?.ToString(), device: Device.Of(http.Request.Headers.UserAgent)));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }

        var fits = password.Length <= 2 * PasswordRule.Longest;
        var verdict = await turns.TakeAsync(() => hasher.VerifyHashedPassword(account ?? decoy.Account, account?.PasswordHash ?? decoy.Hash, fits ? password : ""), ct);
        if (account is null || !fits || verdict == PasswordVerificationResult.Failed)
        {
            return (null, false);
        }

        var stored = account.PasswordHash;
        var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? await turns.TakeAsync(() => hasher.HashPassword(account, password), ct) : stored;
        await using var reset = await db.BeginWriteAsync(ct);
        // The password may have been changed or the account disabled while the hash was worked out.
        var current = await db.Users.Where(a => a.Id == account.Id && a.PasswordHash == stored && a.State == AccountState.Active)
            .ExecuteUpdateAsync(set => set
                .SetProperty(a => a.AccessFailedCount, 0)
                .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(a => a.PasswordHash, hash), ct);
        if (isKnown)
        {
            await db.KnownBrowsers.Where(b => b.AccountId == id && b.MarkHash == mark).ExecuteUpdateAsync(set => set.SetProperty(b => b.Failures, 0).SetProperty(b => b.PausedUntil, (DateTimeOffset?)null), ct);
        }
        await reset.CommitAsync(ct);
        return (current == 1 ? account : null, false);
    }
}

/// <summary>A hash that nobody knows the password of, made once with the current cost.</summary>
internal sealed class DecoyHash
{
    // Beside the page that asks for it first: hashing is slow on purpose, and nobody waits for a decoy before a password is posted.
    private readonly Task<string> _hash;

    public DecoyHash(IPasswordHasher<Account> hasher) => _hash = Task.Run(() => hasher.HashPassword(Account, Guid.NewGuid().ToString()));

    public Account Account { get; } = new();
    public string Hash => _hash.GetAwaiter().GetResult();
}
