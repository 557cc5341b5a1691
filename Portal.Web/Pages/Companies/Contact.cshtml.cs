using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.ViewCompanies)]
public sealed class ContactModel(PortalDbContext db, TimelineWords words) : PageModel
{
    private const int MostReports = 50;

    public Contact Contact { get; private set; } = null!;
    public string CompanyName { get; private set; } = "";
    public string? ManagerName { get; private set; }
    public IReadOnlyList<ChartContact> Reports { get; private set; } = [];
    public TimelineView Timeline { get; private set; } = null!;

    public string? LanguageName => Contact.Language is { Length: > 0 } code ? ContactFields.LanguageName(code) : null;

    public async Task<IActionResult> OnGetAsync(long id, long? before, CancellationToken ct)
    {
        var found = await (
            from contact in db.Contacts.AsNoTracking()
            join m in db.Contacts on contact.ManagerId equals m.Id into managers
            from manager in managers.DefaultIfEmpty()
            where contact.Id == id
            select new { Contact = contact, Company = db.Companies.Where(x => x.Id == contact.CompanyId).Select(x => x.Name).FirstOrDefault(), Manager = manager }).FirstOrDefaultAsync(ct);
        if (found is null) { return NotFound(); }
        (Contact, CompanyName) = (found.Contact, found.Company ?? "");
        ManagerName = found.Manager is { } above ? PersonName.Full(above.FirstName, above.LastName) : null;
        Reports = await db.Contacts.Where(c => c.ManagerId == id && c.Active).OrderBy(c => c.LastName).ThenBy(c => c.Id).Take(MostReports)
            .Select(c => new ChartContact(c.Id, c.FirstName, c.LastName, c.JobTitle, c.Department, c.ManagerId, c.Active)).ToListAsync(ct);
        var page = await db.TimelineOfRecordAsync(id, before, 20, ct);
        Timeline = new(await words.ItemsAsync(page.Entries, ct), page.Before is { } more ? $"/contacts/{id}?before={more}" : null);
        return Page();
    }
}
