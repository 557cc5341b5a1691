using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Web.Pages.Access;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Companies;

[Authorize(Policy = Permissions.ViewCompanies)]
public sealed class DetailsModel(PortalDbContext db, TimelineWords words, Audiences audiences) : PageModel
{
    private const int MostDocuments = 100;

    public CompanyForStaff Found { get; private set; } = null!;
    public Company Company => Found.Company;
    public string Tab { get; private set; } = "";
    public ListView? List { get; private set; }
    public TimelineView? Timeline { get; private set; }
    public OrganisationChart? Chart { get; private set; }
    public IReadOnlyList<DocumentForCompany> Documents { get; private set; } = [];
    public IReadOnlyDictionary<string, string> KeyNames { get; private set; } = new Dictionary<string, string>();

    public async Task<IActionResult> OnGetAsync(long id, string? tab, long? before, CancellationToken ct)
    {
        if (await db.CompanyForStaffAsync(id, ct) is not { } found) { return NotFound(); }
        Found = found;
        Tab = Tabs().Any(t => t == tab) ? tab! : "";
        switch (Tab)
        {
            case "contacts": List = await CompanyLists.Contacts.RunAsync(db, HttpContext, ct, id); break;
            case "chart": Chart = OrganisationChart.Of(await db.ChartOfCompanyAsync(id, ct)); break;
            case "sites": List = await CompanyLists.Sites.RunAsync(db, HttpContext, ct, id); break;
            case "opportunities": List = await CompanyLists.Opportunities.RunAsync(db, HttpContext, ct, id); break;
            case "registered": List = await CompanyLists.Registered.RunAsync(db, HttpContext, ct, id); break;
            case "items": List = await CompanyLists.Items.RunAsync(db, HttpContext, ct, id); break;
            case "children": List = await CompanyLists.Children.RunAsync(db, HttpContext, ct, id); break;
            case "documents":
                Documents = await db.DocumentsForCompanyAsync(Company, MostDocuments, ct);
                KeyNames = await audiences.NamesAsync(Documents.Select(d => d.Key), ct);
                break;
            case "timeline": Timeline = await TimelineAsync(before, 30, ct); break;
            default: Timeline = await TimelineAsync(null, 8, ct); break;
        }
        return List?.Answer(this) ?? Page();
    }

    public bool MayEdit => Viewer.Of(HttpContext).May(Permissions.EditCompanies);

    /// <summary>Parts of the page that this company and this reader have.</summary>
    public IEnumerable<string> Tabs()
    {
        var viewer = Viewer.Of(HttpContext);
        yield return "";
        yield return "contacts";
        yield return "chart";
        yield return "sites";
        if (viewer.May(Permissions.ViewOpportunities)) { yield return "opportunities"; }
        if ((Company.IsDistributor || Company.IsChannelPartner) && viewer.May(Permissions.ViewOpportunities)) { yield return "registered"; }
        if (Company.IsSupplier && viewer.May(Permissions.ViewProducts)) { yield return "items"; }
        if ((Company.IsSupplier || Company.IsDistributor || Company.IsChannelPartner) && viewer.May(Permissions.ViewDocuments)) { yield return "documents"; }
        if (Found.Children > 0) { yield return "children"; }
        yield return "timeline";
    }

    public int? Count(string tab) => tab switch
    {
        "contacts" => Found.Contacts,
        "sites" => Found.Sites,
        "opportunities" => Found.Opportunities,
        "items" => Found.Items,
        "children" => Found.Children,
        _ => null,
    };

    private async Task<TimelineView> TimelineAsync(long? before, int count, CancellationToken ct)
    {
        var page = await db.TimelineOfCompanyAsync(Company.Id, before, count, ct);
        return new(await words.ItemsAsync(page.Entries, ct), page.Before is { } more ? $"/companies/{Company.Id}?tab=timeline&before={more}" : null);
    }
}
