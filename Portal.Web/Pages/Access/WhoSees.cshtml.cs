using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Access;

[Authorize(Policy = Permissions.Staff)]
public sealed class WhoSeesModel(PortalDbContext db, IPortalDb portal, Onlookers onlookers, Audiences audiences) : PageModel
{
    public RecordClass RecordClass { get; private set; }
    public long RecordId { get; private set; }
    public string RecordTitle { get; private set; } = "";
    public IReadOnlyList<Onlooker> People { get; private set; } = [];
    public IReadOnlyDictionary<string, string> KeyNames { get; private set; } = new Dictionary<string, string>();

    public async Task<IActionResult> OnGetAsync(string recordClass, long id, CancellationToken ct)
    {
        if (!Enum.TryParse<RecordClass>(recordClass, ignoreCase: true, out var known) || !Enum.IsDefined(known) || await RecordTitles.OfAsync(db, known, id, ct) is not { } title) { return NotFound(); }
        (RecordClass, RecordId, RecordTitle) = (known, id, title);
        await using var system = portal.For(AccessScope.System("who sees a record"));
        People = await onlookers.OfAsync(system, known, id, ct);
        KeyNames = await audiences.NamesAsync(People.Where(p => p.Reason is SightReason.Share).Select(p => p.Detail), ct);
        return Page();
    }
}
