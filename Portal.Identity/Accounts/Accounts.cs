using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Credentials;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Identity.Accounts;

/// <summary>What became of an act on an account: the subject, or the reasons why not.</summary>
/// <param name="Subject">Null when refused.</param>
/// <param name="Refusals">Codes of the refusals: keys of <c>IdentityText</c>.</param>
public sealed record AccountResult(string? Subject, IReadOnlyList<string> Refusals)
{
    public bool Succeeded => Subject is not null;

    /// <summary>What the sentences of the refusals name: the fewest characters of a password.</summary>
    public IReadOnlyList<object> Values { get; init; } = [];
}

/// <summary>The acts on accounts that a command line, a set-up or an administrator's page may take in process.</summary>
public sealed class Accounts(UserManager<Account> users, IdentityStoreContext db, SessionVersion version, TimeProvider clock)
{
    public static readonly IReadOnlyList<string> Languages = ["en", "zh-Hans"];

    /// <param name="password">Null for an account that cannot log in until a password is set.</param>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <param name="timeZone">IANA name.</param>
    /// <param name="shortestPassword">For a host that knows already whose account this will be; null asks <see cref="PortalIdentityOptions.ShortestPassword"/>.</param>
    public async Task<AccountResult> CreateAccountAsync(string email, string? password, string language, string timeZone = "UTC", int? shortestPassword = null, CancellationToken ct = default)
    {
        if (!Languages.Contains(language))
        {
            return new(null, ["account.language-unknown"]);
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _))
        {
            return new(null, ["account.time-zone-unknown"]);
        }
        var address = email.Trim();
        var account = new Account
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Email = address,
            UserName = address,
            LockoutEnabled = true,
            Language = language,
            TimeZone = timeZone,
            CreatedAt = clock.GetUtcNow(),
        };
        if (password is null) { account.State = AccountState.Invited; }
        else if (Give(account, password, Math.Max(PasswordRule.Shortest, shortestPassword ?? await ShortestPasswordAsync(account, ct))) is { } refused) { return refused; }
        await using var write = await db.BeginWriteAsync(ct);
        var result = Answer(account, await users.CreateAsync(account));
        await write.CommitAsync(ct);
        return result;
    }

    /// <returns>The subject, or null where no account has the address. Letter case does not matter.</returns>
    public async Task<string?> FindSubjectAsync(string email, CancellationToken ct)
    {
        var normalized = users.NormalizeEmail(email.Trim());
        var id = await db.Users.Where(a => a.NormalizedEmail == normalized).Select(a => (Guid?)a.Id).FirstOrDefaultAsync(ct);
        return id is { } found ? Account.SubjectOf(found) : null;
    }

    /// <summary>Ends every session of the account and whatever was issued in them.</summary>
    public async Task<AccountResult> SetPasswordAsync(string subject, string password, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account)
        {
            return new(null, ["account.unknown"]);
        }
        if (Give(account, password, await ShortestPasswordAsync(account, ct)) is { } refused) { return refused; }
        account.LockoutEnd = null;
        account.AccessFailedCount = 0;
        account.PasswordChangedAt = clock.GetUtcNow();
        if (account.State is AccountState.Invited) { account.State = AccountState.Active; }
        return await EndEverythingAsync(account, SessionEnd.PasswordChanged, ct);
    }

    /// <summary>A disabled account logs in nowhere, and its sessions, codes and tokens are dead at once.</summary>
    public async Task<AccountResult> SetStateAsync(string subject, AccountState state, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account)
        {
            return new(null, ["account.unknown"]);
        }
        account.State = state;
        return await EndEverythingAsync(account, SessionEnd.AccountDisabled, ct);
    }

    /// <summary>Judges and hashes before any turn to write is taken: a hash takes long on purpose.</summary>
    /// <returns>Null, or why the password is refused.</returns>
    private AccountResult? Give(Account account, string password, int shortest)
    {
        if (Rule.Judge(password, account.Email, shortest) is { } fault) { return new(null, [fault]) { Values = [shortest] }; }
        account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
        return null;
    }

    /// <returns>Keys of what is wrong with the password; empty where nothing is.</returns>
    internal async Task<IReadOnlyList<string>> JudgeAsync(Account account, string password, CancellationToken ct) =>
        Rule.Judge(password, account.Email, await ShortestPasswordAsync(account, ct)) is { } fault ? [fault] : [];

    internal ValueTask<int> ShortestPasswordAsync(Account account, CancellationToken ct) => Rule.ShortestAsync(account.Subject, ct);

    private PasswordRule Rule => users.PasswordValidators.OfType<PasswordRule>().Single();

    private async Task<AccountResult> EndEverythingAsync(Account account, SessionEnd reason, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        var result = Answer(account, await users.UpdateSecurityStampAsync(account));
        if (result.Succeeded)
        {
            await db.EndSessionsOfAsync(account.Id, except: null, reason, now, ct);
            await write.CommitAsync(ct);
            version.Move();
        }
        return result;
    }

    private Task<Account?> FindAsync(string subject, CancellationToken ct) =>
        Guid.TryParseExact(subject, "N", out var id) ? db.Users.FirstOrDefaultAsync(a => a.Id == id, ct) : Task.FromResult<Account?>(null);

    private static AccountResult Answer(Account account, IdentityResult result) => result.Succeeded
        ? new(account.Subject, [])
        : new(null, [.. result.Errors.Select(error => error.Code switch
        {
            nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName) => "account.email-taken",
            nameof(IdentityErrorDescriber.InvalidEmail) or nameof(IdentityErrorDescriber.InvalidUserName) => "account.email-invalid",
            nameof(IdentityErrorDescriber.ConcurrencyFailure) => "account.changed-meanwhile",
            var code => code,
        }).Distinct()]);
}
