using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Primitives;

namespace Portal.Web.Host;

/// <summary>Headers on every answer. No page has inline script or style, so the policy needs no nonce and no exception.</summary>
public static class SecurityHeaders
{
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    private static readonly StringValues Csp = ContentSecurityPolicy, NoSniff = "nosniff", Deny = "DENY", Referrer = "strict-origin-when-cross-origin",
        SameOrigin = "same-origin", NoStore = "no-cache, no-store",
        Permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), payment=(), usb=()";

    /// <summary>Before anything else, so that no answer goes without.</summary>
    public static Task UseAsync(HttpContext context, RequestDelegate next)
    {
        Apply(context);
        return next(context);
    }

    /// <summary>
    /// After routing: static files say themselves how long they keep; everything else is personal. In the words that antiforgery asks for: it would warn of any
    /// others, a line of the log for every page with a form.
    /// </summary>
    public static Task KeepPersonalPagesOutOfCachesAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null) { context.Response.Headers.CacheControl = NoStore; }
        return next(context);
    }

    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Csp;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        headers["Referrer-Policy"] = Referrer;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Permissions-Policy"] = Permissions;
    }
}
