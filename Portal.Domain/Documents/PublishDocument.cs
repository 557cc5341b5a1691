using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Documents;

/// <summary>Puts a document before its audience, or takes it away again.</summary>
public sealed class PublishDocument(PortalDbContext db)
{
    /// <returns>Null once published, or one of <see cref="DocumentRefusals"/>.</returns>
    public Task<Refusal?> PublishAsync(long id, CancellationToken ct) => ActAsync(id, document => document.Publish(db.Today), ct);

    /// <returns>Null once withdrawn, or one of <see cref="DocumentRefusals"/>. Shares stay as they are: published again, it has the same audience.</returns>
    public Task<Refusal?> WithdrawAsync(long id, CancellationToken ct) => ActAsync(id, document => document.Withdraw(), ct);

    private async Task<Refusal?> ActAsync(long id, Func<Document, Refusal?> act, CancellationToken ct)
    {
        if (await db.Documents.AsTracking().FirstOrDefaultAsync(d => d.Id == id, ct) is not { } document) { return DocumentRefusals.NotFound; }
        if (act(document) is { } refusal) { return refusal; }
        document.UpdatedAt = db.Now;
        try
        {
            await db.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return DocumentRefusals.Changed;
        }
    }
}
