using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.Colleagues;

/// <summary>Who of the house looked at the portal as one of the company's people, when and why.</summary>
[Authorize(Policy = Permissions.ManagePartnerPeople)]
public sealed class ViewsModel(PortalDbContext db) : PageModel
{
    public sealed record Line(long Id, DateTimeOffset From, DateTimeOffset To, string By, string As, string Reason);

    public static readonly ListDefinition<SupportView, Line> Definition = ListDefinition.Of<SupportView, Line, AccessText>("partner-views", "view",
            v => new Line(v.Id, v.StartedAt, v.EndedAt ?? v.Until, v.ViewerName, v.PersonName, v.Reason))
        .Instant("from", v => v.From, sortable: true)
        .Instant("to", v => v.To)
        .Text("by", v => v.By)
        .Text("as", v => v.As)
        .Text("reason", v => v.Reason)
        .OrderByDescending("from")
        .WhenEmpty(new EmptyList("eye-off", "view.list.empty"));

    public ListView List { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        List = await Definition.RunAsync(db, HttpContext, ct);
        return List.AnswerInFrame(this);
    }
}
