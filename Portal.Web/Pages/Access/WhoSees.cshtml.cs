using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.Web.Pages.Access;

/// <summary>For every colleague who sees the record: whoever writes into it must be able to know who reads it.</summary>
[Authorize(Policy = Permissions.Staff)]
public sealed class WhoSeesModel(PortalDbContext db, Onlookers onlookers) : PageModel
{
    public RecordClass RecordClass { get; private set; }
    public long RecordId { get; private set; }
    public string RecordTitle { get; private set; } = "";
    public OnlookersOf People { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string recordClass, long id, CancellationToken ct)
    {
        if (!Enum.TryParse<RecordClass>(recordClass, ignoreCase: true, out var known) || !Enum.IsDefined(known) || await RecordTitles.OfAsync(db, known, id, ct) is not { } title) { return NotFound(); }
        (RecordClass, RecordId, RecordTitle) = (known, id, title);
        People = await onlookers.OfAsync(db, known, id, ct);
        return Page();
    }
}
