using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Pages.Documents.Folders;

[Authorize(Policy = Permissions.EditDocuments)]
public sealed class EditModel(PortalDbContext db, SaveFolder save, FolderTrees folders, IStringLocalizer<DocumentsText> text, IStringLocalizer<UiText> ui) : SmallRecordPage<DocumentFolder, EditModel.InputModel>(db, text, ui)
{
    public sealed class InputModel : SmallRecordInput
    {
        [Display(Name = "folder.name"), Required, StringLength(DocumentFolder.NameLength)] public string Name { get; set; } = "";
        [Display(Name = "folder.name-zh"), StringLength(DocumentFolder.NameLength)] public string? NameZh { get; set; }
        [Display(Name = "folder.parent")] public long? ParentId { get; set; }
    }

    /// <summary>In the reader's language.</summary>
    public string Name => Stored is null ? "" : Language.IsChinese && Stored.NameZh.Length > 0 ? Stored.NameZh : Stored.Name;
    public IReadOnlyList<SelectListItem> Parents { get; private set; } = [];

    protected override string ListPath => "/documents/folders";
    protected override InputModel InputOf(DocumentFolder folder) => new() { Version = folder.Version, Name = folder.Name, NameZh = folder.NameZh, ParentId = folder.ParentId };
    protected override async Task LoadAsync(CancellationToken ct) => Parents = (await folders.ReadAsync(ct)).Options(without: Stored?.Id);
    protected override async Task<Refusal?> SaveAsync(long? id, CancellationToken ct) => (await save.ExecuteAsync(new(id, Input.Version, Input.Name, Input.NameZh, Input.ParentId), ct)).Refusal;
    protected override Task<Refusal?> RemoveAsync(long id, CancellationToken ct) => save.RemoveAsync(id, ct);
}
