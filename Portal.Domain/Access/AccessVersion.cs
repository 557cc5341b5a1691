namespace Portal.Domain.Access;

/// <summary>
/// Moves whenever something that scopes are built from was saved in this process: a scope built under an older number is built anew with the
/// next request. Several nodes tell each other through the engine.
/// </summary>
public sealed class AccessVersion
{
    private long _current;

    public long Current => Volatile.Read(ref _current);

    public void Move() => Interlocked.Increment(ref _current);
}
