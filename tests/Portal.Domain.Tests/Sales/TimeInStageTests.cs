using FsCheck;
using FsCheck.Fluent;
using Portal.Domain.Sales;
using Xunit;

namespace Portal.Domain.Tests.Sales;

public sealed class TimeInStageTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_stays_of_an_open_opportunity_sum_to_its_age() => Prop.ForAll<PositiveInt[], PositiveInt>((minutes, after) =>
    {
        var (moves, last) = Moves(minutes);
        var now = last.AddMinutes(after.Get);
        return Sum(TimeInStage.Of(moves, null, now)) == now - Start;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_stays_of_a_closed_opportunity_sum_to_the_time_until_it_closed() => Prop.ForAll<PositiveInt[], PositiveInt>((minutes, after) =>
    {
        var (moves, last) = Moves(minutes);
        return Sum(TimeInStage.Of(moves, last, last.AddMinutes(after.Get))) == last - Start;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_stay_ends_where_the_next_begins_whatever_the_order_of_reading() => Prop.ForAll<PositiveInt[]>(minutes =>
    {
        var (moves, last) = Moves(minutes);
        var stays = TimeInStage.Of(Enumerable.Reverse(moves), null, last.AddHours(1));
        return stays.Zip(stays.Skip(1)).All(pair => pair.First.Until == pair.Second.From) && stays[^1].Until is null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_moves_are_no_stays() => Assert.Empty(TimeInStage.Of([], null, Start));

    private static (List<(long, DateTimeOffset)> Moves, DateTimeOffset Last) Moves(PositiveInt[] minutes)
    {
        List<(long, DateTimeOffset)> moves = [(1, Start)];
        var at = Start;
        foreach (var step in minutes) { moves.Add((moves.Count % 3 + 1, at = at.AddMinutes(step.Get))); }
        return (moves, at);
    }

    private static TimeSpan Sum(IEnumerable<StageStay> stays) => stays.Aggregate(TimeSpan.Zero, (sum, stay) => sum + stay.Duration);
}
