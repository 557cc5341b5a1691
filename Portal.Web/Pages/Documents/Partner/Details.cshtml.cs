using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Documents.Partner;

[Authorize(Policy = Permissions.PartnerDocuments), About<Document>]
public sealed class DetailsModel(PortalDbContext db, RecordReceipt receipts, IStringLocalizer<DocumentsText> text) : PageModel
{
    public DocumentForPartner Document { get; private set; } = null!;
    public VersionForPartner Version { get; private set; } = null!;
    /// <summary>Who of the reader's company confirmed this version, first to last.</summary>
    public IReadOnlyList<(long PersonId, string Name, DateTimeOffset At)> Confirmed { get; private set; } = [];
    public bool HasConfirmed => Confirmed.Any(c => c.PersonId == Viewer.Of(HttpContext).PersonId);

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct) => await LoadAsync(id, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostConfirmAsync(long id, long versionId, CancellationToken ct)
    {
        var refusal = await receipts.ConfirmAsync(id, versionId, ct);
        if (refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (refusal is not null)
        {
            refusal.AddTo(ModelState, text, prefix: "");
            return await LoadAsync(id, ct) ? Page() : NotFound();
        }
        this.Toast(text["receipt.confirmed"]);
        return RedirectToPage(new { id });
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await db.Documents.Where(d => d.Id == id).Select(DocumentQueries.ForPartner).FirstOrDefaultAsync(ct) is not { } document) { return false; }
        if (await db.VersionsForPartner(id).FirstOrDefaultAsync(ct) is not { } version) { return false; }
        (Document, Version) = (document, version);
        Confirmed = [.. (await db.DocumentReceipts.Where(r => r.DocumentId == id && r.VersionId == version.Id && r.Kind == ReceiptKind.Confirmed).OrderBy(r => r.Id)
            .Select(r => new { r.PersonId, r.PersonName, r.At }).Take(50).ToListAsync(ct)).Select(r => (r.PersonId, r.PersonName, r.At))];
        return true;
    }
}
