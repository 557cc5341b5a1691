using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Testing;
using Portal.Web.Demo;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>A partner's administrator and the own company's people.</summary>
[Collection(SupportHouses.Name)]
public sealed class ColleaguesTests(SupportHouse house)
{
    private const string Admin = "reseller.admin@cascade.example", Colleague = "reseller@cascade.example", Rival = "reseller@dune.example";

    private static async Task<HttpResponseMessage> InviteAsync(HttpClient browser, string email, params string[] functions) => await browser.SubmitAsync(
        await browser.GetAsync("/partner/people/invite"), default,
        [("Input.Name", "New Colleague"), ("Input.Email", email), ("Input.Language", "en"), .. functions.Select(f => ("Input.Functions", f))]);

    [Fact]
    public async Task Invites_a_colleague_who_chooses_a_password_and_sees_the_company()
    {
        var browser = await house.LogInAsync(Admin);
        var answer = await SignIn.ReadAsync(await InviteAsync(browser, "new@cascade.example", Functions.ResellerPerson));
        var link = answer.QuerySelector("main code")!.TextContent.Trim();
        var colleague = house.Portal.Browser();
        await colleague.SubmitAsync(await colleague.GetAsync(new Uri(link).PathAndQuery), default, ("password", "three blue lakes in May"));
        await colleague.SignInAsync("new@cascade.example", "three blue lakes in May");
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/partner/opportunities")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await colleague.GetAsync("/partner/people")).StatusCode);
        await using var db = house.Portal.System();
        Assert.Equal(await db.People.Where(p => p.Email == Admin).Select(p => p.CompanyId).SingleAsync(), await db.People.Where(p => p.Email == "new@cascade.example").Select(p => p.CompanyId).SingleAsync());
    }

    [Theory]
    [InlineData(Functions.SupplierPerson)]
    [InlineData(Functions.DistributorPerson)]
    [InlineData(Functions.Administrator)]
    [InlineData(Functions.Support)]
    public async Task Gives_no_function_beyond_the_companys(string function)
    {
        var browser = await house.LogInAsync(Admin);
        var email = $"{function}@cascade.example";
        Assert.NotNull((await SignIn.ReadAsync(await InviteAsync(browser, email, function))).QuerySelector("[role=alert]"));
        var id = await house.PersonAsync(Colleague);
        var edited = await browser.SubmitAsync(await browser.GetAsync($"/partner/people/{id}"), default, ("Input.Functions", function));
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        await using var db = house.Portal.System();
        Assert.False(await db.People.AnyAsync(p => p.Email == email));
        Assert.Equal([Functions.ResellerPerson], (await db.People.Include(p => p.Functions).SingleAsync(p => p.Id == id)).Functions.Select(f => f.Function));
    }

    [Theory, Trait("asvs", "V6.3.8")]
    [InlineData("reseller@dune.example")]
    [InlineData("admin@portal.example")]
    public async Task An_address_that_is_somebodys_elsewhere_is_refused_and_not_explained(string email)
    {
        var browser = await house.LogInAsync(Admin);
        var words = (await SignIn.ReadAsync(await InviteAsync(browser, email, Functions.ResellerPerson))).QuerySelector("[role=alert]")!.TextContent;
        Assert.Contains("cannot be invited here", words, StringComparison.Ordinal);
        await using var db = house.Portal.System();
        Assert.Equal(1, await db.People.CountAsync(p => p.Email == email));
    }

    [Fact, Trait("asvs", "V7.4.2")]
    public async Task Disables_a_colleague_who_is_logged_out_at_once()
    {
        var browser = await house.LogInAsync(Admin);
        var answer = await SignIn.ReadAsync(await InviteAsync(browser, "leaves@cascade.example", Functions.ResellerPerson));
        var colleague = house.Portal.Browser();
        await colleague.SubmitAsync(await colleague.GetAsync(new Uri(answer.QuerySelector("main code")!.TextContent.Trim()).PathAndQuery), default, ("password", "three blue lakes in May"));
        await colleague.SignInAsync("leaves@cascade.example", "three blue lakes in May");
        var id = await house.PersonAsync("leaves@cascade.example");
        await using (var db = house.Portal.System())
        {
            var version = await db.People.Where(p => p.Id == id).Select(p => p.Version).SingleAsync();
            var saved = await SupportHouse.PostAsync(browser, $"/partner/people/{id}", ("Input.Version", $"{version}"), ("Input.Name", "New Colleague"), ("Input.Language", "en"), ("Input.Functions", Functions.ResellerPerson), ("Input.Active", "false"));
            Assert.Equal("/partner/people", saved.Headers.Location?.OriginalString);
        }
        Assert.StartsWith("/sign-in", (await colleague.GetAsync("/partner/opportunities")).Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_administration_away_from_nobody_by_mistake()
    {
        var browser = await house.LogInAsync(Admin);
        var id = await house.PersonAsync(Admin);
        await using var db = house.Portal.System();
        var version = await db.People.Where(p => p.Id == id).Select(p => p.Version).SingleAsync();
        var answer = await SupportHouse.PostAsync(browser, $"/partner/people/{id}", ("Input.Version", $"{version}"), ("Input.Name", "Paul"), ("Input.Language", "en"), ("Input.Functions", Functions.ResellerPerson), ("Input.Active", "true"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(await db.People.Where(p => p.Id == id).AnyAsync(p => p.Functions.Any(f => f.Function == Functions.PartnerAdmin)));
    }

    [Fact, Trait("asvs", "V8.4.1")]
    public async Task Reaches_nobody_of_another_company()
    {
        var browser = await house.LogInAsync(Admin);
        foreach (var foreign in new[] { Rival, "sales@portal.example" })
        {
            var id = await house.PersonAsync(foreign);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/partner/people/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await SupportHouse.PostAsync(browser, $"/partner/people/{id}?handler=Act", ("act", "invite"))).StatusCode);
        }
        Assert.DoesNotContain("Haddadi", await (await browser.GetAsync("/partner/people")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact, Trait("asvs", "V6.4.6")]
    public async Task Reads_a_colleagues_sign_in_log_and_gets_no_link_into_an_account_in_use()
    {
        await house.LogInAsync(Colleague);
        var browser = await house.LogInAsync(Admin);
        var id = await house.PersonAsync(Colleague);
        var page = await SignIn.ReadAsync(await browser.GetAsync($"/partner/people/{id}"));
        Assert.NotNull(page.QuerySelector("#log-title"));
        foreach (var act in new[] { "invite", "reset", "second-factor" })
        {
            var answer = await SupportHouse.PostAsync(browser, $"/partner/people/{id}?handler=Act", ("act", act));
            Assert.DoesNotContain("/identity/", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }
}
