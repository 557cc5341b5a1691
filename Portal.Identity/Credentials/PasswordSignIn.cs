using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Credentials;

/// <summary>
/// Checks an e-mail address and a password. Every refusal, whatever its reason, costs the same: one read, one committed write, one hash.
/// The attempt is counted before the password is looked at, so that parallel guesses cannot outrun the lock.
/// </summary>
internal sealed class PasswordSignIn(IdentityStoreContext db, IPasswordHasher<Account> hasher, ILookupNormalizer names, DecoyHash decoy, IOptions<IdentityOptions> options, TimeProvider clock)
{
    /// <returns>The account, or null: unknown address, wrong password, locked, disabled and without password are one answer.</returns>
    public async Task<Account?> CheckAsync(string email, string password, string? address, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var lockout = options.Value.Lockout;
        var normalized = names.NormalizeEmail(email.Trim());
        var account = await db.Users.FirstOrDefaultAsync(a => a.NormalizedEmail == normalized, ct);

        await using (var write = await db.BeginWriteAsync(ct))
        {
            var last = lockout.MaxFailedAccessAttempts - 1;
            var lockedUntil = now + lockout.DefaultLockoutTimeSpan;
            var open = await db.Users.Where(a => a.NormalizedEmail == normalized && (a.LockoutEnd == null || a.LockoutEnd <= now))
                .ExecuteUpdateAsync(set => set
                    .SetProperty(a => a.LockoutEnd, a => a.AccessFailedCount >= last ? lockedUntil : null)
                    .SetProperty(a => a.AccessFailedCount, a => a.AccessFailedCount >= last ? 0 : a.AccessFailedCount + 1), ct);
            if (open == 0 || account is { State: not AccountState.Active } or { PasswordHash: null })
            {
                account = null;
            }
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LogInTried, now, account?.Id, address: address));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }

        var fits = password.Length <= 2 * PasswordRule.Longest;
        var verdict = hasher.VerifyHashedPassword(account ?? decoy.Account, account?.PasswordHash ?? decoy.Hash, fits ? password : "");
        if (account is null || !fits || verdict == PasswordVerificationResult.Failed)
        {
            return null;
        }

        var stored = account.PasswordHash;
        var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(account, password) : stored;
        await using var reset = await db.BeginWriteAsync(ct);
        // The password may have been changed or the account disabled while the hash was worked out.
        var current = await db.Users.Where(a => a.Id == account.Id && a.PasswordHash == stored && a.State == AccountState.Active)
            .ExecuteUpdateAsync(set => set
                .SetProperty(a => a.AccessFailedCount, 0)
                .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(a => a.PasswordHash, hash), ct);
        await reset.CommitAsync(ct);
        return current == 1 ? account : null;
    }
}

/// <summary>A hash that nobody knows the password of, made once with the current cost.</summary>
internal sealed class DecoyHash
{
    public DecoyHash(IPasswordHasher<Account> hasher) => Hash = hasher.HashPassword(Account, Guid.NewGuid().ToString());

    public Account Account { get; } = new();
    public string Hash { get; }
}
