using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Access.Audit;

/// <summary>One line of the audit trail, whole: of which record, each field before and after, names for the ids of people, companies and stages that the reader sees.</summary>
[Authorize(Policy = Permissions.ViewAudit)]
public sealed class DetailsModel(PortalDbContext db) : PageModel
{
    private const string PeoplePath = "/access/people/";

    /// <summary>Kinds of records that have a page.</summary>
    private static readonly Dictionary<string, string> s_pages = new()
    {
        ["Company"] = "/companies/", ["Contact"] = "/contacts/", ["Opportunity"] = "/opportunities/", ["Product"] = "/products/", ["SupplierItem"] = "/supplier-items/", ["Document"] = "/documents/", ["Person"] = PeoplePath,
        [Portal.Web.Access.CompanyLogInTrail.Entity] = "/companies/",
    };

    public AuditEntry Entry { get; private set; } = null!;
    /// <summary>Null where the changes are kept in another form, shown as they are.</summary>
    public IReadOnlyList<FieldChange>? Changes { get; private set; }
    /// <summary>Empty where the record has no page of its own, or none for this reader: not all who read the trail keep people.</summary>
    public string RecordPath => s_pages.TryGetValue(Entry.Entity, out var path) && (path != PeoplePath || Viewer.Of(HttpContext).May(Permissions.ManageAccess)) ? path + Entry.RecordId.ToString(CultureInfo.InvariantCulture) : "";

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        if (await db.Audit.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, ct) is not { } entry) { return NotFound(); }
        Entry = entry;
        Changes = ChangeWords.List(entry.Entity, entry.Changes) is { } changes ? await NamedAsync(changes, ct) : null;
        return Page();
    }

    private async Task<IReadOnlyList<FieldChange>> NamedAsync(IReadOnlyList<FieldChange> changes, CancellationToken ct)
    {
        var ids = changes.SelectMany(c => new[] { c.From, c.To }).Select(IdOf).Where(id => id > 0).Distinct().ToArray();
        if (ids.Length == 0) { return changes; }
        // Ids are unique across kinds, so one list serves all.
        var names = await db.People.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Name })
            .Concat(db.Companies.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Name }))
            .Concat(db.Teams.Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Name }))
            .Concat(db.Territories.Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Name }))
            .Concat(db.Products.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Name }))
            .Concat(db.Categories.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Name }))
            .Concat(db.Opportunities.Where(o => ids.Contains(o.Id)).Select(o => new { o.Id, Name = o.Title }))
            .Concat(db.Documents.Where(d => ids.Contains(d.Id)).Select(d => new { d.Id, Name = d.Title })).ToDictionaryAsync(n => n.Id, n => n.Name, ct);
        if (changes.Any(c => c.Field == nameof(Opportunity.StageId)))
        {
            foreach (var stage in await db.Stages.AsNoTracking().Where(s => ids.Contains(s.Id)).ToListAsync(ct)) { names[stage.Id] = stage.NameIn(CultureInfo.CurrentUICulture.Name); }
        }
        return [.. changes.Select(c => c with { From = Named(c.From), To = Named(c.To) })];

        string Named(string value) => names.TryGetValue(IdOf(value), out var name) ? $"{name} ({value})" : value;
    }

    /// <summary>Ids are as long as a clock makes them; shorter numbers are quantities.</summary>
    private static long IdOf(string value) => value.Length is > 12 and < 20 && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
}
