using System.Linq.Expressions;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

/// <summary>What a partner may read of a document. Owner, drafts and earlier versions have no place in this type.</summary>
/// <param name="VersionId">The version to read.</param>
public sealed record DocumentForPartner(
    long Id, string Title, string? Description, long? FolderId, DateOnly? ValidFrom, DateOnly? ValidUntil, bool ReceiptRequired, DateTimeOffset UpdatedAt, long? VersionId);

/// <summary>The version that a reader gets.</summary>
/// <param name="Size">Bytes.</param>
public sealed record VersionForPartner(long Id, int Number, string FileName, string ContentType, long Size, DateTimeOffset UploadedAt, string? Note);

/// <param name="Version">The current one; null before the first upload.</param>
/// <param name="HasAudience">Whether anybody is named who may read it.</param>
public sealed record DocumentForStaff(Document Document, DocumentFolder? Folder, string? OwnerName, DocumentVersion? Version, int Versions, bool HasAudience);

public sealed record VersionForStaff(long Id, int Number, string FileName, string ContentType, long Size, DateTimeOffset UploadedAt, string? UploadedBy, string? Note);

public static class DocumentQueries
{
    public static readonly Expression<Func<Document, DocumentForPartner>> ForPartner = d =>
        new(d.Id, d.Title, d.Description, d.FolderId, d.ValidFrom, d.ValidUntil, d.ReceiptRequired, d.UpdatedAt, d.CurrentVersionId);

    extension(PortalDbContext db)
    {
        /// <summary>One document with what its page shows besides.</summary>
        public IQueryable<DocumentForStaff> DocumentsForStaff(long id) =>
            from d in db.Documents
            join f in db.Folders on d.FolderId equals f.Id into folders
            from folder in folders.DefaultIfEmpty()
            join v in db.DocumentVersions on d.CurrentVersionId equals v.Id into versions
            from version in versions.DefaultIfEmpty()
            where d.Id == id
            select new DocumentForStaff(
                d, folder, db.People.Where(p => p.Id == d.OwnerId).Select(p => p.Name).FirstOrDefault(), version, db.DocumentVersions.Count(v => v.DocumentId == d.Id),
                db.Shares.Any(s => s.RecordClass == RecordClass.Document && s.RecordId == d.Id && s.Until > db.Now));

        /// <summary>Newest first.</summary>
        public IQueryable<VersionForStaff> VersionsForStaff(long documentId) => db.DocumentVersions.Where(v => v.DocumentId == documentId).OrderByDescending(v => v.Number)
            .Select(v => new VersionForStaff(v.Id, v.Number, v.FileName, v.ContentType, v.Size, v.UploadedAt, db.People.Where(p => p.Id == v.UploadedBy).Select(p => p.Name).FirstOrDefault(), v.Note));

        public IQueryable<VersionForPartner> VersionsForPartner(long documentId) => db.DocumentVersions.Where(v => v.DocumentId == documentId)
            .Select(v => new VersionForPartner(v.Id, v.Number, v.FileName, v.ContentType, v.Size, v.UploadedAt, v.Note));
    }
}
