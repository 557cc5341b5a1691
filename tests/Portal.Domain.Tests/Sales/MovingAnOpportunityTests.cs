using Portal.Domain.Sales;
using Xunit;

namespace Portal.Domain.Tests.Sales;

public sealed class MovingAnOpportunityTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly SalesStage Lead = Stage(1, 10, StageKind.Open), Won = Stage(2, 100, StageKind.Won), Lost = Stage(3, 0, StageKind.Lost);
    private readonly Opportunity _opportunity = new() { Id = 1, Number = "OP-1", Title = "Pumps", StageId = Lead.Id };

    public MovingAnOpportunityTests() => _opportunity.Enter(Lead, null, Now, 7, 1);

    [Fact]
    public void It_is_not_lost_without_a_reason()
    {
        Assert.Equal(SalesRefusals.ReasonMissing, _opportunity.MoveTo(Lost, " ", Now.AddDays(1), 7, 2));
        Assert.Equal(StageKind.Open, _opportunity.Outcome);
    }

    [Fact]
    public void Lost_keeps_the_reason_and_the_time_and_nothing_is_likely_any_more()
    {
        Assert.Null(_opportunity.MoveTo(Lost, "Price", Now.AddDays(1), 7, 2));
        Assert.Equal((StageKind.Lost, "Price", 0, Now.AddDays(1)), (_opportunity.Outcome, _opportunity.OutcomeReason, _opportunity.Probability, _opportunity.ClosedAt));
    }

    [Fact]
    public void Opened_again_it_has_neither_end_nor_reason()
    {
        Assert.Null(_opportunity.MoveTo(Lost, "Price", Now.AddDays(1), 7, 2));
        Assert.Null(_opportunity.MoveTo(Lead, null, Now.AddDays(2), 7, 3));
        Assert.Equal((StageKind.Open, null, null), (_opportunity.Outcome, _opportunity.OutcomeReason, _opportunity.ClosedAt));
    }

    [Fact]
    public void Won_needs_no_reason_and_each_move_is_on_record()
    {
        Assert.Null(_opportunity.MoveTo(Won, null, Now.AddDays(1), 7, 2));
        Assert.Equal([(null, Lead.Id), (Lead.Id, Won.Id)], _opportunity.StageHistory.Select(c => (c.FromStageId, c.ToStageId)));
    }

    [Fact]
    public void Moving_to_where_it_stands_moves_nothing()
    {
        Assert.Null(_opportunity.MoveTo(Lead, null, Now.AddDays(1), 7, 2));
        Assert.Single(_opportunity.StageHistory);
        Assert.Equal(Now, _opportunity.StageSince);
    }

    private static SalesStage Stage(long id, int probability, StageKind kind) =>
        new() { Id = id, Code = $"s{id}", Name = $"Stage {id}", Position = (int)id, Probability = probability, Kind = kind };
}
