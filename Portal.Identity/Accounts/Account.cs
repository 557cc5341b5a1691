using Microsoft.AspNetCore.Identity;

namespace Portal.Identity.Accounts;

/// <summary>Invited: has never had a credential. Left: closed for good, its sessions and credentials gone; the subject stays taken.</summary>
public enum AccountState { Active, Disabled, Invited, Left }

/// <summary>
/// Someone who can log in. The key is the subject of every token: stable for the life of the account, unlike the e-mail address.
/// What the person may see or do is not known here.
/// </summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>BCP 47: <c>en</c> or <c>zh-Hans</c>.</summary>
    public string Language { get; set; } = "en";

    /// <summary>IANA name, such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Stands in the link from a person to an account of this store, in place of an issuer: the public address may change, the link does not.</summary>
    public const string OwnIssuer = "own";

    /// <summary>The shared secret of the authenticator app, sealed; null where none is set up.</summary>
    public string? AuthenticatorSecret { get; set; }

    /// <summary>The last time step whose code was taken: no code is taken twice (RFC 6238, 5.2).</summary>
    public long AuthenticatorStep { get; set; }

    public DateTimeOffset? PasswordChangedAt { get; set; }

    public AccountState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public string Subject => SubjectOf(Id);

    internal static string SubjectOf(Guid id) => id.ToString("N");
}
