using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class AskingForConsentTests
{
    private static Flow Foreign(params (string Name, string? Value)[] changes) => new([("client_id", "foreign"), ("scope", "openid email"), .. changes]);

    /// <summary>Logs in and stops at the question.</summary>
    private static async Task<HttpResponseMessage> QuestionAsync(HttpClient browser, Flow flow)
    {
        var response = await browser.FollowInsideAsync(await browser.GetAsync(flow.Url));
        if ((await response.Content.ReadAsStringAsync()).Contains("name=\"password\"", StringComparison.Ordinal))
        {
            response = await browser.FollowInsideAsync(await browser.SubmitAsync(response, default, ("email", Folk.Bo), ("password", Folk.Password)));
        }
        return response;
    }

    private static async Task<Answer> AnswerAsync(HttpClient browser, HttpResponseMessage question, string answer) =>
        Answer.Of(await browser.SubmitAsync(question, default, ("answer", answer)));

    [Fact, Trait("oidc", "29"), Trait("asvs", "V3.2.2 V10.7.2")]
    public async Task The_page_names_client_host_account_and_each_scope_and_escapes_them()
    {
        await using var host = await ProviderHost.StartAsync();
        var page = await QuestionAsync(host.Browser(), Foreign(("scope", "openid email orders.read"), ("ui_locales", "en")));
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        foreach (var text in new[] { "&lt;b&gt;Foreign&lt;/b&gt;", "app.example", Folk.Bo, "See your e-mail address", "Read orders", "Orders API", "after 12 hours at the latest" })
        {
            Assert.Contains(text, html, StringComparison.Ordinal);
        }
        Assert.Contains("frame-ancestors 'none'", string.Join(' ', page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoStore);

        Assert.True((await host.ClientsAsync(clients => clients.AddAsync(new() { ClientId = "lasting", Name = "Lasting", Kind = ClientKind.Public, AsksConsent = true, RedirectUris = [ProviderHost.Callback], GrantTypes = [GrantTypes.Code, GrantTypes.Refresh], Scopes = ["openid", "offline_access"] }, default))).Succeeded);
        var lasting = await QuestionAsync(host.Browser(), new Flow(("client_id", "lasting"), ("scope", "openid offline_access"), ("ui_locales", "en")));
        Assert.Contains("after 60 days, or after 14 days without use", await lasting.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "29")]
    public async Task The_page_speaks_chinese_too()
    {
        await using var host = await ProviderHost.StartAsync();
        var html = await (await QuestionAsync(host.Browser(), Foreign(("scope", "openid orders.read"), ("ui_locales", "zh-CN")))).Content.ReadAsStringAsync();
        Assert.Contains("读取订单", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("最迟 12 小时", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "29"), Trait("asvs", "V10.7.1")]
    public async Task A_no_goes_back_as_access_denied_and_is_asked_again_next_time_fapi2_user_rejects_authentication()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var denied = await AnswerAsync(browser, await QuestionAsync(browser, Foreign()), "deny");
        Assert.Equal("access_denied", denied["error"]);
        Assert.Equal("a state", denied["state"]);
        Assert.Equal(ProviderHost.Issuer, denied["iss"]);
        Assert.Equal(HttpStatusCode.OK, (await QuestionAsync(browser, Foreign())).StatusCode);
        Assert.Equal(1, await host.StoreAsync(db => db.Events.CountAsync(line => line.Kind == IdentityEventKind.ConsentRefused)));
    }

    [Fact, Trait("oidc", "29"), Trait("asvs", "V10.7.1")]
    public async Task A_yes_holds_until_more_is_wanted_or_it_is_asked_for_again()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var flow = Foreign();
        Assert.NotNull((await AnswerAsync(browser, await QuestionAsync(browser, flow), "allow"))["code"]);
        Assert.NotNull(Answer.Of(await browser.GetAsync(Foreign().Url))["code"]);
        Assert.NotNull(Answer.Of(await browser.GetAsync(Foreign(("scope", "openid")).Url))["code"]);
        Assert.Equal(HttpStatusCode.OK, (await QuestionAsync(browser, Foreign(("scope", "openid email orders.read")))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await QuestionAsync(browser, Foreign(("prompt", "consent")))).StatusCode);
    }

    [Fact, Trait("oidc", "20")]
    public async Task Silently_it_is_consent_required_until_it_was_given_oidcc_prompt_none()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var question = await QuestionAsync(browser, Foreign());
        Assert.Equal("consent_required", Answer.Of(await browser.GetAsync(Foreign(("prompt", "none")).Url))["error"]);
        await AnswerAsync(browser, question, "allow");
        Assert.NotNull(Answer.Of(await browser.GetAsync(Foreign(("prompt", "none")).Url))["code"]);
    }

    [Fact, Trait("oidc", "55"), Trait("asvs", "V10.4.9 V10.7.3")]
    public async Task Consent_taken_back_ends_what_it_brought()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var flow = Foreign();
        var code = (await AnswerAsync(browser, await QuestionAsync(browser, flow), "allow"))["code"]!;
        var tokens = await flow.RedeemAsync(host.Program(), code);
        var subject = (await host.SubjectAsync(Folk.Bo))!;
        await using var scope = host.Services.CreateAsyncScope();
        var consents = scope.ServiceProvider.GetRequiredService<Consents>();
        Assert.Equal("foreign", Assert.Single(await consents.ListAsync(subject, default)).ClientId);
        Assert.True(await consents.WithdrawAsync(subject, "foreign", default));
        Assert.False(await consents.WithdrawAsync(subject, "foreign", default));
        Assert.Equal("invalid_grant", (await new Refreshing("foreign").AgainAsync(host, tokens))["error"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), tokens["access_token"]!)).Status);
        Assert.Equal("consent_required", Answer.Of(await browser.GetAsync(Foreign(("prompt", "none")).Url))["error"]);
    }

    [Fact, Trait("oidc", "30")]
    public async Task Another_browser_cannot_answer()
    {
        await using var host = await ProviderHost.StartAsync();
        var question = await QuestionAsync(host.Browser(), Foreign());
        var other = host.Browser();
        await QuestionAsync(other, Foreign());
        Assert.Equal(HttpStatusCode.BadRequest, (await AnswerAsync(other, question, "allow")).Response.StatusCode);
    }

    [Fact, Trait("oidc", "31"), Trait("asvs", "V10.7.1")]
    public async Task Whoever_logs_in_meanwhile_is_asked_anew()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var question = await QuestionAsync(browser, Foreign());
        await new Flow(("prompt", "login")).RunAsync(browser, Folk.Ada);
        var answer = await AnswerAsync(browser, question, "allow");
        Assert.Null(answer["code"]);
        var again = await browser.FollowInsideAsync(answer.Response);
        Assert.Contains(Folk.Ada, await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await host.StoreAsync(db => db.Consents.CountAsync()));
    }

    [Fact, Trait("oidc", "30")]
    public async Task A_log_in_request_is_no_consent_question()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var form = await browser.GetAsync((await browser.GetAsync(Foreign().Url)).Headers.Location);
        var sealedRequest = System.Text.RegularExpressions.Regex.Match(await form.Content.ReadAsStringAsync(), "name=\"request\" value=\"([^\"]+)\"", default, TimeSpan.FromSeconds(1)).Groups[1].Value;
        var reply = await browser.PostAsync("/identity/consent", new FormUrlEncodedContent([new("request", sealedRequest), new("answer", "allow")]));
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
    }
}

[Trait("hosting", "both")]
public sealed class AnsweringByFormTests
{
    [Fact, Trait("oidc", "27")]
    public async Task The_answer_is_a_form_to_the_client_alone_escaped_and_kept_nowhere()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        await new Flow().CodeAsync(browser);
        var flow = new Flow(("response_mode", "form_post"), ("state", "\"><script>alert(1)</script>"));
        var page = await browser.GetAsync(flow.Url);
        var html = await page.Content.ReadAsStringAsync();
        var policy = string.Join(' ', page.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Null(page.Headers.Location);
        Assert.Contains($"action=\"{ProviderHost.Callback}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "<script", default, TimeSpan.FromSeconds(1)));
        Assert.Contains("script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.Contains("https://app.example", policy, StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoStore);
        var script = System.Text.RegularExpressions.Regex.Match(html, "<script>(.*)</script>", default, TimeSpan.FromSeconds(1)).Groups[1].Value;
        Assert.Contains(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script))), policy, StringComparison.Ordinal);
        var code = System.Text.RegularExpressions.Regex.Match(html, "name=\"code\" value=\"([^\"]+)\"", default, TimeSpan.FromSeconds(1)).Groups[1].Value;
        Assert.Equal(HttpStatusCode.OK, (await flow.RedeemAsync(host.Program(), code)).Status);
    }

    [Theory, Trait("oidc", "27")]
    [InlineData("prompt", "none", "login_required")]
    [InlineData("scope", "openid no.such", "invalid_scope")]
    public async Task Refusals_take_the_same_way(string name, string value, string error)
    {
        await using var host = await ProviderHost.StartAsync();
        var page = await host.Browser().GetAsync(new Flow(("response_mode", "form_post"), (name, value)).Url);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains($"name=\"error\" value=\"{error}\"", html, StringComparison.Ordinal);
        Assert.Contains($"name=\"iss\" value=\"{ProviderHost.Issuer}\"", html, StringComparison.Ordinal);
    }
}

[Trait("hosting", "both")]
public sealed class PushingARequestTests
{
    private static Task<Reply> PushAsync(ProviderHost host, Flow flow, string? secret = ProviderHost.ServerSecret, params (string Name, string? Value)[] extra) =>
        Reply.PostAsync(host.Program(), [.. flow.Parameters, new("client_secret", secret), .. extra.Select(p => KeyValuePair.Create(p.Name, p.Value))], "/identity/par");

    private static Flow Pusher(params (string Name, string? Value)[] changes) => new([("client_id", "pusher"), .. changes]);

    private static string Url(string requestUri, string client = "pusher", string more = "") => $"/identity/authorize?client_id={client}&request_uri={Uri.EscapeDataString(requestUri)}{more}";

    private static async Task<Answer> RunAsync(HttpClient browser, string url)
    {
        var response = await browser.FollowInsideAsync(await browser.GetAsync(url));
        if (response.StatusCode == HttpStatusCode.OK)
        {
            response = await browser.SubmitAsync(response, default, ("email", Folk.Ada), ("password", Folk.Password));
        }
        return Answer.Of(response);
    }

    [Theory, OnEachEngine, Trait("oidc", "60"), Trait("asvs", "V10.4.12 V10.4.13")]
    public async Task A_pushed_request_works_on_another_node_and_brings_one_code_fapi2_par(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var flow = Pusher();
        var pushed = await PushAsync(one, flow);
        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        Assert.Equal("60", pushed["expires_in"]);
        Assert.True(pushed.Response.Headers.CacheControl!.NoStore);
        var url = Url(pushed["request_uri"]!, more: "&scope=no.such&state=other&redirect_uri=https%3A%2F%2Fevil.example");
        var browser = two.Browser();
        Assert.Equal(HttpStatusCode.OK, (await browser.FollowInsideAsync(await browser.GetAsync(url))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.FollowInsideAsync(await browser.GetAsync(url))).StatusCode);
        var answer = await RunAsync(browser, url);
        Assert.Equal("a state", answer["state"]);
        Assert.Equal(HttpStatusCode.OK, (await flow.RedeemAsync(two.Program(), answer["code"]!, ("client_secret", ProviderHost.ServerSecret))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(url)).StatusCode);
    }

    [Fact, Trait("oidc", "60")]
    public async Task Two_pages_opened_from_one_request_bring_one_code()
    {
        await using var host = await ProviderHost.StartAsync();
        var url = Url((await PushAsync(host, Pusher()))["request_uri"]!);
        var (one, two) = (host.Browser(), host.Browser());
        var forms = new List<HttpResponseMessage>();
        foreach (var browser in new[] { one, two })
        {
            forms.Add(await browser.FollowInsideAsync(await browser.GetAsync(url)));
        }
        Assert.NotNull(Answer.Of(await one.SubmitAsync(forms[0], default, ("email", Folk.Ada), ("password", Folk.Password)))["code"]);
        Assert.Equal("invalid_request_uri", Answer.Of(await two.SubmitAsync(forms[1], default, ("email", Folk.Ada), ("password", Folk.Password)))["error"]);
    }

    [Fact, Trait("oidc", "60")]
    public async Task It_is_dead_after_a_minute_and_for_any_other_client()
    {
        await using var host = await ProviderHost.StartAsync();
        var handle = (await PushAsync(host, Pusher()))["request_uri"]!;
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Browser().GetAsync(Url(handle, "backend"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Browser().GetAsync(Url(handle + "x"))).StatusCode);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Browser().GetAsync(Url(handle))).StatusCode);
    }

    [Fact, Trait("oidc", "60"), Trait("asvs", "V10.4.12 V10.4.13")]
    public async Task A_client_flagged_so_must_push()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal("invalid_request", Answer.Of(await host.Browser().GetAsync(Pusher().Url))["error"]);
    }

    [Theory, Trait("oidc", "60")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request")]
    [InlineData("request", "x.y.z", "request_not_supported")]
    [InlineData("redirect_uri", "https://evil.example/", "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("scope", "openid no.such", "invalid_scope")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    public async Task What_would_be_refused_later_is_refused_at_once(string name, string? value, string error)
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await PushAsync(host, Pusher((name, value)));
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(error, reply["error"]);
    }

    [Fact, Trait("oidc", "60"), Trait("asvs", "V10.4.10")]
    public async Task Nobody_pushes_without_proof_or_by_get()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await PushAsync(host, Pusher(), "wrong")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PushAsync(host, new Flow(), null)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await host.Program().GetAsync("/identity/par")).StatusCode);
        Assert.Equal("invalid_request", (await PushAsync(host, Pusher(), ProviderHost.ServerSecret, ("scope", "openid")))["error"]);
    }

    [Fact, Trait("oidc", "60")]
    public async Task The_store_and_the_log_hold_neither_handle_nor_secret()
    {
        await using var host = await ProviderHost.StartAsync();
        var handle = (await PushAsync(host, Pusher()))["request_uri"]!.Split(':')[^1];
        Assert.True(handle.Length >= 22);
        var stored = await host.StoreAsync(db => db.PushedRequests.AsNoTracking().SingleAsync());
        Assert.NotEqual(handle, stored.Hash);
        Assert.DoesNotContain("client_secret", stored.Parameters, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log, line => line.Contains(handle, StringComparison.Ordinal) || line.Contains(ProviderHost.ServerSecret, StringComparison.Ordinal));
    }
}
