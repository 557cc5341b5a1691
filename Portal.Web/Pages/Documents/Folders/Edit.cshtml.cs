using System.ComponentModel.DataAnnotations;
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

namespace Portal.Web.Pages.Documents.Folders;

/// <summary>A new folder, or an existing one with its name, place and removal.</summary>
[Authorize(Policy = Permissions.EditDocuments)]
public sealed class EditModel(PortalDbContext db, SaveFolder saveFolder, FolderTrees folders, IStringLocalizer<DocumentsText> text, IStringLocalizer<UiText> ui) : PageModel
{
    public sealed class InputModel
    {
        public long Version { get; set; }
        [Display(Name = "folder.name"), Required, StringLength(DocumentFolder.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "folder.name-zh"), StringLength(DocumentFolder.NameLength)] public string? NameZh { get; set; }
        [Display(Name = "folder.parent")] public long? ParentId { get; set; }

        public static InputModel Of(DocumentFolder folder) => new() { Version = folder.Version, Name = folder.Name, NameZh = folder.NameZh, ParentId = folder.ParentId };
    }

    [BindProperty] public InputModel Input { get; set; } = new();
    public long? FolderId { get; private set; }
    /// <summary>As it is kept, in the reader's language; empty for a new one.</summary>
    public string Name { get; private set; } = "";
    public IReadOnlyList<SelectListItem> Parents { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long? id, CancellationToken ct)
    {
        var folder = await LoadAsync(id, ct);
        if (id is not null && folder is null) { return NotFound(); }
        if (folder is not null) { Input = InputModel.Of(folder); }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long? id, CancellationToken ct)
    {
        var folder = await LoadAsync(id, ct);
        if (id is not null && folder is null) { return NotFound(); }
        if (!ModelState.IsValid) { return Page(); }
        if (folder is not null && folder.Version != Input.Version) { return this.Conflict(Input, InputModel.Of(folder)); }
        var saved = await saveFolder.ExecuteAsync(new(id, id is null ? null : Input.Version, Input.Name, Input.NameZh, Input.ParentId), ct);
        if (saved.Refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (saved.Refusal is { } refusal) { refusal.AddTo(ModelState, text); return Page(); }
        this.Toast(ui["toast.saved"]);
        return RedirectToPage("Index");
    }

    public async Task<IActionResult> OnPostRemoveAsync(long id, CancellationToken ct)
    {
        ModelState.Clear();
        if (await LoadAsync(id, ct) is not { } folder) { return NotFound(); }
        Input = InputModel.Of(folder);
        if (await saveFolder.RemoveAsync(id, ct) is { } refusal)
        {
            if (refusal.Kind is RefusalKind.NotFound) { return NotFound(); }
            refusal.AddTo(ModelState, text);
            return Page();
        }
        this.Toast(text["folder.removed"]);
        return RedirectToPage("Index");
    }

    private async Task<DocumentFolder?> LoadAsync(long? id, CancellationToken ct)
    {
        FolderId = id;
        DocumentFolder? folder = null;
        if (id is not null)
        {
            folder = await db.Folders.AsNoTracking().FirstOrDefaultAsync(f => f.Id == id, ct);
            if (folder is null) { return null; }
            Name = Language.IsChinese && folder.NameZh.Length > 0 ? folder.NameZh : folder.Name;
        }
        Parents = (await folders.ReadAsync(ct)).Options(without: id);
        return folder;
    }
}
