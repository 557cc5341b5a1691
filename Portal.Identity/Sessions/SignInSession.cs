namespace Portal.Identity.Sessions;

public enum SessionEnd { LoggedOut, Replaced, PasswordChanged, AccountDisabled }

/// <summary>One browser in which one account is logged in. Lives here, not in the cookie: ending it takes effect at the next request.</summary>
public sealed class SignInSession
{
    /// <summary>128 random bits, base64url: the <c>sid</c> of tokens.</summary>
    public required string Id { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The account's stamp at log-in; a password change makes it differ.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>When the person proved who they are: <c>auth_time</c>.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>Moved at most once a minute.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }

    public DateTimeOffset? EndedAt { get; private set; }
    public SessionEnd? End { get; private set; }
}
