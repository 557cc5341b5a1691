using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Identity.Credentials;

/// <summary>Passkeys (WebAuthn Level 3) by the platform's handler; what the browser must bring back is sealed into the form instead of a cookie.</summary>
internal sealed class Passkeys(UserManager<Account> users, IPasskeyHandler<Account> handler, IdentityStoreContext db, AccountLife life, IDataProtectionProvider protection, TimeProvider clock)
{
    public const int LongestName = 60;
    private const int MostPerAccount = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("Portal.Identity.Passkey.v1").ToTimeLimitedDataProtector();

    /// <returns>What the browser is asked for, and what the form carries along.</returns>
    public async Task<(string Options, string State)> AskAsync(HttpContext http)
    {
        var made = await handler.MakeRequestOptionsAsync(null, http);
        return (made.RequestOptionsJson, Seal("get", made.AssertionState));
    }

    public async Task<(string Options, string State)> OfferAsync(HttpContext http, Account account)
    {
        var made = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = account.Id.ToString(), Name = account.Email!, DisplayName = account.Email! }, http);
        return (made.CreationOptionsJson, Seal(account.Subject, made.AttestationState));
    }

    /// <returns>Whose passkey it is, where the account may log in; otherwise null.</returns>
    public async Task<Account?> CheckAsync(HttpContext http, string? state, string? credential, CancellationToken ct)
    {
        if (Open("get", state) is not { } asked || credential is not { Length: > 0 and < 16_384 }) { return null; }
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = asked });
        if (!result.Succeeded || result.User.State is not AccountState.Active || result.User.LockoutEnd > DateTimeOffset.MaxValue.AddDays(-1)) { return null; }
        // The counter of uses moves on: a copied passkey shows itself by an old one.
        await using var write = await db.BeginWriteAsync(ct);
        var kept = await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
        await write.CommitAsync(ct);
        return kept.Succeeded ? result.User : null;
    }

    /// <returns>Null once added, or the key of what is wrong.</returns>
    public async Task<string?> AddAsync(HttpContext http, LiveSession live, string? state, string? credential, string name, CancellationToken ct)
    {
        if (Open(live.Account.Subject, state) is not { } offered || credential is not { Length: > 0 and < 65_536 }) { return "passkey.refused"; }
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        if ((await users.GetPasskeysAsync(account)).Count >= MostPerAccount) { return "passkey.too-many"; }
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = offered });
        if (!result.Succeeded) { return "passkey.refused"; }
        result.Passkey.Name = name.Trim() is { Length: > 0 and <= LongestName } given ? given : live.Session.Device;
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (!(await users.AddOrUpdatePasskeyAsync(account, result.Passkey)).Succeeded) { return "passkey.refused"; }
            await life.ChangeCredentialsAsync(account, IdentityEventKind.PasskeyAdded, live.Session.Id, notify: true, http.Connection.RemoteIpAddress?.ToString(), live.Session.Device, ct);
            await write.CommitAsync(ct);
        }
        life.Told();
        return null;
    }

    /// <returns>Null once removed, or the key of what stands against it: nobody takes the last credential away.</returns>
    public async Task<string?> RemoveAsync(HttpContext http, LiveSession live, string? id, CancellationToken ct)
    {
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        var all = await users.GetPasskeysAsync(account);
        if (all.FirstOrDefault(p => IdOf(p) == id) is not { } passkey) { return null; }
        if (all.Count == 1 && account.PasswordHash is null && !await db.FederatedLinks.AnyAsync(l => l.AccountId == account.Id, ct)) { return "passkey.last"; }
        await using (var write = await db.BeginWriteAsync(ct))
        {
            await users.RemovePasskeyAsync(account, passkey.CredentialId);
            await life.ChangeCredentialsAsync(account, IdentityEventKind.PasskeyRemoved, live.Session.Id, notify: true, http.Connection.RemoteIpAddress?.ToString(), live.Session.Device, ct);
            await write.CommitAsync(ct);
        }
        life.Told();
        return null;
    }

    public async Task<IReadOnlyList<(string Id, string Name, DateTimeOffset AddedAt)>> ListAsync(Account account) =>
        [.. (await users.GetPasskeysAsync(account)).OrderBy(p => p.CreatedAt).Select(p => (IdOf(p), p.Name ?? "?", p.CreatedAt))];

    private static string IdOf(UserPasskeyInfo passkey) => WebEncoders.Base64UrlEncode(passkey.CredentialId);

    private string Seal(string purpose, string? state) => WebEncoders.Base64UrlEncode(_seal.Protect(JsonSerializer.SerializeToUtf8Bytes(new[] { purpose, state ?? "", clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) }), s_patience));

    private string? Open(string purpose, string? sealedState)
    {
        try
        {
            return sealedState is not null && JsonSerializer.Deserialize<string[]>(_seal.Unprotect(WebEncoders.Base64UrlDecode(sealedState))) is [var meant, var state, _] && meant == purpose ? state : null;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The one origin that may ask: the issuer's own, not framed by another.</summary>
    internal static void Configure(IdentityPasskeyOptions passkeys, PortalIdentityOptions identity)
    {
        passkeys.ServerDomain = identity.IssuerUri.Host;
        passkeys.UserVerificationRequirement = "required";
        passkeys.ResidentKeyRequirement = "required";
        var origin = identity.IssuerUri.GetLeftPart(UriPartial.Authority);
        passkeys.ValidateOrigin = context => ValueTask.FromResult(context.Origin == origin && !context.CrossOrigin);
    }
}
