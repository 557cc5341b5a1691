namespace Portal.Domain.Common;

/// <summary>
/// Makes 64-bit keys that sort by time: 41 bits of milliseconds since 2025, 10 bits of node, 12 bits of sequence.
/// Made by the application, so that a whole object graph is known before the first round trip and volumes do not leak.
/// </summary>
/// <param name="clock">A clock that steps back does not produce an earlier key.</param>
/// <param name="node">0 to 1023; two nodes on one database must differ.</param>
public sealed class IdSource(TimeProvider clock, int node = 0)
{
    private static readonly long Epoch = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private readonly long _node = node is >= 0 and < 1024 ? (long)node << 12 : throw new ArgumentOutOfRangeException(nameof(node));
    private long _last;

    /// <summary>No key made at or after the instant is smaller: the bound for "since then" on a table that is kept by key.</summary>
    public static long FirstAt(DateTimeOffset instant) => Math.Max(0, instant.ToUnixTimeMilliseconds() - Epoch) << 22;

    public long Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var now = (clock.GetUtcNow().ToUnixTimeMilliseconds() - Epoch) << 12;
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                // Milliseconds move above the node bits, the sequence stays below them.
                return ((next >> 12) << 22) | _node | (next & 0xFFF);
            }
        }
    }
}
