using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;

namespace Portal.Web.Pages.Documents.Folders;

[Authorize(Policy = Permissions.EditDocuments)]
public sealed class IndexModel(FolderTrees folders) : PageModel
{
    public FolderTree Tree { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Tree = await folders.ReadAsync(ct);
}
