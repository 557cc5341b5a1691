namespace Portal.Identity.Persistence;

public enum IdentityEventKind
{
    LogInTried, LoggedIn, LoggedOut, CodeReused,
    Invited, InvitationWithdrawn, InvitationUsed, ResetAsked, PasswordReset, PasswordChanged, EmailChangeAsked, EmailChanged, ProvenAgain,
    SecondFactorFailed, AuthenticatorAdded, AuthenticatorRemoved, RecoveryCodesMade, RecoveryCodeUsed, PasskeyAdded, PasskeyRemoved,
    NewDevice, SessionEnded, AccountDisabled, AccountEnabled, AccountLeft, SecondFactorReset,
    FederationLinked, FederationUnlinked, FederatedAccountMade, FederationChanged,
    RefreshTokenReused, TokenRevoked, ConsentGiven, ConsentRefused, ConsentWithdrawn, ClientChanged, ClientRefused, SigningKeyRevoked,
}

/// <summary>One line of the provider's own audit. Holds no address that was typed: people type passwords into the wrong field.</summary>
public sealed class IdentityEvent
{
    public long Id { get; init; }
    public required IdentityEventKind Kind { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Null where no account was meant or found.</summary>
    public Guid? AccountId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>The network that the address belongs to: an IPv4 /24 or an IPv6 /48.</summary>
    public string? Network { get; init; }

    /// <summary>Browser and system in words; null where none was asked through.</summary>
    public string? Device { get; init; }

    /// <summary>The network address that the request came from.</summary>
    public string? Address { get; init; }

    internal static IdentityEvent Of(IdentityEventKind kind, DateTimeOffset at, Guid? account = null, string? client = null, string? address = null, string? device = null) =>
        new() { Kind = kind, At = at, AccountId = account, ClientId = client, Address = address, Network = Credentials.Networks.Of(address), Device = device };
}
