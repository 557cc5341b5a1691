namespace Portal.Identity.Credentials;

/// <summary>
/// A hash of a password takes a processor for a tenth of a second on purpose. Half of the processors work on hashes at most, so that many log-ins at once make
/// those who log in wait, not everybody.
/// </summary>
internal sealed class HashTurns : IDisposable
{
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async Task<T> TakeAsync<T>(Func<T> hash, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            return hash();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
