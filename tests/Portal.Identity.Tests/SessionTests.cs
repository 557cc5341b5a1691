namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class BeingLoggedInAlreadyTests
{
    private static async Task<Answer> AgainAsync(HttpClient browser, params (string, string?)[] changes) =>
        Answer.Of(await browser.GetAsync(new Flow(changes).Url));

    private static bool IsForm(Answer answer) => answer.Location?.OriginalString.StartsWith("/identity/log-in?", StringComparison.Ordinal) == true;

    [Fact, Trait("oidc", "20")]
    public async Task Silence_without_a_session_is_login_required_oidcc_prompt_none_not_logged_in()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal("login_required", (await AgainAsync(host.Browser(), ("prompt", "none")))["error"]);
    }

    [Fact, Trait("oidc", "20")]
    public async Task Silence_with_a_session_succeeds_oidcc_prompt_none_logged_in()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser);
        Assert.NotNull((await AgainAsync(browser, ("prompt", "none")))["code"]);
    }

    [Theory, Trait("oidc", "20")]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("create")]
    [InlineData("NONE")]
    public async Task A_prompt_that_is_not_offered_is_invalid(string prompt)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal("invalid_request", (await AgainAsync(host.Browser(), ("prompt", prompt)))["error"]);
    }

    [Fact, Trait("oidc", "21")]
    public async Task Asking_for_log_in_proves_again_and_says_so_oidcc_prompt_login()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var first = Jwt.Payload((await new Flow().TokensAsync(host, browser))["id_token"]!);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        var flow = new Flow(("prompt", "login"));
        Assert.True(IsForm(await AgainAsync(browser, ("prompt", "login"))));
        var second = Jwt.Payload((await flow.TokensAsync(host, browser))["id_token"]!);

        Assert.Equal(300, second.GetProperty("auth_time").GetInt64() - first.GetProperty("auth_time").GetInt64());
        Assert.Equal(first.GetProperty("sid").GetString(), second.GetProperty("sid").GetString());
    }

    [Fact, Trait("oidc", "21")]
    public async Task The_wish_to_log_in_again_cannot_be_edited_away_on_the_way()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var form = (await AgainAsync(browser, ("prompt", "login"))).Location!.OriginalString;

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(form + "&prompt=none")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(form[..^4] + "AAAA")).StatusCode);
    }

    [Theory, Trait("oidc", "22")]
    [InlineData("0", true)]
    [InlineData("1", true)]
    [InlineData("60", true)]
    [InlineData("61", false)]
    [InlineData("10000", false)]
    [InlineData("99999999999999", false)]
    public async Task The_age_of_the_proof_decides_oidcc_max_age(string seconds, bool form)
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(form, IsForm(await AgainAsync(browser, ("max_age", seconds))));
        Assert.Equal(form ? "login_required" : null, (await AgainAsync(browser, ("max_age", seconds), ("prompt", "none")))["error"]);
    }

    [Fact, Trait("oidc", "22")]
    public async Task An_age_of_zero_is_satisfied_by_the_log_in_that_it_asks_for()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.NotNull((await new Flow(("max_age", "0")).RunAsync(host.Browser()))["code"]);
    }

    [Theory, Trait("oidc", "22")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("x")]
    public async Task An_age_that_is_no_number_is_invalid(string age)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal("invalid_request", (await AgainAsync(host.Browser(), ("max_age", age)))["error"]);
    }

    [Fact, Trait("oidc", "23")]
    public async Task A_hint_at_oneself_is_silent_and_at_somebody_else_is_not_oidcc_id_token_hint()
    {
        await using var host = await ProviderHost.StartAsync();
        var (ada, bo) = (host.Browser(), host.Browser());
        var hint = (await new Flow().TokensAsync(host, ada))["id_token"]!;
        await new Flow().RunAsync(bo, Folk.Bo);

        Assert.NotNull((await AgainAsync(ada, ("prompt", "none"), ("id_token_hint", hint)))["code"]);
        Assert.Equal("login_required", (await AgainAsync(bo, ("prompt", "none"), ("id_token_hint", hint)))["error"]);
        Assert.Equal("login_required", (await new Flow(("id_token_hint", hint)).RunAsync(bo, Folk.Bo))["error"]);
    }

    [Fact, Trait("oidc", "23")]
    public async Task A_tampered_hint_is_an_error()
    {
        await using var host = await ProviderHost.StartAsync();
        var hint = (await new Flow().TokensAsync(host))["id_token"]!;
        Assert.Equal("invalid_request", (await AgainAsync(host.Browser(), ("id_token_hint", Jwt.Alter(hint, "sub", "someone"))))["error"]);
    }

    [Fact, Trait("oidc", "30"), Trait("asvs", "V3.5.1")]
    public async Task A_log_in_begun_in_another_browser_cannot_be_finished_here()
    {
        await using var host = await ProviderHost.StartAsync();
        var (attacker, victim) = (host.Browser(), host.Browser());
        var form = await attacker.FollowInsideAsync(await attacker.GetAsync(new Flow().Url));
        await victim.GetAsync(new Flow().Url);

        Assert.Equal(HttpStatusCode.BadRequest, (await victim.GetAsync(form.RequestMessage!.RequestUri)).StatusCode);
        var posted = await victim.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password));
        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.Equal("login_required", (await AgainAsync(victim, ("prompt", "none")))["error"]);
    }

    [Fact, Trait("oidc", "30")]
    public async Task A_form_left_open_for_too_long_must_be_asked_for_again()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var form = await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url));
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password))).StatusCode);
    }

    [Fact, Trait("oidc", "79"), Trait("asvs", "V7.2.4")]
    public async Task Proving_it_again_keeps_what_was_issued_and_makes_a_cookie_copied_before_worthless()
    {
        await using var host = await ProviderHost.StartAsync();
        var cookies = new List<string>();
        var browser = host.Browser(cookies);
        var first = await new Flow().TokensAsync(host, browser);
        var copy = cookies.Last(cookie => cookie.StartsWith("__Host-portal-identity=", StringComparison.Ordinal)).Split(';')[0];
        var second = await new Flow(("prompt", "login")).TokensAsync(host, browser);
        Assert.Equal(Jwt.Payload(first["id_token"]!).GetProperty("sid").GetString(), Jwt.Payload(second["id_token"]!).GetProperty("sid").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Reply.UserInfoAsync(host.Program(), first["access_token"]!)).Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Flow(("prompt", "none")).Url);
        request.Headers.Add("Cookie", copy);
        Assert.Equal("login_required", Answer.Of(await host.Program().SendAsync(request))["error"]);
    }

    [Fact, Trait("oidc", "79"), Trait("asvs", "V7.2.4")]
    public async Task Another_person_in_the_browser_begins_a_new_session_and_ends_the_one_before()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var first = await new Flow().TokensAsync(host, browser);
        var second = await new Flow(("prompt", "login")).TokensAsync(host, browser, Folk.Bo);
        Assert.NotEqual(Jwt.Payload(first["id_token"]!).GetProperty("sid").GetString(), Jwt.Payload(second["id_token"]!).GetProperty("sid").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), first["access_token"]!)).Status);
    }

    [Theory, Trait("oidc", "86"), Trait("asvs", "V7.3.1 V7.3.2")]
    [InlineData(8 * 60)]
    [InlineData(13 * 60)]
    public async Task A_session_ends_by_idleness_and_by_age(int minutes)
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser);
        var step = minutes == 8 * 60 ? minutes : 60;
        for (var passed = 0; passed < minutes; passed += step)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(step));
            if (passed + step < minutes)
            {
                await AgainAsync(browser, ("prompt", "none"));
            }
        }
        Assert.Equal("login_required", (await AgainAsync(browser, ("prompt", "none")))["error"]);
    }

    [Theory, Trait("oidc", "80"), Trait("asvs", "V7.2.1")]
    [InlineData("x")]
    [InlineData("CfDJ8forged")]
    [InlineData("")]
    public async Task A_forged_session_cookie_is_no_session(string value)
    {
        await using var host = await ProviderHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Flow(("prompt", "none")).Url);
        request.Headers.Add("Cookie", $"__Host-portal-identity={value}");
        Assert.Equal("login_required", Answer.Of(await host.Program().SendAsync(request))["error"]);
    }

    [Fact, Trait("oidc", "80"), Trait("asvs", "V3.3.1 V3.3.2 V3.3.3")]
    public async Task Every_cookie_is_bound_to_the_host_and_small()
    {
        await using var host = await ProviderHost.StartAsync(inPortal: true);
        var cookies = new List<string>();
        var browser = host.Browser(cookies);
        await browser.SignInAsync(Folk.Ada, Folk.Password);

        Assert.NotEmpty(cookies);
        Assert.All(cookies, cookie =>
        {
            Assert.Matches("^(__Host-|__Secure-)", cookie);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.True(cookie.Length < 4096, $"{cookie.Length} bytes");
        });
        var session = cookies.Last(cookie => cookie.StartsWith("__Host-portal-session=", StringComparison.Ordinal));
        Assert.True(session.Length < 700, $"{session.Length} bytes");
    }
}
