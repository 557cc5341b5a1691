using Microsoft.AspNetCore.Http;

namespace Portal.Identity.Pages;

/// <summary>The pages around an account, in the frame of the provider's other pages.</summary>
internal sealed class FormRenderer(PageRenderer pages)
{
    public IResult Form(HttpContext http, FormView view, string? language, int status = StatusCodes.Status200OK) =>
        pages.Page<FormPage>(http, status, language, new() { [nameof(FormPage.Model)] = view }, null, script: view.Passkey is null ? null : "'self'");

    public IResult Account(HttpContext http, AccountOverview view, string? language) =>
        pages.Page<AccountPage>(http, StatusCodes.Status200OK, language, new() { [nameof(AccountPage.Model)] = view }, null);

    public IResult Problem(HttpContext http, string message) => pages.Problem(http, message);
}
