using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Keys;
using Portal.Web.Access;

namespace Portal.Identity.Tests;

public sealed class LoggingInToThePortalTests
{
    private static async Task<ProviderHost> StartAsync()
    {
        var host = await ProviderHost.StartAsync(inPortal: true);
        return host;
    }

    /// <summary>Everything that some browser or proxy has once read as another site, and what would lead in a circle.</summary>
    public static TheoryData<string> Unsafe => new(
        "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "//\\evil.example", "/\t/evil.example", "/\n/evil.example",
        "/\r/evil.example", "\t//evil.example", " //evil.example", "  /\\evil.example", "/ /evil.example\u0000", "/\u0000/evil.example", "https://evil.example", "HTTPS://evil.example", "http:evil.example", "https:/evil.example",
        "https:evil.example", "https:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "evil.example", "www.evil.example/x",
        "@evil.example", "portal.example@evil.example", "https://portal.example@evil.example", "https://portal.example.evil.example", "https://portal.example", "%2f%2fevil.example", "/%2fevil.example", "/%2Fevil.example", "/%5cevil.example", "/%5Cevil.example",
        "/%09/evil.example", "/%0d%0aLocation:https://evil.example", "/%00//evil.example", "/%252fevil.example", "/%255cevil.example", "/x/..//evil.example", "/.//evil.example", "/..//evil.example", "/x/../../evil.example", "/%2e%2e//evil.example",
        "?x=//evil.example", "#//evil.example", ".", "..", "", " ", "~/x", "/sign-in", "/sign-out", "/sign-in/callback?code=x", "/Sign-Out?x", "/signed-out");

    [Theory, Trait("oidc", "77"), Trait("asvs", "V3.7.2"), MemberData(nameof(Unsafe))]
    public void An_address_that_could_be_another_site_is_no_return_path(string text) => Assert.Equal("/", LocalPath.OrHome(text));

    [Theory, Trait("oidc", "77")]
    [InlineData("/")]
    [InlineData("/orders")]
    [InlineData("/orders?filter=a%20b&x=%E4%B8%AD#top")]
    [InlineData("/orders/1234567890123456789/edit?tab=lines")]
    [InlineData("/sign-inspections")]
    [InlineData("/search?q=http://a.example/")]
    public void A_path_of_the_portal_is_kept(string text) => Assert.Equal(text, LocalPath.OrHome(text));

    [Theory, Trait("oidc", "77"), Trait("asvs", "V3.7.2")]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task Log_in_never_leads_to_another_site(string target)
    {
        await using var host = await StartAsync();
        Assert.Equal("/", await host.Browser().SignInAsync(Folk.Ada, Folk.Password, target));
    }

    [Fact]
    public async Task A_page_asked_for_without_a_session_comes_after_the_log_in()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        var refused = await browser.GetAsync("/orders?x=1");
        Assert.Equal(HttpStatusCode.SeeOther, refused.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Forders%3Fx%3D1", refused.Headers.Location!.OriginalString);
        Assert.Equal("/orders?x=1", await browser.SignInAsync(Folk.Ada, Folk.Password, "/orders?x=1"));
        Assert.Equal("home of 1", await browser.GetStringAsync("/"));
    }

    [Fact]
    public async Task Who_comes_right_after_a_signing_key_was_revoked_is_let_in()
    {
        await using var host = await StartAsync();
        Assert.Equal("/orders", await host.Browser().SignInAsync(Folk.Ada, Folk.Password, "/orders"));
        var life = host.Services.GetRequiredService<SigningKeyLife>();
        foreach (var key in await life.ListAsync(default)) { await life.RevokeAsync(key.Kid, default); }
        Assert.Equal("/orders", await host.Browser().SignInAsync(Folk.Ada, Folk.Password, "/orders"));
    }

    [Fact]
    public async Task A_program_and_a_part_of_a_page_are_told_and_not_led()
    {
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Program().GetAsync("/api/orders")).StatusCode);
        using var part = new HttpRequestMessage(HttpMethod.Get, "/orders");
        part.Headers.Add("HX-Request", "true");
        var answer = await host.Program().SendAsync(part);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.StartsWith("/sign-in", Assert.Single(answer.Headers.GetValues("HX-Redirect")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_person_record_is_told_whom_to_ask_and_sees_nothing()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        Assert.Equal("/no-access", await browser.SignInAsync(Folk.Bo, Folk.Password, "/orders"));
        Assert.Contains("No access yet", await browser.GetStringAsync("/no-access"), StringComparison.Ordinal);
        browser.DefaultRequestHeaders.Add("Cookie", []);
        Assert.Equal("/no-access", (await browser.GetAsync("/orders")).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/api/orders")).StatusCode);
    }

    [Fact]
    public async Task The_language_of_the_person_is_kept_in_the_browser()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        await browser.SignInAsync(Folk.Ada, Folk.Password);
        Assert.Equal("退出登录", (await SignIn.ReadAsync(await browser.GetAsync("/sign-out"))).QuerySelector("h1")!.TextContent);
    }

    [Fact, Trait("oidc", "86")]
    public async Task A_copied_cookie_opens_nothing_after_log_out()
    {
        await using var host = await StartAsync();
        var cookies = new List<string>();
        var browser = host.Browser(cookies);
        await browser.SignInAsync(Folk.Ada, Folk.Password);
        var session = cookies.Last(cookie => cookie.StartsWith("__Host-portal-session=", StringComparison.Ordinal)).Split(';')[0];
        async Task<HttpStatusCode> WithCopyAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
            request.Headers.Add("Cookie", session);
            return (await host.Program().SendAsync(request)).StatusCode;
        }
        Assert.Equal(HttpStatusCode.OK, await WithCopyAsync());
        await browser.SignOutAsync();
        Assert.Equal(HttpStatusCode.SeeOther, await WithCopyAsync());
    }

    [Fact, Trait("oidc", "69"), Trait("asvs", "V7.4.1")]
    public async Task After_log_out_the_provider_asks_for_the_password_again()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        await browser.SignInAsync(Folk.Ada, Folk.Password);
        await browser.SignOutAsync();
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
    }

    [Theory, Trait("oidc", "78"), Trait("asvs", "V10.1.2 V10.2.1")]
    [InlineData("?code=x&state=x")]
    [InlineData("?code=x")]
    [InlineData("?error=access_denied&state=x")]
    [InlineData("")]
    [InlineData("?code=x&code=y&state=x")]
    public async Task An_injected_callback_is_refused(string query)
    {
        await using var host = await StartAsync();
        Assert.Equal("/sign-in/failed", (await host.Browser().GetAsync("/sign-in/callback" + query)).Headers.Location!.OriginalString);
    }

    [Fact, Trait("oidc", "78"), Trait("asvs", "V10.1.2 V10.2.1")]
    public async Task The_answer_to_one_browser_is_none_to_another()
    {
        await using var host = await StartAsync();
        var (attacker, victim) = (host.Browser(), host.Browser());
        var page = await attacker.FollowInsideAsync(await attacker.GetAsync("/sign-in"));
        var callback = (await attacker.SubmitAsync(page, default, ("email", Folk.Ada), ("password", Folk.Password))).Headers.Location!;
        await victim.GetAsync("/sign-in");
        Assert.Equal("/sign-in/failed", (await victim.GetAsync(callback)).Headers.Location!.OriginalString);
    }

    [Fact, Trait("oidc", "78"), Trait("asvs", "V10.1.2 V10.2.1 V10.2.2")]
    public async Task A_tampered_state_or_issuer_is_refused()
    {
        await using var host = await StartAsync();
        foreach (var (name, value) in new[] { ("state", "tampered"), ("iss", "https://evil.example/identity"), ("iss", "") })
        {
            var browser = host.Browser();
            var page = await browser.FollowInsideAsync(await browser.GetAsync("/sign-in"));
            var callback = (await browser.SubmitAsync(page, default, ("email", Folk.Ada), ("password", Folk.Password))).Headers.Location!;
            var query = QueryHelpers.ParseQuery(callback.Query).ToDictionary(p => p.Key, p => (string?)p.Value.ToString());
            query[name] = value;
            Assert.Equal("/sign-in/failed", (await browser.GetAsync(QueryHelpers.AddQueryString(callback.AbsolutePath, query))).Headers.Location!.OriginalString);
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/orders")).StatusCode);
        }
    }

    [Fact, Trait("asvs", "V3.5.3")]
    public async Task A_get_of_the_log_out_page_logs_nobody_out_and_a_post_without_the_form_neither()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        await browser.SignInAsync(Folk.Ada, Folk.Password);
        await browser.GetAsync("/sign-out");
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
    }

    [Fact]
    public async Task Another_host_name_leads_to_the_public_address_first()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://other.example/sign-in?returnUrl=/orders");
        Assert.Equal("https://portal.example/sign-in?returnUrl=%2Forders&canonical=1", (await host.Program().SendAsync(request)).Headers.Location!.OriginalString);
    }
}

/// <summary>The portal against a provider that lies.</summary>
public sealed class BelievingAnIdTokenTests
{
    private const string Authority = "https://provider.example";

    private sealed class Liar : HttpMessageHandler
    {
        public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        public string Issuer { get; set; } = Authority;
        public Func<JsonObject, string, string> Forge { get; set; } = null!;
        public string Nonce { get; set; } = "";
        public string UserInfoSubject { get; set; } = "someone";
        public TimeProvider Clock { get; set; } = TimeProvider.System;

        public JsonObject Jwk()
        {
            var point = Key.ExportParameters(false).Q;
            return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["kid"] = "one", ["x"] = WebEncoders.Base64UrlEncode(point.X!), ["y"] = WebEncoders.Base64UrlEncode(point.Y!) };
        }

        public JsonObject Claims() => new()
        {
            ["iss"] = Authority,
            ["aud"] = "portal",
            ["sub"] = "someone",
            ["sid"] = "session",
            ["nonce"] = Nonce,
            ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = Clock.GetUtcNow().ToUnixTimeSeconds() + 300,
        };

        public string Sign(JsonObject claims, params (string, JsonNode?)[] header)
        {
            var all = new JsonObject { ["alg"] = "ES256", ["kid"] = "one", ["typ"] = "JWT" };
            foreach (var (name, value) in header)
            {
                all[name] = value;
            }
            return Jwt.Sign(all, claims, data => Key.SignData(data, HashAlgorithmName.SHA256));
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            JsonObject body = request.RequestUri!.AbsolutePath switch
            {
                "/.well-known/openid-configuration" => new()
                {
                    ["issuer"] = Issuer,
                    ["authorization_endpoint"] = Authority + "/authorize",
                    ["token_endpoint"] = Authority + "/token",
                    ["userinfo_endpoint"] = Authority + "/userinfo",
                    ["jwks_uri"] = Authority + "/jwks",
                },
                "/jwks" => new() { ["keys"] = new JsonArray(Jwk()) },
                "/token" => new() { ["access_token"] = "opaque", ["token_type"] = "Bearer", ["id_token"] = Forge(Claims(), "opaque") },
                "/userinfo" => new() { ["sub"] = UserInfoSubject, ["locale"] = "en" },
                _ => throw new InvalidOperationException($"Nobody should ask for {request.RequestUri}."),
            };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") });
        }
    }

    private static async Task<string> SignInAsync(Action<Liar> lie)
    {
        using var liar = new Liar();
        liar.Forge = (claims, _) => liar.Sign(claims);
        await using var host = await ProviderHost.StartAsync(inPortal: true, services: services =>
        {
            services.AddSingleton(new SignInAddresses { PublicUrl = ProviderHost.PublicUrl, Authority = Authority, IsBuiltIn = false });
            services.Configure<SignInHandlerOptions>(PortalSignIn.ProviderScheme, options => options.BackchannelHttpHandler = liar);
        });
        liar.Clock = host.Clock;
        lie(liar);
        var browser = host.Browser();
        var challenge = await browser.GetAsync("/sign-in");
        if (challenge.Headers.Location is null)
        {
            return $"{(int)challenge.StatusCode}";
        }
        var asked = QueryHelpers.ParseQuery(challenge.Headers.Location.Query);
        liar.Nonce = asked["nonce"]!;
        return (await browser.GetAsync($"/sign-in/callback?code=x&state={Uri.EscapeDataString(asked["state"]!)}")).Headers.Location!.OriginalString;
    }

    [Fact]
    public async Task An_honest_token_is_believed() => Assert.Equal("/no-access", await SignInAsync(_ => { }));

    public static TheoryData<string> Claims => new("iss", "aud", "sub", "nonce", "exp", "iat", "azp", "at_hash", "old", "future", "audiences");

    [Theory, Trait("oidc", "71"), Trait("asvs", "V10.5.1 V10.5.4"), MemberData(nameof(Claims))]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim) =>
        Assert.Equal("/sign-in/failed", await SignInAsync(liar => liar.Forge = (claims, _) =>
        {
            switch (claim)
            {
                case "exp" or "iat" or "sub": claims.Remove(claim); break;
                case "old": claims["exp"] = claims["iat"]!.GetValue<long>() - 31; break;
                case "future": claims["nbf"] = claims["iat"]!.GetValue<long>() + 61; break;
                case "audiences": claims["aud"] = new JsonArray("portal", "other"); break;
                case "iss": claims["iss"] = Authority + "/"; break;
                default: claims[claim] = "wrong"; break;
            }
            return liar.Sign(claims);
        }));

    [Fact, Trait("oidc", "73")]
    public async Task A_clock_ten_seconds_off_does_no_harm() =>
        Assert.Equal("/no-access", await SignInAsync(liar => liar.Forge = (claims, _) =>
        {
            claims["nbf"] = claims["iat"]!.GetValue<long>() + 10;
            claims["exp"] = claims["iat"]!.GetValue<long>() - 10;
            return liar.Sign(claims);
        }));

    [Theory, Trait("oidc", "74"), Trait("asvs", "V9.2.2")]
    [InlineData("at+jwt")]
    [InlineData("logout+jwt")]
    public async Task A_token_of_another_kind_is_refused(string type) =>
        Assert.Equal("/sign-in/failed", await SignInAsync(liar => liar.Forge = (claims, _) => liar.Sign(claims, ("typ", type))));

    [Fact, Trait("oidc", "74")]
    public async Task An_unknown_critical_extension_is_refused() =>
        Assert.Equal("/sign-in/failed", await SignInAsync(liar => liar.Forge = (claims, _) => liar.Sign(claims, ("crit", new JsonArray("x")), ("x", 1))));

    public static TheoryData<int, string> Forgeries()
    {
        var rows = new TheoryData<int, string>();
        using var liar = new Liar();
        var how = Jwt.Forgeries(liar.Sign(liar.Claims()), JsonDocument.Parse(liar.Jwk().ToJsonString()).RootElement).Select(forgery => forgery.How).ToArray();
        for (var i = 0; i < how.Length; i++)
        {
            rows.Add(i, how[i]);
        }
        return rows;
    }

    [Theory, Trait("oidc", "74"), Trait("asvs", "V6.8.2 V9.1.1 V9.1.2 V9.1.3"), MemberData(nameof(Forgeries))]
    public async Task A_forged_signature_is_refused(int index, string how)
    {
        Assert.NotEmpty(how);
        Assert.Equal("/sign-in/failed", await SignInAsync(liar => liar.Forge = (claims, _) =>
            Jwt.Forgeries(liar.Sign(claims), JsonDocument.Parse(liar.Jwk().ToJsonString()).RootElement).ElementAt(index).Token));
    }

    [Fact, Trait("oidc", "75"), Trait("asvs", "V10.5.3")]
    public async Task A_document_that_names_another_issuer_is_refused() =>
        Assert.Equal("500", await SignInAsync(liar => liar.Issuer = "https://evil.example"));

    [Fact, Trait("oidc", "63")]
    public async Task Userinfo_about_somebody_else_is_refused() =>
        Assert.Equal("/sign-in/failed", await SignInAsync(liar => liar.UserInfoSubject = "else"));

    /// <summary>Knows everybody of the other provider.</summary>
    private sealed class Everybody : IPersonDirectory
    {
        public Task<SignedInPerson?> FindAsync(string issuer, string subject, CancellationToken ct) => Task.FromResult<SignedInPerson?>(new(1, "en"));
    }

    /// <summary>Logs somebody in by another provider, lets that one send a message, and tells whether the portal then still knows the browser.</summary>
    private static async Task<(HttpStatusCode Answer, bool StillIn)> TellAsync(Action<JsonObject> change, Func<Liar, JsonObject, string>? forge = null, int times = 1, bool asForm = true)
    {
        using var liar = new Liar();
        liar.Forge = (claims, _) => liar.Sign(claims);
        await using var host = await ProviderHost.StartAsync(inPortal: true, services: services =>
        {
            services.AddSingleton(new SignInAddresses { PublicUrl = ProviderHost.PublicUrl, Authority = Authority, IsBuiltIn = false });
            services.AddSingleton<IPersonDirectory, Everybody>();
            services.Configure<SignInHandlerOptions>(PortalSignIn.ProviderScheme, options => options.BackchannelHttpHandler = liar);
        });
        liar.Clock = host.Clock;
        var browser = host.Browser();
        async Task LogInAsync()
        {
            var asked = QueryHelpers.ParseQuery((await browser.GetAsync("/sign-in")).Headers.Location!.Query);
            liar.Nonce = asked["nonce"]!;
            await browser.GetAsync($"/sign-in/callback?code=x&state={Uri.EscapeDataString(asked["state"]!)}");
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/orders")).StatusCode);
        }
        var message = new JsonObject
        {
            ["iss"] = Authority,
            ["aud"] = "portal",
            ["sub"] = "someone",
            ["sid"] = "session",
            ["iat"] = host.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = host.Clock.GetUtcNow().ToUnixTimeSeconds() + 120,
            ["jti"] = "one",
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        change(message);
        var token = forge?.Invoke(liar, message) ?? liar.Sign(message, ("typ", "logout+jwt"));
        HttpStatusCode answer = default;
        for (var time = 0; time < times; time++)
        {
            await LogInAsync();
            using HttpContent body = asForm ? new FormUrlEncodedContent([new("logout_token", token)]) : new StringContent(token);
            var response = await host.Program().PostAsync(BackchannelLogout.Path, body);
            Assert.True(response.Headers.CacheControl!.NoStore);
            answer = response.StatusCode;
        }
        return (answer, (await browser.GetAsync("/orders")).StatusCode == HttpStatusCode.OK);
    }

    [Theory, Trait("oidc", "71"), Trait("asvs", "V7.6.1")]
    [InlineData("nothing")]
    [InlineData("sid")]
    [InlineData("sub")]
    [InlineData("exp")]
    public async Task The_provider_s_message_ends_the_session_oidcc_backchannel_rp(string leftOut) =>
        Assert.Equal((HttpStatusCode.OK, false), await TellAsync(message => message.Remove(leftOut)));

    [Fact, Trait("oidc", "71")]
    public async Task A_message_about_another_session_ends_none_of_ours() =>
        Assert.Equal((HttpStatusCode.OK, true), await TellAsync(message => message["sid"] = "another"));

    public static TheoryData<string> Lies => new("nonce", "events", "event", "event-text", "iss", "aud", "iat", "no-iat", "iat-old", "iat-ahead", "old", "jti", "who", "typ-access", "alg-none", "crit");

    [Theory, Trait("oidc", "71"), Trait("asvs", "V10.5.5"), MemberData(nameof(Lies))]
    public async Task A_message_that_is_not_quite_one_changes_nothing(string lie)
    {
        var told = await TellAsync(
            message =>
            {
                var now = message["iat"]!.GetValue<long>();
                switch (lie)
                {
                    case "nonce": message["nonce"] = "x"; break;
                    case "events": message.Remove("events"); break;
                    case "event": message["events"] = new JsonObject { ["http://schemas.openid.net/event/other"] = new JsonObject() }; break;
                    case "event-text": message["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = "yes" }; break;
                    case "iss": message["iss"] = Authority + "/"; break;
                    case "aud": message["aud"] = "other"; break;
                    case "iat": message["iat"] = "now"; break;
                    case "no-iat": message.Remove("iat"); break;
                    case "iat-old": message["iat"] = now - 331; message.Remove("exp"); break;
                    case "iat-ahead": message["iat"] = now + 61; break;
                    case "old": message["exp"] = now - 31; break;
                    case "jti": message.Remove("jti"); break;
                    case "who": message.Remove("sub"); message.Remove("sid"); break;
                }
            },
            lie switch
            {
                "typ-access" => (liar, message) => liar.Sign(message, ("typ", "at+jwt")),
                "alg-none" => (_, message) => Jwt.Sign(new JsonObject { ["alg"] = "none", ["typ"] = "logout+jwt" }, message, _ => []),
                "crit" => (liar, message) => liar.Sign(message, ("typ", "logout+jwt"), ("crit", new JsonArray("x")), ("x", 1)),
                _ => null,
            });
        Assert.Equal((HttpStatusCode.BadRequest, true), told);
    }

    [Fact, Trait("oidc", "71"), Trait("asvs", "V10.5.5")]
    public async Task A_message_serves_once_and_only_as_a_form()
    {
        Assert.Equal((HttpStatusCode.BadRequest, true), await TellAsync(_ => { }, times: 2));
        Assert.Equal((HttpStatusCode.BadRequest, true), await TellAsync(_ => { }, asForm: false));
    }
}
