using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.Audit;

/// <summary>Who changed what, when and through what. Nobody changes it, here or elsewhere.</summary>
[Authorize(Policy = Permissions.ViewAudit)]
public sealed class IndexModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<AuditEntry, AuditEntry> Definition = ListDefinition.Of<AuditEntry, AccessText>("audit", "audit")
        .Row("/access/audit/{id}")
        .Instant("at", e => e.At)
        .Text("person", e => e.PersonName)
        .Formed("action", e => e.Action, ChangeWords.Act)
        .Formed("entity", e => e.Entity, ChangeWords.Entity)
        .Record("record", e => e.RecordId)
        .Naming("changes", e => e.Entity + ChangeWords.Break + e.Changes, ChangeWords.Of)
        .Formed("through", e => e.Through, ChangeWords.Door, shown: false)
        .Number("order", e => e.Id, shown: false, sortable: true)
        .LookUp("by", e => e.PersonId, "anybody")
        .OrderByDescending("order")
        .Named(RecordNames.OfAsync)
        .Brief();

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
