using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Credentials;

namespace Portal.Identity.Tests;

/// <summary>A password alone, a password and a code, a passkey: what each opens.</summary>
[Trait("hosting", "both")]
public sealed class ProvingWhoOneIsTests
{
    private static async Task<(byte[] Secret, string[] Codes)> SetUpAsync(ProviderHost host, HttpClient browser)
    {
        var page = await browser.GetAsync("/identity/account/authenticator?lang=en");
        var shown = (await SignIn.ReadAsync(page)).QuerySelector("li.user-select-all")!.TextContent;
        var secret = Base32.Read(shown);
        var done = await browser.SubmitAsync(page, default, ("code", CodeOf(host, secret)));
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        return (secret, [.. (await SignIn.ReadAsync(done)).QuerySelectorAll("li.user-select-all").Select(li => li.TextContent)]);
    }

    private static string CodeOf(ProviderHost host, byte[] secret) => Totp.CodeAt(secret, host.Clock.GetUtcNow().ToUnixTimeSeconds() / 30);

    /// <summary>Password first; the page that asks for the second step comes back.</summary>
    private static async Task<HttpResponseMessage> FirstStepAsync(HttpClient browser, Flow flow, string email = Folk.Ada) =>
        await browser.SubmitAsync(await browser.FollowInsideAsync(await browser.GetAsync(flow.Url)), default, ("email", email), ("password", Folk.Password));

    [Fact]
    public void The_codes_are_those_of_the_standard()
    {
        // RFC 6238, appendix B, SHA-1, last six of the eight digits.
        var secret = "12345678901234567890"u8.ToArray();
        Assert.Equal(["287082", "081804", "005924", "279037", "353130"], new long[] { 59, 1111111109, 1234567890, 2000000000, 20000000000 }.Select(at => Totp.CodeAt(secret, at / 30)));
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.ToBase32(secret));
    }

    [Theory, Trait("oidc", "84"), Trait("asvs", "V6.5.5")]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_counts_for_its_step_and_one_to_either_side(int steps, bool counts)
    {
        var (secret, now) = ("12345678901234567890"u8.ToArray(), DateTimeOffset.FromUnixTimeSeconds(1111111109));
        var step = now.ToUnixTimeSeconds() / 30 + steps;
        Assert.Equal(counts ? step : null, Totp.StepOf(secret, Totp.CodeAt(secret, step), now, after: 0));
        Assert.Null(Totp.StepOf(secret, Totp.CodeAt(secret, step), now, after: step));
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.5.2")]
    public async Task Recovery_codes_are_kept_by_their_hash_alone_and_the_shorter_ones_of_before_go_on_counting()
    {
        await using var host = await ProviderHost.StartAsync();
        var owner = host.Browser();
        await new Flow().RunAsync(owner);
        var (_, shown) = await SetUpAsync(host, owner);
        // A plain hash is enough from 112 bits on; each sign of 32 holds five.
        Assert.All(shown, code => Assert.True(code.Count(char.IsAsciiLetterOrDigit) * 5 >= 112, code));
        var kept = await host.StoreAsync(db => db.RecoveryCodes.AsNoTracking().Select(code => code.Hash).ToListAsync());
        Assert.Equal(shown.Select(RecoveryCode.HashOf).Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));

        // One of the shorter codes of before, from somebody's drawer.
        var ada = Guid.ParseExact((await host.SubjectAsync(Folk.Ada))!, "N");
        await host.StoreAsync(db => { db.RecoveryCodes.Add(new RecoveryCode { AccountId = ada, Hash = RecoveryCode.HashOf("ABCD-EFGH-JKMN-PQRS") }); return db.SaveChangesAsync(); });
        var browser = host.Browser();
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await FirstStepAsync(browser, new Flow()), default, ("code", "abcd efgh jkmn pqrs"))).StatusCode);
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V7.5.1")]
    public async Task Every_page_that_changes_how_one_logs_in_wants_a_fresh_proof()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser);
        await SetUpAsync(host, browser);
        var overview = await SignIn.ReadAsync(await browser.GetAsync("/identity/account?lang=en"));
        var form = overview.QuerySelector("input[name=form]")!.GetAttribute("value")!;
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        static bool AsksFirst(HttpResponseMessage answer) => answer.Headers.Location?.OriginalString.StartsWith("/identity/log-in?request=", StringComparison.Ordinal) is true;
        foreach (var page in new[] { "password", "email", "authenticator", "passkeys" })
        {
            Assert.True(AsksFirst(await browser.GetAsync($"/identity/account/{page}")), page);
        }
        foreach (var act in new[] { "password", "email", "authenticator", "authenticator/remove", "recovery-codes", "passkeys", "passkeys/remove" })
        {
            KeyValuePair<string, string>[] fields = [new("form", form), new("password", "what somebody else wants"), new("email", "else@alpine.example"), new("code", "000000"), new("secret", "x"), new("passkey", "x")];
            var answer = await browser.PostAsync($"/identity/account/{act}", new FormUrlEncodedContent(fields));
            Assert.True(AsksFirst(answer), $"{act}: {(int)answer.StatusCode}");
        }
        await using var scope = host.Services.CreateAsyncScope();
        var view = await scope.ServiceProvider.GetRequiredService<AccountLife>().LookAsync((await host.SubjectAsync(Folk.Ada))!, default);
        Assert.True(view is { HasAuthenticator: true, RecoveryCodesLeft: 10, Passkeys: 0, Email: Folk.Ada });
        Assert.NotNull((await new Flow(("prompt", "none")).RunAsync(browser))["code"]);
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.5.1")]
    public async Task A_code_is_taken_once_a_recovery_code_too_and_the_token_says_two_factors()
    {
        await using var host = await ProviderHost.StartAsync();
        var owner = host.Browser();
        await new Flow().RunAsync(owner);
        var (secret, codes) = await SetUpAsync(host, owner);
        Assert.Equal(10, codes.Distinct().Count());
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        var flow = new Flow();
        var browser = host.Browser();
        var code = CodeOf(host, secret);
        var step = await FirstStepAsync(browser, flow);
        Assert.Equal(HttpStatusCode.OK, step.StatusCode);
        var entered = Answer.Of(await browser.SubmitAsync(step, default, ("code", code)));
        var token = Jwt.Payload((await flow.RedeemAsync(host.Program(), entered["code"]!))["id_token"]!);
        Assert.Equal("2", token.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], token.GetProperty("amr").EnumerateArray().Select(m => m.GetString()!));

        var thief = host.Browser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.SubmitAsync(await FirstStepAsync(thief, new Flow()), default, ("code", code))).StatusCode);
        var lost = host.Browser();
        Assert.Equal(HttpStatusCode.SeeOther, (await lost.SubmitAsync(await FirstStepAsync(lost, new Flow()), default, ("code", codes[0].ToLowerInvariant()))).StatusCode);
        var again = host.Browser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.SubmitAsync(await FirstStepAsync(again, new Flow()), default, ("code", codes[0]))).StatusCode);
    }

    [Fact, Trait("oidc", "84"), Trait("oidc", "85"), Trait("asvs", "V6.4.3")]
    public async Task A_new_password_by_link_does_not_take_the_second_step_away()
    {
        await using var host = await ProviderHost.StartAsync();
        var owner = host.Browser();
        await new Flow().RunAsync(owner);
        var (secret, _) = await SetUpAsync(host, owner);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await using var scope = host.Services.CreateAsyncScope();
        var reset = await scope.ServiceProvider.GetRequiredService<AccountLife>().SendResetAsync((await host.SubjectAsync(Folk.Ada))!, default);
        var chooser = host.Browser();
        await chooser.SubmitAsync(await chooser.GetAsync(new Uri(reset.Link!).PathAndQuery), default, ("password", "another four words"));

        var browser = host.Browser();
        var step = await browser.SubmitAsync(await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url)), default, ("email", Folk.Ada), ("password", "another four words"));
        Assert.Equal(HttpStatusCode.OK, step.StatusCode);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        Assert.NotNull(Answer.Of(await browser.SubmitAsync(step, default, ("code", CodeOf(host, secret))))["code"]);
    }

    [Fact, Trait("oidc", "24"), Trait("oidc", "84")]
    public async Task A_client_that_wants_two_steps_gets_them_from_whoever_is_logged_in_by_one_and_the_session_goes_on()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var before = await new Flow().TokensAsync(host, browser);
        var (secret, _) = await SetUpAsync(host, browser);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("acr_values", "2"), ("prompt", "none")).Url))["error"]);
        Assert.NotNull(Answer.Of(await browser.GetAsync(new Flow(("acr_values", "1 2"), ("prompt", "none")).Url))["code"]);

        var flow = new Flow(("acr_values", "unknown 2"));
        var entered = Answer.Of(await browser.SubmitAsync(await FirstStepAsync(browser, flow), default, ("code", CodeOf(host, secret))));
        var token = Jwt.Payload((await flow.RedeemAsync(host.Program(), entered["code"]!))["id_token"]!);
        Assert.Equal("2", token.GetProperty("acr").GetString());
        Assert.Equal(Jwt.Payload(before["id_token"]!).GetProperty("sid").GetString(), token.GetProperty("sid").GetString());
        Assert.NotNull(Answer.Of(await browser.GetAsync(new Flow(("acr_values", "2"), ("prompt", "none")).Url))["code"]);
    }

    [Fact, Trait("oidc", "84")]
    public async Task Who_has_no_second_step_sets_it_up_when_a_client_wants_two()
    {
        await using var host = await ProviderHost.StartAsync();
        var page = await SignIn.ReadAsync(await FirstStepAsync(host.Browser(), new Flow(("acr_values", "2"))));
        Assert.NotNull(page.QuerySelector("li.user-select-all"));
        Assert.EndsWith("/log-in/set-up", page.QuerySelector("form")!.GetAttribute("action"), StringComparison.Ordinal);
    }

    [Theory, OnEachEngine, Trait("oidc", "81"), Trait("asvs", "V6.3.1 V6.6.3")]
    public async Task Five_wrong_codes_in_parallel_are_all_that_are_looked_at(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var owner = host.Browser();
        await new Flow().RunAsync(owner);
        var (secret, _) = await SetUpAsync(host, owner);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var browser = host.Browser();
        var step = await FirstStepAsync(browser, new Flow());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => browser.SubmitAsync(step, default, ("code", "000000")))));
        var events = await host.StoreAsync(db => db.Events.CountAsync(e => e.Kind == Portal.Identity.Persistence.IdentityEventKind.SecondFactorFailed));
        Assert.Equal(5, events);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(step, default, ("code", CodeOf(host, secret)))).StatusCode);
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.3.3")]
    public async Task Who_must_have_a_second_step_sets_it_up_before_the_first_session()
    {
        await using var host = await ProviderHost.StartAsync(identity: options => options.NeedsSecondFactor = (_, _, _) => ValueTask.FromResult(true));
        var flow = new Flow(("ui_locales", "en"));
        var browser = host.Browser();
        var page = await FirstStepAsync(browser, flow);
        var secret = Base32.Read((await SignIn.ReadAsync(page)).QuerySelector("li.user-select-all")!.TextContent);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        var codes = await browser.SubmitAsync(page, default, ("code", CodeOf(host, secret)));
        var onward = (await SignIn.ReadAsync(codes)).QuerySelectorAll("main a").Single(a => a.GetAttribute("href")!.StartsWith("/identity/log-in?", StringComparison.Ordinal)).GetAttribute("href")!;
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        var entered = Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url));
        Assert.NotNull(entered["code"]);
        Assert.NotNull(onward);
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.2.2 V6.2.3 V7.4.3 V7.5.1")]
    public async Task A_change_of_credentials_wants_a_proof_of_the_last_ten_minutes_and_keeps_the_session_at_hand()
    {
        await using var host = await ProviderHost.StartAsync();
        var (owner, other) = (host.Browser(), host.Browser());
        await new Flow().RunAsync(owner);
        await new Flow().RunAsync(other);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        var refused = await owner.GetAsync("/identity/account/password?lang=en");
        Assert.StartsWith("/identity/log-in?request=", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var proven = await owner.SubmitAsync(await owner.GetAsync(refused.Headers.Location), default, ("email", Folk.Ada), ("password", Folk.Password));
        Assert.Equal("/identity/account/password", proven.Headers.Location!.OriginalString);
        var changed = await owner.SubmitAsync(await owner.GetAsync(proven.Headers.Location), default, ("password", "a new and longer one"));
        Assert.StartsWith("/identity/account?note=", changed.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync(changed.Headers.Location)).StatusCode);
        Assert.Equal("login_required", Answer.Of(await other.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
    }

    [Fact, Trait("oidc", "78"), Trait("asvs", "V3.5.1")]
    public async Task A_form_of_another_session_changes_nothing()
    {
        await using var host = await ProviderHost.StartAsync();
        var (attacker, victim) = (host.Browser(), host.Browser());
        await new Flow().RunAsync(attacker, Folk.Bo);
        await new Flow().RunAsync(victim);
        var form = await attacker.GetAsync("/identity/account/password");
        Assert.Equal(HttpStatusCode.BadRequest, (await victim.SubmitAsync(form, default, ("password", "what the attacker wants"))).StatusCode);
        Assert.NotNull((await new Flow().RunAsync(host.Browser()))["code"]);
    }

    [Fact, Trait("oidc", "81"), Trait("asvs", "V6.3.1")]
    public async Task Strangers_who_pause_log_in_do_not_pause_it_for_the_owners_browser()
    {
        await using var host = await ProviderHost.StartAsync();
        var owner = host.Browser();
        await new Flow().RunAsync(owner);
        for (var i = 0; i < 10; i++) { await new Flow().RunAsync(host.Browser(), Folk.Ada, "wrong wrong wrong"); }
        Assert.Null((await new Flow().RunAsync(host.Browser()))["code"]);
        Assert.NotNull((await new Flow(("prompt", "login")).RunAsync(owner))["code"]);
    }

    [Theory, Trait("oidc", "83"), Trait("asvs", "V6.2.4 V6.2.11")]
    [InlineData("password1234", true)]
    [InlineData("Passw0rd2026!!", true)]
    [InlineData("WelcomeSummer2026", true)]
    [InlineData("qwertyuiop[]asdf", true)]
    [InlineData("123456789012", true)]
    [InlineData("aaaaaaaaaaaa", true)]
    [InlineData("abcabcabcabcabc", true)]
    [InlineData("1qaz2wsx3edc4rfv", true)]
    [InlineData("ada.alpine99", true)]
    [InlineData("portal-2026!", true)]
    [InlineData("correct horse battery", false)]
    [InlineData("password of my aunt", false)]
    [InlineData("今天天气很好我们去散步吧", false)]
    [InlineData("Tr0ub4dor&3-und", false)]
    public async Task A_password_that_is_tried_first_is_refused(string password, bool refused)
    {
        await using var host = await ProviderHost.StartAsync();
        var result = await host.AccountsAsync(accounts => accounts.CreateAccountAsync("ada.berg@alpine.example", password, "en"));
        Assert.Equal(refused ? ["password.obvious"] : [], result.Refusals);
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.3.3")]
    public async Task A_passkey_is_added_logs_in_alone_counts_as_two_factors_and_can_be_removed()
    {
        await using var host = await ProviderHost.StartAsync();
        var owner = host.Browser();
        await new Flow().RunAsync(owner);
        using var key = new SoftPasskey("https://portal.example", "portal.example");
        var page = await owner.GetAsync("/identity/account/passkeys?lang=en");
        var added = await owner.SubmitAsync(page, default, ("credential", key.Create(await OptionsOf(page))), ("name", "Key in the drawer"));
        Assert.Equal(HttpStatusCode.SeeOther, added.StatusCode);
        Assert.Contains("Key in the drawer", await owner.GetStringAsync("/identity/account"), StringComparison.Ordinal);

        var flow = new Flow();
        var browser = host.Browser();
        var ask = await AskPasskeyAsync(browser, flow);
        var entered = Answer.Of(await browser.SubmitAsync(ask, default, ("credential", key.Get(await OptionsOf(ask)))));
        var token = Jwt.Payload((await flow.RedeemAsync(host.Program(), entered["code"]!))["id_token"]!);
        Assert.Equal("2", token.GetProperty("acr").GetString());

        var evil = await AskPasskeyAsync(host.Browser(), new Flow());
        using var elsewhere = key.At("https://evil.example");
        var browser2 = host.Browser();
        var ask2 = await AskPasskeyAsync(browser2, new Flow());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser2.SubmitAsync(ask2, default, ("credential", elsewhere.Get(await OptionsOf(ask2))))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser2.SubmitAsync(ask2, default, ("credential", key.Get(await OptionsOf(evil))))).StatusCode);

        var overview = await SignIn.ReadAsync(await owner.GetAsync("/identity/account"));
        var remove = overview.QuerySelectorAll("form").Single(f => f.GetAttribute("action") == "/identity/account/passkeys/remove");
        var fields = remove.QuerySelectorAll("input").Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!));
        Assert.Equal(HttpStatusCode.SeeOther, (await owner.PostAsync("/identity/account/passkeys/remove", new FormUrlEncodedContent(fields))).StatusCode);
        var browser3 = host.Browser();
        var ask3 = await AskPasskeyAsync(browser3, new Flow());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser3.SubmitAsync(ask3, default, ("credential", key.Get(await OptionsOf(ask3))))).StatusCode);
    }

    private static async Task<HttpResponseMessage> AskPasskeyAsync(HttpClient browser, Flow flow)
    {
        var form = await browser.FollowInsideAsync(await browser.GetAsync(flow.Url));
        var link = (await SignIn.ReadAsync(form)).QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).First(href => href.Contains("/passkey", StringComparison.Ordinal));
        return await browser.GetAsync(link);
    }

    private static async Task<string> OptionsOf(HttpResponseMessage page) => (await SignIn.ReadAsync(page)).QuerySelector("form[data-passkey-options]")!.GetAttribute("data-passkey-options")!;
}
