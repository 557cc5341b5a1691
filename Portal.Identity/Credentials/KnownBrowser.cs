namespace Portal.Identity.Credentials;

/// <summary>
/// A browser in which this account has logged in before, known by a cookie of its own. A log-in from another one is told to the person. Its wrong passwords are
/// counted apart: strangers who try can pause log-in for other strangers, not for the owner.
/// </summary>
public sealed class KnownBrowser
{
    public required Guid AccountId { get; init; }

    /// <summary>SHA-256 of the mark in the cookie.</summary>
    public required string MarkHash { get; init; }
    public required string Device { get; set; }
    public required DateTimeOffset FirstSeenAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }
    public int Failures { get; private set; }
    public DateTimeOffset? PausedUntil { get; private set; }
}
