using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Endpoints;

namespace Portal.Identity.Pages;

/// <param name="Request">The sealed interaction.</param>
/// <param name="Language">As chosen on the page; null for the browser's.</param>
/// <param name="Fault">Key of the message; null on the first showing.</param>
public sealed record LogInForm(string Request, string Email, string? Language, string? Fault)
{
    /// <summary>Whether some company's people log in through its own provider.</summary>
    public bool OffersHome { get; init; }

    /// <summary>The provider that the account is linked to by this log-in; null for an ordinary one.</summary>
    public string? LinkTo { get; init; }
}

/// <summary>
/// The provider's pages: static HTML without script, in the language asked for, not to be framed, cached or scripted.
/// They need nothing of the host but its style sheets.
/// </summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory logs, PageTheme theme)
{
    public IResult LogIn(HttpContext http, AuthorizeRequest request, Client client, LogInForm form, int status = StatusCodes.Status200OK) =>
        Page<LogInPage>(http, status, form.Language ?? request.UiLocales, new() { [nameof(LogInPage.Form)] = form, [nameof(LogInPage.ClientName)] = client.Name }, request.RedirectUri);

    public IResult Consent(HttpContext http, AuthorizeRequest request, Client client, Account account, string sealedRequest, string? language, IReadOnlyList<ConsentWord> words) =>
        Page<ConsentPage>(http, StatusCodes.Status200OK, language ?? request.UiLocales, new()
        {
            [nameof(ConsentPage.Request)] = sealedRequest,
            [nameof(ConsentPage.ClientName)] = client.Name,
            [nameof(ConsentPage.Host)] = new Uri(request.RedirectUri).Authority,
            [nameof(ConsentPage.Email)] = account.Email,
            [nameof(ConsentPage.Words)] = words,
        }, request.RedirectUri);

    /// <summary>OAuth 2.0 Form Post Response Mode: the browser posts the answer to the client by itself, or, without script, when told to.</summary>
    public IResult FormPost(HttpContext http, string target, IReadOnlyList<(string Name, string Value)> fields) =>
        Page<FormPostPage>(http, StatusCodes.Status200OK, null, new() { [nameof(FormPostPage.Target)] = target, [nameof(FormPostPage.Fields)] = fields }, target, FormPostPage.ScriptSource);

    public IResult AskSignOut(HttpContext http, string question, Account account, string? language, string? redirect, int status) =>
        Page<SignOutPage>(http, status, language, new() { [nameof(SignOutPage.Question)] = question, [nameof(SignOutPage.Email)] = account.Email }, redirect);

    public IResult SignedOut(HttpContext http, string? language) =>
        Page<MessagePage>(http, StatusCodes.Status200OK, language, new() { [nameof(MessagePage.Title)] = "signedout.title", [nameof(MessagePage.Message)] = "signedout.lead" }, null);

    public IResult Problem(HttpContext http, string message, int status = StatusCodes.Status400BadRequest) =>
        Page<MessagePage>(http, status, null, new() { [nameof(MessagePage.Title)] = "error.title", [nameof(MessagePage.Message)] = message }, null);

    /// <param name="script">What the page may run, in the words of the content security policy; null for nothing.</param>
    internal IResult Page<TPage>(HttpContext http, int status, string? language, Dictionary<string, object?> parameters, string? formTarget, string? script = null) where TPage : IComponent =>
        new HtmlPage(status, CultureOf(http, language), formTarget, script, async () =>
        {
            theme.Take(http);
            await using var renderer = new HtmlRenderer(services, logs);
            return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        });

    /// <summary>The first language that we have: of those asked for, then of the browser's. Chinese of any kind is answered in simplified.</summary>
    private static CultureInfo CultureOf(HttpContext http, string? language)
    {
        var asked = (language ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var browser = http.Request.GetTypedHeaders().AcceptLanguage.Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString());
        foreach (var name in asked.Concat(browser))
        {
            switch (name.Split('-')[0].ToLowerInvariant())
            {
                case "en": return CultureInfo.GetCultureInfo("en");
                case "zh": return CultureInfo.GetCultureInfo("zh-Hans");
            }
        }
        return CultureInfo.GetCultureInfo("en");
    }

    private sealed class HtmlPage(int status, CultureInfo culture, string? formTarget, string? script, Func<Task<string>> render) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            var html = await render();
            var response = httpContext.Response;
            response.StatusCode = status;
            NoStore.On(response);
            // The form's answer leads back to the client, and browsers apply form-action to that redirect too.
            var target = formTarget is null ? "" : " " + new Uri(formTarget).GetLeftPart(UriPartial.Authority);
            response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'{(script is null ? "" : $"; script-src {script}")}";
            response.Headers.XFrameOptions = "DENY";
            response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
            response.Headers.ContentLanguage = culture.Name;
            response.ContentType = "text/html; charset=utf-8";
            await response.WriteAsync(html, httpContext.RequestAborted);
        }
    }
}
