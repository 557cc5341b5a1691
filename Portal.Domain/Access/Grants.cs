using Portal.Domain.Common;

namespace Portal.Domain.Access;

/// <summary>
/// A rule: holders of the key see records of the class through the relationship, in the field set, until the end.
/// Without such a grant a record's own columns give a partner nothing: deny is the default.
/// </summary>
public sealed class AccessGrant : Aggregate
{
    /// <summary>One of <see cref="ScopeKeys"/>.</summary>
    public required string Key { get; init; }
    public required Relationship Relationship { get; init; }
    public required RecordClass RecordClass { get; init; }
    public required FieldSet Fields { get; init; }
    public required GrantActions Actions { get; init; }
    public required DateTimeOffset From { get; init; }
    /// <summary>UTC, exclusive.</summary>
    public required DateTimeOffset Until { get; set; }
    public required string Reason { get; init; }
    public required long GrantedBy { get; init; }
}

/// <summary>Sight of one record, given explicitly. Ending it keeps the row: the audit trail names who saw what until when.</summary>
public sealed class Share : Aggregate
{
    public required string Key { get; init; }
    public required RecordClass RecordClass { get; init; }
    public required long RecordId { get; init; }
    public required FieldSet Fields { get; set; }
    public required GrantActions Actions { get; set; }
    public required string Reason { get; init; }
    /// <summary>UTC, exclusive. <see cref="DateTimeOffset.MaxValue"/> only inside the house.</summary>
    public required DateTimeOffset Until { get; set; }
    public required long SharedBy { get; init; }
    public required DateTimeOffset SharedAt { get; init; }
}
