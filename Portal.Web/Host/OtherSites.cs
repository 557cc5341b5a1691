using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Host;

/// <summary>
/// What needs a log-in, files above all, is for the portal's own pages. Another site may link to it, and the person opens the link; it may not embed it, fetch it or post to
/// it. Browsers say who asks and what for (Fetch Metadata, W3C; OWASP ASVS 5.0, V3.5.8); whoever does not say is no browser of today, and is judged by its log-in alone.
/// </summary>
public static class OtherSites
{
    /// <summary>After routing. What anybody may open without logging in, the provider's protocol among it, has rules of its own.</summary>
    public static Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsFromElsewhere(http.Request) || IsLink(http.Request) || http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) { return next(http); }
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>A sibling under the same domain is another site too: what it serves is not the portal's affair.</summary>
    private static bool IsFromElsewhere(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    /// <summary>Somebody follows a link, from a mail for instance: the answer becomes the page of the whole tab.</summary>
    private static bool IsLink(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
