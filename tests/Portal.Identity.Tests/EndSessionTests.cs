using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class EndingTheSessionTests
{
    private static string Url(params (string Name, string? Value)[] parameters) =>
        QueryHelpers.AddQueryString("/identity/end-session", parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));

    private static async Task<bool> IsLoggedInAsync(HttpClient browser) =>
        Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["code"] is not null;

    [Fact, Trait("oidc", "65")]
    public async Task A_hint_and_a_registered_address_log_out_and_lead_back_oidcc_rp_initiated_logout()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var reply = await new Flow().TokensAsync(host, browser);
        var answer = Answer.Of(await browser.GetAsync(Url(("id_token_hint", reply["id_token"]), ("post_logout_redirect_uri", ProviderHost.LoggedOut), ("state", "s &1"))));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Response.StatusCode);
        Assert.StartsWith(ProviderHost.LoggedOut, answer.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("s &1", answer["state"]);
        Assert.False(await IsLoggedInAsync(browser));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), reply["access_token"]!)).Status);
    }

    public static TheoryData<string, string?, string?> NoRedirect => new()
    {
        { "bad hint", "x.y.z", ProviderHost.LoggedOut },
        { "modified hint", "modified", ProviderHost.LoggedOut },
        { "foreign-signed hint", "foreign", ProviderHost.LoggedOut },
        { "unregistered address", "own", "https://evil.example/" },
        { "added query", "own", ProviderHost.LoggedOut + "?x=1" },
        { "address without hint", null, ProviderHost.LoggedOut },
    };

    [Theory, Trait("oidc", "66"), Trait("asvs", "V3.7.2 V10.6.2"), MemberData(nameof(NoRedirect))]
    public async Task Nothing_unproven_leads_anywhere_or_logs_out_by_itself(string what, string? kind, string? address)
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var own = (await new Flow().TokensAsync(host, browser))["id_token"]!;
        var keys = (await Reply.OfAsync(await host.Program().GetAsync("/identity/jwks"))).Body.GetProperty("keys").EnumerateArray();
        var hint = kind switch
        {
            "own" => own,
            "modified" => Jwt.Alter(own, "sub", "x"),
            "foreign" => Jwt.Forgeries(own, keys.Single(k => k.GetProperty("kty").GetString() == "EC")).First(f => f.How.StartsWith("another key", StringComparison.Ordinal)).Token,
            _ => kind,
        };
        var page = await browser.GetAsync(Url(("id_token_hint", hint), ("post_logout_redirect_uri", address), ("state", "s")));
        Assert.True(page.Headers.Location is null, what);
        Assert.True(await IsLoggedInAsync(browser), what);
        var confirmed = await browser.SubmitAsync(page, default);
        Assert.Null(confirmed.Headers.Location);
        Assert.False(await IsLoggedInAsync(browser));
    }

    [Theory, Trait("oidc", "67"), Trait("asvs", "V10.6.2")]
    [InlineData(null)]
    [InlineData("s")]
    public async Task Without_a_hint_the_page_asks_first_oidcc_rp_initiated_logout_no_params(string? state)
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser);
        var page = await browser.GetAsync(Url(("state", state)));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(Folk.Ada, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await IsLoggedInAsync(browser));
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(page, default)).StatusCode);
        Assert.False(await IsLoggedInAsync(browser));
    }

    [Fact, Trait("oidc", "68")]
    public async Task An_expired_hint_of_ones_own_is_enough()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var hint = (await new Flow().TokensAsync(host, browser))["id_token"];
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await browser.GetAsync(Url(("id_token_hint", hint), ("post_logout_redirect_uri", ProviderHost.LoggedOut)))).Headers.Location);
        Assert.False(await IsLoggedInAsync(browser));
    }

    [Fact, Trait("oidc", "68"), Trait("asvs", "V10.6.2")]
    public async Task A_hint_of_somebody_else_makes_the_page_ask()
    {
        await using var host = await ProviderHost.StartAsync();
        var (ada, bo) = (host.Browser(), host.Browser());
        var hint = (await new Flow().TokensAsync(host, ada))["id_token"];
        await new Flow().RunAsync(bo, Folk.Bo);
        Assert.Equal(HttpStatusCode.OK, (await bo.GetAsync(Url(("id_token_hint", hint), ("post_logout_redirect_uri", ProviderHost.LoggedOut)))).StatusCode);
        Assert.True(await IsLoggedInAsync(bo));
    }

    [Fact, Trait("oidc", "68"), Trait("asvs", "V3.5.1")]
    public async Task A_question_put_to_one_browser_is_no_answer_from_another()
    {
        await using var host = await ProviderHost.StartAsync();
        var (attacker, victim) = (host.Browser(), host.Browser());
        await new Flow().RunAsync(attacker, Folk.Bo);
        await new Flow().RunAsync(victim);
        var page = await attacker.GetAsync(Url());
        Assert.Equal(HttpStatusCode.BadRequest, (await victim.SubmitAsync(page, default)).StatusCode);
        Assert.True(await IsLoggedInAsync(victim));
    }

    [Fact, Trait("oidc", "66")]
    public async Task A_hint_for_one_client_opens_no_address_of_another()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var hint = (await new Flow(("client_id", "other"), ("scope", "openid")).TokensAsync(host, browser))["id_token"];
        Assert.Null((await browser.GetAsync(Url(("id_token_hint", hint), ("post_logout_redirect_uri", ProviderHost.LoggedOut)))).Headers.Location);
        Assert.Null((await browser.GetAsync(Url(("id_token_hint", hint), ("client_id", "app"), ("post_logout_redirect_uri", ProviderHost.LoggedOut)))).Headers.Location);
    }

    [Fact, Trait("oidc", "65")]
    public async Task A_form_posted_from_another_site_comes_again_with_the_cookie()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var hint = (await new Flow().TokensAsync(host, browser))["id_token"];
        Dictionary<string, string> form = new() { ["id_token_hint"] = hint!, ["post_logout_redirect_uri"] = ProviderHost.LoggedOut };
        var bare = await host.Program().PostAsync("/identity/end-session", new FormUrlEncodedContent(form));
        Assert.Equal(ProviderHost.LoggedOut, (await browser.GetAsync(bare.Headers.Location)).Headers.Location!.OriginalString);
        Assert.False(await IsLoggedInAsync(browser));
    }
}
