using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Documents.Partner;

[Authorize(Policy = Permissions.PartnerDocuments)]
public sealed class IndexModel(PortalDbContext db, FolderTrees folders) : PageModel
{
    public static readonly ListDefinition<Document, DocumentForPartner> Definition = ListDefinition.Of<Document, DocumentForPartner, DocumentsText>("partner-documents", "document", DocumentQueries.ForPartner)
        .Row("/partner/documents/{id}")
        .Text("title", d => d.Title, sort: d => d.Title)
        .Text("folder", d => Seen.Of<DocumentFolder>().Where(f => f.Id == d.FolderId).Select(f => f.NameZh == "" ? f.Name : f.Name + " / " + f.NameZh).FirstOrDefault(), shown: false)
        .Number("version", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.VersionId).Select(v => (int?)v.Number).FirstOrDefault())
        .Date("valid-until", d => d.ValidUntil)
        .YesNo("receipt-required", d => d.ReceiptRequired)
        .Instant("confirmed-at", d => Seen.Of<DocumentReceipt>().Where(r => r.DocumentId == d.Id && r.VersionId == d.VersionId && r.Kind == ReceiptKind.Confirmed).OrderBy(r => r.Id).Select(r => (DateTimeOffset?)r.At).FirstOrDefault())
        .Instant("updated-at", d => d.UpdatedAt, sortable: true)
        .Search((db, words) => db.Documents.Matching(db, words))
        .Flag("to-confirm", d => d.ReceiptRequired && !Seen.Of<DocumentReceipt>().Any(r => r.DocumentId == d.Id && r.VersionId == d.VersionId && r.Kind == ReceiptKind.Confirmed))
        .LookUp("folder", d => d.FolderId, "folder")
        .DateRange("valid-until", d => d.ValidUntil)
        .OrderByDescending("updated-at")
        .WhenEmpty(new EmptyList("files", "document.partner.empty"));

    [BindProperty(SupportsGet = true)] public long? Folder { get; set; }
    public ListView List { get; private set; } = null!;
    public FolderTree Tree { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        if (!Request.WantsPart()) { Tree = await folders.ReadAsync(ct); }
        return List.Answer(this);
    }
}
