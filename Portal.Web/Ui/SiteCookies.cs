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

    /// <summary>For a year.</summary>
    public static void Keep(HttpContext http, string cookie, string value) => http.Response.Cookies.Append(NameOf(cookie, IsHttps(http)), value, new CookieOptions
    {
        MaxAge = TimeSpan.FromDays(365), IsEssential = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = IsHttps(http), Path = "/",
    });

    /// <summary><c>light</c>, <c>dark</c>, or <c>system</c> where nobody chose.</summary>
    public static string ThemeOf(HttpContext http) => Read(http, Theme) is ("light" or "dark") and { } theme ? theme : "system";

    /// <summary>By the public address, as with the cookie of the session.</summary>
    private static bool IsHttps(HttpContext http) => http.RequestServices?.GetService<SignInAddresses>()?.IsHttps ?? http.Request.IsHttps;
}
