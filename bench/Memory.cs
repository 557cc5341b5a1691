using System.Globalization;

namespace Portal.Bench;

/// <summary>The most memory that another process held while something ran, read from Linux's /proc every 20 ms.</summary>
internal sealed class Memory : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watch;
    private long _most;

    private Memory(int process) => (Idle, _watch) = (Resident(process), WatchAsync(process));

    /// <summary>MB at the start.</summary>
    public double Idle { get; }

    /// <summary>MB above the start, at most.</summary>
    public double Above => Math.Max(0, (Volatile.Read(ref _most) / 1e6) - Idle);

    public static Memory Of(int process) => new(process);

    /// <returns>MB that the process holds now.</returns>
    public static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch;
        _end.Dispose();
    }

    private async Task WatchAsync(int process)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await beat.WaitForNextTickAsync(_end.Token)) { _most = Math.Max(_most, (long)(Resident(process) * 1e6)); }
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
    }
}
