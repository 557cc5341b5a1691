using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Portal.Domain.Access;
using Portal.Web.Access;
using Portal.Web.Ui;

namespace Portal.Web.Pages.Access.ViewAs;

/// <summary>Ends the look as somebody else; the request comes in that person's place, so anybody who is logged in may send it.</summary>
[Authorize(Policy = Permissions.SignedIn), EndsView]
public sealed class EndModel(IStringLocalizer<AccessText> text) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (ViewingAs.Of(HttpContext) is null) { return LocalRedirect("/"); }
        await ViewingAs.EndAsync(HttpContext, ct);
        this.Toast(text["view-as.ended"]);
        return LocalRedirect("/access/view-as");
    }
}
