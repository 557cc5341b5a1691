using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.ViewAs;

/// <summary>Which colleague looked at the portal as which partner's person, when and why. The pages that were opened stand in the audit trail.</summary>
[Authorize(Policy = Permissions.ViewAudit)]
public sealed class LogModel(PortalDbContext db) : PageModel
{
    public static readonly ListDefinition<SupportView, SupportView> Definition = ListDefinition.Of<SupportView, AccessText>("support-views", "view")
        .Instant("from", v => v.StartedAt, sortable: true)
        .Instant("to", v => v.EndedAt ?? v.Until)
        .Text("by", v => v.ViewerName)
        .Text("as", v => v.PersonName)
        .Text("company", v => Seen.Of<Company>().Where(c => c.Id == v.CompanyId).Select(c => c.Name).FirstOrDefault())
        .Text("reason", v => v.Reason)
        .LookUp("company", v => v.CompanyId, "company")
        .OrderByDescending("from")
        .WhenEmpty(new EmptyList("eye-off", "view.list.empty"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
