using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

/// <summary>Along what a line of totals adds up.</summary>
public enum TotalDimension
{
    /// <summary>Everything; key 0.</summary>
    House,
    /// <summary>Opportunities registered on the partner of the key.</summary>
    Partner,
    /// <summary>Opportunities of the owner of the key (0: nobody) in one territory (0: none).</summary>
    Owner,
}

/// <summary>
/// How many opportunities stand in a stage and what they are worth, kept by triggers of the database in the transaction of every write, whoever writes:
/// docs/decisions/totals-by-trigger.md.
/// </summary>
public sealed class OpportunityTotal
{
    public required TotalDimension Dimension { get; init; }
    public required long KeyId { get; init; }
    public required long TerritoryId { get; init; }
    public required long StageId { get; init; }
    public required string Currency { get; init; }
    public required long Count { get; init; }
    public required decimal Amount { get; init; }
}

internal sealed class OpportunityTotalConfiguration : IEntityTypeConfiguration<OpportunityTotal>, ISight<OpportunityTotal>
{
    /// <summary>As opportunities by their own columns. A sum tells amounts: a partner reads its own where it sees its registered opportunities in full.</summary>
    public Sight<OpportunityTotal> Sight => new()
    {
        PartnerAlways = (total, db) => total.Dimension == TotalDimension.Partner && total.KeyId == db.Scope.CompanyAs(RecordClass.Opportunity, Relationship.RegisteredOn, FieldSet.Full),
        Staff = (total, db) => db.Scope.ReachIn(RecordClass.Opportunity) == Reach.All
            || total.Dimension == TotalDimension.Owner && (db.Scope.OpportunityOwners().Contains(total.KeyId) || db.Scope.OpportunityTerritories().Contains(total.TerritoryId)),
    };

    public void Configure(EntityTypeBuilder<OpportunityTotal> total)
    {
        total.ToTable("opportunity_totals");
        total.HasKey(t => new { t.Dimension, t.KeyId, t.TerritoryId, t.StageId, t.Currency });
        total.Property(t => t.Currency).HasMaxLength(3);
        total.Property(t => t.Amount).HasPrecision(28, 4);
    }
}
