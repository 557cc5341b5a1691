using Portal.Domain.Common;

namespace Portal.Domain.Access;

/// <summary>
/// A colleague looks at the portal as a partner's person sees it: who, as whom, why, from when to when. Names are kept as they were: the partner's administrator
/// reads them and sees nobody of the house.
/// </summary>
public sealed class SupportView : Aggregate
{
    public required long ViewerId { get; init; }
    public required string ViewerName { get; init; }
    public required long PersonId { get; init; }
    public required string PersonName { get; init; }

    /// <summary>The person's, whose administrator is shown this.</summary>
    public required long CompanyId { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Over by itself.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Null where nobody ended it before its time.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>An end that came before stands.</summary>
    public void End(DateTimeOffset now) => EndedAt ??= now < Until ? now : Until;
}
