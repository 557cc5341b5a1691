using Microsoft.AspNetCore.Identity;

namespace Portal.Identity.Accounts;

public enum AccountState { Active, Disabled }

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

    public AccountState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public string Subject => SubjectOf(Id);

    internal static string SubjectOf(Guid id) => id.ToString("N");
}
