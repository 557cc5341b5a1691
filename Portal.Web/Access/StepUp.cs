using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Access;

/// <summary>
/// Some acts want to know anew who is at the keyboard: the proof must be minutes old. Whoever gave it earlier is sent to the provider, which asks again, and comes
/// back to the page. Setting <c>Identity:StepUpMinutes</c>, 10 if absent.
/// </summary>
public sealed class StepUp(IConfiguration settings, TimeProvider clock)
{
    /// <summary>How old a proof may be when the act is done.</summary>
    public TimeSpan Holds => TimeSpan.FromMinutes(Math.Clamp(settings.GetValue("Identity:StepUpMinutes", 10), 1, 12 * 60));

    /// <summary>For a form: the rest of the time is for filling it in.</summary>
    public bool IsFreshForForm(HttpContext http) => AgeOf(http) < Holds / 2;

    public bool IsFresh(HttpContext http) => AgeOf(http) < Holds;

    /// <summary>Where the person proves it and comes back to the page at hand.</summary>
    public static string PathBackTo(HttpContext http)
    {
        var page = http.Request.Path + (HttpMethods.IsGet(http.Request.Method) ? http.Request.QueryString : QueryString.Empty);
        return QueryHelpers.AddQueryString(PortalSignIn.Path, new Dictionary<string, string?> { ["again"] = "true", ["returnUrl"] = page });
    }

    /// <returns>Null where the proof is fresh; else where to go. On a GET half the time must be left.</returns>
    public IActionResult? Ask(PageModel page)
    {
        var http = page.HttpContext;
        return (HttpMethods.IsPost(http.Request.Method) ? IsFresh(http) : IsFreshForForm(http)) ? null : page.LocalRedirect(PathBackTo(http));
    }

    /// <summary>
    /// For a form that anybody may open and that wants a fresh proof only for what is changed: the page shows itself again with what was typed, and leads to the proof in a
    /// tab of its own (<c>_ProveFirst</c>).
    /// </summary>
    /// <returns>Whether the proof must come first.</returns>
    public bool KeepsFormBack(HttpContext http)
    {
        if (IsFresh(http)) { return false; }
        http.Items[typeof(StepUp)] = true;
        return true;
    }

    /// <summary>Whether the page at hand keeps its form back.</summary>
    public static bool IsFormKeptBack(HttpContext http) => http.Items.ContainsKey(typeof(StepUp));

    private TimeSpan AgeOf(HttpContext http) => PortalSession.Of(http) is { } session ? clock.GetUtcNow() - session.Live.AuthenticatedAt : TimeSpan.MaxValue;
}
