using Portal.Domain.Access;

namespace Portal.Web.Ui;

/// <summary>One entry of the menu.</summary>
/// <param name="Text">Key in UiText.</param>
/// <param name="Icon">Name of a Tabler icon, without <c>ti-</c>.</param>
/// <param name="Path">Where it leads; also lit for every page below it.</param>
/// <param name="Permission">Empty: for everybody of that kind.</param>
public sealed record NavigationEntry(string Text, string Icon, string Path, string Permission = "");

/// <param name="Text">Key in UiText; empty for the entries that stand above all areas.</param>
public sealed record NavigationArea(string Text, IReadOnlyList<NavigationEntry> Entries);

/// <summary>The menus, declared once. An entry shows when the person holds its permission; an area shows when one of its entries does.</summary>
public static class Navigation
{
    public static readonly IReadOnlyList<NavigationArea> Staff =
    [
        new("", [new("nav.home", "home", "/")]),
        new("nav.area.companies",
        [
            new("nav.companies", "building", "/companies", Permissions.ViewCompanies),
            new("nav.contacts", "users", "/contacts", Permissions.ViewCompanies),
        ]),
        new("nav.area.sales",
        [
            new("nav.opportunities", "target-arrow", "/opportunities", Permissions.ViewOpportunities),
            new("nav.board", "layout-kanban", "/opportunities/board", Permissions.ViewOpportunities),
        ]),
        new("nav.area.supply",
        [
            new("nav.products", "package", "/products", Permissions.ViewProducts),
            new("nav.supplier-items", "truck-delivery", "/supplier-items", Permissions.ViewProducts),
            new("nav.demand", "chart-bar", "/demand", Permissions.ViewDemand),
        ]),
        new("nav.area.documents", [new("nav.documents", "files", "/documents", Permissions.ViewDocuments)]),
        new("nav.area.insight",
        [
            new("nav.reports", "report-analytics", "/reports", Permissions.RunReports),
            new("nav.jobs", "hourglass", "/jobs"),
        ]),
        new("nav.area.administration",
        [
            new("nav.imports", "database-import", "/imports", Permissions.Import),
            new("nav.people", "user-cog", "/access/people", Permissions.ManageAccess),
            new("nav.grants", "key", "/access/grants", Permissions.ManageAccess),
            new("nav.clients", "apps", "/access/clients", Permissions.ManageAccess),
            new("nav.providers", "login-2", "/access/providers", Permissions.ManageAccess),
            new("nav.audit", "history", "/access/audit", Permissions.ViewAudit),
            new("nav.view-as", "eye", "/access/view-as", Permissions.ViewAs),
        ]),
    ];

    public static readonly IReadOnlyList<NavigationArea> Partner =
    [
        new("",
        [
            new("nav.home", "home", "/"),
            new("nav.opportunities", "target-arrow", "/partner/opportunities", Permissions.PartnerOpportunities),
            new("nav.demand", "chart-bar", "/partner/demand", Permissions.PartnerDemand),
            new("nav.products", "package", "/partner/products", Permissions.PartnerProducts),
            new("nav.documents", "files", "/partner/documents", Permissions.PartnerDocuments),
            new("nav.reports", "report-analytics", "/reports", Permissions.RunReports),
            new("nav.people", "user-cog", "/partner/people", Permissions.ManagePartnerPeople),
        ]),
    ];

    public static IEnumerable<(NavigationArea Area, IReadOnlyList<NavigationEntry> Entries)> For(Viewer viewer)
    {
        foreach (var area in viewer.Kind == ViewerKind.Partner ? Partner : Staff)
        {
            var entries = area.Entries.Where(entry => viewer.May(entry.Permission)).ToList();
            if (entries.Count > 0) { yield return (area, entries); }
        }
    }

    /// <summary>The entry whose path is the longest beginning of the page's path.</summary>
    public static NavigationEntry? Current(Viewer viewer, PathString path) => KeyOf(viewer, path).Current;

    /// <summary>All that a menu depends on beside the language: two viewers with the same key see the same one.</summary>
    public static MenuKey KeyOf(Viewer viewer, PathString path)
    {
        var (entries, next, current) = (0UL, 1UL, (NavigationEntry?)null);
        foreach (var area in viewer.Kind == ViewerKind.Partner ? Partner : Staff)
        {
            foreach (var entry in area.Entries)
            {
                if (viewer.May(entry.Permission))
                {
                    entries |= next;
                    if (entry.Path.Length > (current?.Path.Length ?? 0) && Holds(entry, path)) { current = entry; }
                }
                next <<= 1;
            }
        }
        return new(viewer.Kind, entries, current);
    }

    private static bool Holds(NavigationEntry entry, PathString path) => entry.Path == "/" ? path == "/" : path.StartsWithSegments(entry.Path, StringComparison.OrdinalIgnoreCase);
}

/// <param name="Entries">A bit for each entry that shows.</param>
public sealed record MenuKey(ViewerKind Kind, ulong Entries, NavigationEntry? Current);
