using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Documents;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Documents;

[Authorize(Policy = Permissions.EditDocuments), TakesFile]
public sealed class UploadModel(PortalDbContext db, AddVersion addVersion, ReceiveFile receiveFile, IStringLocalizer<DocumentsText> text) : PageModel
{
    [BindProperty] public FileInput Upload { get; set; } = new();
    public string DocumentTitle { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct) => await LoadAsync(id, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        var received = await receiveFile.ExecuteAsync(Upload.File, ct);
        if (received.Refusal is { } refused) { refused.AddTo(ModelState, text, nameof(Upload)); return Page(); }
        using var file = received.Value;
        var version = await addVersion.ExecuteAsync(id, file.File, Upload.Note, ct);
        if (version.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (version.Refusal is { } refusal) { refusal.AddTo(ModelState, text, nameof(Upload)); return Page(); }
        this.Toast(text["version.added", version.Value.Number]);
        return RedirectToPage("Details", new { id });
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        DocumentTitle = await db.Documents.Where(d => d.Id == id).Select(d => d.Title).FirstOrDefaultAsync(ct) ?? "";
        return DocumentTitle.Length > 0;
    }
}
