using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

internal sealed class PersonConfiguration : IEntityTypeConfiguration<Person>, ISight<Person>
{
    /// <summary>Staff see everybody; a partner's people see their own company's.</summary>
    public Sight<Person> Sight => new() { PartnerAlways = (person, db) => person.CompanyId == db.Scope.CompanyId };

    public void Configure(EntityTypeBuilder<Person> person)
    {
        person.ToTable("people");
        person.Property(p => p.Name).HasMaxLength(160);
        person.Property(p => p.Email).HasMaxLength(254);
        person.Property(p => p.Issuer).HasMaxLength(200);
        person.Property(p => p.Subject).HasMaxLength(255);
        person.Property(p => p.JobTitle).HasMaxLength(120);
        person.Property(p => p.Phone).HasMaxLength(40);
        person.Property(p => p.Language).HasMaxLength(12);
        person.Property(p => p.TimeZone).HasMaxLength(64);
        person.HasIndex(p => p.Email).IsUnique();
        person.HasIndex(p => new { p.Issuer, p.Subject }).IsUnique();
        person.HasIndex(p => new { p.CompanyId, p.Name, p.Id });
        person.HasIndex(p => new { p.Name, p.Id });
        person.HasIndex(p => p.TeamId);
        person.HasOne<Companies.Company>().WithMany().HasForeignKey(p => p.CompanyId).OnDelete(DeleteBehavior.Restrict);
        person.HasOne<Team>().WithMany().HasForeignKey(p => p.TeamId).OnDelete(DeleteBehavior.Restrict);
        person.HasMany(p => p.Functions).WithOne().HasForeignKey(f => f.PersonId);
        person.HasMany(p => p.Territories).WithOne().HasForeignKey(t => t.PersonId);
    }
}

internal sealed class PersonFunctionConfiguration : IEntityTypeConfiguration<PersonFunction>, ISight<PersonFunction>
{
    public Sight<PersonFunction> Sight => new() { PartnerAlways = (function, db) => db.People.Any(p => p.Id == function.PersonId) };

    public void Configure(EntityTypeBuilder<PersonFunction> function)
    {
        function.ToTable("person_functions");
        function.HasKey(f => new { f.PersonId, f.Function });
        function.Property(f => f.Function).HasMaxLength(40);
    }
}

internal sealed class PersonTerritoryConfiguration : IEntityTypeConfiguration<PersonTerritory>, ISight<PersonTerritory>
{
    public Sight<PersonTerritory> Sight => new();

    public void Configure(EntityTypeBuilder<PersonTerritory> territory)
    {
        territory.ToTable("person_territories");
        territory.HasKey(t => new { t.PersonId, t.TerritoryId });
        territory.HasOne<Companies.Territory>().WithMany().HasForeignKey(t => t.TerritoryId);
    }
}

internal sealed class TeamConfiguration : IEntityTypeConfiguration<Team>, ISight<Team>
{
    public Sight<Team> Sight => new();

    public void Configure(EntityTypeBuilder<Team> team)
    {
        team.ToTable("teams");
        team.Property(t => t.Name).HasMaxLength(Team.NameLength);
        team.HasIndex(t => t.Name).IsUnique();
    }
}

internal sealed class AccessMarkConfiguration : IEntityTypeConfiguration<AccessMark>, ISight<AccessMark>
{
    /// <summary>Read while a scope is built, and by nobody.</summary>
    public Sight<AccessMark> Sight => new() { Staff = (_, _) => false };

    public void Configure(EntityTypeBuilder<AccessMark> mark)
    {
        mark.ToTable("access_marks");
        mark.Property(m => m.Id).ValueGeneratedNever();
        mark.HasData(new AccessMark());
    }
}

internal sealed class SupportViewConfiguration : IEntityTypeConfiguration<SupportView>, ISight<SupportView>
{
    /// <summary>Whoever looked, the house's auditors, and the administrators of the company that was looked at.</summary>
    public Sight<SupportView> Sight => new()
    {
        PartnerAlways = (view, db) => view.CompanyId == db.Scope.CompanyId && db.Scope.May(Permissions.ManagePartnerPeople),
        Staff = (view, db) => view.ViewerId == db.Scope.PersonId || db.Scope.May(Permissions.ViewAudit),
    };

    public void Configure(EntityTypeBuilder<SupportView> view)
    {
        view.ToTable("support_views");
        view.Property(v => v.ViewerName).HasMaxLength(160);
        view.Property(v => v.PersonName).HasMaxLength(160);
        view.Property(v => v.Reason).HasMaxLength(ViewAsPerson.LongestReason);
        view.HasIndex(v => new { v.CompanyId, v.StartedAt, v.Id });
        view.HasIndex(v => new { v.ViewerId, v.Until });
        view.HasIndex(v => new { v.StartedAt, v.Id });
        view.HasOne<Person>().WithMany().HasForeignKey(v => v.ViewerId).OnDelete(DeleteBehavior.Restrict);
        view.HasOne<Person>().WithMany().HasForeignKey(v => v.PersonId).OnDelete(DeleteBehavior.Restrict);
        view.HasOne<Companies.Company>().WithMany().HasForeignKey(v => v.CompanyId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class AccessGrantConfiguration : IEntityTypeConfiguration<AccessGrant>, ISight<AccessGrant>
{
    /// <summary>The rules themselves are staff's business.</summary>
    public Sight<AccessGrant> Sight => new();

    public void Configure(EntityTypeBuilder<AccessGrant> grant)
    {
        grant.ToTable("access_grants");
        grant.Property(g => g.Key).HasMaxLength(80);
        grant.Property(g => g.Reason).HasMaxLength(400);
        grant.HasIndex(g => new { g.Key, g.Until });
    }
}

internal sealed class ShareConfiguration : IEntityTypeConfiguration<Share>, ISight<Share>
{
    /// <summary>Partners meet only what is addressed to them.</summary>
    public Sight<Share> Sight => new() { PartnerAlways = (share, db) => db.Scope.Keys.Contains(share.Key) };

    public void Configure(EntityTypeBuilder<Share> share)
    {
        share.ToTable("shares");
        share.Property(s => s.Key).HasMaxLength(80);
        share.Property(s => s.Reason).HasMaxLength(400);
        share.HasIndex(s => new { s.RecordClass, s.Key, s.Until, s.RecordId, s.Fields });
        share.HasIndex(s => new { s.RecordId, s.RecordClass });
    }
}
