namespace Portal.Domain.Access;

/// <summary>
/// Moves whenever something that scopes are built from was committed in this process: a scope built under an older number is built anew with the
/// next request. Where several processes write, <see cref="AccessMark"/> is what counts.
/// </summary>
public sealed class AccessVersion
{
    private long _current;

    public long Current => Volatile.Read(ref _current);

    public void Move() => Interlocked.Increment(ref _current);
}

/// <summary>The same between nodes: one row, moved in the very transaction that changes what scopes are built from, so that no node sees the change without the move.</summary>
public sealed class AccessMark
{
    /// <summary>Of the only row.</summary>
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;
    public long Number { get; private set; }
}
