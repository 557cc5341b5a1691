using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Documents;

[Authorize(Policy = Permissions.EditDocuments)]
public sealed class EditModel(PortalDbContext db, SaveDocument saveDocument, FolderTrees folders, IStringLocalizer<DocumentsText> text, IStringLocalizer<UiText> ui) : PageModel
{
    [BindProperty] public DocumentInput Input { get; set; } = new();
    public string DocumentTitle { get; private set; } = "";
    public IReadOnlyList<SelectListItem> Folders { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await LoadAsync(id, ct) is not { } document) { return NotFound(); }
        Input = DocumentInput.Of(document);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (await LoadAsync(id, ct) is not { } document) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        if (document.Version != Input.Version) { return this.Conflict(Input, DocumentInput.Of(document)); }
        var saved = await saveDocument.ExecuteAsync(Input.Request(id), file: null, ct);
        if (saved.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Details", new { id });
    }

    private async Task<Document?> LoadAsync(long id, CancellationToken ct)
    {
        var document = await db.Documents.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, ct);
        if (document is null) { return null; }
        DocumentTitle = document.Title;
        Folders = (await folders.ReadAsync(ct)).Options();
        return document;
    }
}
