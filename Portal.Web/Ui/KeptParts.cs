using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Portal.Web.Access;

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
        return Kept.TryGetValue(place, out var kept) ? kept : Kept.GetOrAdd(place, await WriteAsync(html, view));
    }

    /// <summary>A part of the frame that names the person. It is kept with the person's rights and goes when they change.</summary>
    /// <param name="view">A partial without a model that depends on nothing of the request but the language and the key.</param>
    /// <param name="key">With few different values; what a browser sends in it is not believed and need not be.</param>
    public static async Task<IHtmlContent> KeptForPersonAsync(this IHtmlHelper html, string view, object? key = null)
    {
        if (Asker.Of(html.ViewContext.HttpContext) is not { } asker) { return await html.PartialAsync(view); }
        var place = (view, CultureInfo.CurrentUICulture.Name, key);
        if (asker.Kept<IHtmlContent>(place) is { } kept) { return kept; }
        var written = await WriteAsync(html, view);
        asker.Keep(place, written);
        return written;
    }

    private static async Task<HtmlString> WriteAsync(IHtmlHelper html, string view)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        (await html.PartialAsync(view)).WriteTo(text, html.ViewContext.HttpContext.RequestServices.GetRequiredService<HtmlEncoder>());
        return new(text.ToString());
    }
}
