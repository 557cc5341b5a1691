using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Endpoints;
using Portal.Identity.Persistence;

namespace Portal.Identity.Federation;

/// <summary>What becomes of somebody whom a provider has named: one of the three.</summary>
/// <param name="Account">Comes in.</param>
/// <param name="ProveFirst">There is an account with this address that the person must prove to own.</param>
/// <param name="Refusal">Key of the message.</param>
internal sealed record FederatedDecision(Account? Account, PendingLink? ProveFirst, string? Refusal)
{
    public static FederatedDecision Refuse(string key) => new(null, null, key);
}

/// <summary>
/// From somebody at a provider to an account here. The key is provider and subject. An address opens nothing by itself: it tells which account the person must prove
/// to own. Whatever a provider says, it brings in people of its own company only.
/// </summary>
internal sealed class FederatedAccounts(IdentityStoreContext db, UserManager<Account> users, FederationDirectory directory, IFederatedPeople people, AccountLife life, TimeProvider clock)
{
    /// <summary>How long the proof of an account may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <param name="invitation">The secret of an invitation that is to be accepted; null where somebody logs in.</param>
    public async Task<FederatedDecision> DecideAsync(FederatedProvider provider, FederatedIdentity identity, string? invitation, string? address, string? device, CancellationToken ct)
    {
        var link = await db.FederatedLinks.AsNoTracking().FirstOrDefaultAsync(l => l.ProviderId == provider.Id && l.Subject == identity.Subject, ct);
        if (link is not null) { return await EnterAsync(provider, identity, link, ct); }

        if (identity.Email is not { } email || EmailDomain.Of(email) is not { } domain) { return FederatedDecision.Refuse("federation.no-email"); }
        if (!identity.EmailVerified) { return FederatedDecision.Refuse("federation.email-unverified"); }
        if (!provider.Owns(domain)) { return FederatedDecision.Refuse("federation.email-foreign"); }

        var normalized = users.NormalizeEmail(email);
        var known = await db.Users.AsNoTracking().FirstOrDefaultAsync(a => a.NormalizedEmail == normalized, ct);
        if (known is null) { return invitation is null ? await AdmitAsync(provider, identity, email, address, device, ct) : FederatedDecision.Refuse("federation.other-invited"); }
        if (known.State is AccountState.Disabled or AccountState.Left) { return FederatedDecision.Refuse("federation.closed"); }
        if (await people.OwnerOfAsync(known.Subject, ct) != provider.Owner) { return FederatedDecision.Refuse("federation.other-company"); }
        if (invitation is not null) { return await AcceptAsync(provider, identity, known, invitation, address, device, ct); }
        if (known.State is AccountState.Invited) { return FederatedDecision.Refuse("federation.open-invitation"); }
        return new(null, new PendingLink(provider.Id, identity.Subject, email, clock.GetUtcNow()), null);
    }

    /// <summary>The owner of the account has just proved it, with everything that its log-in asks for.</summary>
    /// <returns>Null once linked, or the key of what stands against it.</returns>
    public async Task<string?> LinkAsync(PendingLink wanted, Account account, string? address, string? device, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if ((await directory.ReadAsync(ct)).Find(wanted.Provider) is not { } provider) { return "federation.off"; }
        if (now - wanted.At > s_patience) { return "error.expired"; }
        if (account.NormalizedEmail != users.NormalizeEmail(wanted.Email) || await people.OwnerOfAsync(account.Subject, ct) != provider.Owner) { return "federation.other-account"; }
        if (await db.FederatedLinks.AnyAsync(l => l.ProviderId == provider.Id && (l.Subject == wanted.Subject || l.AccountId == account.Id), ct)) { return "federation.linked-already"; }
        await using (var write = await db.BeginWriteAsync(ct))
        {
            db.FederatedLinks.Add(new FederatedLink { ProviderId = provider.Id, Subject = wanted.Subject, AccountId = account.Id, MadeAccount = false, CreatedAt = now });
            life.Note(account, IdentityEventKind.FederationLinked, address, device);
            if (!await SaveAsync(ct)) { return "federation.linked-already"; }
            await write.CommitAsync(ct);
        }
        life.Told();
        return null;
    }

    private async Task<FederatedDecision> EnterAsync(FederatedProvider provider, FederatedIdentity identity, FederatedLink link, CancellationToken ct)
    {
        var account = await db.Users.FirstAsync(a => a.Id == link.AccountId, ct);
        if (account.State is not AccountState.Active) { return FederatedDecision.Refuse("federation.closed"); }
        var owner = await people.OwnerOfAsync(account.Subject, ct);
        if (owner is not null && owner != provider.Owner) { return FederatedDecision.Refuse("federation.other-company"); }
        if (link.MadeAccount && provider.Admits)
        {
            // The provider's groups decide anew each time; this also mends a first log-in that was broken off.
            var functions = provider.FunctionsOf(identity.Values);
            if (functions.Count == 0) { return FederatedDecision.Refuse("federation.no-function"); }
            if (!await people.AdmitAsync(Newcomer(provider, identity, account, functions), ct)) { return FederatedDecision.Refuse("federation.not-admitted"); }
        }
        else if (owner is null)
        {
            return FederatedDecision.Refuse("federation.other-company");
        }
        await NoteUseAsync(provider, identity.Subject, ct);
        return new(account, null, null);
    }

    private async Task<FederatedDecision> AcceptAsync(FederatedProvider provider, FederatedIdentity identity, Account known, string invitation, string? address, string? device, CancellationToken ct)
    {
        var link = new FederatedLink { ProviderId = provider.Id, Subject = identity.Subject, AccountId = known.Id, MadeAccount = false, CreatedAt = clock.GetUtcNow() };
        if (await life.AcceptByProviderAsync(invitation, link, address, device, ct) is not { } account) { return FederatedDecision.Refuse("federation.other-invited"); }
        await NoteUseAsync(provider, identity.Subject, ct);
        return new(account, null, null);
    }

    /// <summary>Somebody new: account, link, and the host's own record of the person. Where the host says no, nothing is left.</summary>
    private async Task<FederatedDecision> AdmitAsync(FederatedProvider provider, FederatedIdentity identity, string email, string? address, string? device, CancellationToken ct)
    {
        if (!provider.Admits) { return FederatedDecision.Refuse("federation.not-invited"); }
        var functions = provider.FunctionsOf(identity.Values);
        if (functions.Count == 0) { return FederatedDecision.Refuse("federation.no-function"); }
        var now = clock.GetUtcNow();
        var account = new Account
        {
            Id = Guid.CreateVersion7(now), Email = email, UserName = email, EmailConfirmed = true, LockoutEnabled = true, CreatedAt = now, State = AccountState.Active, Language = FederatedAsking.LanguageOf(identity),
            TimeZone = identity.TimeZone is { Length: <= 60 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : "UTC",
        };
        await using (var write = await db.BeginWriteAsync(ct))
        {
            try
            {
                if (!(await users.CreateAsync(account)).Succeeded) { return FederatedDecision.Refuse("federation.again"); }
            }
            catch (DbUpdateException)
            {
                // Another node or window was quicker.
                return FederatedDecision.Refuse("federation.again");
            }
            db.FederatedLinks.Add(new FederatedLink { ProviderId = provider.Id, Subject = identity.Subject, AccountId = account.Id, MadeAccount = true, CreatedAt = now });
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.FederatedAccountMade, now, account.Id, address: address, device: device));
            life.Note(account, IdentityEventKind.FederationLinked, address, device);
            if (!await SaveAsync(ct)) { return FederatedDecision.Refuse("federation.again"); }
            await write.CommitAsync(ct);
        }
        if (!await people.AdmitAsync(Newcomer(provider, identity, account, functions), ct))
        {
            await using var undo = await db.BeginWriteAsync(ct);
            db.ChangeTracker.Clear();
            await db.FederatedLinks.Where(l => l.AccountId == account.Id).ExecuteDeleteAsync(ct);
            await db.Users.Where(a => a.Id == account.Id).ExecuteDeleteAsync(ct);
            await undo.CommitAsync(ct);
            return FederatedDecision.Refuse("federation.not-admitted");
        }
        life.Told();
        await NoteUseAsync(provider, identity.Subject, ct);
        return new(account, null, null);
    }

    private static FederatedNewcomer Newcomer(FederatedProvider provider, FederatedIdentity identity, Account account, IReadOnlyList<string> functions) =>
        new(account.Subject, provider.Owner, account.Email!, identity.Name ?? account.Email!.Split('@')[0], account.Language, functions, provider.Name);

    private async Task NoteUseAsync(FederatedProvider provider, string subject, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        await db.FederatedLinks.Where(l => l.ProviderId == provider.Id && l.Subject == subject).ExecuteUpdateAsync(set => set.SetProperty(l => l.LastUsedAt, now), ct);
        await db.FederatedProviders.Where(p => p.Id == provider.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.LastLogInAt, now), ct);
        await write.CommitAsync(ct);
    }

    /// <returns>False where another request was quicker.</returns>
    private async Task<bool> SaveAsync(CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
