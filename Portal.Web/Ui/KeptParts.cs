using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Portal.Web.Ui;

/// <summary>Parts of the frame that are the same on page after page: their views run once, and what they wrote is kept.</summary>
public static class KeptParts
{
    private static readonly ConcurrentDictionary<(string View, string Language, object? Key), HtmlString> Kept = new();

    /// <param name="view">A partial without a model.</param>
    /// <param name="key">All that the part depends on beside the language, with few different values in all; never a person, a record or what somebody typed.</param>
    public static async Task<IHtmlContent> KeptPartialAsync(this IHtmlHelper html, string view, object? key = null)
    {
        var place = (view, CultureInfo.CurrentUICulture.Name, key);
        if (Kept.TryGetValue(place, out var kept)) { return kept; }
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        (await html.PartialAsync(view)).WriteTo(text, html.ViewContext.HttpContext.RequestServices.GetRequiredService<HtmlEncoder>());
        return Kept.GetOrAdd(place, new HtmlString(text.ToString()));
    }
}
