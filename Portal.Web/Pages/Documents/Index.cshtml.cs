using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Documents;

[Authorize(Policy = Permissions.ViewDocuments)]
public sealed class IndexModel(PortalDbContext db, FolderTrees folders) : PageModel
{
    public static readonly ListDefinition<Document, Document> Definition = ListDefinition.Of<Document, DocumentsText>("documents", "document")
        .Row("/documents/{id}")
        .Text("title", d => d.Title, sort: d => d.Title)
        .Badge("status", d => d.Status, DocumentWords.Tone)
        .Link("folder", d => Seen.Of<DocumentFolder>().Where(f => f.Id == d.FolderId).Select(f => f.NameZh == "" ? f.Name : f.Name + " / " + f.NameZh).FirstOrDefault(), d => d.FolderId, "/documents?folder={id}", shown: false)
        .Number("version", d => Seen.Of<DocumentVersion>().Where(v => v.Id == d.CurrentVersionId).Select(v => (int?)v.Number).FirstOrDefault())
        .Date("valid-from", d => d.ValidFrom, shown: false)
        .Date("valid-until", d => d.ValidUntil)
        .YesNo("receipt-required", d => d.ReceiptRequired)
        .Text("owner", d => Seen.Of<Person>().Where(p => p.Id == d.OwnerId).Select(p => p.Name).FirstOrDefault(), shown: false)
        .Instant("updated-at", d => d.UpdatedAt, sortable: true)
        .Search((db, words) => db.Documents.Matching(db, words))
        .Choice("status", d => d.Status)
        .LookUp("folder", d => d.FolderId, "folder")
        .LookUp("owner", d => d.OwnerId, "person")
        .DateRange("valid-until", d => d.ValidUntil)
        .InstantRange("updated-at", d => d.UpdatedAt)
        .OrderByDescending("updated-at")
        .WhenEmpty(new EmptyList("files", "document.list.empty", "document.create.title", "/documents/create", Permissions.EditDocuments));

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
