namespace Portal.Domain.Common;

/// <summary>A record that is loaded, changed and saved as one.</summary>
public abstract class Aggregate
{
    /// <summary>Made by <see cref="IdSource"/>: sorts by time of creation; a string in JSON.</summary>
    public required long Id { get; init; }

    /// <summary>Counts saved changes, from 1. A save over a newer version is refused.</summary>
    public long Version { get; private set; }

    internal void NextVersion() => Version++;
}
