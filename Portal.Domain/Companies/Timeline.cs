using Portal.Domain.Access;

namespace Portal.Domain.Companies;

/// <summary>What happened with a company, whoever did it. Written with the change itself; staff only.</summary>
public sealed class TimelineEntry
{
    public required long Id { get; init; }
    public required long CompanyId { get; init; }
    /// <summary>The partner whose story tells of it beside the company's; null where that is the company itself or nobody.</summary>
    public long? PartnerId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required long PersonId { get; init; }
    public required string PersonName { get; init; }
    /// <summary>Entity and act, the key of its sentence: <c>opportunity.created</c>.</summary>
    public required string Kind { get; init; }
    public required long RecordId { get; init; }
    /// <summary>Set for records whose own sight decides; null for what every department sees.</summary>
    public RecordClass? RecordClass { get; init; }
    public required string Title { get; init; }
    /// <summary>The changed fields as a JSON object, name to [from, to]; empty for a creation.</summary>
    public string Changes { get; init; } = "";
}

/// <summary>A word in a record's thread. Internal ones stay in the house.</summary>
public sealed class Comment : Common.Aggregate
{
    public required RecordClass RecordClass { get; init; }
    public required long RecordId { get; init; }
    /// <summary>The comment it answers; null at the head of a thread.</summary>
    public long? ParentId { get; init; }
    public required long AuthorId { get; init; }
    public required string AuthorName { get; init; }
    /// <summary>The author's company; null for staff.</summary>
    public long? AuthorCompanyId { get; init; }
    public required string Body { get; init; }
    public required bool Internal { get; init; }
    public required DateTimeOffset At { get; init; }
}
