using System.Collections.Concurrent;

namespace Portal.Web.Access;

/// <summary>Sessions that were logged out: a copy of their cookie opens nothing, although it has not expired.</summary>
public interface IEndedSessions
{
    bool Contains(string sessionId);

    /// <param name="until">When every cookie of the session has expired by itself.</param>
    Task AddAsync(string sessionId, DateTimeOffset until, CancellationToken ct);
}

/// <summary>Keeps them in memory: enough for one node that is not restarted between a log-out and the cookie's own end.</summary>
public sealed class EndedSessionsInMemory(TimeProvider clock) : IEndedSessions
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    public bool Contains(string sessionId) => _until.ContainsKey(sessionId);

    public Task AddAsync(string sessionId, DateTimeOffset until, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, _) in _until.Where(entry => entry.Value < now))
        {
            _until.TryRemove(id, out _);
        }
        _until[sessionId] = until;
        return Task.CompletedTask;
    }
}
