using Portal.Identity.Tokens;

namespace Portal.Identity.Accounts;

public enum LinkPurpose { Invitation, PasswordReset, EmailChange, EmailUndo }

/// <summary>
/// A link that was sent to an address. It opens a page, and only the form on that page uses it: whoever fetches links in mails burns none. It is bound to the
/// account's stamp, so that any change of credentials kills it, and a newer one of the same purpose kills it too.
/// </summary>
public sealed class AccountLink
{
    /// <summary>SHA-256 of the secret: whoever reads the table cannot use it.</summary>
    public required string Hash { get; init; }
    public required Guid AccountId { get; init; }
    public required LinkPurpose Purpose { get; init; }

    /// <summary>The address that it was sent to; of a change, the new one; of its undoing, the old one.</summary>
    public required string Email { get; init; }
    public required string SecurityStamp { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Used, replaced or withdrawn.</summary>
    public DateTimeOffset? SpentAt { get; private set; }

    internal static string HashOf(string secret) => AuthorizationCode.HashOf(secret);
}
