using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Access.Audit;

/// <summary>One line of the audit trail, whole: of which record, each field before and after, names for the numbers of what the reader sees.</summary>
[Authorize(Policy = Permissions.ViewAudit)]
public sealed class DetailsModel(PortalDbContext db) : PageModel
{
    public AuditEntry Entry { get; private set; } = null!;
    /// <summary>Null where the changes are kept in another form, shown as they are.</summary>
    public IReadOnlyList<FieldChange>? Changes { get; private set; }
    /// <summary>Null where the record has no name of its own, or the reader does not see it.</summary>
    public RecordName? Record { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await db.Audit.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, ct) is not { } entry) { return NotFound(); }
        Entry = entry;
        var viewer = Viewer.Of(HttpContext);
        var names = await RecordNames.OfAsync(db, [entry.RecordId, .. RecordNumbers.In(entry.Changes)], viewer, ct);
        Record = names.GetValueOrDefault(entry.RecordId);
        Changes = ChangeWords.List(entry.Entity, entry.Changes, viewer.TimeZone) is { } changes ? [.. changes.Select(c => c with { From = Named(c.From), To = Named(c.To) })] : null;
        return Page();

        string Named(string value) => RecordNumbers.Named(value, names, withNumber: true);
    }
}
