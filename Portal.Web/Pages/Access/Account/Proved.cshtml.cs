using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Portal.Domain.Access;
using Portal.Web.Access;

namespace Portal.Web.Pages.Access.Account;

/// <summary>Where the tab ends in which somebody proved once more who they are, while a form waits in another: see <see cref="StepUp.KeepsFormBack"/>.</summary>
[Authorize(Policy = Permissions.SignedIn), ShownInView(false)]
public sealed class ProvedModel : PageModel;
