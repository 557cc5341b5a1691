using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Tests.Access;
using Portal.Web.Ui.Forms;
using Xunit;

namespace Portal.Web.Tests.Resilience;

/// <summary>Two people edit the same record; the second one to save has not seen what the first one saved.</summary>
public sealed class StaleEditTests
{
    private const string Editor = "admin@portal.example";

    [Fact]
    public async Task Every_edit_page_shows_both_and_overwrites_neither()
    {
        await using var portal = await RunningPortal.StartAsync();
        var model = await SightModel.ReadAsync(portal, [Editor]);
        var browser = await portal.AsAsync(Editor);
        var pages = (await Surfaces.OfAsync(portal.Services)).Where(s => s is { Verb: "GET", Handler: "", IsPage: true, Words.Count: 0, Main.InRoute: true } && s.Policy is { } policy && model.May(Editor, policy) && model.Knows(s.Main.Kind)).ToList();
        List<string> edited = [], wrong = [];
        foreach (var page in pages)
        {
            if (model.SeenBy(Editor, page.Main!.Kind).Cast<long?>().FirstOrDefault() is not { } id) { continue; }
            var address = page.Address(new Dictionary<string, string> { [page.Main.Name] = id.ToString(CultureInfo.InvariantCulture) });
            if (await FormAsync(browser, address) is not { } fields || fields.FindIndex(f => f.Name is "Input.Name" or "Input.Title" or "Input.LastName" or "Input.Description" or "Input.SupplierCode" or "Input.Line1") is not (>= 0 and var at)) { continue; }
            edited.Add(page.Name);
            var first = await SendAsync(browser, address, Changed(fields, at, " first"));
            var second = await SendAsync(browser, address, Changed(fields, at, " second"));
            if (first.StatusCode != HttpStatusCode.Redirect) { wrong.Add($"{page.Name}: the first save answered {(int)first.StatusCode}"); continue; }
            var text = WebUtility.HtmlDecode(await second.Content.ReadAsStringAsync());
            if (second.StatusCode != HttpStatusCode.Conflict) { wrong.Add($"{page.Name}: the stale save answered {(int)second.StatusCode}"); }
            else if (!text.Contains(" first", StringComparison.Ordinal) || !text.Contains(" second", StringComparison.Ordinal)) { wrong.Add($"{page.Name}: the conflict does not show both"); }
            var shown = await SignIn.ReadAsync(second);
            var links = shown.QuerySelectorAll(".portal-conflict a");
            if (links.Length == 0 || !links.All(link => link.TextContent.Length > 0 && shown.QuerySelector($"main form {link.GetAttribute("href")}") is not null)) { wrong.Add($"{page.Name}: the conflict does not lead to its fields"); }
            if (await FormAsync(browser, address) is { } now && !now[at].Value.EndsWith(" first", StringComparison.Ordinal)) { wrong.Add($"{page.Name}: holds {now[at].Value} afterwards"); }
        }
        Assert.Empty(wrong);
        Assert.NotEmpty(edited);
    }

    /// <returns>The fields of the form that carries a version; null where the page has none.</returns>
    private static async Task<List<(string Name, string Value)>?> FormAsync(HttpClient browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        var form = (await SignIn.ReadAsync(answer)).QuerySelectorAll("main form[method=post]").OfType<IHtmlFormElement>().FirstOrDefault(f => f.QuerySelector("[name='Input.Version']") is not null);
        return form is null ? null : SignIn.FieldsOf(form);
    }

    private static List<(string Name, string Value)> Changed(List<(string Name, string Value)> fields, int at, string by) =>
        [.. fields.Select((f, i) => f.Name == OnceFilter.Field ? (f.Name, Guid.NewGuid().ToString("N")) : i == at ? (f.Name, f.Value + by) : f)];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient browser, string address, List<(string Name, string Value)> fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await browser.PostAsync(address, form);
    }
}
