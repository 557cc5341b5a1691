namespace Portal.Identity.Persistence;

public enum IdentityEventKind { LogInTried, LoggedIn, LoggedOut, CodeReused }

/// <summary>One line of the provider's own audit. Holds no address that was typed: people type passwords into the wrong field.</summary>
public sealed class IdentityEvent
{
    public long Id { get; init; }
    public required IdentityEventKind Kind { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Null where no account was meant or found.</summary>
    public Guid? AccountId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>The network address that the request came from.</summary>
    public string? Address { get; init; }

    internal static IdentityEvent Of(IdentityEventKind kind, DateTimeOffset at, Guid? account = null, string? client = null, string? address = null) =>
        new() { Kind = kind, At = at, AccountId = account, ClientId = client, Address = address };
}
