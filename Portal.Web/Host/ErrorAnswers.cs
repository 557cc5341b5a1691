using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Localization;
using Portal.Web.Access;
using Portal.Web.Api;
using Portal.Web.Ui;

namespace Portal.Web.Host;

/// <summary>
/// Error pages that need no database, no session and no view: they work when those are what failed, and a refused request costs next to nothing.
/// The page of 404 is the same bytes for what is absent and what is not yours; its correlation id stands in the header only.
/// </summary>
public static class ErrorAnswers
{
    private const string IdMark = "{correlation}", ViewMark = "{view}";
    private static readonly int[] Known = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 507];
    private static readonly ConcurrentDictionary<(int Status, string Language), Page> Pages = new();

    /// <param name="IsFixed">It says nothing of the request.</param>
    private sealed record Page(string Text, byte[] Bytes, bool IsFixed);

    public static Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        var id = Correlation.Id(context);
        response.Headers[Correlation.Header] = id;
        if (HttpMethods.IsHead(context.Request.Method)) { return Task.CompletedTask; }
        return ApiAddresses.IsApi(context) ? ApiProblems.WriteAsync(context, context.Response.StatusCode) : WritePageAsync(context, id);
    }

    private static async Task WritePageAsync(HttpContext context, string id)
    {
        var status = Array.IndexOf(Known, context.Response.StatusCode) >= 0 ? context.Response.StatusCode
            : context.Response.StatusCode < 500 ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;
        var page = Pages.GetOrAdd((status, Language.Of(context).Name), static (key, services) => PageOf(Compose(key.Status, services)), context.RequestServices);
        var view = OfView(context);
        var bytes = page.IsFixed && view.Length == 0 ? page.Bytes
            : Encoding.UTF8.GetBytes(page.Text.Replace(IdMark, HtmlEncoder.Default.Encode(id), StringComparison.Ordinal).Replace(ViewMark, view, StringComparison.Ordinal));
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Page PageOf(string text) => new(text, Encoding.UTF8.GetBytes(text.Replace(ViewMark, "", StringComparison.Ordinal)), !text.Contains(IdMark, StringComparison.Ordinal));

    /// <summary>Who looks as somebody else is told so here too.</summary>
    private static string OfView(HttpContext context)
    {
        if (ViewingAs.Of(context) is not { } viewing) { return ""; }
        var text = context.RequestServices.GetRequiredService<IStringLocalizer<UiText>>();
        var words = text["viewing.text", viewing.Own.Viewer.Name, viewing.PersonName, viewing.Company, Display.Time(viewing.Until, viewing.Own.Viewer.TimeZone)];
        return $"<div class=\"portal-viewing\"><p>{HtmlEncoder.Default.Encode(words)} {HtmlEncoder.Default.Encode(text["viewing.refused"])}</p></div>";
    }

    private static string Compose(int status, IServiceProvider services)
    {
        var text = services.GetRequiredService<IStringLocalizer<UiText>>();
        var assets = services.GetRequiredService<AssetUrls>();
        var encode = services.GetRequiredService<HtmlEncoder>();
        string T(string key) => encode.Encode(text[key]);
        var idLine = status == StatusCodes.Status404NotFound ? "" : $"<p class=\"text-secondary mt-3\">{T("error.id")} <code>{IdMark}</code></p>";
        return $"""
            <!DOCTYPE html>
            <html lang="{text["language.code"].Value}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
            <title>{T($"error.{status}.title")} · Portal</title>
            <link rel="icon" href="{assets["favicon.svg"]}" type="image/svg+xml">
            <link rel="stylesheet" href="{assets["lib/tabler/tabler.min.css"]}"><link rel="stylesheet" href="{assets["css/portal.css"]}">
            <script src="{assets["js/theme.js"]}"></script>
            </head>
            <body>{ViewMark}<main class="portal-plain" id="main"><div class="empty">
            <p class="empty-header">{status}</p>
            <h1 class="empty-title">{T($"error.{status}.title")}</h1>
            <p class="empty-subtitle text-secondary">{T($"error.{status}.text")}</p>
            <div class="empty-action"><a class="btn btn-primary" href="/">{T("error.home")}</a></div>
            {idLine}
            </div></main></body></html>
            """;
    }
}
