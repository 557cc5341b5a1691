namespace Portal.Identity.Sessions;

/// <summary>
/// One browser in which somebody is logged in to the application that hosts this store, whoever the provider is. The cookie holds nothing but the key, so
/// ending the row ends the session in every node, and a copied cookie with it.
/// </summary>
public sealed class HostSession
{
    /// <summary>SHA-256 of the key in the cookie: whoever reads the table cannot enter.</summary>
    public required string KeyHash { get; init; }

    /// <summary>As in the link from account to person: <see cref="Accounts.Account.OwnIssuer"/> for accounts kept here, else the other provider's issuer.</summary>
    public required string Issuer { get; init; }
    public required string Subject { get; init; }

    /// <summary>The provider's name for its own session.</summary>
    public required string ProviderSession { get; init; }

    /// <summary>How the person proved who they are: values of RFC 8176, separated by spaces.</summary>
    public required string Methods { get; init; }

    /// <summary>When the person proved it.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Moved about once a minute.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public SessionEnd? End { get; private set; }

    /// <summary>Browser and system in words: see <see cref="Device"/>.</summary>
    public required string Device { get; init; }
    public string? Address { get; init; }

    /// <summary>The refresh token of another provider, sealed; null where it gave none, or the provider is the built-in one, whose sessions lie beside these.</summary>
    public string? SealedRenewal { get; init; }

    /// <summary>When the provider is asked whether the session goes on, and its claims are read anew; null: never.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>How long the session holds while the provider does not answer; null: as long as the limits allow.</summary>
    public DateTimeOffset? GoodUntil { get; init; }

    /// <summary>The person whose view this browser shows instead of the logged-in one's; null outside such a visit.</summary>
    public long? ViewingPerson { get; private set; }

    /// <summary>When the visit is over by itself.</summary>
    public DateTimeOffset? ViewingUntil { get; private set; }
}
