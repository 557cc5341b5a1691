using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

/// <summary>Writes down that a partner's person took or confirmed the current version: once per person, version and kind. The house's own people leave no receipts.</summary>
public sealed class RecordReceipt(PortalDbContext db)
{
    /// <summary>Does nothing where it is on record already.</summary>
    public async Task DownloadedAsync(DocumentVersion version, CancellationToken ct)
    {
        if (db.Scope.CompanyId != 0) { await WriteAsync(version.DocumentId, version.Id, ReceiptKind.Downloaded, ct); }
    }

    /// <param name="versionId">The version that the reader had before the eyes.</param>
    /// <returns>Null once confirmed, also where it was before; otherwise one of <see cref="DocumentRefusals"/>.</returns>
    public async Task<Refusal?> ConfirmAsync(long documentId, long versionId, CancellationToken ct)
    {
        if (await db.Documents.FirstOrDefaultAsync(d => d.Id == documentId, ct) is not { } document) { return DocumentRefusals.NotFound; }
        if (!document.ReceiptRequired) { return DocumentRefusals.NoReceiptAsked; }
        if (document.CurrentVersionId != versionId) { return DocumentRefusals.NewerVersion; }
        await WriteAsync(documentId, versionId, ReceiptKind.Confirmed, ct);
        return null;
    }

    private async Task WriteAsync(long documentId, long versionId, ReceiptKind kind, CancellationToken ct)
    {
        var person = db.Scope.PersonId;
        if (await db.DocumentReceipts.AnyAsync(r => r.PersonId == person && r.DocumentId == documentId && r.Kind == kind && r.VersionId == versionId, ct)) { return; }
        db.Add(new DocumentReceipt
        {
            Id = db.Ids.Next(), DocumentId = documentId, VersionId = versionId, PersonId = person, PersonName = db.Scope.PersonName, CompanyId = db.Scope.RequireCompany(), Kind = kind, At = db.Now,
        });
        // Two requests at once ask before either has written; the submission's key lets one of them through.
        db.IdempotencyKey = $"receipt:{kind}:{versionId}";
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DuplicateSubmissionException)
        {
            db.ChangeTracker.Clear();
        }
    }
}
