using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Testing;
using Portal.Web.Tests.Access;
using Xunit;

namespace Portal.Web.Tests.Api;

/// <summary>An administrator chooses whose rights a program has.</summary>
[Collection(ApiHouses.Name)]
public sealed class ActingForAPersonTests(ApiHouse house)
{
    private const string Admin = "admin@portal.example", Companies = "portal.companies.read";

    private async Task<long> PersonAsync(string email)
    {
        await using var db = house.Portal.System();
        return await db.People.Where(p => p.Email == email).Select(p => p.Id).SingleAsync();
    }

    private static Task<HttpResponseMessage> ChooseAsync(HttpClient browser, string client, string person) =>
        SupportHouse.PostAsync(browser, $"/access/clients/{client}?handler=ActFor", ("Input.PersonId", person));

    [Fact]
    public async Task A_record_for_a_program_gets_no_log_in_and_is_chosen_changed_and_taken_away()
    {
        var tokens = await house.ProgramAsync("nightly", Companies);
        var browser = await house.LogInAsync(Admin);
        var added = await browser.SubmitAsync(await browser.GetAsync("/access/people/add"), default, ("Input.Name", "Nightly"), ("Input.Email", "nightly@portal.example"), ("Input.Language", "en"), ("Input.Functions", Functions.Marketing), ("Input.ForProgram", "true"));
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        await using (var db = house.Portal.System())
        {
            Assert.Null(await db.People.Where(p => p.Email == "nightly@portal.example").Select(p => p.Issuer).SingleAsync());
        }
        Assert.Contains("acts for nobody yet", await browser.GetStringAsync("/access/clients/nightly"), StringComparison.Ordinal);
        Assert.Contains("Nightly", await browser.GetStringAsync("/look-up/program-person?words=night"), StringComparison.Ordinal);
        var chosen = await ChooseAsync(browser, "nightly", $"{await PersonAsync("nightly@portal.example")}");
        Assert.Equal(HttpStatusCode.Found, chosen.StatusCode);
        Assert.Contains("Nightly", (await SignIn.ReadAsync(await browser.GetAsync("/access/clients/nightly"))).QuerySelector("main section:last-of-type p")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Nightly", await browser.GetStringAsync("/look-up/program-person?words=night"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(await tokens(), "companies")).Status);
        Assert.Equal(HttpStatusCode.Found, (await ChooseAsync(browser, "nightly", "")).StatusCode);
        Assert.Equal("api.program-without-person", (await house.GetAsync(await tokens(), "companies")).Code);
    }

    [Fact, Trait("asvs", "V10.3.3")]
    public async Task Nobody_who_logs_in_is_taken_for_a_program()
    {
        await house.ProgramAsync("greedy", Companies);
        var browser = await house.LogInAsync(Admin);
        var refused = await ChooseAsync(browser, "greedy", $"{await PersonAsync(Admin)}");
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("Somebody logs in by this record", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("There is no such active person", await (await ChooseAsync(browser, "greedy", "1234567890123456789")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // An application for people has no place where a person could be chosen.
        Assert.Equal(HttpStatusCode.NotFound, (await ChooseAsync(browser, ApiHouse.App, $"{await PersonAsync(Admin)}")).StatusCode);
    }

    [Fact, Trait("asvs", "V10.4.9 V10.7.3")]
    public async Task What_was_allowed_is_listed_and_taken_back_by_a_page()
    {
        ApiHouse.Done(await house.ClientsAsync(clients => clients.AddAsync(ApiHouse.Public("ledger") with { AsksConsent = true }, default)));
        var browser = await house.LogInAsync("sales@portal.example");
        var asked = $"/identity/authorize?response_type=code&client_id=ledger&redirect_uri={Uri.EscapeDataString(ApiHouse.Callback)}&scope={Uri.EscapeDataString($"openid {Companies}")}&code_challenge={new string('a', 43)}&code_challenge_method=S256";
        Assert.DoesNotContain("ledger", (await SignIn.ReadAsync(await browser.GetAsync("/account/applications"))).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.FollowAsync(await browser.GetAsync(asked)), default, ("answer", "allow"))).StatusCode);
        var token = await ApiHouse.TokenAsync(browser, "ledger", Companies);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, "companies")).Status);

        var page = await browser.GetAsync("/account/applications");
        var line = (await SignIn.ReadAsync(page)).QuerySelectorAll("main li").Single(li => li.TextContent.Contains("ledger", StringComparison.Ordinal));
        Assert.Contains(Companies, line.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await SupportHouse.PostAsync(browser, "/account/applications?handler=Withdraw", ("client", "ledger"))).StatusCode);
        Assert.DoesNotContain("ledger", (await SignIn.ReadAsync(await browser.GetAsync("/account/applications"))).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await house.GetAsync(token, "companies")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.FollowAsync(await browser.GetAsync(asked))).StatusCode);
    }

    [Fact, Trait("asvs", "V10.7.2")]
    public async Task An_application_of_others_names_what_it_asks_for_in_the_readers_language()
    {
        ApiHouse.Done(await house.ClientsAsync(clients => clients.AddAsync(ApiHouse.Public("foreign") with { AsksConsent = true }, default)));
        var browser = await house.LogInAsync("sales@portal.example");
        var asked = $"/identity/authorize?response_type=code&client_id=foreign&redirect_uri={Uri.EscapeDataString(ApiHouse.Callback)}&scope={Uri.EscapeDataString($"openid {Companies}")}&code_challenge={new string('a', 43)}&code_challenge_method=S256";
        foreach (var (language, words) in new[] { ("en", "Read the companies that you see"), ("zh-Hans", "读取您可见的公司") })
        {
            var page = await browser.FollowAsync(await browser.GetAsync($"{asked}&ui_locales={language}"));
            Assert.Contains(words, (await SignIn.ReadAsync(page)).Body!.TextContent, StringComparison.Ordinal);
        }
    }
}
