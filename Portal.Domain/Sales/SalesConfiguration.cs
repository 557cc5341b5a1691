using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Sales;

internal sealed class SalesStageConfiguration : IEntityTypeConfiguration<SalesStage>, ISight<SalesStage>
{
    public Sight<SalesStage> Sight => new() { PartnerAlways = (_, _) => true };

    public void Configure(EntityTypeBuilder<SalesStage> stage)
    {
        stage.ToTable("sales_stages");
        stage.Property(s => s.Code).HasMaxLength(SalesStage.CodeLength);
        stage.Property(s => s.Name).HasMaxLength(SalesStage.NameLength);
        stage.Property(s => s.NameZh).HasMaxLength(SalesStage.NameLength);
        stage.HasIndex(s => s.Code).IsUnique();
    }
}

/// <summary>The columns that decide who sees an opportunity, whatever else a type reads of it.</summary>
internal interface IOpportunityColumns
{
    long Id { get; }
    long? OwnerId { get; }
    long? PartnerId { get; }
    long? TerritoryId { get; }
}

internal static class OpportunitySight
{
    /// <summary>Staff by reach over owner and territory; the partner it is registered on; everybody else by a share.</summary>
    public static Sight<T> In<T>(FieldSet fields) where T : class, IOpportunityColumns => new()
    {
        Class = RecordClass.Opportunity,
        Fields = fields,
        Id = opportunity => opportunity.Id,
        Owner = opportunity => opportunity.OwnerId,
        Territory = opportunity => opportunity.TerritoryId,
        PartnerRules =
        [
            new(Relationship.RegisteredOn, (opportunity, _, asker) => opportunity.PartnerId == asker,
                (opportunity, db) => db.Companies.Where(c => c.Id == opportunity.PartnerId).Select(c => c.Id)),
        ],
    };
}

internal sealed class OpportunityInFullConfiguration : IEntityTypeConfiguration<OpportunityInFull>, ISight<OpportunityInFull>
{
    public Sight<OpportunityInFull> Sight => OpportunitySight.In<OpportunityInFull>(FieldSet.Full);

    public void Configure(EntityTypeBuilder<OpportunityInFull> opportunity)
    {
        opportunity.ToView("opportunities");
        opportunity.Property(o => o.OwnerId);
        opportunity.Property(o => o.PartnerId);
        opportunity.Property(o => o.TerritoryId);
        opportunity.HasOne(o => o.Stage).WithMany().HasForeignKey(o => o.StageId);
    }
}

internal sealed class OpportunityConfiguration : IEntityTypeConfiguration<Opportunity>, ISight<Opportunity>
{
    public Sight<Opportunity> Sight => OpportunitySight.In<Opportunity>(FieldSet.Summary);

    public void Configure(EntityTypeBuilder<Opportunity> opportunity)
    {
        opportunity.ToTable("opportunities");
        opportunity.Property(o => o.Number).HasMaxLength(40);
        opportunity.Property(o => o.Title).HasMaxLength(200);
        opportunity.Property(o => o.CustomerName).HasMaxLength(160);
        opportunity.Property(o => o.OwnerName).HasMaxLength(160);
        opportunity.Property(o => o.Currency).HasMaxLength(3);
        opportunity.Property(o => o.Source).HasMaxLength(60);
        opportunity.Property(o => o.NextStep).HasMaxLength(200);
        opportunity.Property(o => o.OutcomeReason).HasMaxLength(400);
        opportunity.Property(o => o.Description).HasMaxLength(4000);
        opportunity.Property(o => o.InternalNotes).HasMaxLength(4000);
        opportunity.HasIndex(o => o.Number).IsUnique();
        opportunity.HasIndex(o => new { o.PartnerId, o.StageId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.PartnerId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.OwnerId, o.StageId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.OwnerId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.TerritoryId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.StageId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.Amount, o.Id });
        opportunity.HasIndex(o => new { o.Title, o.Id });
        opportunity.HasIndex(o => new { o.CustomerName, o.Id });
        opportunity.HasIndex(o => new { o.CustomerId, o.CloseDate, o.Id });
        opportunity.HasIndex(o => new { o.Outcome, o.CloseDate, o.Id });
        opportunity.HasOne<Company>().WithMany().HasForeignKey(o => o.CustomerId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<Company>().WithMany().HasForeignKey(o => o.PartnerId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<Company>().WithMany().HasForeignKey(o => o.CompetitorId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<Person>().WithMany().HasForeignKey(o => o.OwnerId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<Territory>().WithMany().HasForeignKey(o => o.TerritoryId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne(o => o.Stage).WithMany().HasForeignKey(o => o.StageId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OpportunityId);
        opportunity.HasMany(o => o.Contacts).WithOne().HasForeignKey(c => c.OpportunityId);
        opportunity.HasMany(o => o.StageHistory).WithOne().HasForeignKey(c => c.OpportunityId);
    }
}

internal sealed class OpportunityLineConfiguration : IEntityTypeConfiguration<OpportunityLine>, ISight<OpportunityLine>
{
    /// <summary>Lines are part of the full field set, inside the house too.</summary>
    public Sight<OpportunityLine> Sight => new()
    {
        PartnerAlways = (line, db) => db.SeenIn<Opportunity>(FieldSet.Full).Any(o => o.Id == line.OpportunityId),
        Staff = (line, db) => db.SeenIn<Opportunity>(FieldSet.Full).Any(o => o.Id == line.OpportunityId),
    };

    public void Configure(EntityTypeBuilder<OpportunityLine> line)
    {
        line.ToTable("opportunity_lines");
        line.Property(l => l.Id).ValueGeneratedNever();
        line.HasIndex(l => new { l.OpportunityId, l.Id });
        line.HasIndex(l => l.ProductId);
        line.HasOne<Product>().WithMany().HasForeignKey(l => l.ProductId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class OpportunityContactConfiguration : IEntityTypeConfiguration<OpportunityContact>, ISight<OpportunityContact>
{
    public Sight<OpportunityContact> Sight => new() { Staff = (contact, db) => db.SeenIn<Opportunity>(FieldSet.Full).Any(o => o.Id == contact.OpportunityId) };

    public void Configure(EntityTypeBuilder<OpportunityContact> contact)
    {
        contact.ToTable("opportunity_contacts");
        contact.HasKey(c => new { c.OpportunityId, c.ContactId });
        contact.Property(c => c.Part).HasMaxLength(40);
        contact.HasOne<Contact>().WithMany().HasForeignKey(c => c.ContactId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class StageChangeConfiguration : IEntityTypeConfiguration<StageChange>, ISight<StageChange>
{
    public Sight<StageChange> Sight => new()
    {
        PartnerAlways = (change, db) => db.SeenIn<Opportunity>(FieldSet.Full).Any(o => o.Id == change.OpportunityId),
        Staff = (change, db) => db.SeenIn<Opportunity>(FieldSet.Full).Any(o => o.Id == change.OpportunityId),
    };

    public void Configure(EntityTypeBuilder<StageChange> change)
    {
        change.ToTable("stage_changes");
        change.Property(c => c.Id).ValueGeneratedNever();
        change.HasIndex(c => new { c.OpportunityId, c.Id });
    }
}
