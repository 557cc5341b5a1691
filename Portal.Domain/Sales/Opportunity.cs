using Portal.Domain.Common;
using Portal.Domain.Companies;

namespace Portal.Domain.Sales;

public enum StageKind { Open, Won, Lost }

/// <summary>A step of the pipeline.</summary>
public sealed class SalesStage : Aggregate
{
    public const int CodeLength = 40;
    public const int NameLength = 60;
    public const int LastPosition = 1000;

    /// <summary>Unique word: <c>proposal</c>.</summary>
    public required string Code { get; init; }
    public required string Name { get; set; }
    public string NameZh { get; set; } = "";
    public required int Position { get; set; }
    /// <summary>Chance of winning in percent, 0 to 100.</summary>
    public required int Probability { get; set; }
    public required StageKind Kind { get; init; }

    public string NameIn(string language) => language.StartsWith("zh", StringComparison.Ordinal) && NameZh.Length > 0 ? NameZh : Name;
}

/// <summary>A sale that may happen.</summary>
public sealed class Opportunity : Aggregate, ISearchable, IOnTimeline, IOpportunityColumns
{
    /// <summary>Small enough that the totals of many never overflow.</summary>
    public const decimal LargestAmount = 99_999_999_999.9999m;
    public const int LongestReason = 400;

    /// <summary>What people quote to each other: <see cref="Numbers"/>, or the number of the system it came from.</summary>
    public required string Number { get; init; }
    public required string Title { get; set => field = value.Trim(); }
    public long? CustomerId { get; set; }
    /// <summary>Kept in step with the customer's name, so that lists need no join and a partner needs no sight of the company.</summary>
    public string CustomerName { get; set; } = "";
    public long? OwnerId { get; set; }
    public string OwnerName { get; set; } = "";
    /// <summary>The channel partner or distributor it is registered on.</summary>
    public long? PartnerId { get; set; }
    public long? TerritoryId { get; set; }
    public required long StageId { get; set; }
    /// <summary>For queries; not loaded with the record.</summary>
    public SalesStage? Stage { get; private set; }
    public StageKind Outcome { get; private set; }
    /// <summary>Percent, 0 to 100; the stage's unless somebody knows better.</summary>
    public int Probability { get; set; }
    public decimal Amount { get; set; }
    /// <summary>ISO 4217.</summary>
    public string Currency { get; set; } = "EUR";
    public DateOnly? CloseDate { get; set; }
    public DateOnly OpenedOn { get; init; }
    public DateTimeOffset StageSince { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public string? Source { get; set; }
    public long? CompetitorId { get; set; }
    public string? NextStep { get; set; }
    public DateOnly? NextStepOn { get; set; }
    /// <summary>Why it was won or lost.</summary>
    public string? OutcomeReason { get; set; }
    /// <summary>Shared with whoever sees it in full.</summary>
    public string? Description { get; set; }
    /// <summary>Staff only.</summary>
    public string? InternalNotes { get; set; }
    public List<OpportunityLine> Lines { get; } = [];
    public List<OpportunityContact> Contacts { get; } = [];
    public List<StageChange> StageHistory { get; } = [];

    public static readonly Refusal ReasonMissing = new("opportunity.reason-missing", Field: nameof(OutcomeReason));

    /// <summary>Moves to a stage and records how long the last one took.</summary>
    /// <param name="reason">Needed for a lost stage unless one is on record.</param>
    /// <returns>Null once moved; staying in the same stage moves nothing.</returns>
    public Refusal? MoveTo(SalesStage stage, string? reason, DateTimeOffset now, long personId, long changeId)
    {
        if (stage.Id == StageId && StageSince != default) { return null; }
        if (stage.Kind is StageKind.Lost && string.IsNullOrWhiteSpace(reason) && string.IsNullOrWhiteSpace(OutcomeReason)) { return ReasonMissing; }
        Enter(stage, reason, now, personId, changeId);
        return null;
    }

    /// <summary>Sets the stage as history tells it, without asking for reasons: for imports and the first stage.</summary>
    public void Enter(SalesStage stage, string? reason, DateTimeOffset now, long personId, long changeId)
    {
        StageHistory.Add(new StageChange
        {
            Id = changeId, OpportunityId = Id, FromStageId = StageHistory.Count == 0 && StageSince == default ? null : StageId, ToStageId = stage.Id, At = now, PersonId = personId,
        });
        (StageId, Outcome, Probability, StageSince) = (stage.Id, stage.Kind, stage.Probability, now);
        ClosedAt = stage.Kind is StageKind.Open ? null : now;
        if (stage.Kind is StageKind.Open) { OutcomeReason = null; }
        else if (!string.IsNullOrWhiteSpace(reason)) { OutcomeReason = reason.Trim(); }
    }

    /// <summary>Whose stories tell of it: the customer's and, beside it, the partner's; the partner's alone where no customer is known yet.</summary>
    internal static (long? Company, long? Partner) StoriesOf(long? customer, long? partner) => (customer ?? partner, customer is null || customer == partner ? null : partner);

    string ISearchable.SearchText => string.Join(' ', Title, Number, CustomerName);
    long? IOnTimeline.TimelineCompanyId => StoriesOf(CustomerId, PartnerId).Company;
    long? IOnTimeline.TimelinePartnerId => StoriesOf(CustomerId, PartnerId).Partner;
    string IOnTimeline.TimelineTitle => Title;
}

/// <summary>The companies that an opportunity names, each in a role of its own.</summary>
internal readonly record struct OpportunityCompanies(long? CustomerId, long? PartnerId, long? CompetitorId)
{
    public static OpportunityCompanies Of(Opportunity opportunity) => new(opportunity.CustomerId, opportunity.PartnerId, opportunity.CompetitorId);

    /// <summary>Those that the opportunity does not name so already: what it has is not asked again, a partner that is one no longer stays on record.</summary>
    public long[] New(OpportunityCompanies before) => [.. new[] { (CustomerId, before.CustomerId), (PartnerId, before.PartnerId), (CompetitorId, before.CompetitorId) }
        .Where(x => x.Item1 is not null && x.Item1 != x.Item2).Select(x => x.Item1!.Value).Distinct()];

    /// <param name="known">At least the <see cref="New"/> ones, as far as they are to be seen.</param>
    public Refusal? Check(OpportunityCompanies before, IReadOnlyDictionary<long, CompanyInRoles> known)
    {
        if (CustomerId != before.CustomerId && CustomerId is { } customer && !known.ContainsKey(customer)) { return SalesRefusals.CustomerUnknown; }
        if (PartnerId != before.PartnerId && PartnerId is { } partner && known.GetValueOrDefault(partner) is not { IsPartner: true }) { return SalesRefusals.PartnerUnknown; }
        return CompetitorId != before.CompetitorId && CompetitorId is { } competitor && known.GetValueOrDefault(competitor) is not { IsCompetitor: true } ? SalesRefusals.CompetitorUnknown : null;
    }
}

/// <summary>What would be sold.</summary>
public sealed class OpportunityLine
{
    public const decimal LargestQuantity = 9_999_999_999m;
    /// <summary>What is less would be stored as nothing.</summary>
    public const decimal LeastQuantity = 0.0001m;

    public required long Id { get; init; }
    public required long OpportunityId { get; init; }
    public required long ProductId { get; set; }
    /// <summary>In the product's unit.</summary>
    public required decimal Quantity { get; set; }
    /// <summary>In the opportunity's currency.</summary>
    public required decimal UnitPrice { get; set; }
    /// <summary>Quantity times price, worked out here and stored: engines do not multiply amounts.</summary>
    public decimal LineTotal { get; private set; }
    /// <summary>When wanted; null: at the close date.</summary>
    public DateOnly? WantedOn { get; set; }

    /// <summary>Quantity and price are rounded to what is stored, so that the total is theirs.</summary>
    public static OpportunityLine Of(long id, long opportunityId, long productId, decimal quantity, decimal unitPrice, DateOnly? wantedOn = null)
    {
        var line = new OpportunityLine { Id = id, OpportunityId = opportunityId, ProductId = productId, Quantity = quantity, UnitPrice = unitPrice, WantedOn = wantedOn };
        line.Price(quantity, unitPrice);
        return line;
    }

    public void Price(decimal quantity, decimal unitPrice)
    {
        (Quantity, UnitPrice) = (Money.Round(quantity), Money.Round(unitPrice));
        LineTotal = Money.Round(Quantity * UnitPrice);
    }
}

public sealed class OpportunityContact
{
    public required long OpportunityId { get; init; }
    public required long ContactId { get; init; }
    /// <summary>The part played in the buying decision: decision maker, user, influencer.</summary>
    public string? Part { get; set; }
}

/// <summary>One move along the pipeline; the time in a stage is the distance to the next.</summary>
public sealed class StageChange
{
    public required long Id { get; init; }
    public required long OpportunityId { get; init; }
    public long? FromStageId { get; init; }
    public required long ToStageId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required long PersonId { get; init; }
}

/// <summary>
/// An opportunity as far as a partner reads it that sees it in full; others do not find it here. Internal notes, a probability set by hand, the competitor, contacts
/// and other partners have no place in this type. Read only.
/// </summary>
public sealed class OpportunityInFull : ISearchable, IOpportunityColumns
{
    public required long Id { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required string CustomerName { get; init; }
    public required string OwnerName { get; init; }
    public required long StageId { get; init; }
    public SalesStage? Stage { get; private set; }
    public required StageKind Outcome { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }
    public required DateOnly? CloseDate { get; init; }
    public required DateOnly OpenedOn { get; init; }
    public required string? NextStep { get; init; }
    public required DateOnly? NextStepOn { get; init; }
    public required string? Description { get; init; }

    internal long? OwnerId { get; init; }
    internal long? PartnerId { get; init; }
    internal long? TerritoryId { get; init; }
    long? IOpportunityColumns.OwnerId => OwnerId;
    long? IOpportunityColumns.PartnerId => PartnerId;
    long? IOpportunityColumns.TerritoryId => TerritoryId;
    string ISearchable.SearchText => string.Join(' ', Title, Number, CustomerName);
    static string? ISearchable.SearchedAs => nameof(Opportunity);
}
