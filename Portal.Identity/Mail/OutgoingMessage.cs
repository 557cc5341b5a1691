namespace Portal.Identity.Mail;

public enum DeliveryState { Waiting, Delivered, GivenUp }

/// <summary>What must be sent because of a change; written in the same transaction, delivered at least once.</summary>
public sealed class OutgoingMessage
{
    public required Guid Id { get; init; }

    /// <summary>Sealed, since it holds addresses and links that open something; empty once delivered or given up.</summary>
    public required string Payload { get; set; }
    public required DateTimeOffset At { get; init; }
    public DeliveryState State { get; private set; }
    public int Attempts { get; private set; }
    public required DateTimeOffset NextAttemptAt { get; set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What the mail server said last, without addresses.</summary>
    public string? LastError { get; private set; }
}
