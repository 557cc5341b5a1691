namespace Portal.Domain.Sales;

/// <param name="Until">Null: still there.</param>
public sealed record StageStay(long StageId, DateTimeOffset From, DateTimeOffset? Until, TimeSpan Duration);

public static class TimeInStage
{
    /// <summary>
    /// The stays in order, oldest first. Together they last from the first move until now, or until the opportunity was closed: the stay in a won or
    /// lost stage has no length.
    /// </summary>
    /// <param name="moves">One opportunity's history, in any order.</param>
    /// <param name="closedAt">Null for an open opportunity.</param>
    public static IReadOnlyList<StageStay> Of(IEnumerable<(long StageId, DateTimeOffset At)> moves, DateTimeOffset? closedAt, DateTimeOffset now)
    {
        var ordered = moves.OrderBy(m => m.At).ToArray();
        var end = closedAt ?? now;
        return [.. ordered.Select((move, i) =>
        {
            DateTimeOffset? until = i + 1 < ordered.Length ? ordered[i + 1].At : null;
            var length = (until ?? end) - move.At;
            return new StageStay(move.StageId, move.At, until, length < TimeSpan.Zero ? TimeSpan.Zero : length);
        })];
    }
}
