using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Domain.Companies;

internal sealed class CompanyConfiguration : IEntityTypeConfiguration<Company>, ISight<Company>
{
    /// <summary>A partner's people see their own company; customers they serve by grant; anything else by share. Staff by reach, which is all.</summary>
    public Sight<Company> Sight => new()
    {
        Class = RecordClass.Company,
        Id = company => company.Id,
        Owner = company => company.OwnerId,
        Territory = company => company.TerritoryId,
        PartnerCompany = company => company.Id,
        PartnerRules =
        [
            new(Relationship.RegisteredOn, (company, _, asker) => company.PartnerId == asker,
                (company, db) => db.Companies.Where(c => c.Id == company.PartnerId).Select(c => c.Id)),
        ],
    };

    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("companies");
        company.Property(c => c.Code).HasMaxLength(40);
        company.Property(c => c.Name).HasMaxLength(160);
        company.Property(c => c.LegalName).HasMaxLength(200);
        company.Property(c => c.TaxId).HasMaxLength(40);
        company.Property(c => c.RegistrationId).HasMaxLength(40);
        company.Property(c => c.WebDomain).HasMaxLength(253);
        company.Property(c => c.Industry).HasMaxLength(80);
        company.Property(c => c.Currency).HasMaxLength(3);
        company.Property(c => c.Country).HasMaxLength(2);
        company.Property(c => c.City).HasMaxLength(80);
        company.Property(c => c.Phone).HasMaxLength(40);
        company.Property(c => c.Email).HasMaxLength(254);
        company.Property(c => c.Region).HasMaxLength(40);
        company.Property(c => c.InternalNotes).HasMaxLength(4000);
        company.HasIndex(c => c.Code).IsUnique();
        company.HasIndex(c => new { c.Name, c.Id });
        company.HasIndex(c => new { c.PartnerId, c.Name, c.Id });
        company.HasIndex(c => new { c.OwnerId, c.Name, c.Id });
        company.HasIndex(c => new { c.TerritoryId, c.Name, c.Id });
        company.HasIndex(c => new { c.Status, c.Name, c.Id });
        company.HasIndex(c => new { c.Country, c.Name, c.Id });
        company.HasIndex(c => new { c.Industry, c.Name, c.Id });
        company.HasIndex(c => new { c.Tier, c.Name, c.Id });
        company.HasIndex(c => new { c.CreatedAt, c.Id });
        company.HasIndex(c => c.ParentId);
        company.HasIndex(c => new { c.Name, c.Id }, "IX_companies_customers").HasFilter("\"IsCustomer\"");
        company.HasIndex(c => new { c.Name, c.Id }, "IX_companies_suppliers").HasFilter("\"IsSupplier\"");
        company.HasIndex(c => new { c.Name, c.Id }, "IX_companies_distributors").HasFilter("\"IsDistributor\"");
        company.HasIndex(c => new { c.Name, c.Id }, "IX_companies_channel_partners").HasFilter("\"IsChannelPartner\"");
        company.HasIndex(c => new { c.Name, c.Id }, "IX_companies_competitors").HasFilter("\"IsCompetitor\"");
        company.HasOne<Company>().WithMany().HasForeignKey(c => c.ParentId).OnDelete(DeleteBehavior.Restrict);
        company.HasOne<Company>().WithMany().HasForeignKey(c => c.PartnerId).OnDelete(DeleteBehavior.Restrict);
        company.HasOne<Territory>().WithMany().HasForeignKey(c => c.TerritoryId).OnDelete(DeleteBehavior.Restrict);
        company.HasOne<Person>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SiteConfiguration : IEntityTypeConfiguration<Site>, ISight<Site>
{
    public Sight<Site> Sight => new() { PartnerAlways = (site, db) => site.CompanyId == db.Scope.CompanyId };

    public void Configure(EntityTypeBuilder<Site> site)
    {
        site.ToTable("sites");
        site.Property(s => s.Name).HasMaxLength(160);
        site.Property(s => s.Line1).HasMaxLength(200);
        site.Property(s => s.Line2).HasMaxLength(200);
        site.Property(s => s.City).HasMaxLength(80);
        site.Property(s => s.State).HasMaxLength(80);
        site.Property(s => s.PostalCode).HasMaxLength(20);
        site.Property(s => s.Country).HasMaxLength(2);
        site.Property(s => s.Phone).HasMaxLength(40);
        site.HasIndex(s => new { s.CompanyId, s.Id });
        site.HasOne<Company>().WithMany().HasForeignKey(s => s.CompanyId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ContactConfiguration : IEntityTypeConfiguration<Contact>, ISight<Contact>
{
    /// <summary>A partner's people see their own colleagues on record, no customer's.</summary>
    public Sight<Contact> Sight => new() { PartnerAlways = (contact, db) => contact.CompanyId == db.Scope.CompanyId };

    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.ToTable("contacts");
        contact.Ignore(c => c.FullName);
        contact.Property(c => c.Salutation).HasMaxLength(20);
        contact.Property(c => c.FirstName).HasMaxLength(80);
        contact.Property(c => c.LastName).HasMaxLength(80);
        contact.Property(c => c.JobTitle).HasMaxLength(120);
        contact.Property(c => c.Department).HasMaxLength(80);
        contact.Property(c => c.Email).HasMaxLength(254);
        contact.Property(c => c.Phone).HasMaxLength(40);
        contact.Property(c => c.Mobile).HasMaxLength(40);
        contact.Property(c => c.Language).HasMaxLength(12);
        contact.Property(c => c.Notes).HasMaxLength(4000);
        contact.HasIndex(c => new { c.CompanyId, c.LastName, c.Id });
        contact.HasIndex(c => new { c.LastName, c.FirstName, c.Id });
        contact.HasIndex(c => c.ManagerId);
        contact.HasIndex(c => c.Email);
        contact.HasOne<Company>().WithMany().HasForeignKey(c => c.CompanyId).OnDelete(DeleteBehavior.Restrict);
        contact.HasOne<Contact>().WithMany().HasForeignKey(c => c.ManagerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class TerritoryConfiguration : IEntityTypeConfiguration<Territory>, ISight<Territory>
{
    public Sight<Territory> Sight => new();

    public void Configure(EntityTypeBuilder<Territory> territory)
    {
        territory.ToTable("territories");
        territory.Property(t => t.Code).HasMaxLength(Territory.CodeLength);
        territory.Property(t => t.Name).HasMaxLength(Territory.NameLength);
        territory.Property(t => t.Region).HasMaxLength(Territory.RegionLength);
        territory.HasIndex(t => t.Code).IsUnique();
        territory.HasIndex(t => new { t.Name, t.Id });
        territory.HasOne<Territory>().WithMany().HasForeignKey(t => t.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class TimelineEntryConfiguration : IEntityTypeConfiguration<TimelineEntry>, ISight<TimelineEntry>
{
    /// <summary>The house's own memory. What tells of an opportunity is read by whoever sees the opportunity.</summary>
    public Sight<TimelineEntry> Sight => new() { Staff = (entry, db) => entry.RecordClass == null || db.Opportunities.Any(o => o.Id == entry.RecordId) };

    public void Configure(EntityTypeBuilder<TimelineEntry> entry)
    {
        entry.ToTable("timeline_entries");
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.PersonName).HasMaxLength(160);
        entry.Property(e => e.Kind).HasMaxLength(60);
        entry.Property(e => e.Title).HasMaxLength(240);
        entry.HasIndex(e => new { e.CompanyId, e.Id });
        entry.HasIndex(e => new { e.PartnerId, e.Id }).HasFilter("""
            "PartnerId" IS NOT NULL
            """);
        entry.HasIndex(e => new { e.RecordId, e.Id });
        entry.HasOne<Company>().WithMany().HasForeignKey(e => e.CompanyId).OnDelete(DeleteBehavior.Restrict);
        entry.HasOne<Company>().WithMany().HasForeignKey(e => e.PartnerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class CommentConfiguration : IEntityTypeConfiguration<Comment>, ISight<Comment>
{
    /// <summary>Reads as its record; internal words stay in the house.</summary>
    public Sight<Comment> Sight => new()
    {
        PartnerAlways = (comment, db) => !comment.Internal && comment.RecordClass == RecordClass.Opportunity && db.Opportunities.Any(o => o.Id == comment.RecordId),
        Staff = (comment, db) => comment.RecordClass != RecordClass.Opportunity || db.Opportunities.Any(o => o.Id == comment.RecordId),
    };

    public void Configure(EntityTypeBuilder<Comment> comment)
    {
        comment.ToTable("comments");
        comment.Property(c => c.AuthorName).HasMaxLength(160);
        comment.Property(c => c.Body).HasMaxLength(4000);
        comment.HasIndex(c => new { c.RecordId, c.Id });
        comment.HasOne<Comment>().WithMany().HasForeignKey(c => c.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}
