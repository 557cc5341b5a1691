namespace Portal.Domain.Persistence;

/// <summary>Who changed what, through what; append-only.</summary>
public sealed class AuditEntry
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>0: the system.</summary>
    public required long PersonId { get; init; }
    public required string PersonName { get; init; }
    /// <summary>The door: page, api, import, command, job; with its name.</summary>
    public required string Through { get; init; }
    public required string Entity { get; init; }
    public required long RecordId { get; init; }
    /// <summary>created, changed, deleted, or a named act such as <c>shared</c>.</summary>
    public required string Action { get; init; }
    /// <summary>JSON object: field to [from, to].</summary>
    public required string Changes { get; init; }
}

/// <summary>A line of the search index: leads to the record and tells nothing of it, so it needs no scope of its own.</summary>
public sealed class SearchEntry
{
    /// <summary>The record's own id.</summary>
    public required long Id { get; init; }
    public required string Entity { get; init; }
    /// <summary>Normalized words, for checking a hit and for prefixes.</summary>
    public required string Text { get; set; }
    /// <summary>What the engine's full-text index holds: see <see cref="IEngine.Terms"/>.</summary>
    public required string Grams { get; set; }
}

/// <summary>A form or API write that was done: the same key again is answered, not repeated.</summary>
public sealed class IdempotencyKey
{
    public required string Key { get; init; }
    public required long PersonId { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>Where the first answer sent the browser, or what it told a program; null until known.</summary>
    public string? Location { get; set; }
}

/// <summary>A list as a person keeps it.</summary>
public sealed class SavedView : Common.Aggregate
{
    public required string List { get; init; }
    public required long PersonId { get; init; }
    public required string Name { get; set => field = value.Trim(); }
    /// <summary>The query string of the list: filters, order, columns.</summary>
    public required string Query { get; set; }
    /// <summary>Offered to every colleague on the same side of the house.</summary>
    public bool Shared { get; set; }
}

/// <summary>A bulk change, kept so that its maker can take it back.</summary>
public sealed class BulkChange : Common.Aggregate
{
    public required long PersonId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Entity { get; init; }
    public required string Field { get; init; }
    /// <summary>JSON list: the id of each changed record, its value before and after, and what else the change moved.</summary>
    public required string Items { get; init; }
    public required int Count { get; init; }
    public DateTimeOffset? UndoneAt { get; set; }
}

public enum JobState { Waiting, Running, Done, Failed, Cancelled }

/// <summary>Long work: runs in the scope of whoever asked, who alone sees it and fetches its result.</summary>
public sealed class Job : Common.Aggregate
{
    /// <summary>The registered name of the work: <c>report</c>, <c>import</c>.</summary>
    public required string Kind { get; init; }
    public required string Title { get; init; }
    public required long PersonId { get; init; }
    /// <summary>JSON.</summary>
    public required string Arguments { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public JobState State { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public long Progress { get; set; }
    /// <summary>0: unknown.</summary>
    public long Total { get; set; }
    public bool CancelAsked { get; set; }
    /// <summary>The result's name in the store of job files; null where there is none.</summary>
    public string? ResultFile { get; set; }
    public string? ResultName { get; set; }
    public string? ResultType { get; set; }
    /// <summary>JSON summary for the page.</summary>
    public string? Summary { get; set; }
    /// <summary>A text key with values as JSON, where it failed.</summary>
    public string? Error { get; set; }
    /// <summary>Renewed while running; a running job with an old one is taken up again after a restart.</summary>
    public DateTimeOffset? HeartbeatAt { get; set; }
}
