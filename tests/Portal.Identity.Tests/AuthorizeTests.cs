using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed partial class AskingForAuthorizationTests
{
    private static async Task<Answer> AskAsync(ProviderHost host, params (string, string?)[] changes) =>
        Answer.Of(await host.Browser().GetAsync(new Flow(changes).Url));

    private static void RefusedTo(Answer answer, string error)
    {
        Assert.Equal(HttpStatusCode.SeeOther, answer.Response.StatusCode);
        Assert.StartsWith(ProviderHost.Callback, answer.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(error, answer["error"]);
        Assert.Equal(ProviderHost.Issuer, answer["iss"]);
        Assert.Null(answer["code"]);
    }

    private static async Task NotSentAnywhereAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("evil", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory, Trait("oidc", "7"), Trait("asvs", "V10.6.1")]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("token", "unsupported_response_type")]
    [InlineData("id_token", "unsupported_response_type")]
    [InlineData("code id_token", "unsupported_response_type")]
    [InlineData("CODE", "unsupported_response_type")]
    [InlineData("none", "unsupported_response_type")]
    public async Task No_response_type_but_code_is_answered_oidcc_response_type_missing(string? type, string error)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, ("response_type", type)), error);
    }

    [Fact, Trait("oidc", "8")]
    public async Task A_posted_request_leads_to_the_same_form_oidcc_ensure_post_request_succeeds()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var flow = new Flow();
        var posted = await browser.PostAsync("/identity/authorize", new FormUrlEncodedContent(flow.Parameters!));
        var page = await browser.FollowInsideAsync(posted);
        var answer = Answer.Of(await browser.SubmitAsync(page, default, ("email", Folk.Ada), ("password", Folk.Password)));
        Assert.NotNull(answer["code"]);
        Assert.Equal("a state", answer["state"]);
    }

    [Fact, Trait("oidc", "8")]
    public async Task A_post_without_a_form_is_415()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.Browser().PostAsync("/identity/authorize", new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);
    }

    [Fact, Trait("oidc", "9")]
    public async Task Unknown_parameters_and_the_order_of_scopes_do_not_matter_oidcc_alternate_happy_flow()
    {
        await using var host = await ProviderHost.StartAsync();
        var answer = await new Flow(("extra", "foobar"), ("scope", "email openid")).RunAsync(host.Browser());
        Assert.NotNull(answer["code"]);
    }

    [Theory, Trait("oidc", "10")]
    [InlineData("response_type")]
    [InlineData("scope")]
    [InlineData("state")]
    [InlineData("nonce")]
    [InlineData("code_challenge")]
    [InlineData("code_challenge_method")]
    [InlineData("prompt")]
    [InlineData("anything")]
    public async Task A_repeated_parameter_is_invalid(string name)
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow((name, "code"));
        RefusedTo(Answer.Of(await host.Browser().GetAsync($"{flow.Url}&{name}=code")), "invalid_request");
    }

    [Theory, Trait("oidc", "10")]
    [InlineData("client_id", "app")]
    [InlineData("redirect_uri", "https://evil.example/")]
    public async Task A_repeated_client_or_address_is_answered_to_the_person_only(string name, string value)
    {
        await using var host = await ProviderHost.StartAsync();
        await NotSentAnywhereAsync(await host.Browser().GetAsync($"{new Flow().Url}&{name}={Uri.EscapeDataString(value)}"));
    }

    [Theory, Trait("oidc", "11"), Trait("oidc", "16")]
    [InlineData("nobody")]
    [InlineData(null)]
    [InlineData("APP")]
    public async Task An_unknown_client_is_answered_to_the_person_only(string? client)
    {
        await using var host = await ProviderHost.StartAsync();
        await NotSentAnywhereAsync((await AskAsync(host, ("client_id", client), ("redirect_uri", "https://evil.example/"))).Response);
    }

    [Fact, Trait("oidc", "11")]
    public async Task A_disabled_client_is_unknown()
    {
        await using var host = await ProviderHost.StartAsync();
        await host.StoreAsync(async db =>
        {
            var client = (await db.Clients.FindAsync("app"))!;
            client.Enabled = false;
            return await db.SaveChangesAsync();
        });
        await NotSentAnywhereAsync((await AskAsync(host)).Response);
    }

    [Fact, Trait("oidc", "12")]
    public async Task A_missing_redirect_address_is_answered_to_the_person_only()
    {
        await using var host = await ProviderHost.StartAsync();
        await NotSentAnywhereAsync((await AskAsync(host, ("redirect_uri", null))).Response);
    }

    /// <summary>Registered: https://app.example/callback and the same with ?tenant=a.</summary>
    public static TheoryData<string> NearMisses => new(
        "https://app.example/callback/", "https://app.example/Callback", "https://APP.example/callback", "HTTPS://app.example/callback", "http://app.example/callback",
        "https://app.example:443/callback", "https://app.example:8443/callback", "https://app.example/callback?", "https://app.example/callback?x=1", "https://app.example/callback?tenant=b",
        "https://app.example/callback?tenant=a&x=1", "https://app.example/callback?x=1&tenant=a", "https://app.example/callback?tenant=a&tenant=a", "https://app.example/callback?Tenant=a",
        "https://app.example/callback?tenant=%61", "https://app.example/callback#", "https://app.example/callback#x", "https://app.example/callback;x", "https://evil@app.example/callback",
        "https://app.example@evil.example/callback", "https://app.example:x@evil.example/callback", "https://app.example/x/../callback", "https://app.example/./callback", "https://app.example//callback",
        "https://app.example/callback/..", "https://app.example/%63allback", "https://app.example%2fcallback", "https://app.example/callback%2f", "https://app.example/callback%00",
        "https://app.example.evil.example/callback", "https://evil-app.example/callback", "https://app.example.evil/callback", "https://app.examples/callback", "https://app.exampl/callback",
        "https://xn--app-example/callback", "https://\u0430pp.example/callback", "https:\\\\app.example\\callback", "https:/app.example/callback", "//app.example/callback", "https://app.example\\@evil.example/callback",
        "https://app.example/callback\t", "https://app.example/callback\r\nX: y", "\thttps://app.example/callback", " https://app.example/callback", "https://app.example/callback ",
        "https://app.example/callback\u0000", "javascript:alert(1)", "https://app.example./callback");

    [Theory, Trait("oidc", "13"), Trait("asvs", "V3.7.2 V10.4.1"), MemberData(nameof(NearMisses))]
    public async Task An_address_that_is_nearly_registered_is_not_oidcc_ensure_registered_redirect_uri(string uri)
    {
        await using var host = await ProviderHost.StartAsync();
        var response = (await AskAsync(host, ("redirect_uri", uri))).Response;
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact, Trait("oidc", "13")]
    public async Task A_registered_query_is_kept_oidcc_redirect_uri_query_OK()
    {
        await using var host = await ProviderHost.StartAsync();
        var answer = await new Flow(("redirect_uri", ProviderHost.Callback + "?tenant=a")).RunAsync(host.Browser());
        Assert.StartsWith(ProviderHost.Callback + "?tenant=a&code=", answer.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory, Trait("oidc", "14")]
    [InlineData("http://127.0.0.1/done", true)]
    [InlineData("http://127.0.0.1:1/done", true)]
    [InlineData("http://127.0.0.1:65535/done", true)]
    [InlineData("http://[::1]:51004/done", true)]
    [InlineData("http://127.0.0.1:65536/done", false)]
    [InlineData("http://127.0.0.1:0/done", false)]
    [InlineData("http://127.0.0.1:080/done", false)]
    [InlineData("http://127.0.0.1:80@evil.example/done", false)]
    [InlineData("http://127.0.0.1:/done", false)]
    [InlineData("http://127.0.0.1.evil.example/done", false)]
    [InlineData("http://localhost:80/done", false)]
    [InlineData("https://127.0.0.1:80/done", false)]
    [InlineData("http://127.0.0.1:80/other", false)]
    [InlineData("http://127.0.0.2:80/done", false)]
    public async Task A_native_client_chooses_the_port_of_its_loopback_address_and_nothing_else(string uri, bool allowed)
    {
        await using var host = await ProviderHost.StartAsync();
        var response = (await AskAsync(host, ("client_id", "native"), ("redirect_uri", uri))).Response;
        Assert.Equal(allowed ? HttpStatusCode.SeeOther : HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact, Trait("oidc", "14")]
    public void Other_clients_do_not_choose_ports() =>
        Assert.False(new Clients.Client
        {
            ClientId = "x",
            Name = "x",
            Kind = Clients.ClientKind.Public,
            RedirectUris = ["http://127.0.0.1/done"],
            PostLogoutRedirectUris = [],
            Scopes = [],
            GrantTypes = [Clients.GrantTypes.Code],
            IdTokenAlgorithm = "ES256",
        }.AllowsRedirectTo("http://127.0.0.1:99/done"));

    public static TheoryData<string> States => new(" ", "a b+c%2B&d=e#f", "\"<script>'\\", new string('x', 384), new string('~', 2048), "%FF");

    [Theory, Trait("oidc", "17"), MemberData(nameof(States))]
    public async Task The_state_comes_back_byte_by_byte_fapi2_long_state(string state)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(state, (await new Flow(("state", state)).RunAsync(host.Browser()))["state"]);
        Assert.Equal(state, (await AskAsync(host, ("state", state), ("prompt", "none")))["state"]);
    }

    [Fact, Trait("oidc", "17")]
    public async Task A_state_over_the_limit_is_an_error_and_an_absent_one_stays_absent()
    {
        await using var host = await ProviderHost.StartAsync();
        var tooLong = await AskAsync(host, ("state", new string('x', 2049)));
        RefusedTo(tooLong, "invalid_request");
        Assert.Null(tooLong["state"]);
        Assert.DoesNotContain("state=", (await new Flow(("state", null)).RunAsync(host.Browser())).Location!.Query, StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "19")]
    public async Task Success_names_the_issuer()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(ProviderHost.Issuer, (await new Flow().RunAsync(host.Browser()))["iss"]);
    }

    [Theory, Trait("oidc", "24")]
    [InlineData("ui_locales", "xx-YY zz")]
    [InlineData("claims_locales", "de")]
    [InlineData("display", "popup")]
    [InlineData("acr_values", "1 2")]
    [InlineData("claims", "{\"id_token\":{\"name\":{\"essential\":true}}}")]
    [InlineData("claims", "not json")]
    [InlineData("login_hint", "ada@alpine.example")]
    public async Task What_is_only_a_wish_is_never_an_error(string name, string value)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.NotNull((await new Flow((name, value)).RunAsync(host.Browser()))["code"]);
    }

    [Theory, Trait("oidc", "24")]
    [InlineData("ui_locales")]
    [InlineData("claims")]
    [InlineData("acr_values")]
    [InlineData("login_hint")]
    [InlineData("nonce")]
    public async Task Nothing_may_be_of_any_length(string name)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, (name, new string('a', 4001))), "invalid_request");
    }

    [Theory, Trait("oidc", "25")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/r", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    public async Task Request_objects_are_refused(string name, string value, string error)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, (name, value)), error);
    }

    [Theory, Trait("oidc", "26"), Trait("asvs", "V10.4.11")]
    [InlineData("openid phone", "app")]
    [InlineData("openid offline_access", "app")]
    [InlineData("openid email", "other")]
    [InlineData("profile", "app")]
    [InlineData(null, "app")]
    public async Task A_scope_that_the_client_was_not_given_is_invalid(string? scope, string client)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, ("scope", scope), ("client_id", client)), "invalid_scope");
    }

    [Theory, Trait("oidc", "2"), Trait("asvs", "V10.4.12")]
    [InlineData("fragment")]
    [InlineData("query.jwt")]
    [InlineData("form_post.jwt")]
    public async Task A_response_mode_that_is_not_offered_is_refused(string mode)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, ("response_mode", mode)), "invalid_request");
    }

    [Fact, Trait("oidc", "28"), Trait("asvs", "V3.4.1 V3.4.3 V3.4.4 V3.4.5 V3.4.6 V3.4.8")]
    public async Task Every_page_forbids_scripts_frames_and_caches()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var pages = new[]
        {
            await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url)),
            await browser.GetAsync("/identity/authorize"),
            await browser.GetAsync("/identity/log-in"),
            await browser.GetAsync("/identity/end-session"),
        };
        foreach (var page in pages)
        {
            var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
            foreach (var (name, value) in new[] { ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Strict-Transport-Security", "max-age=31536000") })
            {
                Assert.Equal(value, Assert.Single(page.Headers.GetValues(name)));
            }
            Assert.True(page.Headers.CacheControl!.NoStore);
            Assert.DoesNotMatch(Script(), await page.Content.ReadAsStringAsync());
        }
        Assert.Contains("form-action 'self' https://app.example;", pages[0].Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "27")]
    public async Task The_redirect_that_carries_a_code_is_a_303_and_is_not_stored()
    {
        await using var host = await ProviderHost.StartAsync();
        var response = (await new Flow().RunAsync(host.Browser())).Response;
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }

    [Fact, Trait("oidc", "32"), Trait("asvs", "V10.4.6")]
    public async Task No_client_may_leave_pkce_out_fapi2_ensure_pkce_required()
    {
        await using var host = await ProviderHost.StartAsync();
        foreach (var client in new[] { "app", "server" })
        {
            RefusedTo(await AskAsync(host, ("client_id", client), ("code_challenge", null), ("code_challenge_method", null)), "invalid_request");
            RefusedTo(await AskAsync(host, ("client_id", client), ("code_challenge", null)), "invalid_request");
        }
    }

    [Theory, Trait("oidc", "33"), Trait("asvs", "V10.4.6")]
    [InlineData("plain")]
    [InlineData("s256")]
    [InlineData("S512")]
    [InlineData(null)]
    public async Task No_method_but_S256_is_taken(string? method)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, ("code_challenge_method", method)), "invalid_request");
    }

    [Theory, Trait("oidc", "34")]
    [InlineData(42, 'a')]
    [InlineData(129, 'a')]
    [InlineData(43, '=')]
    [InlineData(43, '+')]
    [InlineData(43, ' ')]
    public async Task A_malformed_challenge_is_refused(int length, char letter)
    {
        await using var host = await ProviderHost.StartAsync();
        RefusedTo(await AskAsync(host, ("code_challenge", new string(letter, length))), "invalid_request");
    }

    [GeneratedRegex("<script|\\son\\w+=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Script();
}
