using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Preferences;

/// <summary>Takes the choices of the frame: language and theme. Open to all, since the sign-in page has them too.</summary>
[AllowAnonymous]
public sealed class IndexModel : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/");

    public IActionResult OnPostLanguage(string? language, string? returnUrl)
    {
        if (Language.Find(language) is not { } chosen) { return BadRequest(); }
        Language.Keep(HttpContext, chosen);
        return Back(returnUrl);
    }

    public IActionResult OnPostTheme(string? theme, string? returnUrl)
    {
        if (theme is not ("light" or "dark" or "system")) { return BadRequest(); }
        Response.Cookies.Append("portal-theme", theme, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365), IsEssential = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Request.IsHttps,
        });
        return WantsNoPage ? new NoContentResult() : Back(returnUrl);
    }

    private bool WantsNoPage => Request.Headers.ContainsKey("X-Portal-Script");

    private IActionResult Back(string? returnUrl) => LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "~/");
}
