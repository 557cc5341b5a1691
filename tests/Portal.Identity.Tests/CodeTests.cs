using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class RedeemingACodeTests
{
    private static void Refused(Reply reply, string error = "invalid_grant")
    {
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(error, reply["error"]);
        Assert.Null(reply["access_token"]);
        Assert.Null(reply["id_token"]);
    }

    [Theory, OnEachEngine, Trait("oidc", "37"), Trait("asvs", "V10.4.2")]
    public async Task A_second_use_is_refused_and_revokes_what_the_first_brought_oidcc_codereuse(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        var first = await flow.RedeemAsync(host.Program(), code);
        Assert.Equal(HttpStatusCode.OK, (await Reply.UserInfoAsync(host.Program(), first["access_token"]!)).Status);

        Refused(await flow.RedeemAsync(host.Program(), code));

        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), first["access_token"]!)).Status);
    }

    [Fact, Trait("oidc", "37")]
    public async Task A_second_use_after_thirty_seconds_revokes_too_oidcc_codereuse_30seconds()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        var first = await flow.RedeemAsync(host.Program(), code);
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        Refused(await flow.RedeemAsync(host.Program(), code));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), first["access_token"]!)).Status);
    }

    [Theory, OnEachEngine, Trait("oidc", "38"), Trait("asvs", "V10.4.2")]
    public async Task Fifty_parallel_redemptions_over_two_nodes_succeed_exactly_once(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(one.Browser());

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => flow.RedeemAsync((i % 2 == 0 ? one : two).Program(), code))));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply => Refused(reply));
    }

    [Fact, Trait("oidc", "39"), Trait("asvs", "V10.4.3")]
    public async Task A_code_lives_for_sixty_seconds()
    {
        await using var host = await ProviderHost.StartAsync();
        var (young, old) = (new Flow(), new Flow());
        var browser = host.Browser();
        var youngCode = await young.CodeAsync(browser);
        var oldCode = await old.CodeAsync(browser);
        host.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.OK, (await young.RedeemAsync(host.Program(), youngCode)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Refused(await old.RedeemAsync(host.Program(), oldCode));
    }

    [Fact, Trait("oidc", "39")]
    public async Task A_clock_that_steps_back_does_not_revive_a_used_code()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        await flow.RedeemAsync(host.Program(), code);
        host.Clock.Advance(-TimeSpan.FromSeconds(50));
        Refused(await flow.RedeemAsync(host.Program(), code));
    }

    [Fact, Trait("oidc", "40")]
    public async Task Another_client_cannot_use_it_fapi2_code_is_bound_to_client()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        Refused(await flow.RedeemAsync(host.Program(), await flow.CodeAsync(host.Browser()), ("client_id", "other")));
    }

    [Theory, Trait("oidc", "41"), Trait("asvs", "V10.4.1")]
    [InlineData(null)]
    [InlineData("https://app.example/callback?tenant=a")]
    [InlineData("https://evil.example/")]
    public async Task The_redirect_address_must_be_the_one_asked_with(string? uri)
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        Refused(await flow.RedeemAsync(host.Program(), await flow.CodeAsync(host.Browser()), ("redirect_uri", uri)));
    }

    [Theory, Trait("oidc", "35"), Trait("asvs", "V10.4.6")]
    [InlineData(null)]
    [InlineData("wrongwrongwrongwrongwrongwrongwrongwrongwrong")]
    [InlineData("short")]
    public async Task A_missing_or_wrong_verifier_burns_the_code(string? verifier)
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        Refused(await flow.RedeemAsync(host.Program(), code, ("code_verifier", verifier)));
        Refused(await flow.RedeemAsync(host.Program(), code));
    }

    [Fact, Trait("oidc", "36"), Trait("asvs", "V10.4.6")]
    public async Task The_challenge_itself_is_no_verifier()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        Refused(await flow.RedeemAsync(host.Program(), await flow.CodeAsync(host.Browser()), ("code_verifier", flow.Parameters["code_challenge"])));
    }

    [Fact, Trait("oidc", "42"), Trait("asvs", "V7.4.2")]
    public async Task A_person_disabled_meanwhile_gets_nothing()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        var subject = (await host.SubjectAsync(Folk.Ada))!;
        await host.AccountsAsync(accounts => accounts.SetStateAsync(subject, AccountState.Disabled, default));
        Refused(await flow.RedeemAsync(host.Program(), code));
    }

    [Fact, Trait("oidc", "42")]
    public async Task A_password_changed_meanwhile_kills_code_session_and_token()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var issued = await new Flow().TokensAsync(host, browser);
        var flow = new Flow();
        var code = await flow.CodeAsync(browser);
        var subject = (await host.SubjectAsync(Folk.Ada))!;
        Assert.True((await host.AccountsAsync(accounts => accounts.SetPasswordAsync(subject, "another long password", default))).Succeeded);

        Refused(await flow.RedeemAsync(host.Program(), code));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), issued["access_token"]!)).Status);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
    }

    [Fact, Trait("oidc", "40")]
    public async Task A_code_of_an_ended_session_is_dead()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var flow = new Flow();
        var code = await flow.CodeAsync(browser);
        await browser.SubmitAsync(await browser.GetAsync("/identity/end-session"), default);
        Refused(await flow.RedeemAsync(host.Program(), code));
    }

    [Fact, Trait("oidc", "37")]
    public async Task The_store_holds_no_code_that_could_be_redeemed()
    {
        await using var host = await ProviderHost.StartAsync();
        var code = await new Flow().CodeAsync(host.Browser());
        Assert.Equal(0, await host.StoreAsync(db => Task.FromResult(db.Codes.Count(c => c.Hash == code))));
    }
}

[Trait("hosting", "both")]
public sealed class AskingTheTokenEndpointTests
{
    private static async Task<Reply> SendAsync(ProviderHost host, HttpMethod method, string path, HttpContent? content, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        return await Reply.OfAsync(await host.Program().SendAsync(request));
    }

    private static string Basic(string id, string secret) =>
        "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"));

    [Fact, Trait("oidc", "43")]
    public async Task Get_is_405()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(host, HttpMethod.Get, "/identity/token?grant_type=authorization_code", null)).Status);
    }

    [Theory, Trait("oidc", "43"), Trait("asvs", "V3.5.2")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Anything_but_a_form_is_415(string type)
    {
        await using var host = await ProviderHost.StartAsync();
        using var content = new StringContent("{}");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(host, HttpMethod.Post, "/identity/token", content)).Status);
    }

    [Fact, Trait("oidc", "43")]
    public async Task Parameters_in_the_address_are_refused()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        var reply = await Reply.PostAsync(host.Program(), flow.Redemption(code), "/identity/token?client_id=app");
        Assert.Equal("invalid_request", reply["error"]);
    }

    [Fact, Trait("oidc", "10")]
    public async Task A_repeated_parameter_is_invalid()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow();
        var code = await flow.CodeAsync(host.Browser());
        var reply = await Reply.PostAsync(host.Program(), flow.Redemption(code).Append(new("code", code)));
        Assert.Equal("invalid_request", reply["error"]);
    }

    [Theory, Trait("oidc", "48"), Trait("asvs", "V6.3.4 V10.4.4")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("client_credentials", "unauthorized_client")]
    [InlineData("refresh_token", "unauthorized_client")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type")]
    [InlineData("implicit", "unsupported_grant_type")]
    [InlineData("AUTHORIZATION_CODE", "unsupported_grant_type")]
    [InlineData(null, "invalid_request")]
    public async Task No_grant_that_is_not_offered_works(string? grant, string error)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(error, (await Reply.PostAsync(host.Program(), [new("client_id", "app"), new("grant_type", grant), new("username", Folk.Ada), new("password", Folk.Password)]))["error"]);
    }

    [Fact, Trait("oidc", "44")]
    public async Task A_secret_with_any_letters_works_by_header_and_by_body()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var flow = new Flow(("client_id", "server"));
        var byHeader = new FormUrlEncodedContent(flow.Redemption(await flow.CodeAsync(browser), ("client_id", null)).Where(p => p.Value is not null)!);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, HttpMethod.Post, "/identity/token", byHeader, Basic("server", ProviderHost.ServerSecret))).Status);
        Assert.Equal(HttpStatusCode.OK, (await flow.RedeemAsync(host.Program(), await flow.CodeAsync(browser), ("client_secret", ProviderHost.ServerSecret))).Status);
    }

    [Fact, Trait("oidc", "46")]
    public async Task Two_secrets_live_side_by_side_and_are_stored_hashed()
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow(("client_id", "server"));
        Assert.Equal(HttpStatusCode.OK, (await flow.RedeemAsync(host.Program(), await flow.CodeAsync(host.Browser()), ("client_secret", "the next secret, not yet in use everywhere"))).Status);
        var stored = await host.StoreAsync(async db => await db.ClientSecrets.Where(s => s.ClientId == "server").Select(s => s.Hash).ToListAsync());
        Assert.DoesNotContain(ProviderHost.ServerSecret, stored);
    }

    [Fact, Trait("oidc", "44")]
    public async Task Two_ways_to_authenticate_at_once_are_refused()
    {
        await using var host = await ProviderHost.StartAsync();
        var form = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "x"), new("client_secret", ProviderHost.ServerSecret)]);
        Assert.Equal("invalid_request", (await SendAsync(host, HttpMethod.Post, "/identity/token", form, Basic("server", ProviderHost.ServerSecret)))["error"]);
    }

    [Theory, Trait("oidc", "44"), Trait("asvs", "V10.4.10")]
    [InlineData("server", null)]
    [InlineData("server", "")]
    [InlineData("server", "wrong")]
    [InlineData("app", "a secret that a public client cannot have")]
    [InlineData("nobody", null)]
    [InlineData(null, null)]
    public async Task A_client_that_is_not_proven_gets_401_with_a_challenge(string? client, string? secret)
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Reply.PostAsync(host.Program(), [new("grant_type", "authorization_code"), new("code", "x"), new("client_id", client), new("client_secret", secret)]);
        Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
        Assert.Equal("invalid_client", reply["error"]);
        Assert.Equal("Basic", Assert.Single(reply.Response.Headers.WwwAuthenticate).Scheme);
    }

    [Theory, Trait("oidc", "44")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic c2VydmVy")]
    [InlineData("Basic Og==")]
    [InlineData("Bearer abc")]
    public async Task A_malformed_header_is_401(string header)
    {
        await using var host = await ProviderHost.StartAsync();
        var form = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "x")]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(host, HttpMethod.Post, "/identity/token", form, header)).Status);
    }

    [Fact, Trait("oidc", "47")]
    public async Task The_answer_is_json_that_nobody_stores()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await new Flow().TokensAsync(host);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.True(reply.Response.Headers.CacheControl!.NoStore);
        Assert.Equal("application/json", reply.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Bearer", reply["token_type"]);
        Assert.Equal("600", reply["expires_in"]);
        Assert.Null(reply["refresh_token"]);
    }
}
