using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Documents;
using Portal.Web.Documents;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Documents;

[Authorize(Policy = Permissions.EditDocuments), TakesFile]
public sealed class CreateModel(SaveDocument saveDocument, ReceiveFile receiveFile, FolderTrees folders, IStringLocalizer<DocumentsText> text) : PageModel
{
    [BindProperty] public DocumentInput Input { get; set; } = new();
    [BindProperty] public FileInput Upload { get; set; } = new();
    public IReadOnlyList<SelectListItem> Folders { get; private set; } = [];

    public async Task OnGetAsync(long? folder, CancellationToken ct)
    {
        Folders = (await folders.ReadAsync(ct)).Options();
        Input.FolderId = folder;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (ModelState.IsValid && await SaveAsync(ct) is { } saved) { return saved; }
        Folders = (await folders.ReadAsync(ct)).Options();
        return Page();
    }

    private async Task<IActionResult?> SaveAsync(CancellationToken ct)
    {
        var received = Upload.File is null ? default : await receiveFile.ExecuteAsync(Upload.File, ct);
        if (received.Refusal is { } refused) { refused.AddTo(ModelState, text, nameof(Upload)); return null; }
        using var file = Upload.File is null ? null : received.Value;
        var document = await saveDocument.ExecuteAsync(Input.Request(id: null), file?.File, ct);
        if (document.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return null; }
        this.Toast(text["document.created"]);
        return RedirectToPage("Details", new { id = document.Value.Id });
    }
}
