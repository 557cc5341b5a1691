using Portal.Web.Access;

namespace Portal.Web.Ui;

/// <summary>
/// Cookies that the pages set by themselves. Where the portal is reached over https their names bear the prefix by which a browser takes them from this host alone and
/// by https alone.
/// </summary>
public static class SiteCookies
{
    public const string Language = "portal-language", Theme = "portal-theme", Form = "portal-form", Note = "portal-note";

    private const string OfThisHost = "__Host-";

    public static string NameOf(string cookie, bool isHttps) => isHttps ? OfThisHost + cookie : cookie;

    public static string? Read(HttpContext http, string cookie) => http.Request.Cookies[NameOf(cookie, IsHttps(http))];

    /// <summary>For a year, where nothing else is said.</summary>
    public static void Keep(HttpContext http, string cookie, string value, TimeSpan? age = null) =>
        http.Response.Cookies.Append(NameOf(cookie, IsHttps(http)), value, Options(http, age ?? TimeSpan.FromDays(365)));

    public static void Forget(HttpContext http, string cookie) => http.Response.Cookies.Delete(NameOf(cookie, IsHttps(http)), Options(http, null));

    /// <summary><c>light</c>, <c>dark</c>, or <c>system</c> where nobody chose.</summary>
    public static string ThemeOf(HttpContext http) => Read(http, Theme) is ("light" or "dark") and { } theme ? theme : "system";

    private static CookieOptions Options(HttpContext http, TimeSpan? age) => new()
    {
        MaxAge = age, IsEssential = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = IsHttps(http), Path = "/",
    };

    /// <summary>By the public address, as with the cookie of the session.</summary>
    private static bool IsHttps(HttpContext http) => http.RequestServices?.GetService<SignInAddresses>()?.IsHttps ?? http.Request.IsHttps;
}

/// <summary>
/// How a cookie that the framework sets for a page is made. By https alone where the public address says so, whatever the request came by: behind a proxy that ends TLS it is plain, and
/// the framework's own rule would refuse to answer at all.
/// </summary>
public sealed class SiteCookie : CookieBuilder
{
    private readonly bool _isHttps;

    public SiteCookie(string cookie, SignInAddresses site) => (Name, _isHttps, Path, HttpOnly) = (SiteCookies.NameOf(cookie, site.IsHttps), site.IsHttps, "/", true);

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = _isHttps;
        return options;
    }
}
