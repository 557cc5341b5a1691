using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

/// <summary>A file that was received and checked and waits to become a version.</summary>
/// <param name="FileName">Made safe: no path, no control or direction signs.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Keep">Puts the content in its place for good. Called right before its row is written, so that no row is without a file.</param>
public sealed record NewFile(string FileName, string ContentType, long Size, string Sha256, Action Keep);

/// <summary>Adds the next version of a document; readers get it at once where the document is published.</summary>
public sealed class AddVersion(PortalDbContext db)
{
    /// <param name="note">What is new in it; shown to readers.</param>
    /// <returns>The version, or one of <see cref="DocumentRefusals"/>. The same content as the current version is refused: receipts would be asked for nothing.</returns>
    public async Task<Result<DocumentVersion>> ExecuteAsync(long documentId, NewFile file, string? note, CancellationToken ct)
    {
        if (note?.Trim().Length > DocumentVersion.NoteLength) { return DocumentRefusals.TooLong(nameof(DocumentVersion.Note), DocumentVersion.NoteLength); }
        if (await db.Documents.AsTracking().FirstOrDefaultAsync(d => d.Id == documentId, ct) is not { } document) { return DocumentRefusals.NotFound; }
        var latest = await db.DocumentVersions.Where(v => v.DocumentId == documentId).OrderByDescending(v => v.Number).Select(v => new { v.Number, v.Sha256 }).FirstOrDefaultAsync(ct);
        if (latest?.Sha256 == file.Sha256) { return DocumentRefusals.SameFile; }
        var version = Next(db, document, (latest?.Number ?? 0) + 1, file, note);
        db.Add(version);
        document.UpdatedAt = db.Now;
        try
        {
            file.Keep();
            await db.SaveChangesAsync(ct);
            return version;
        }
        catch (DbUpdateConcurrencyException)
        {
            return DocumentRefusals.Changed;
        }
        catch (DbUpdateException e) when (db.Engine.IsUniqueViolation(e))
        {
            return DocumentRefusals.Changed;
        }
    }

    internal static DocumentVersion Next(PortalDbContext db, Document document, int number, NewFile file, string? note)
    {
        var version = new DocumentVersion
        {
            Id = db.Ids.Next(), DocumentId = document.Id, Number = number, FileName = file.FileName, ContentType = file.ContentType, Size = file.Size, Sha256 = file.Sha256,
            UploadedAt = db.Now, UploadedBy = db.Scope.PersonId, Note = Texts.OrNull(note),
        };
        document.CurrentVersionId = version.Id;
        return version;
    }
}
