using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Identity.Credentials;

/// <summary>The authenticator app and the recovery codes of an account.</summary>
internal sealed class SecondFactor(IdentityStoreContext db, AccountLife life, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Wrong codes that are taken in a quarter of an hour. Only who has the password comes here, so no stranger can use the pause against the owner.</summary>
    private const int MostFailures = 5;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(15);

    private readonly IDataProtector _seal = protection.CreateProtector("Portal.Identity.Authenticator.v1");

    public string Seal(byte[] secret) => WebEncoders.Base64UrlEncode(_seal.Protect(secret));

    public byte[]? Open(string? sealedSecret)
    {
        try
        {
            return sealedSecret is null ? null : _seal.Unprotect(WebEncoders.Base64UrlDecode(sealedSecret));
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Takes a code of the app or a recovery code, each once.</summary>
    /// <returns>How it was proved (<see cref="Methods"/>), or null with the key of the message.</returns>
    public async Task<(string? Method, string Fault)> CheckAsync(Account account, string typed, string? address, string? device, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var write = await db.BeginWriteAsync(ct);
        // Takes the row, so that parallel tries are counted one after the other.
        await db.Users.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.AuthenticatorStep, a => a.AuthenticatorStep), ct);
        var since = now - s_window;
        if (await db.Events.CountAsync(e => e.AccountId == account.Id && e.Kind == IdentityEventKind.SecondFactorFailed && e.At > since, ct) >= MostFailures) { return (null, "second.too-many"); }
        var method = await TakeCodeAsync(account, typed, now, ct) ? Methods.OneTimeCode : await TakeRecoveryCodeAsync(account, typed, now, ct) ? Methods.RecoveryCode : null;
        if (method is null) { db.Events.Add(IdentityEvent.Of(IdentityEventKind.SecondFactorFailed, now, account.Id, address: address, device: device)); }
        if (method is Methods.RecoveryCode) { life.Note(account, IdentityEventKind.RecoveryCodeUsed, address, device); }
        await db.SaveChangesAsync(ct);
        await write.CommitAsync(ct);
        life.Told();
        return (method, "second.wrong");
    }

    private async Task<bool> TakeCodeAsync(Account account, string typed, DateTimeOffset now, CancellationToken ct)
    {
        var stored = await db.Users.AsNoTracking().Where(a => a.Id == account.Id).Select(a => new { a.AuthenticatorSecret, a.AuthenticatorStep }).FirstAsync(ct);
        if (Open(stored.AuthenticatorSecret) is not { } secret || Totp.StepOf(secret, typed, now, stored.AuthenticatorStep) is not { } step) { return false; }
        return await db.Users.Where(a => a.Id == account.Id && a.AuthenticatorStep < step).ExecuteUpdateAsync(set => set.SetProperty(a => a.AuthenticatorStep, step), ct) == 1;
    }

    private async Task<bool> TakeRecoveryCodeAsync(Account account, string typed, DateTimeOffset now, CancellationToken ct)
    {
        if (!RecoveryCode.LooksLikeOne(typed)) { return false; }
        var hash = RecoveryCode.HashOf(typed);
        return await db.RecoveryCodes.Where(c => c.AccountId == account.Id && c.Hash == hash && c.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), ct) == 1;
    }

    /// <summary>Sets the app up once a code of it fits.</summary>
    /// <param name="except">The session that goes on; null during log-in.</param>
    /// <returns>New recovery codes, shown this once; null where the code does not fit.</returns>
    public async Task<IReadOnlyList<string>?> EnrolAsync(Guid id, byte[] secret, string typed, string? except, string? address, string? device, CancellationToken ct)
    {
        if (Totp.StepOf(secret, typed, clock.GetUtcNow(), 0) is not { } step) { return null; }
        var account = await db.Users.FirstAsync(a => a.Id == id, ct);
        IReadOnlyList<string> codes;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            (account.AuthenticatorSecret, account.AuthenticatorStep) = (Seal(secret), step);
            codes = await MakeCodesAsync(account, ct);
            await life.ChangeCredentialsAsync(account, IdentityEventKind.AuthenticatorAdded, except, notify: true, address, device, ct);
            await write.CommitAsync(ct);
        }
        life.Told();
        return codes;
    }

    public async Task RemoveAsync(LiveSession live, string? address, CancellationToken ct)
    {
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            account.AuthenticatorSecret = null;
            await db.RecoveryCodes.Where(c => c.AccountId == account.Id).ExecuteDeleteAsync(ct);
            await life.ChangeCredentialsAsync(account, IdentityEventKind.AuthenticatorRemoved, live.Session.Id, notify: true, address, live.Session.Device, ct);
            await write.CommitAsync(ct);
        }
        life.Told();
    }

    /// <summary>Ten new ones; those before are void.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(LiveSession live, string? address, CancellationToken ct)
    {
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        IReadOnlyList<string> codes;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            codes = await MakeCodesAsync(account, ct);
            life.Note(account, IdentityEventKind.RecoveryCodesMade, address, live.Session.Device);
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        life.Told();
        return codes;
    }

    private async Task<IReadOnlyList<string>> MakeCodesAsync(Account account, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.AccountId == account.Id).ExecuteDeleteAsync(ct);
        string[] codes = [.. Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.New())];
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { AccountId = account.Id, Hash = RecoveryCode.HashOf(code) }));
        return codes;
    }
}
