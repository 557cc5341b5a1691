using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Preferences;

/// <summary>Takes the choices of the frame: language and theme. Open to all, since the sign-in page has them too.</summary>
[AllowAnonymous]
public sealed class IndexModel : PageModel
{
    public IActionResult OnGet() => LocalRedirect("~/");

    /// <summary>In the browser for the next page, in the person's record for mails and other browsers.</summary>
    public async Task<IActionResult> OnPostLanguageAsync(string? language, string? returnUrl, CancellationToken ct)
    {
        if (Language.Find(language) is not { } chosen) { return BadRequest(); }
        Language.Keep(HttpContext, chosen);
        if (Asker.Of(HttpContext) is not null)
        {
            var db = HttpContext.RequestServices.GetRequiredService<PortalDbContext>();
            if (await db.People.FirstOrDefaultAsync(p => p.Id == db.Scope.PersonId, ct) is { } person && person.Language != chosen.Name)
            {
                person.Language = chosen.Name;
                await db.SaveChangesAsync(ct);
            }
        }
        return Back(returnUrl);
    }

    public IActionResult OnPostTheme(string? theme, string? returnUrl)
    {
        if (theme is not ("light" or "dark" or "system")) { return BadRequest(); }
        SiteCookies.Keep(HttpContext, SiteCookies.Theme, theme);
        return WantsNoPage ? new NoContentResult() : Back(returnUrl);
    }

    private bool WantsNoPage => Request.Headers.ContainsKey("X-Portal-Script");

    private IActionResult Back(string? returnUrl) => LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "~/");
}
