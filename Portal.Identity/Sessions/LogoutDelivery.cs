namespace Portal.Identity.Sessions;

/// <summary>The message to one client that one session is over, until the client has taken it or the tries are used up.</summary>
public sealed class LogoutDelivery
{
    public required string SessionId { get; init; }
    public required string ClientId { get; init; }
    public required Guid AccountId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset NextTryAt { get; set; }
    public int Tries { get; set; }
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>When the last try was used up, or the client had nowhere to be told any more.</summary>
    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>In words of this program; never what the other side sent.</summary>
    public string? LastFault { get; set; }
}
