using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Identity.Persistence;

/// <summary>
/// Lets one writer at a time through where the engine needs that (SQLite: one process owns the file, and its writes take turns with the portal's own).
/// </summary>
/// <param name="enter">Waits for the turn; disposing the answer ends it.</param>
public sealed class WriteGate(Func<CancellationToken, ValueTask<IDisposable>> enter)
{
    /// <summary>For engines that order writers themselves.</summary>
    public static readonly WriteGate Open = new(_ => ValueTask.FromResult<IDisposable>(new NoTurn()));

    internal ValueTask<IDisposable> EnterAsync(CancellationToken ct) => enter(ct);

    private sealed class NoTurn : IDisposable
    {
        public void Dispose() { }
    }
}

/// <summary>A turn at the gate and a transaction. What is not committed is undone.</summary>
internal sealed class StoreWrite(IDisposable turn, IDbContextTransaction transaction) : IAsyncDisposable
{
    public Task CommitAsync(CancellationToken ct) => transaction.CommitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            turn.Dispose();
        }
    }
}
