using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Portal.Testing;

/// <summary>
/// A browser without a screen: keeps cookies, follows no redirect by itself. It logs in as a person would, by the real protocol through the real pages.
/// </summary>
public static class SignIn
{
    /// <summary>A cookie, <c>name=value</c>, that goes with one request besides those that the browser keeps.</summary>
    public static readonly HttpRequestOptionsKey<string> OneMoreCookie = new("cookie");

    /// <param name="server">The handler of a test server, or a socket handler that neither follows redirects nor keeps cookies.</param>
    /// <param name="publicUrl">The portal's public address, as the host under test was told.</param>
    public static HttpClient Browser(HttpMessageHandler server, Uri publicUrl) => new(new CookieKeeper(server)) { BaseAddress = publicUrl };

    /// <summary>Logs in to the portal.</summary>
    /// <returns>The path on which the person ends: the one asked for, or another that the portal leads to instead.</returns>
    /// <exception cref="InvalidOperationException">The provider refused; the message holds its words.</exception>
    public static async Task<string> SignInAsync(this HttpClient browser, string email, string password, string returnUrl = "/", CancellationToken ct = default)
    {
        var page = await browser.FollowAsync(await browser.GetAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", ct), returnUrl, ct);
        if (page.Headers.Location is { } already)
        {
            return already.OriginalString;
        }
        var answer = await browser.SubmitAsync(page, ct, ("email", email), ("password", password));
        if (answer.Headers.Location is null)
        {
            throw new InvalidOperationException($"{email} was not logged in: {(await ReadAsync(answer, ct)).QuerySelector("[role=alert]")?.TextContent.Trim()}");
        }
        // The callback's own answer names the path; it is left to the test to open it.
        var callback = await browser.GetAsync(answer.Headers.Location, ct);
        return callback.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"The portal answered {(int)callback.StatusCode} to {email}.");
    }

    /// <summary>What the provider gives a public client for the person of this browser, by code and PKCE.</summary>
    public static async Task<JsonElement> TokensAsync(this HttpClient browser, string client, string redirect, string scope, CancellationToken ct = default)
    {
        var verifier = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var asked = $"/identity/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(redirect)}&scope={Uri.EscapeDataString(scope)}&code_challenge={challenge}&code_challenge_method=S256&state=x";
        var answer = await browser.GetAsync(asked, ct);
        var code = Regex.Match(answer.Headers.Location?.Query ?? "", "[?&]code=([^&]+)") is { Success: true } found ? Uri.UnescapeDataString(found.Groups[1].Value) : throw new InvalidOperationException($"No code came: {(int)answer.StatusCode} {answer.Headers.Location}");
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["client_id"] = client, ["code"] = code, ["redirect_uri"] = redirect, ["code_verifier"] = verifier };
        var tokens = await browser.PostAsync("/identity/token", new FormUrlEncodedContent(form), ct);
        return JsonDocument.Parse(await tokens.Content.ReadAsStringAsync(ct)).RootElement;
    }

    /// <summary>Logs out as the menu does.</summary>
    /// <returns>The page on which the person ends.</returns>
    public static async Task<HttpResponseMessage> SignOutAsync(this HttpClient browser, CancellationToken ct = default)
    {
        var question = await browser.GetAsync("/sign-out", ct);
        return await browser.FollowAsync(await browser.SubmitAsync(question, ct), ct: ct);
    }

    /// <summary>Goes after redirects until a page comes, or until one leads to <paramref name="stopAt"/>.</summary>
    public static async Task<HttpResponseMessage> FollowAsync(this HttpClient browser, HttpResponseMessage response, string? stopAt = null, CancellationToken ct = default)
    {
        for (var hops = 0; response.Headers.Location is { } next && next.OriginalString != stopAt; hops++)
        {
            if (hops == 10)
            {
                throw new InvalidOperationException($"The redirects never end; the last leads to {next}.");
            }
            response = await browser.GetAsync(next, ct);
        }
        return response;
    }

    /// <summary>Fills in the first form of a page and sends it; what is not given stays as the page has it.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(this HttpClient browser, HttpResponseMessage page, CancellationToken ct, params (string Name, string Value)[] values)
    {
        var document = await ReadAsync(page, ct);
        var form = document.QuerySelectorAll("main form").OfType<IHtmlFormElement>().FirstOrDefault()
            ?? throw new InvalidOperationException($"The page \"{document.Title}\" ({(int)page.StatusCode}) has no form.");
        var fields = form.Elements.OfType<IHtmlInputElement>().Where(input => input.Name is { Length: > 0 } name && values.All(value => value.Name != name))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value)).Concat(values.Select(value => KeyValuePair.Create(value.Name, value.Value)));
        var action = form.GetAttribute("action") is { Length: > 0 } given ? given : page.RequestMessage!.RequestUri!.PathAndQuery;
        return await browser.PostAsync(action, new FormUrlEncodedContent(fields), ct);
    }

    /// <summary>What a browser would send of a form as it stands: chosen boxes only, lists and long texts too.</summary>
    public static List<(string Name, string Value)> FieldsOf(IHtmlFormElement form) => form.Elements.Select(e => e switch
    {
        IHtmlInputElement { Type: "checkbox" or "radio" } box when !box.IsChecked => default,
        IHtmlInputElement { Name.Length: > 0 } input => (input.Name!, input.Value),
        IHtmlSelectElement { Name.Length: > 0 } select => (select.Name!, select.Value ?? ""),
        IHtmlTextAreaElement { Name.Length: > 0 } text => (text.Name!, text.Value),
        _ => default,
    }).Where(f => f.Item1 is not null).Select(f => (Name: f.Item1!, Value: f.Item2)).ToList();

    /// <summary>Sends the edit form of a page as a browser would; the values given take the place of what it holds.</summary>
    public static async Task<HttpResponseMessage> SaveAsync(this HttpClient browser, HttpResponseMessage page, params (string Name, string Value)[] values)
    {
        var form = (await ReadAsync(page)).QuerySelectorAll("main form").OfType<IHtmlFormElement>().First(f => f.QuerySelector("[name='Input.Version']") is not null);
        var fields = FieldsOf(form).Where(field => values.All(value => value.Name != field.Name)).Concat(values).Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var content = new FormUrlEncodedContent(fields);
        return await browser.PostAsync(page.RequestMessage!.RequestUri, content);
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage page, CancellationToken ct = default) =>
        new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync(ct));

    private sealed class CookieKeeper(HttpMessageHandler server) : DelegatingHandler(server)
    {
        private readonly CookieContainer _cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header && !request.Headers.Contains("Cookie"))
            {
                request.Headers.Add("Cookie", request.Options.TryGetValue(OneMoreCookie, out var more) ? $"{header}; {more}" : header);
            }
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set)
                {
                    _cookies.SetCookies(request.RequestUri!, cookie);
                }
            }
            return response;
        }
    }
}
