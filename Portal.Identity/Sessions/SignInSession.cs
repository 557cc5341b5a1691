namespace Portal.Identity.Sessions;

public enum SessionEnd { LoggedOut, Replaced, PasswordChanged, AccountDisabled, EndedByOwner, EndedByAdministrator, EndedByProvider }

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

    /// <summary>How the person proved it: values of RFC 8176, separated by spaces. See <see cref="Credentials.Methods"/>.</summary>
    public string Methods { get; init; } = Credentials.Methods.Password;

    /// <summary>Part of the cookie; raised when the person proves it once more, so that a cookie copied before opens nothing after.</summary>
    public int Generation { get; private set; }

    /// <summary>When the person last proved it within this session; null: only at log-in.</summary>
    public DateTimeOffset? ProvenAt { get; init; }

    /// <summary>Browser and system in words: see <see cref="Portal.Identity.Sessions.Device"/>.</summary>
    public string Device { get; init; } = Portal.Identity.Sessions.Device.Unknown;
    public string? Address { get; init; }

    /// <summary>The company's provider that it came by, and what that provider calls its own session; null for a log-in here.</summary>
    public Guid? FederatedProviderId { get; init; }
    public string? FederatedSession { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }
    public SessionEnd? End { get; private set; }

    /// <summary>When the messages to the clients of an ended or expired session were written; null until then.</summary>
    public DateTimeOffset? ClientsToldAt { get; private set; }
}
