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
    ];

    public static readonly IReadOnlyList<NavigationArea> Partner =
    [
        new("", [new("nav.home", "home", "/")]),
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
    public static NavigationEntry? Current(Viewer viewer, PathString path) => For(viewer).SelectMany(area => area.Entries)
        .Where(entry => entry.Path == "/" ? path == "/" : path.StartsWithSegments(entry.Path, StringComparison.OrdinalIgnoreCase))
        .MaxBy(entry => entry.Path.Length);
}
