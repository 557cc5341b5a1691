using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Domain.Supply;
using Portal.Web.Pages.Companies;
using Portal.Web.Ui;
using Portal.Web.Ui.Details;

namespace Portal.Web.Pages.Home;

[Authorize(Policy = Permissions.SignedIn)]
public sealed class IndexModel(StaffHomeQuery staff, PartnerHomeQuery partner, TimelineWords words, TimeProvider clock, IStringLocalizer<HomeText> text) : PageModel
{
    public StaffHome? Staff { get; private set; }
    public PartnerHome? Partner { get; private set; }
    public string Greeting { get; private set; } = "";
    public string Day { get; private set; } = "";

    public async Task OnGetAsync(CancellationToken ct)
    {
        var viewer = Viewer.Of(HttpContext);
        var local = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), viewer.TimeZone);
        Greeting = text[local.Hour switch { < 5 => "home.evening", < 12 => "home.morning", < 18 => "home.afternoon", _ => "home.evening" }, viewer.Name];
        Day = local.ToString("dddd", CultureInfo.CurrentCulture) + text["home.day-separator"] + local.ToString("D", CultureInfo.CurrentCulture);
        if (viewer.Kind is ViewerKind.Partner) { Partner = await partner.ReadAsync(viewer, ct); }
        else { Staff = await staff.ReadAsync(viewer, ct); }
    }

    public string Sentence(Portal.Domain.Companies.TimelineEntry entry) => words.Sentence(entry);

    /// <summary>What fills an empty portal, in a sensible order, as far as the reader may do it.</summary>
    public IReadOnlyList<(string Key, string Path)> FirstSteps => [.. s_firstSteps.Where(step => May(step.Permission)).Select(step => (step.Key, step.Path))];

    private static readonly (string Permission, string Key, string Path)[] s_firstSteps =
    [
        (Permissions.Import, "import", "/imports"), (Permissions.EditCompanies, "company", "/companies/create"), (Permissions.EditProducts, "product", "/products/create"),
        (Permissions.ManageAccess, "stages", "/opportunities/stages"), (Permissions.EditOpportunities, "opportunity", "/opportunities/create"), (Permissions.ManageAccess, "person", "/access/people/add"),
    ];

    public bool May(string permission) => Viewer.Of(HttpContext).May(permission);

    /// <summary>The weeks to come for who supplies; the weeks gone by for who only reports what it sold.</summary>
    public ChartView? Demand()
    {
        var coming = Partner!.Demand.Where(w => w.Week >= Partner.ThisWeek && w.Source is not DemandSource.SellThrough).ToList();
        var past = Partner.Demand.Where(w => w.Week < Partner.ThisWeek && w.Source is DemandSource.SellThrough).ToList();
        if (coming.Count > 0) { return Chart("home.demand.coming", Partner.ThisWeek, coming); }
        return past.Count > 0 ? Chart("home.demand.past", Partner.ThisWeek.AddDays(-7 * PartnerHomeQuery.Weeks), past) : null;
    }

    /// <summary>Pieces and kilograms are never added up: the unit with the largest demand is drawn, the grid shows the others.</summary>
    private ChartView Chart(string title, DateOnly from, List<WeekOfDemand> all)
    {
        var unit = all.GroupBy(d => d.Unit).MaxBy(g => g.Sum(d => d.Quantity))!;
        var demand = unit.ToList();
        List<DateOnly> weeks = [.. Enumerable.Range(0, PartnerHomeQuery.Weeks).Select(i => from.AddDays(7 * i))];
        var byWeek = demand.ToDictionary(d => (d.Week, d.Source), d => d.Quantity);
        return new("home-demand", text["home.demand.in", text[title].Value, Display.Unit(unit.Key)], ChartKind.StackedBar, text["home.demand.week"], [.. weeks.Select(w => Display.Date(w))],
            [.. demand.Select(d => d.Source).Distinct().Order().Select(s => new ChartSeries(text[Display.Key(s)], [.. weeks.Select(w => byWeek.TryGetValue((w, s), out var q) ? q : (decimal?)null)]))], Display.Unit(unit.Key), Low: true);
    }
}
