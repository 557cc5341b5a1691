using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Portal.Testing;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Companies;

/// <summary>The program with the demo house, for a class of tests.</summary>
public sealed class RunningHouse : IAsyncLifetime
{
    private readonly RecordedSql _sql = new();

    public RunningPortal Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await RunningPortal.StartAsync(adapt: _sql.AddTo);

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public async Task<long> CompanyAsync(string code)
    {
        await using var db = Portal.System();
        return await db.Companies.Where(c => c.Code == code).Select(c => c.Id).SingleAsync();
    }

    /// <returns>How many statements the page cost, once the person is known to the program.</returns>
    public async Task<int> StatementsAsync(string email, string path)
    {
        var browser = await Portal.AsAsync(email);
        (await browser.GetAsync(path)).EnsureSuccessStatusCode();
        var name = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(RecordedSql.Header, name);
        (await browser.SendAsync(request)).EnsureSuccessStatusCode();
        return _sql.Statements.Count(s => s.For == name);
    }
}

/// <summary>Forms as a browser sends them: chosen options, text areas and unticked boxes included.</summary>
internal static class HouseForms
{
    public static async Task<HttpResponseMessage> SendFormAsync(this HttpClient browser, HttpResponseMessage page, CancellationToken ct, params (string Name, string Value)[] values)
    {
        var form = page.FormOf(await SignIn.ReadAsync(page, ct), values);
        return await browser.PostAsync(form.Action, new FormUrlEncodedContent(form.Values), ct);
    }

    public static (string Action, List<KeyValuePair<string, string>> Values) FormOf(this HttpResponseMessage page, IHtmlDocument document, params (string Name, string Value)[] values)
    {
        var (action, fields) = Fields(document, "main form.portal-form");
        foreach (var (name, value) in values)
        {
            fields.RemoveAll(f => f.Key == name);
            fields.Add(KeyValuePair.Create(name, value));
        }
        return (action.Length > 0 ? action : page.RequestMessage!.RequestUri!.PathAndQuery, fields);
    }

    public static (string Action, List<KeyValuePair<string, string>> Values) Fields(IHtmlDocument document, string selector)
    {
        var form = (IHtmlFormElement)(document.QuerySelector(selector) ?? throw new InvalidOperationException($"The page \"{document.Title}\" has no {selector}."));
        List<KeyValuePair<string, string>> fields = [];
        foreach (var element in form.Elements)
        {
            switch (element)
            {
                case IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false }: break;
                case IHtmlInputElement { Name.Length: > 0 } input: fields.Add(KeyValuePair.Create(input.Name!, input.Value)); break;
                case IHtmlSelectElement { Name.Length: > 0 } select: fields.Add(KeyValuePair.Create(select.Name!, select.Value ?? "")); break;
                case IHtmlTextAreaElement { Name.Length: > 0 } area: fields.Add(KeyValuePair.Create(area.Name!, area.Value)); break;
            }
        }
        return (form.GetAttribute("action") ?? "", fields);
    }
}
