using System.Collections.Frozen;

namespace Portal.Web.Ui;

public enum ViewerKind { Anonymous, Staff, Partner }

/// <summary>Who looks at the page, as far as the frame needs it: what it is called, which layout, which menu entries, which time zone.</summary>
/// <param name="Company">The partner's company name; empty for staff.</param>
public sealed record Viewer(long PersonId, string Name, ViewerKind Kind, string Company, FrozenSet<string> Permissions, TimeZoneInfo TimeZone)
{
    public static readonly Viewer Anonymous = new(0, "", ViewerKind.Anonymous, "", FrozenSet<string>.Empty, TimeZoneInfo.Utc);

    public bool May(string permission) => permission.Length == 0 || Permissions.Contains(permission);

    public static Viewer Of(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(Viewer), out var known)) { return (Viewer)known!; }
        var viewer = context.RequestServices.GetService<IViewerSource>()?.Of(context) ?? Anonymous;
        context.Items[typeof(Viewer)] = viewer;
        return viewer;
    }
}

/// <summary>Tells who looks: from the access scope in the product, from a table of people in tests.</summary>
public interface IViewerSource
{
    Viewer Of(HttpContext context);
}
