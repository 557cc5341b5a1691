using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Credentials;
using Portal.Identity.Endpoints;
using Portal.Identity.Federation;
using Portal.Identity.Mail;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity.Accounts;

/// <summary>What an administrator sees of an account: never a secret.</summary>
/// <param name="InvitedUntil">When the open invitation ends; null where none is open.</param>
public sealed record AccountView(
    string Email, AccountState State, bool EmailConfirmed, bool HasPassword, bool HasAuthenticator, int Passkeys, int RecoveryCodesLeft, DateTimeOffset? PausedUntil, DateTimeOffset? InvitedUntil, DateTimeOffset CreatedAt)
{
    /// <summary>The companies' own providers that it is linked to, by name.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Whether the person logs in by the company's own provider and in no other way.</summary>
    public bool OnlyByProvider { get; init; }
}

/// <param name="Link">To hand over, where no mail is configured; null where it was mailed.</param>
public sealed record LinkResult(string? Subject, string? Link, IReadOnlyList<string> Refusals)
{
    public bool Succeeded => Subject is not null;
}

/// <summary>From invitation to farewell. Every act is one transaction with its log line and its mails.</summary>
public sealed class AccountLife(
    UserManager<Account> users, IdentityStoreContext db, Accounts accounts, Outbox outbox, MailWriter letters, HomeRule homes, SessionVersion version, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    public static readonly TimeSpan InvitationLasts = TimeSpan.FromDays(7);
    public static readonly TimeSpan ResetLasts = TimeSpan.FromHours(1);
    public static readonly TimeSpan EmailChangeLasts = TimeSpan.FromDays(1);
    public static readonly TimeSpan EmailUndoLasts = TimeSpan.FromDays(7);

    /// <summary>Mails that one account gets in an hour because somebody asks for a new password.</summary>
    private const int MostResetsAnHour = 3;

    public async Task<AccountView?> LookAsync(string subject, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account) { return null; }
        var now = clock.GetUtcNow();
        var invited = await db.Links.Where(l => l.AccountId == account.Id && l.Purpose == LinkPurpose.Invitation && l.SpentAt == null && l.ExpiresAt > now && l.SecurityStamp == account.SecurityStamp)
            .Select(l => (DateTimeOffset?)l.ExpiresAt).FirstOrDefaultAsync(ct);
        var codes = await db.RecoveryCodes.CountAsync(c => c.AccountId == account.Id && c.UsedAt == null, ct);
        var passkeys = await db.Set<IdentityUserPasskey<Guid>>().CountAsync(p => p.UserId == account.Id, ct);
        return new(
            account.Email!, account.State, account.EmailConfirmed, account.PasswordHash is not null, account.AuthenticatorSecret is not null, passkeys, codes, account.LockoutEnd > now ? account.LockoutEnd : null, invited, account.CreatedAt)
        {
            Providers = await db.FederatedLinks.Where(l => l.AccountId == account.Id).Join(db.FederatedProviders, l => l.ProviderId, p => p.Id, (_, p) => p.Name).OrderBy(n => n).ToListAsync(ct),
            OnlyByProvider = await homes.BarsAsync(account, ct),
        };
    }

    /// <summary>Makes an account that has no credential yet and invites its owner to choose one.</summary>
    public async Task<LinkResult> InviteAsync(string email, string language, string timeZone, CancellationToken ct)
    {
        var made = await accounts.CreateAccountAsync(email, null, language, timeZone, ct: ct);
        if (made.Subject is null) { return new(null, null, made.Refusals); }
        var account = (await FindAsync(made.Subject, ct))!;
        return await SendInvitationAsync(account, ct);
    }

    /// <summary>A new link; the one before is void.</summary>
    /// <returns>Refused with <c>account.not-invited</c> for an account that has a credential already.</returns>
    public async Task<LinkResult> InviteAgainAsync(string subject, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account) { return new(null, null, ["account.unknown"]); }
        return account.State is AccountState.Invited ? await SendInvitationAsync(account, ct) : new(null, null, ["account.not-invited"]);
    }

    private async Task<LinkResult> SendInvitationAsync(Account account, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        string link;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            account.State = AccountState.Invited;
            link = await AddLinkAsync(account, LinkPurpose.Invitation, account.Email!, InvitationLasts, Routes.Invitation, ct);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.Invited, now, account.Id));
            if (outbox.CanMail) { outbox.Add(db, new MailToSend(letters.Write("invitation", account, account.Email!, link, InvitationLasts.Days))); }
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        outbox.Wake();
        return new(account.Subject, outbox.CanMail ? null : link, []);
    }

    public async Task WithdrawInvitationAsync(string subject, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { State: AccountState.Invited } account) { return; }
        await using var write = await db.BeginWriteAsync(ct);
        await SpendLinksAsync(account.Id, LinkPurpose.Invitation, ct);
        db.Events.Add(IdentityEvent.Of(IdentityEventKind.InvitationWithdrawn, clock.GetUtcNow(), account.Id));
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
    }

    /// <summary>An administrator lets the owner choose a new password. Credentials stay as they are until the link is used.</summary>
    public async Task<LinkResult> SendResetAsync(string subject, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { State: AccountState.Active } account) { return new(null, null, ["account.unknown"]); }
        if (await homes.BarsAsync(account, ct)) { return new(null, null, ["account.only-by-provider"]); }
        string link;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            link = await AddResetAsync(account, null, null, ct);
            await write.CommitAsync(ct);
        }
        outbox.Wake();
        return new(account.Subject, outbox.CanMail ? null : link, []);
    }

    /// <summary>Takes note that somebody wants a new password: the same row for every address, known or not.</summary>
    internal async Task WishResetAsync(ResetWish wish, CancellationToken ct)
    {
        await using (var write = await db.BeginWriteAsync(ct))
        {
            outbox.Add(db, wish);
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LogInTried, clock.GetUtcNow(), address: wish.Address, device: wish.Device));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        outbox.Wake();
    }

    /// <summary>From the outbox: looks the address up and mails the link, unless too many were mailed already.</summary>
    internal async Task GrantResetAsync(ResetWish wish, CancellationToken ct)
    {
        var normalized = users.NormalizeEmail(wish.Email.Trim());
        if (await db.Users.FirstOrDefaultAsync(a => a.NormalizedEmail == normalized, ct) is not { } account) { return; }
        var since = clock.GetUtcNow() - TimeSpan.FromHours(1);
        if (await db.Events.CountAsync(e => e.AccountId == account.Id && e.Kind == IdentityEventKind.ResetAsked && e.At > since, ct) >= MostResetsAnHour) { return; }
        if (account.State is AccountState.Invited)
        {
            await SendInvitationAsync(account, ct);
            return;
        }
        if (account.State is not AccountState.Active || !outbox.CanMail) { return; }
        if (await homes.BarsAsync(account, ct))
        {
            await RefuseResetAsync(account, wish, ct);
            return;
        }
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await AddResetAsync(account, wish.Address, wish.Device, ct);
            await write.CommitAsync(ct);
        }
        outbox.Wake();
    }

    /// <summary>Tells the owner where the password is kept instead of mailing a link.</summary>
    private async Task RefuseResetAsync(Account account, ResetWish wish, CancellationToken ct)
    {
        await using (var write = await db.BeginWriteAsync(ct))
        {
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.ResetAsked, clock.GetUtcNow(), account.Id, address: wish.Address, device: wish.Device));
            outbox.Add(db, new MailToSend(letters.Write("reset-elsewhere", account, account.Email!, null)));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        outbox.Wake();
    }

    private async Task<string> AddResetAsync(Account account, string? address, string? device, CancellationToken ct)
    {
        var link = await AddLinkAsync(account, LinkPurpose.PasswordReset, account.Email!, ResetLasts, Routes.Reset, ct);
        db.Events.Add(IdentityEvent.Of(IdentityEventKind.ResetAsked, clock.GetUtcNow(), account.Id, address: address, device: device));
        if (outbox.CanMail) { outbox.Add(db, new MailToSend(letters.Write("reset", account, account.Email!, link, ResetLasts.TotalMinutes))); }
        await db.SaveChangesAsync(ct);
        return link;
    }

    /// <returns>Whom the link is for, while it holds: not spent, in time, the account unchanged since. Looking does not use it.</returns>
    internal async Task<(AccountLink Link, Account Account)?> OpenLinkAsync(string? secret, LinkPurpose[] purposes, CancellationToken ct)
    {
        if (secret is not { Length: 43 }) { return null; }
        var (hash, now) = (AccountLink.HashOf(secret), clock.GetUtcNow());
        var found = await db.Links.AsNoTracking().Where(l => l.Hash == hash && l.SpentAt == null && l.ExpiresAt > now && purposes.Contains(l.Purpose))
            .Join(db.Users, l => l.AccountId, a => a.Id, (l, a) => new { Link = l, Account = a }).FirstOrDefaultAsync(ct);
        return found is not null && found.Link.SecurityStamp == found.Account.SecurityStamp && found.Account.State is AccountState.Active or AccountState.Invited ? (found.Link, found.Account) : null;
    }

    /// <summary>Uses an invitation or a reset link: sets the password, confirms the address that the link came to, ends every session.</summary>
    /// <returns>Empty when done; else why not.</returns>
    internal async Task<IReadOnlyList<string>> ChoosePasswordAsync(string? secret, string password, string? address, string? device, CancellationToken ct)
    {
        if (await OpenLinkAsync(secret, [LinkPurpose.Invitation, LinkPurpose.PasswordReset], ct) is not var (link, found)) { return ["link.void"]; }
        var account = await db.Users.FirstAsync(a => a.Id == found.Id, ct);
        if (await homes.BarsAsync(account, ct)) { return ["link.only-by-provider"]; }
        if (await accounts.JudgeAsync(account, password, ct) is { Count: > 0 } refused) { return refused; }
        var hash = users.PasswordHasher.HashPassword(account, password);
        var now = clock.GetUtcNow();
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (!await SpendAsync(link, ct)) { return ["link.void"]; }
            (account.PasswordHash, account.PasswordChangedAt, account.State, account.LockoutEnd, account.AccessFailedCount) = (hash, now, AccountState.Active, null, 0);
            account.EmailConfirmed |= account.Email == link.Email;
            var isNew = link.Purpose is LinkPurpose.Invitation;
            await ChangeCredentialsAsync(account, isNew ? IdentityEventKind.InvitationUsed : IdentityEventKind.PasswordReset, except: null, notify: !isNew, address, device, ct);
            await write.CommitAsync(ct);
        }
        Told();
        return [];
    }

    /// <summary>Uses an invitation by a log-in at the company's provider instead of a password.</summary>
    /// <param name="link">Between the account and whom the provider named; the caller has compared the addresses.</param>
    /// <returns>The account, active now; null where the invitation holds no more or was for another account.</returns>
    internal async Task<Account?> AcceptByProviderAsync(string? secret, FederatedLink link, string? address, string? device, CancellationToken ct)
    {
        if (await OpenLinkAsync(secret, [LinkPurpose.Invitation], ct) is not var (invitation, found) || found.Id != link.AccountId) { return null; }
        var account = await db.Users.FirstAsync(a => a.Id == found.Id, ct);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (!await SpendAsync(invitation, ct)) { return null; }
            (account.State, account.EmailConfirmed, account.LockoutEnd) = (AccountState.Active, true, null);
            db.FederatedLinks.Add(link);
            Note(account, IdentityEventKind.FederationLinked, address, device);
            await ChangeCredentialsAsync(account, IdentityEventKind.InvitationUsed, except: null, notify: false, address, device, ct);
            await write.CommitAsync(ct);
        }
        Told();
        return account;
    }

    /// <summary>Within the caller's transaction, which takes the link away: the owner is logged out and told by mail how to come in from now on.</summary>
    internal async Task LoseProviderAsync(Account account, string provider, CancellationToken ct)
    {
        if (outbox.CanMail && account.State is AccountState.Active) { outbox.Add(db, new MailToSend(letters.Write("provider-gone", account, account.Email!, options.Value.Issuer + Routes.Forgot, provider))); }
        await ChangeCredentialsAsync(account, IdentityEventKind.FederationUnlinked, except: null, notify: false, null, null, ct);
    }

    /// <summary>Sets a new password for somebody who has just proved who they are; the session at hand goes on, all others end.</summary>
    internal async Task<IReadOnlyList<string>> ChangePasswordAsync(LiveSession live, string password, string? address, CancellationToken ct)
    {
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        if (await accounts.JudgeAsync(account, password, ct) is { Count: > 0 } refused) { return refused; }
        var hash = users.PasswordHasher.HashPassword(account, password);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            (account.PasswordHash, account.PasswordChangedAt) = (hash, clock.GetUtcNow());
            await ChangeCredentialsAsync(account, IdentityEventKind.PasswordChanged, live.Session.Id, notify: true, address, live.Session.Device, ct);
            await write.CommitAsync(ct);
        }
        Told();
        return [];
    }

    /// <summary>Sends a link to the new address; the old one is told. Nothing changes until the link is used.</summary>
    internal async Task<IReadOnlyList<string>> WishEmailAsync(LiveSession live, string email, string? address, CancellationToken ct)
    {
        var wanted = email.Trim();
        if (wanted.Length > 254 || !MailAddress.TryCreate(wanted, out var parsed) || parsed.Address != wanted) { return ["account.email-invalid"]; }
        if (!outbox.CanMail) { return ["mail.none"]; }
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        var isTaken = await db.Users.AnyAsync(a => a.NormalizedEmail == users.NormalizeEmail(wanted), ct);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            // Whether the address is somebody else's is not told here: its owner would simply get no link.
            if (!isTaken)
            {
                var link = await AddLinkAsync(account, LinkPurpose.EmailChange, wanted, EmailChangeLasts, Routes.Email, ct);
                outbox.Add(db, new MailToSend(letters.Write("email-change", account, wanted, link, EmailChangeLasts.TotalHours)));
            }
            outbox.Add(db, new MailToSend(letters.Notice(IdentityEventKind.EmailChangeAsked, account, clock.GetUtcNow(), live.Session.Device, address)));
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.EmailChangeAsked, clock.GetUtcNow(), account.Id, address: address, device: live.Session.Device));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        outbox.Wake();
        return [];
    }

    /// <summary>Uses the link in the new mailbox, or the one in the old mailbox that takes the change back.</summary>
    internal async Task<IReadOnlyList<string>> ChangeEmailAsync(string? secret, string? address, string? device, CancellationToken ct)
    {
        if (await OpenLinkAsync(secret, [LinkPurpose.EmailChange, LinkPurpose.EmailUndo], ct) is not var (link, found)) { return ["link.void"]; }
        var account = await db.Users.FirstAsync(a => a.Id == found.Id, ct);
        var before = account.Email!;
        var normalized = users.NormalizeEmail(link.Email);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (!await SpendAsync(link, ct) || await db.Users.AnyAsync(a => a.NormalizedEmail == normalized && a.Id != account.Id, ct)) { return ["link.void"]; }
            (account.Email, account.UserName, account.NormalizedEmail, account.NormalizedUserName, account.EmailConfirmed) = (link.Email, link.Email, normalized, users.NormalizeName(link.Email), true);
            if (options.Value.EmailChanged is not null) { outbox.Add(db, new EmailToTell(account.Subject)); }
            var isUndo = link.Purpose is LinkPurpose.EmailUndo;
            // Taking it back means that somebody else may be at the account: then every session ends.
            await ChangeCredentialsAsync(account, IdentityEventKind.EmailChanged, except: null, notify: false, address, device, ct);
            if (outbox.CanMail && !isUndo)
            {
                var undo = await AddLinkAsync(account, LinkPurpose.EmailUndo, before, EmailUndoLasts, Routes.Email, ct);
                outbox.Add(db, new MailToSend(letters.Write("email-changed", account, before, undo, EmailUndoLasts.Days)));
                outbox.Add(db, new MailToSend(letters.Notice(IdentityEventKind.EmailChanged, account, clock.GetUtcNow(), device, address)));
                await db.SaveChangesAsync(ct);
            }
            await write.CommitAsync(ct);
        }
        Told();
        return [];
    }

    /// <summary>From the outbox: the host learns the present address.</summary>
    internal async Task TellEmailAsync(IServiceProvider services, EmailToTell work, CancellationToken ct)
    {
        if (options.Value.EmailChanged is { } tell && await FindAsync(work.Subject, ct) is { } account) { await tell(services, account.Subject, account.Email!, ct); }
    }

    /// <summary>The language of mails and of the account's pages, and the time zone of times in mails.</summary>
    public async Task ChooseLanguageAsync(string subject, string language, string timeZone, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account) { return; }
        await using var write = await db.BeginWriteAsync(ct);
        (account.Language, account.TimeZone) = (language, timeZone);
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
    }

    /// <summary>Lets log-in be tried again at once.</summary>
    public async Task UnlockAsync(string subject, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account) { return; }
        await using var write = await db.BeginWriteAsync(ct);
        await db.Users.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null).SetProperty(a => a.AccessFailedCount, 0), ct);
        await db.KnownBrowsers.Where(b => b.AccountId == account.Id).ExecuteUpdateAsync(set => set.SetProperty(b => b.PausedUntil, (DateTimeOffset?)null).SetProperty(b => b.Failures, 0), ct);
        await write.CommitAsync(ct);
    }

    /// <summary>For somebody who lost authenticator and recovery codes and proved it to an administrator. Ends every session; the person is told.</summary>
    public Task ResetSecondFactorAsync(string subject, CancellationToken ct) => ChangeAsync(subject, IdentityEventKind.SecondFactorReset, async account =>
    {
        account.AuthenticatorSecret = null;
        await db.RecoveryCodes.Where(c => c.AccountId == account.Id).ExecuteDeleteAsync(ct);
    }, ct);

    public Task DisableAsync(string subject, CancellationToken ct) => ChangeAsync(subject, IdentityEventKind.AccountDisabled, account =>
    {
        if (account.State is not AccountState.Left) { account.State = AccountState.Disabled; }
        return Task.CompletedTask;
    }, ct);

    /// <summary>An account without a credential is invited again instead: see <see cref="InviteAgainAsync"/>.</summary>
    public Task EnableAsync(string subject, CancellationToken ct) => ChangeAsync(subject, IdentityEventKind.AccountEnabled, async account =>
    {
        if (account.State is not AccountState.Disabled) { return; }
        var hasOne = account.PasswordHash is not null || await db.Set<IdentityUserPasskey<Guid>>().AnyAsync(p => p.UserId == account.Id, ct) || await db.FederatedLinks.AnyAsync(l => l.AccountId == account.Id, ct);
        account.State = hasOne ? AccountState.Active : AccountState.Invited;
    }, ct);

    /// <summary>For good: every credential is taken away. The subject stays taken, so that nobody else ever becomes this person.</summary>
    public Task LeaveAsync(string subject, CancellationToken ct) => ChangeAsync(subject, IdentityEventKind.AccountLeft, async account =>
    {
        (account.State, account.PasswordHash, account.AuthenticatorSecret) = (AccountState.Left, null, null);
        await db.RecoveryCodes.Where(c => c.AccountId == account.Id).ExecuteDeleteAsync(ct);
        await db.KnownBrowsers.Where(b => b.AccountId == account.Id).ExecuteDeleteAsync(ct);
        await db.Set<IdentityUserPasskey<Guid>>().Where(p => p.UserId == account.Id).ExecuteDeleteAsync(ct);
    }, ct);

    private async Task ChangeAsync(string subject, IdentityEventKind what, Func<Account, Task> change, CancellationToken ct)
    {
        if (await FindAsync(subject, ct) is not { } account) { return; }
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await change(account);
            await ChangeCredentialsAsync(account, what, except: null, notify: what is IdentityEventKind.SecondFactorReset, null, null, ct);
            await write.CommitAsync(ct);
        }
        Told();
    }

    /// <summary>Within the caller's transaction: a new stamp, which voids every link; sessions end; the log and the owner learn of it.</summary>
    /// <param name="except">The session that goes on, with the new stamp; null for none.</param>
    internal async Task ChangeCredentialsAsync(Account account, IdentityEventKind what, string? except, bool notify, string? address, string? device, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        account.SecurityStamp = Guid.NewGuid().ToString("N");
        account.ConcurrencyStamp = Guid.NewGuid().ToString();
        db.Events.Add(IdentityEvent.Of(what, now, account.Id, address: address, device: device));
        if (notify && outbox.CanMail) { outbox.Add(db, new MailToSend(letters.Notice(what, account, now, device, address))); }
        await db.SaveChangesAsync(ct);
        await db.EndSessionsOfAsync(account.Id, except, what is IdentityEventKind.AccountDisabled or IdentityEventKind.AccountLeft ? SessionEnd.AccountDisabled : SessionEnd.PasswordChanged, now, ct);
        if (except is not null) { await db.Sessions.Where(s => s.Id == except).ExecuteUpdateAsync(set => set.SetProperty(s => s.SecurityStamp, account.SecurityStamp), ct); }
    }

    /// <summary>Within the caller's transaction: the log and the owner learn of something that leaves sessions as they are.</summary>
    internal void Note(Account account, IdentityEventKind what, string? address, string? device, string? client = null)
    {
        var now = clock.GetUtcNow();
        db.Events.Add(IdentityEvent.Of(what, now, account.Id, client, address, device));
        if (outbox.CanMail) { outbox.Add(db, new MailToSend(letters.Notice(what, account, now, device, address))); }
    }

    /// <summary>After a commit: whoever keeps sessions looks again, and mails go out.</summary>
    internal void Told()
    {
        version.Move();
        outbox.Wake();
    }

    private async Task<string> AddLinkAsync(Account account, LinkPurpose purpose, string email, TimeSpan lasts, string route, CancellationToken ct)
    {
        await SpendLinksAsync(account.Id, purpose, ct);
        var (secret, now) = (Unguessable.Value(), clock.GetUtcNow());
        db.Links.Add(new AccountLink
        {
            Hash = AccountLink.HashOf(secret), AccountId = account.Id, Purpose = purpose, Email = email, SecurityStamp = account.SecurityStamp ?? "", CreatedAt = now, ExpiresAt = now + lasts,
        });
        return Address.With(options.Value.Issuer + route, ("code", secret));
    }

    private Task SpendLinksAsync(Guid account, LinkPurpose purpose, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Links.Where(l => l.AccountId == account && l.Purpose == purpose && l.SpentAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct);
    }

    /// <returns>False where another request was quicker.</returns>
    private async Task<bool> SpendAsync(AccountLink link, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Links.Where(l => l.Hash == link.Hash && l.SpentAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.SpentAt, now), ct) == 1;
    }

    private Task<Account?> FindAsync(string subject, CancellationToken ct) =>
        Guid.TryParseExact(subject, "N", out var id) ? db.Users.FirstOrDefaultAsync(a => a.Id == id, ct) : Task.FromResult<Account?>(null);
}
