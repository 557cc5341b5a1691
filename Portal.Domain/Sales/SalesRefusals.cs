using Portal.Domain.Common;

namespace Portal.Domain.Sales;

/// <summary>Why something was not done with an opportunity.</summary>
public static class SalesRefusals
{
    public static readonly Refusal NotFound = new("opportunity.not-found", RefusalKind.NotFound);
    /// <summary>Shared with the asker to read only.</summary>
    public static readonly Refusal ReadOnly = new("opportunity.read-only");
    /// <summary>Won or lost; a partner's person does not open it again.</summary>
    public static readonly Refusal Closed = new("opportunity.closed");
    /// <summary>Somebody saved it since it was opened.</summary>
    public static readonly Refusal ChangedMeanwhile = new("opportunity.changed", RefusalKind.Conflict);
    public static readonly Refusal TitleMissing = new("opportunity.title-missing", Field: nameof(OpportunityDraft.Title));
    public static readonly Refusal CustomerUnknown = new("opportunity.customer-unknown", Field: nameof(OpportunityDraft.CustomerId));
    public static readonly Refusal OwnerUnknown = new("opportunity.owner-unknown", Field: nameof(OpportunityDraft.OwnerId));
    /// <summary>The asker would not see the opportunity afterwards.</summary>
    public static readonly Refusal OwnerOutOfReach = new("opportunity.owner-out-of-reach", Field: nameof(OpportunityDraft.OwnerId));
    public static readonly Refusal PartnerUnknown = new("opportunity.partner-unknown", Field: nameof(OpportunityDraft.PartnerId));
    public static readonly Refusal TerritoryUnknown = new("opportunity.territory-unknown", Field: nameof(OpportunityDraft.TerritoryId));
    public static readonly Refusal CompetitorUnknown = new("opportunity.competitor-unknown", Field: nameof(OpportunityDraft.CompetitorId));
    public static readonly Refusal ContactUnknown = new("opportunity.contact-unknown", Field: nameof(OpportunityDraft.Contacts));
    public static readonly Refusal StageUnknown = new("opportunity.stage-unknown", Field: nameof(Opportunity.StageId));
    public static readonly Refusal CurrencyUnknown = new("opportunity.currency-unknown", Field: nameof(OpportunityDraft.Currency));
    public static readonly Refusal AmountOutOfRange = new("opportunity.amount-out-of-range", Field: nameof(OpportunityDraft.Amount), Values: [Opportunity.LargestAmount]);
    public static readonly Refusal ProbabilityOutOfRange = new("opportunity.probability-out-of-range", Field: nameof(OpportunityDraft.Probability));
    /// <summary>A line that is not, or no longer, on this opportunity.</summary>
    public static readonly Refusal LineUnknown = new("opportunity.line-unknown", RefusalKind.Conflict, nameof(OpportunityDraft.Lines));
    /// <summary>Lost needs a reason.</summary>
    public static readonly Refusal ReasonMissing = Opportunity.ReasonMissing;

    public static readonly Refusal CommentEmpty = new("comment.empty", Field: nameof(AddComment.Request.Body));
    public static readonly Refusal CommentNotAllowed = new("comment.not-allowed");
    /// <summary>The comment that is answered is not there, or not to be seen.</summary>
    public static readonly Refusal CommentUnknown = new("comment.unknown", RefusalKind.NotFound);

    public static readonly Refusal BulkEmpty = new("opportunity.bulk-empty");
    /// <summary>The list holds what is not there or not to be seen; nothing was changed.</summary>
    public static readonly Refusal BulkNotAllSeen = new("opportunity.bulk-not-all-seen", RefusalKind.NotFound);
    /// <summary>Afterwards the asker would no longer see some of them, and could not take the change back.</summary>
    public static readonly Refusal BulkOutOfReach = new("opportunity.bulk-out-of-reach");
    public static readonly Refusal NothingToUndo = new("opportunity.nothing-to-undo");

    public static Refusal TooLong(string field, int most) => new("opportunity.too-long", Field: field, Values: [most]);
    public static Refusal TooManyLines(int most) => new("opportunity.too-many-lines", Field: nameof(OpportunityDraft.Lines), Values: [most]);
    public static Refusal LineProductUnknown(int line) => new("opportunity.line-product-unknown", Field: $"Lines[{line}].ProductId", Values: [line + 1]);
    public static Refusal LineQuantityOutOfRange(int line) => new("opportunity.line-quantity-out-of-range", Field: $"Lines[{line}].Quantity", Values: [line + 1, OpportunityLine.LargestQuantity]);
    public static Refusal LinePriceOutOfRange(int line) => new("opportunity.line-price-out-of-range", Field: $"Lines[{line}].UnitPrice", Values: [line + 1]);
    public static Refusal BulkTooMany(int most) => new("opportunity.bulk-too-many", Values: [most]);
    public static Refusal CommentTooLong(int most) => new("comment.too-long", Field: nameof(AddComment.Request.Body), Values: [most]);
}
