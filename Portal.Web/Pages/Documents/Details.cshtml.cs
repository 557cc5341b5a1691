using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Common;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Web.Pages.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Documents;

[Authorize(Policy = Permissions.ViewDocuments)]
public sealed class DetailsModel(PortalDbContext db, PublishDocument publish, Audiences audiences, IStringLocalizer<DocumentsText> text) : PageModel
{
    public const string Overview = "", Versions = "versions", Audience = "audience", Receipts = "receipts";

    public static readonly ListDefinition<DocumentReceipt, DocumentReceipt> ReceiptList = ListDefinition.Of<DocumentReceipt, DocumentsText>("document-receipts", "receipt")
        .Text("person", r => r.PersonName)
        .Text("company", r => Seen.Of<Company>().Where(c => c.Id == r.CompanyId).Select(c => c.Name).FirstOrDefault())
        .Badge("kind", r => r.Kind, DocumentWords.Tone)
        .Number("version", r => Seen.Of<DocumentVersion>().Where(v => v.Id == r.VersionId).Select(v => (int?)v.Number).FirstOrDefault())
        .Instant("at", r => r.At, sortable: true)
        .Given<long>("document", (r, id) => r.DocumentId == id)
        .Choice("kind", r => r.Kind)
        .LookUp("company", r => r.CompanyId, "company")
        .OrderByDescending("at")
        .WhenEmpty(new EmptyList("checklist", "receipt.list.empty"));

    private const int MostVersions = 200;

    public DocumentForStaff Found { get; private set; } = null!;
    public Document Document => Found.Document;
    public string Tab { get; private set; } = Overview;
    public IReadOnlyList<VersionForStaff> VersionRows { get; private set; } = [];
    public IReadOnlyList<Share> Shares { get; private set; } = [];
    public IReadOnlyDictionary<string, string> KeyNames { get; private set; } = new Dictionary<string, string>();
    public ListView? List { get; private set; }
    public DateOnly Today => db.Today;
    public bool MayEdit => Viewer.Of(HttpContext).May(Permissions.EditDocuments);
    public bool MayShare => Viewer.Of(HttpContext).May(Permissions.ShareRecords);

    public async Task<IActionResult> OnGetAsync(long id, string? tab, CancellationToken ct)
    {
        if (!await LoadAsync(id, ct)) { return NotFound(); }
        Tab = tab is Versions or Audience or Receipts ? tab : Overview;
        switch (Tab)
        {
            case Versions: VersionRows = await db.VersionsForStaff(id).Take(MostVersions).ToListAsync(ct); break;
            case Audience:
                Shares = await db.Shares.AsNoTracking().Where(s => s.RecordClass == RecordClass.Document && s.RecordId == id && s.Until > db.Now).OrderBy(s => s.Key).ToListAsync(ct);
                KeyNames = await audiences.NamesAsync(Shares.Select(s => s.Key), ct);
                break;
            case Receipts: List = await ReceiptList.RunAsync(db, HttpContext, ct, id); break;
        }
        return List?.Answer(this) ?? Page();
    }

    public Task<IActionResult> OnPostPublishAsync(long id, CancellationToken ct) => ActAsync(id, "document.published", () => publish.PublishAsync(id, ct), ct);

    public Task<IActionResult> OnPostWithdrawAsync(long id, CancellationToken ct) => ActAsync(id, "document.withdrawn", () => publish.WithdrawAsync(id, ct), ct);

    private async Task<IActionResult> ActAsync(long id, string done, Func<Task<Refusal?>> act, CancellationToken ct)
    {
        if (!MayEdit) { return Forbid(); }
        var refusal = await act();
        if (refusal is { Kind: RefusalKind.NotFound }) { return NotFound(); }
        if (refusal is not null)
        {
            refusal.AddTo(ModelState, text, prefix: "");
            return await LoadAsync(id, ct) ? Page() : NotFound();
        }
        this.Toast(text[done]);
        return RedirectToPage(new { id });
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        if (await db.DocumentsForStaff(id).FirstOrDefaultAsync(ct) is not { } found) { return false; }
        Found = found;
        return true;
    }
}
