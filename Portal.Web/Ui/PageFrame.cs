using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Portal.Web.Ui;

/// <summary>A step of the way to the page. The last one, the page itself, has no address.</summary>
public sealed record Crumb(string Text, string? Path = null);

/// <summary>A short note after an act, shown once on the next page.</summary>
/// <param name="UndoPath">Where a POST takes the act back; null where nothing can be undone.</param>
public sealed record Toast(string Text, string? UndoPath = null);

/// <summary>What a page tells the frame around it.</summary>
public static class PageFrame
{
    private const string TextKey = "toast", UndoKey = "toast-undo";

    extension(ViewDataDictionary view)
    {
        public string Title { get => view["Title"] as string ?? ""; set => view["Title"] = value; }

        public IReadOnlyList<Crumb> Crumbs { get => view["Crumbs"] as IReadOnlyList<Crumb> ?? []; set => view["Crumbs"] = value; }
    }

    /// <summary>Shows a note on the page that comes next, after the redirect.</summary>
    /// <param name="undoPath">Where a POST takes the act back.</param>
    public static void Toast(this PageModel page, string text, string? undoPath = null)
    {
        page.TempData[TextKey] = text;
        if (undoPath is not null) { page.TempData[UndoKey] = undoPath; }
    }

    /// <summary>The note left by the page before, once. Looking for one makes the framework send a cookie, so that without a note it is not looked for.</summary>
    public static Toast? TakeToast(this ITempDataDictionary temp, HttpContext http) =>
        SiteCookies.Read(http, SiteCookies.Note) is not null && temp.TryGetValue(TextKey, out var text) ? new Toast((string)text!, temp[UndoKey] as string) : null;

    /// <summary>True when htmx asked for a part of the page and not for a whole one.</summary>
    public static bool WantsPart(this HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-History-Restore-Request");
}
