using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Portal.Web.Ui.Forms;
using Xunit;

namespace Portal.Web.Tests.Resilience;

/// <summary>The same form many times at once: a double click, a proxy that tries again.</summary>
public sealed class DoublePostTests
{
    [Theory, OnEachEngine]
    public async Task Twenty_at_once_are_one_record_and_one_answer(string engine)
    {
        await using var portal = await RunningPortal.StartAsync(engine);
        var form = await ShareForm.OpenAsync(portal);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => form.SendAsync("twenty at once")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Redirect, a.StatusCode));
        Assert.Single(answers.Select(a => a.Headers.Location!.OriginalString).Distinct());
        await using var db = portal.System();
        Assert.Equal(1, await db.Shares.CountAsync(s => s.Reason == "twenty at once"));
        Assert.Equal(1, await db.Audit.CountAsync(a => a.Entity == nameof(Share) && a.Changes.Contains("twenty at once")));
    }

    [Fact]
    public async Task The_same_key_with_other_content_is_another_form()
    {
        await using var portal = await RunningPortal.StartAsync();
        var form = await ShareForm.OpenAsync(portal);
        await form.SendAsync("first");
        await form.SendAsync("second", "ALPINE");
        await using var db = portal.System();
        Assert.Equal(2, await db.Shares.CountAsync(s => s.Reason == "first" || s.Reason == "second"));
    }
}

/// <summary>The form by which an administrator shares an opportunity with a company; it writes a record, its audit and its story.</summary>
internal sealed class ShareForm
{
    private readonly HttpClient _browser;
    private readonly string _address;
    private readonly Dictionary<string, long> _companies;
    private readonly List<KeyValuePair<string, string>> _fields;

    private ShareForm(HttpClient browser, string address, Dictionary<string, long> companies, List<KeyValuePair<string, string>> fields) =>
        (_browser, _address, _companies, _fields) = (browser, address, companies, fields);

    public static async Task<ShareForm> OpenAsync(RunningPortal portal)
    {
        await using var db = portal.System();
        var opportunity = await db.Opportunities.OrderBy(o => o.Id).Select(o => o.Id).FirstAsync();
        var companies = await db.Companies.Where(c => c.Code == "DUNE" || c.Code == "ALPINE").ToDictionaryAsync(c => c.Code, c => c.Id);
        var browser = await portal.AsAsync("admin@portal.example");
        var address = $"/access/share/Opportunity/{opportunity}";
        using var page = await browser.GetAsync(address);
        var token = (await SignIn.ReadAsync(page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return new(browser, address, companies,
        [
            new("__RequestVerificationToken", token), new(OnceFilter.Field, "one-key-for-all"), new("Input.Fields", "Summary"),
            new("Input.Until", db.Today.AddDays(30).ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
        ]);
    }

    public async Task<HttpResponseMessage> SendAsync(string reason, string company = "DUNE")
    {
        using var form = new FormUrlEncodedContent(_fields.Append(new("Input.Reason", reason)).Append(new("Input.CompanyId", $"{_companies[company]}")));
        return await _browser.PostAsync(_address, form);
    }
}
