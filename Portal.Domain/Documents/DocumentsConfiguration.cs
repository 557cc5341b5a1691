using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

internal sealed class DocumentFolderConfiguration : IEntityTypeConfiguration<DocumentFolder>, ISight<DocumentFolder>
{
    /// <summary>A partner sees a folder in which it sees a document, so that names of others' folders tell nothing.</summary>
    public Sight<DocumentFolder> Sight => new() { PartnerAlways = (folder, db) => db.Documents.Any(d => d.FolderId == folder.Id) };

    public void Configure(EntityTypeBuilder<DocumentFolder> folder)
    {
        folder.ToTable("document_folders");
        folder.Property(f => f.Name).HasMaxLength(DocumentFolder.NameLength);
        folder.Property(f => f.NameZh).HasMaxLength(DocumentFolder.NameLength);
        folder.HasIndex(f => new { f.ParentId, f.Name }).IsUnique();
        folder.HasOne<DocumentFolder>().WithMany().HasForeignKey(f => f.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DocumentConfiguration : IEntityTypeConfiguration<Document>, ISight<Document>
{
    /// <summary>Partners by audience, which is shares, and only what is published and valid today.</summary>
    public Sight<Document> Sight => new()
    {
        Class = RecordClass.Document,
        Id = document => document.Id,
        Owner = document => document.OwnerId,
        PartnerOnlyWhen = (document, db) => document.Status == DocumentStatus.Published && document.CurrentVersionId != null
            && (document.ValidFrom == null || document.ValidFrom <= db.Today) && (document.ValidUntil == null || document.ValidUntil >= db.Today),
    };

    public void Configure(EntityTypeBuilder<Document> document)
    {
        document.ToTable("documents");
        document.Property(d => d.Title).HasMaxLength(Document.TitleLength);
        document.Property(d => d.Description).HasMaxLength(Document.DescriptionLength);
        document.HasIndex(d => new { d.FolderId, d.Title, d.Id });
        document.HasIndex(d => new { d.Title, d.Id });
        document.HasIndex(d => new { d.UpdatedAt, d.Id });
        document.HasIndex(d => new { d.Status, d.UpdatedAt, d.Id });
        document.HasOne<DocumentFolder>().WithMany().HasForeignKey(d => d.FolderId).OnDelete(DeleteBehavior.Restrict);
        document.HasOne<Person>().WithMany().HasForeignKey(d => d.OwnerId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DocumentVersionConfiguration : IEntityTypeConfiguration<DocumentVersion>, ISight<DocumentVersion>
{
    /// <summary>Readers outside get the current version only.</summary>
    public Sight<DocumentVersion> Sight => new()
    {
        PartnerAlways = (version, db) => db.Documents.Any(d => d.Id == version.DocumentId && d.CurrentVersionId == version.Id),
        Staff = (version, db) => db.Documents.Any(d => d.Id == version.DocumentId),
    };

    public void Configure(EntityTypeBuilder<DocumentVersion> version)
    {
        version.ToTable("document_versions");
        version.Property(v => v.Id).ValueGeneratedNever();
        version.Property(v => v.FileName).HasMaxLength(255);
        version.Property(v => v.ContentType).HasMaxLength(100);
        version.Property(v => v.Sha256).HasMaxLength(64);
        version.Property(v => v.Note).HasMaxLength(DocumentVersion.NoteLength);
        version.HasIndex(v => new { v.DocumentId, v.Number }).IsUnique();
        version.HasIndex(v => v.Sha256);
        version.HasOne<Document>().WithMany().HasForeignKey(v => v.DocumentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DocumentReceiptConfiguration : IEntityTypeConfiguration<DocumentReceipt>, ISight<DocumentReceipt>
{
    public Sight<DocumentReceipt> Sight => new() { PartnerAlways = (receipt, db) => receipt.CompanyId == db.Scope.CompanyId };

    public void Configure(EntityTypeBuilder<DocumentReceipt> receipt)
    {
        receipt.ToTable("document_receipts");
        receipt.Property(r => r.Id).ValueGeneratedNever();
        receipt.Property(r => r.PersonName).HasMaxLength(160);
        receipt.HasIndex(r => new { r.DocumentId, r.Id });
        receipt.HasIndex(r => new { r.CompanyId, r.Id });
        receipt.HasIndex(r => new { r.PersonId, r.DocumentId, r.Kind });
        receipt.HasOne<Document>().WithMany().HasForeignKey(r => r.DocumentId).OnDelete(DeleteBehavior.Restrict);
        receipt.HasOne<DocumentVersion>().WithMany().HasForeignKey(r => r.VersionId).OnDelete(DeleteBehavior.Restrict);
    }
}
