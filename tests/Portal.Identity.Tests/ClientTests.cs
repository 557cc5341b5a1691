using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Clients;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class ActingForItselfTests
{
    private static Task<Reply> AskAsync(ProviderHost host, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?> { ["grant_type"] = "client_credentials", ["client_id"] = "backend", ["client_secret"] = ProviderHost.ServerSecret };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }
        return Reply.PostAsync(host.Program(), form);
    }

    [Fact, Trait("oidc", "49")]
    public async Task A_client_gets_a_token_for_itself_and_neither_id_nor_refresh_token()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await AskAsync(host);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Null(reply["id_token"]);
        Assert.Null(reply["refresh_token"]);
        Assert.Equal("orders.read orders.write", reply["scope"]);
        var token = Jwt.Payload(reply["access_token"]!);
        Assert.Equal("at+jwt", Jwt.Header(reply["access_token"]!).GetProperty("typ").GetString());
        Assert.Equal("backend", token.GetProperty("sub").GetString());
        Assert.Equal("backend", token.GetProperty("client_id").GetString());
        Assert.Equal(ProviderHost.Orders, token.GetProperty("aud").GetString());
        Assert.False(Guid.TryParse(token.GetProperty("sub").GetString(), out _));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), reply["access_token"]!)).Status);
    }

    [Theory, Trait("oidc", "26"), Trait("asvs", "V10.4.11")]
    [InlineData("orders.read", null, null)]
    [InlineData("orders.read", ProviderHost.Orders, null)]
    [InlineData("stock.read", null, "invalid_scope")]
    [InlineData("openid", null, "invalid_scope")]
    [InlineData("offline_access", null, "invalid_scope")]
    [InlineData("no.such", null, "invalid_scope")]
    [InlineData(" ", null, "invalid_scope")]
    [InlineData(null, ProviderHost.Stock, "invalid_target")]
    public async Task Only_scopes_of_apis_that_the_client_may_call(string? scope, string? resource, string? error)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(error, (await AskAsync(host, ("scope", scope), ("resource", resource)))["error"]);
    }

    [Fact, Trait("oidc", "50"), Trait("asvs", "V9.2.4")]
    public async Task A_person_s_token_is_for_the_provider_and_for_each_api_of_its_scopes()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow(("client_id", "spa"), ("scope", "openid orders.read stock.read"));
        var browser = host.Browser();
        var all = Jwt.Payload((await flow.RedeemAsync(host.Program(), await flow.CodeAsync(browser)))["access_token"]!);
        Assert.Equal([ProviderHost.Issuer, ProviderHost.Orders, ProviderHost.Stock], all.GetProperty("aud").EnumerateArray().Select(a => a.GetString()));
        var one = await flow.RedeemAsync(host.Program(), await flow.CodeAsync(browser), ("resource", ProviderHost.Stock));
        Assert.Equal("stock.read", one["scope"]);
        Assert.Equal(ProviderHost.Stock, Jwt.Payload(one["access_token"]!).GetProperty("aud").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), one["access_token"]!)).Status);
    }
}

public sealed class ProvingByASignatureTests
{
    private static Task<Reply> AskAsync(ProviderHost host, string? assertion, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?> { ["grant_type"] = "client_credentials", ["client_assertion_type"] = Assertion.Type, ["client_assertion"] = assertion };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }
        return Reply.PostAsync(host.Program(), form);
    }

    private static void Refused(Reply reply, string error = "invalid_client")
    {
        Assert.Equal(error, reply["error"]);
        Assert.Null(reply["access_token"]);
    }

    [Theory, OnEachEngine, Trait("oidc", "81"), Trait("asvs", "V6.3.1")]
    public async Task Wrong_secrets_from_one_address_are_counted_over_two_nodes(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine, options => options.ClientFailuresPerAddressAndMinute = 4);
        await using var two = await one.StartSecondAsync(identity: options => options.ClientFailuresPerAddressAndMinute = 4);
        async Task<HttpStatusCode> AskAsync(ProviderHost node, string secret, string id = "backend") =>
            (await Reply.PostAsync(node.Program(), [new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)])).Status;
        for (var i = 0; i < 4; i++) { Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(i % 2 == 0 ? one : two, $"wrong {i}")); }
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(one, ProviderHost.ServerSecret));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(two, ProviderHost.ServerSecret));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(two, ProviderHost.ApiSecret, "orders-api"));
        one.Clock.Advance(TimeSpan.FromMinutes(1));
        two.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(two, ProviderHost.ServerSecret));
    }

    [Theory, OnEachEngine, Trait("oidc", "45"), Trait("asvs", "V10.4.16")]
    public async Task A_signed_assertion_serves_once_on_whichever_node_fapi2_client_assertion(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var assertion = Assertion.Make(one.Clock.GetUtcNow());
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => AskAsync(i % 2 == 0 ? one : two, assertion))));
        Assert.Equal("orders.read stock.read", Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK)["scope"]);
        Assert.Equal(7, replies.Count(reply => reply["error"] == "invalid_client"));
    }

    [Fact, Trait("oidc", "45")]
    public async Task A_clock_eight_seconds_ahead_is_believed_and_sixty_is_not_fapi2_client_assertion_iat_nbf()
    {
        await using var host = await ProviderHost.StartAsync();
        var now = host.Clock.GetUtcNow();
        long At(int seconds) => now.ToUnixTimeSeconds() + seconds;
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, Assertion.Make(now, ("iat", At(8)), ("nbf", At(8))))).Status);
        Refused(await AskAsync(host, Assertion.Make(now, ("iat", At(60)))));
        Refused(await AskAsync(host, Assertion.Make(now, ("nbf", At(60)))));
    }

    public static TheoryData<string, string?> Wrong => new()
    {
        { "iss", "\"backend\"" }, { "sub", "\"backend\"" }, { "sub", null }, { "iss", null },
        { "aud", "\"https://evil.example\"" }, { "aud", $"[\"{ProviderHost.Issuer}\"]" }, { "aud", $"[\"{ProviderHost.Issuer}\",\"https://other.example\"]" },
        { "aud", $"\"{ProviderHost.Issuer}/\"" }, { "aud", $"\"{ProviderHost.Issuer}/token\"" }, { "aud", null },
        { "exp", null }, { "exp", "1" }, { "exp", "4102444800" }, { "exp", "\"soon\"" }, { "jti", null }, { "jti", "\"\"" }, { "jti", "7" }, { "iat", "\"now\"" },
    };

    [Theory, Trait("oidc", "45"), Trait("asvs", "V10.4.16"), MemberData(nameof(Wrong))]
    public async Task Each_claim_must_be_right_fapi2_client_assertion(string claim, string? json)
    {
        await using var host = await ProviderHost.StartAsync();
        Refused(await AskAsync(host, Assertion.Make(host.Clock.GetUtcNow(), (claim, json is null ? null : JsonNode.Parse(json)))));
    }

    [Fact, Trait("oidc", "45"), Trait("asvs", "V9.1.1 V9.1.2 V9.1.3")]
    public async Task No_forged_assertion_is_believed()
    {
        await using var host = await ProviderHost.StartAsync();
        var key = System.Text.Json.JsonDocument.Parse(Assertion.Keys).RootElement.GetProperty("keys")[0];
        foreach (var (how, token) in Jwt.Forgeries(Assertion.Make(host.Clock.GetUtcNow()), key))
        {
            Assert.True("invalid_client" == (await AskAsync(host, token))["error"], how);
        }
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, Assertion.Make(host.Clock.GetUtcNow(), ("ES256", null)))).Status);
    }

    [Fact, Trait("oidc", "44"), Trait("asvs", "V10.4.16")]
    public async Task Nothing_else_proves_a_client_with_keys_and_no_two_ways_at_once()
    {
        await using var host = await ProviderHost.StartAsync();
        var now = host.Clock.GetUtcNow();
        Refused(await AskAsync(host, null, ("client_assertion_type", null), ("client_id", "signer")));
        Refused(await AskAsync(host, null, ("client_assertion_type", null), ("client_id", "signer"), ("client_secret", ProviderHost.ServerSecret)));
        Refused(await AskAsync(host, Assertion.Make(now), ("client_secret", ProviderHost.ServerSecret)), "invalid_request");
        Refused(await AskAsync(host, Assertion.Make(now), ("client_id", "backend")));
        Refused(await AskAsync(host, Assertion.Make(now), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, Assertion.Make(now), ("client_id", "signer"))).Status);
    }
}

public sealed class ChangingSecretsTests
{
    private static async Task<HttpStatusCode> AskAsync(ProviderHost host, string id, string secret) =>
        (await Reply.PostAsync(host.Program(), [new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)])).Status;

    [Fact, Trait("oidc", "46")]
    public async Task The_old_secret_holds_beside_the_new_one_until_its_time_is_over()
    {
        await using var host = await ProviderHost.StartAsync();
        var added = await host.ClientsAsync(clients => clients.AddAsync(new() { ClientId = "robot", Name = "Robot", Kind = ClientKind.Confidential, GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["orders.read"] }, default));
        Assert.Empty(added.Problems);
        var rotated = await host.ClientsAsync(clients => clients.RotateSecretAsync("robot", TimeSpan.FromDays(1), default));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "robot", added.Secret!));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "robot", rotated.Secret!));
        host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "robot", added.Secret!));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "robot", rotated.Secret!));
        host.Clock.Advance(ClientRegistry.SecretLifetime);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "robot", rotated.Secret!));
    }

    [Fact, Trait("oidc", "46")]
    public async Task A_third_change_leaves_two_secrets_and_the_database_knows_none_of_them()
    {
        await using var host = await ProviderHost.StartAsync();
        var first = await host.ClientsAsync(clients => clients.AddAsync(new() { ClientId = "robot", Name = "Robot", Kind = ClientKind.Confidential, GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["orders.read"] }, default));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.ClientsAsync(clients => clients.RotateSecretAsync("robot", TimeSpan.FromDays(7), default));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var last = await host.ClientsAsync(clients => clients.RotateSecretAsync("robot", TimeSpan.FromDays(7), default));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "robot", first.Secret!));
        var hashes = await host.StoreAsync(db => db.ClientSecrets.Where(s => s.ClientId == "robot").Select(s => s.Hash).ToListAsync());
        Assert.Equal(2, hashes.Count);
        Assert.DoesNotContain(last.Secret!, hashes);
    }

    public static TheoryData<string, ClientRegistration> Unsafe => new()
    {
        { "client.id-like-subject", Good with { ClientId = "0198c2f7aa0e7b0c8f00112233445566" } },
        { "client.id-invalid", Good with { ClientId = "a:b" } },
        { "client.id-taken", Good with { ClientId = "spa" } },
        { "client.redirect-unsafe", Good with { RedirectUris = ["http://app.example/callback"] } },
        { "client.redirect-unsafe", Good with { RedirectUris = ["https://app.example/#x"] } },
        { "client.redirect-unsafe", Good with { RedirectUris = ["https://*.example/callback"] } },
        { "client.redirect-unsafe", Good with { RedirectUris = ["javascript:alert(1)"] } },
        { "client.redirect-unsafe", Good with { PostLogoutRedirectUris = ["data:text/html,x"] } },
        { "client.redirect-unsafe", Good with { LogoutUri = "http://app.example/logout" } },
        { "client.redirect-missing", Good with { RedirectUris = [] } },
        { "client.redirect-useless", Good with { GrantTypes = [GrantTypes.ClientCredentials], Kind = ClientKind.Confidential } },
        { "client.public-without-person", Good with { GrantTypes = [GrantTypes.Code, GrantTypes.ClientCredentials] } },
        { "client.grants-invalid", Good with { GrantTypes = ["password"], RedirectUris = [] } },
        { "client.grants-invalid", Good with { GrantTypes = [GrantTypes.Refresh], RedirectUris = [] } },
        { "client.native-localhost", Good with { Kind = ClientKind.Native, RedirectUris = ["http://localhost/done"] } },
        { "client.origin-invalid", Good with { CorsOrigins = ["https://app.example/"] } },
        { "client.origin-invalid", Good with { CorsOrigins = ["*"] } },
        { "client.origin-not-browser", Good with { CorsOrigins = ["https://app.example"], Kind = ClientKind.Confidential } },
        { "client.public-cannot-prove", Good with { PushesRequests = true } },
        { "client.keys-invalid", Good with { Kind = ClientKind.Confidential, PublicKeys = "{\"keys\":[]}" } },
        { "client.keys-invalid", Good with { Kind = ClientKind.Confidential, PublicKeys = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}" } },
        { "client.algorithm-invalid", Good with { IdTokenAlgorithm = "none" } },
        { "client.algorithm-invalid", Good with { IdTokenAlgorithm = "HS256" } },
        { "client.openid-missing", Good with { Scopes = ["profile"] } },
        { "client.offline-without-refresh", Good with { Scopes = ["openid", "offline_access"] } },
        { "client.scope-unknown", Good with { Scopes = ["openid", "no.such"] } },
    };

    private static ClientRegistration Good => new() { ClientId = "fresh", Name = "Fresh", Kind = ClientKind.Public, RedirectUris = ["https://app.example/callback"], Scopes = ["openid"] };

    [Theory, Trait("oidc", "89"), Trait("oidc", "15"), Trait("asvs", "V10.4.4"), MemberData(nameof(Unsafe), DisableDiscoveryEnumeration = true)]
    public async Task Unsafe_settings_are_refused_in_words(string code, ClientRegistration asked)
    {
        await using var host = await ProviderHost.StartAsync();
        var refused = await host.ClientsAsync(clients => clients.AddAsync(asked, default));
        Assert.Contains(code, refused.Problems.Select(problem => problem.Code));
        Assert.All(refused.Problems, problem => Assert.DoesNotContain(problem.Code, problem.ToString(), StringComparison.Ordinal));
    }

    [Fact, Trait("oidc", "89")]
    public async Task What_the_settings_state_is_changed_in_the_settings_only()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal("client.from-settings", Assert.Single((await host.ClientsAsync(clients => clients.RotateSecretAsync("server", TimeSpan.Zero, default))).Problems).Code);
        Assert.Equal("client.from-settings", Assert.Single((await host.ClientsAsync(clients => clients.SetEnabledAsync("portal", false, default))).Problems).Code);
        Assert.True((await host.ClientsAsync(clients => clients.AddAsync(Good, default))).Succeeded);
        Assert.True((await host.ClientsAsync(clients => clients.ChangeAsync(Good with { Name = "Renamed" }, default))).Succeeded);
        Assert.Equal("Renamed", (await host.ClientsAsync(clients => clients.FindAsync("fresh", default)))!.Name);
    }
}

[Trait("hosting", "both")]
public sealed class AskingAboutTokensTests
{
    private static Task<Reply> IntrospectAsync(ProviderHost host, string? token, string client = "orders-api", string? secret = ProviderHost.ApiSecret, string? hint = null) =>
        Reply.PostAsync(host.Program(), [new("client_id", client), new("client_secret", secret), new("token", token), new("token_type_hint", hint)], "/identity/introspect");

    private static Task<Reply> RevokeAsync(ProviderHost host, string? token, string client = "spa", string? secret = null, string? hint = null) =>
        Reply.PostAsync(host.Program(), [new("client_id", client), new("client_secret", secret), new("token", token), new("token_type_hint", hint)], "/identity/revoke");

    private static async Task InactiveAsync(Task<Reply> asked)
    {
        var reply = await asked;
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("{\"active\":false}", reply.Body.GetRawText());
    }

    [Theory, OnEachEngine, Trait("oidc", "62")]
    public async Task The_api_that_a_token_is_for_learns_what_it_needs(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var reply = await Refreshing.Public.BeginAsync(host);
        var answer = await IntrospectAsync(host, reply["access_token"]);
        var token = Jwt.Payload(reply["access_token"]!);
        Assert.Equal("True", answer["active"]);
        Assert.Equal(ProviderHost.Orders, answer["aud"]);
        foreach (var claim in new[] { "sub", "client_id", "scope", "iss", "jti", "exp", "iat" })
        {
            Assert.Equal(token.GetProperty(claim).ToString(), answer[claim]);
        }
        Assert.True(answer.Response.Headers.CacheControl!.NoStore);
    }

    [Fact, Trait("oidc", "62")]
    public async Task Anything_else_is_inactive_and_nothing_more_is_said()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Refreshing.Public.BeginAsync(host);
        var elsewhere = await new Refreshing("spa", scope: "openid stock.read").BeginAsync(host);
        await InactiveAsync(IntrospectAsync(host, elsewhere["access_token"]));
        await InactiveAsync(IntrospectAsync(host, reply["id_token"]));
        await InactiveAsync(IntrospectAsync(host, reply["refresh_token"]));
        await InactiveAsync(IntrospectAsync(host, "no token"));
        await InactiveAsync(IntrospectAsync(host, reply["access_token"], "backend", ProviderHost.ServerSecret));
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await InactiveAsync(IntrospectAsync(host, reply["access_token"]));
    }

    [Fact, Trait("oidc", "62")]
    public async Task Nobody_asks_without_proof()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Refreshing.Public.BeginAsync(host);
        Assert.Equal(HttpStatusCode.Unauthorized, (await IntrospectAsync(host, reply["access_token"], secret: "wrong")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await IntrospectAsync(host, reply["access_token"], "spa", null)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await host.Program().GetAsync("/identity/introspect")).StatusCode);
        Assert.Equal("invalid_request", (await IntrospectAsync(host, null))["error"]);
    }

    [Theory, OnEachEngine, Trait("oidc", "61")]
    public async Task A_revoked_refresh_token_takes_its_family_along(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var first = await Refreshing.Public.BeginAsync(host);
        var second = await Refreshing.Public.AgainAsync(host, first);
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(host, first["refresh_token"], hint: "access_token")).Status);
        Assert.Equal("invalid_grant", (await Refreshing.Public.AgainAsync(host, second))["error"]);
        await InactiveAsync(IntrospectAsync(host, second["access_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), second["access_token"]!)).Status);
    }

    [Theory, OnEachEngine, Trait("oidc", "61")]
    public async Task A_revoked_access_token_goes_alone_and_on_every_node(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        await using var other = await host.StartSecondAsync();
        var reply = await Refreshing.Public.BeginAsync(host);
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(host, reply["access_token"], hint: "refresh_token")).Status);
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(host, reply["access_token"])).Status);
        await InactiveAsync(IntrospectAsync(other, reply["access_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(other.Program(), reply["access_token"]!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Refreshing.Public.AgainAsync(host, reply)).Status);
    }

    [Fact, Trait("oidc", "61"), Trait("asvs", "V10.4.10")]
    public async Task Unknown_and_foreign_tokens_get_200_and_stay_untouched()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Refreshing.Public.BeginAsync(host);
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(host, "no token")).Status);
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(host, reply["refresh_token"], "backend", ProviderHost.ServerSecret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(host, reply["access_token"], "backend", ProviderHost.ServerSecret)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RevokeAsync(host, reply["access_token"], "backend", "wrong")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Reply.UserInfoAsync(host.Program(), reply["access_token"]!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Refreshing.Public.AgainAsync(host, reply)).Status);
    }

    [Fact, Trait("oidc", "61")]
    public async Task A_client_s_own_token_can_be_introspected_and_revoked()
    {
        await using var host = await ProviderHost.StartAsync();
        var token = (await Reply.PostAsync(host.Program(), [new("grant_type", "client_credentials"), new("client_id", "backend"), new("client_secret", ProviderHost.ServerSecret)]))["access_token"];
        Assert.Equal("backend", (await IntrospectAsync(host, token))["sub"]);
        await RevokeAsync(host, token, "backend", ProviderHost.ServerSecret);
        await InactiveAsync(IntrospectAsync(host, token));
    }
}

[Trait("hosting", "both")]
public sealed class CallingFromAWebPageTests
{
    private static async Task<HttpResponseMessage> SendAsync(ProviderHost host, HttpMethod method, string path, string origin, params KeyValuePair<string, string>[] form)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? new FormUrlEncodedContent(form) : null };
        request.Headers.Add("Origin", origin);
        return await host.Program().SendAsync(request);
    }

    private static string? Allowed(HttpResponseMessage response) => response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;

    [Theory, Trait("oidc", "6"), Trait("asvs", "V3.4.2")]
    [InlineData("/identity/token")]
    [InlineData("/identity/revoke")]
    [InlineData("/identity/userinfo")]
    public async Task A_registered_origin_may_ask_before_and_read_the_answer_and_no_other(string path)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(ProviderHost.Origin, Allowed(await SendAsync(host, HttpMethod.Options, path, ProviderHost.Origin)));
        Assert.Null(Allowed(await SendAsync(host, HttpMethod.Options, path, "https://evil.example")));
        Assert.Null(Allowed(await SendAsync(host, HttpMethod.Options, path, "null")));
        var answer = await SendAsync(host, HttpMethod.Post, path, ProviderHost.Origin, new("client_id", "spa"), new("grant_type", "refresh_token"), new("refresh_token", "x"), new("token", "x"), new("access_token", "x"));
        Assert.Equal(ProviderHost.Origin, Allowed(answer));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", answer.Headers.Vary);
        Assert.Null(Allowed(await SendAsync(host, HttpMethod.Post, path, "https://evil.example", new("client_id", "spa"), new("token", "x"))));
    }

    [Fact, Trait("oidc", "6"), Trait("asvs", "V3.4.2")]
    public async Task An_origin_reads_nothing_of_another_client_s()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Null(Allowed(await SendAsync(host, HttpMethod.Post, "/identity/token", ProviderHost.Origin, new("client_id", "app"), new("grant_type", "authorization_code"), new("code", "x"))));
        Assert.Null(Allowed(await SendAsync(host, HttpMethod.Options, "/identity/introspect", ProviderHost.Origin)));
        Assert.Null(Allowed(await SendAsync(host, HttpMethod.Get, new Flow().Url, ProviderHost.Origin)));
    }
}
