using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;

namespace Portal.Domain.Persistence;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>, ISight<AuditEntry>
{
    public Sight<AuditEntry> Sight => new() { Staff = (_, db) => db.Scope.May(Permissions.ViewAudit) };

    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_entries");
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.PersonName).HasMaxLength(160);
        entry.Property(e => e.Through).HasMaxLength(160);
        entry.Property(e => e.Entity).HasMaxLength(60);
        entry.Property(e => e.Action).HasMaxLength(40);
        entry.HasIndex(e => new { e.RecordId, e.Id });
        entry.HasIndex(e => new { e.PersonId, e.Id });
        entry.HasIndex(e => new { e.Entity, e.Id });
    }
}

internal sealed class SearchEntryConfiguration : IEntityTypeConfiguration<SearchEntry>, ISight<SearchEntry>
{
    /// <summary>Holds no words to show and is only asked for ids inside a scoped query.</summary>
    public Sight<SearchEntry> Sight => new() { PartnerAlways = (_, _) => true };

    public void Configure(EntityTypeBuilder<SearchEntry> entry)
    {
        entry.ToTable("search_entries");
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.Entity).HasMaxLength(40);
        entry.Property(e => e.Text).HasMaxLength(400);
    }
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>, ISight<IdempotencyKey>
{
    public Sight<IdempotencyKey> Sight => new()
    {
        PartnerAlways = (key, db) => key.PersonId == db.Scope.PersonId,
        Staff = (key, db) => key.PersonId == db.Scope.PersonId,
    };

    public void Configure(EntityTypeBuilder<IdempotencyKey> key)
    {
        key.ToTable("idempotency_keys");
        key.HasKey(k => new { k.PersonId, k.Key });
        key.Property(k => k.Key).HasMaxLength(64);
        key.Property(k => k.Location).HasMaxLength(1000);
        key.HasIndex(k => k.At);
    }
}

internal sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>, ISight<SavedView>
{
    public Sight<SavedView> Sight => new()
    {
        PartnerAlways = (view, db) => view.PersonId == db.Scope.PersonId,
        Staff = (view, db) => view.PersonId == db.Scope.PersonId || view.Shared && db.People.Any(p => p.Id == view.PersonId && p.CompanyId == null),
    };

    public void Configure(EntityTypeBuilder<SavedView> view)
    {
        view.ToTable("saved_views");
        view.Property(v => v.List).HasMaxLength(60);
        view.Property(v => v.Name).HasMaxLength(80);
        view.Property(v => v.Query).HasMaxLength(2000);
        view.HasIndex(v => new { v.List, v.PersonId, v.Name }).IsUnique();
        view.HasOne<Person>().WithMany().HasForeignKey(v => v.PersonId);
    }
}

internal sealed class BulkChangeConfiguration : IEntityTypeConfiguration<BulkChange>, ISight<BulkChange>
{
    public Sight<BulkChange> Sight => new()
    {
        PartnerAlways = (change, db) => change.PersonId == db.Scope.PersonId,
        Staff = (change, db) => change.PersonId == db.Scope.PersonId,
    };

    public void Configure(EntityTypeBuilder<BulkChange> change)
    {
        change.ToTable("bulk_changes");
        change.Property(c => c.Entity).HasMaxLength(60);
        change.Property(c => c.Field).HasMaxLength(60);
        change.HasIndex(c => new { c.PersonId, c.Id });
    }
}

internal sealed class JobConfiguration : IEntityTypeConfiguration<Job>, ISight<Job>
{
    /// <summary>The one who asked, nobody else.</summary>
    public Sight<Job> Sight => new()
    {
        PartnerAlways = (job, db) => job.PersonId == db.Scope.PersonId,
        Staff = (job, db) => job.PersonId == db.Scope.PersonId,
    };

    public void Configure(EntityTypeBuilder<Job> job)
    {
        job.ToTable("jobs");
        job.Property(j => j.Kind).HasMaxLength(40);
        job.Property(j => j.Title).HasMaxLength(200);
        job.Property(j => j.ResultFile).HasMaxLength(100);
        job.Property(j => j.ResultName).HasMaxLength(200);
        job.Property(j => j.ResultType).HasMaxLength(100);
        job.HasIndex(j => new { j.PersonId, j.Id });
        job.HasIndex(j => new { j.State, j.Id });
    }
}
