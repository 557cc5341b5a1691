using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

/// <summary>Creates a document or changes what is said about one. Its files: <see cref="AddVersion"/>; its readers: shares of the class Document.</summary>
public sealed class SaveDocument(PortalDbContext db)
{
    /// <param name="Id">Null for a new document; it belongs to whoever makes it and starts as a draft.</param>
    /// <param name="Version">The version that the asker read.</param>
    public sealed record Request(
        long? Id, long? Version, string Title, string? Description = null, long? FolderId = null, DateOnly? ValidFrom = null, DateOnly? ValidUntil = null, bool ReceiptRequired = false);

    /// <param name="file">The first version of a new document; null to add it later.</param>
    /// <returns>The saved document, or one of <see cref="DocumentRefusals"/>.</returns>
    public async Task<Result<Document>> ExecuteAsync(Request request, NewFile? file, CancellationToken ct)
    {
        if (Check(request) is { } refusal) { return refusal; }
        var document = request.Id is { } id ? await db.Documents.AsTracking().FirstOrDefaultAsync(d => d.Id == id, ct) : null;
        if (request.Id is not null && document is null) { return DocumentRefusals.NotFound; }
        if (document is not null && request.Version is { } read && read != document.Version) { return DocumentRefusals.Changed; }
        if (request.FolderId is { } folder && !await db.Folders.AnyAsync(f => f.Id == folder, ct)) { return DocumentRefusals.FolderUnknown; }
        if (document is null)
        {
            document = new Document { Id = db.Ids.Next(), Title = request.Title, OwnerId = db.Scope.PersonId };
            db.Add(document);
            if (file is not null) { db.Add(AddVersion.Next(db, document, 1, file, note: null)); }
        }
        (document.Title, document.Description, document.FolderId) = (request.Title, Texts.OrNull(request.Description), request.FolderId);
        (document.ValidFrom, document.ValidUntil, document.ReceiptRequired) = (request.ValidFrom, request.ValidUntil, request.ReceiptRequired);
        document.UpdatedAt = db.Now;
        try
        {
            file?.Keep();
            await db.SaveChangesAsync(ct);
            return document;
        }
        catch (DbUpdateConcurrencyException)
        {
            return DocumentRefusals.Changed;
        }
    }

    /// <returns>What is wrong with the request in itself; null where nothing is.</returns>
    public static Refusal? Check(Request request) => request switch
    {
        _ when string.IsNullOrWhiteSpace(request.Title) => DocumentRefusals.TitleMissing,
        _ when request.Title.Trim().Length > Document.TitleLength => DocumentRefusals.TooLong(nameof(Document.Title), Document.TitleLength),
        _ when request.Description?.Trim().Length > Document.DescriptionLength => DocumentRefusals.TooLong(nameof(Document.Description), Document.DescriptionLength),
        _ when request.ValidFrom > request.ValidUntil => DocumentRefusals.ValidityBackwards,
        _ => null,
    };
}
