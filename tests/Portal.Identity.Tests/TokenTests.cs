using System.Text.Json;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class ReadingTheTokensTests
{
    private static async Task<JsonElement[]> KeysAsync(ProviderHost host) =>
        [.. (await Reply.OfAsync(await host.Program().GetAsync("/identity/jwks"))).Body.GetProperty("keys").EnumerateArray()];

    [Fact, Trait("oidc", "51"), Trait("asvs", "V9.2.4")]
    public async Task The_id_token_says_who_when_how_and_for_whom()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await new Flow().TokensAsync(host);
        var token = Jwt.Payload(reply["id_token"]!);
        var now = host.Clock.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(ProviderHost.Issuer, token.GetProperty("iss").GetString());
        Assert.Equal("app", token.GetProperty("aud").GetString());
        Assert.Equal("app", token.GetProperty("azp").GetString());
        Assert.Equal(await host.SubjectAsync(Folk.Ada), token.GetProperty("sub").GetString());
        Assert.Equal("a nonce", token.GetProperty("nonce").GetString());
        Assert.Equal(now, token.GetProperty("iat").GetInt64());
        Assert.Equal(now + 600, token.GetProperty("exp").GetInt64());
        Assert.Equal(now, token.GetProperty("auth_time").GetInt64());
        Assert.Equal(Jwt.HalfHash(reply["access_token"]!), token.GetProperty("at_hash").GetString());
        Assert.Equal("pwd", token.GetProperty("amr")[0].GetString());
        Assert.False(token.TryGetProperty("email", out _));
    }

    [Fact, Trait("oidc", "18")]
    public async Task A_nonce_is_never_cut_and_may_be_absent_fapi2_long_nonce()
    {
        await using var host = await ProviderHost.StartAsync();
        var nonce = new string('n', 512);
        Assert.Equal(nonce, Jwt.Payload((await new Flow(("nonce", nonce)).TokensAsync(host))["id_token"]!).GetProperty("nonce").GetString());
        Assert.False(Jwt.Payload((await new Flow(("nonce", null)).TokensAsync(host))["id_token"]!).TryGetProperty("nonce", out _));
    }

    [Theory, Trait("oidc", "5")]
    [InlineData("app", null, "ES256")]
    [InlineData("server", ProviderHost.ServerSecret, "RS256")]
    public async Task Each_client_gets_its_algorithm_oidcc_idtoken_signature(string client, string? secret, string algorithm)
    {
        await using var host = await ProviderHost.StartAsync();
        var flow = new Flow(("client_id", client));
        var token = (await flow.RedeemAsync(host.Program(), await flow.CodeAsync(host.Browser()), ("client_secret", secret)))["id_token"]!;
        Assert.Equal(algorithm, Jwt.Header(token).GetProperty("alg").GetString());
        Assert.Contains(Jwt.Header(token).GetProperty("kid").GetString(), (await KeysAsync(host)).Select(key => key.GetProperty("kid").GetString()));
    }

    [Fact, Trait("oidc", "50"), Trait("asvs", "V9.2.2")]
    public async Task The_access_token_is_of_its_own_kind_and_neither_token_serves_as_the_other()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var reply = await new Flow().TokensAsync(host, browser);
        Assert.Equal("at+jwt", Jwt.Header(reply["access_token"]!).GetProperty("typ").GetString());
        Assert.Equal(ProviderHost.Issuer, Jwt.Payload(reply["access_token"]!).GetProperty("aud").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), reply["id_token"]!)).Status);
        Assert.Equal("invalid_request", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none"), ("id_token_hint", reply["access_token"])).Url))["error"]);
    }

    [Fact, Trait("oidc", "51")]
    public async Task The_subject_stays_the_same()
    {
        await using var host = await ProviderHost.StartAsync();
        var first = Jwt.Payload((await new Flow().TokensAsync(host))["id_token"]!).GetProperty("sub").GetString()!;
        var second = Jwt.Payload((await new Flow().TokensAsync(host))["id_token"]!).GetProperty("sub").GetString();
        Assert.Equal(first, second);
        Assert.InRange(first.Length, 1, 255);
    }

    [Fact, Trait("oidc", "74"), Trait("asvs", "V9.1.1 V9.1.2 V9.1.3")]
    public async Task No_forged_access_token_or_hint_is_believed()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var reply = await new Flow().TokensAsync(host, browser);
        var key = (await KeysAsync(host)).Single(k => k.GetProperty("kty").GetString() == "EC");
        foreach (var (how, token) in Jwt.Forgeries(reply["access_token"]!, key))
        {
            Assert.True(HttpStatusCode.Unauthorized == (await Reply.UserInfoAsync(host.Program(), token)).Status, how);
        }
        foreach (var (how, token) in Jwt.Forgeries(reply["id_token"]!, key).Where(forgery => forgery.Token.Length < 6000))
        {
            Assert.True("invalid_request" == Answer.Of(await browser.GetAsync(new Flow(("prompt", "none"), ("id_token_hint", token)).Url))["error"], how);
        }
    }

    [Fact, Trait("oidc", "63")]
    public async Task Userinfo_takes_the_token_by_header_and_by_posted_form_oidcc_userinfo()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await new Flow().TokensAsync(host);
        var token = reply["access_token"]!;
        using var posted = new HttpRequestMessage(HttpMethod.Post, "/identity/userinfo");
        posted.Headers.Add("Authorization", $"Bearer {token}");
        foreach (var answer in new[]
        {
            await Reply.UserInfoAsync(host.Program(), token),
            await Reply.OfAsync(await host.Program().SendAsync(posted)),
            await Reply.PostAsync(host.Program(), [new("access_token", token)], "/identity/userinfo"),
        })
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal(Jwt.Payload(reply["id_token"]!).GetProperty("sub").GetString(), answer["sub"]);
            Assert.Equal(Folk.Ada, answer["email"]);
            Assert.Equal("zh-Hans", answer["locale"]);
            Assert.True(answer.Response.Headers.CacheControl!.NoStore);
        }
    }

    [Fact, Trait("oidc", "63")]
    public async Task Userinfo_tells_only_what_was_granted()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await new Flow(("scope", "openid")).TokensAsync(host);
        var answer = await Reply.UserInfoAsync(host.Program(), reply["access_token"]!);
        Assert.Equal(["sub"], answer.Body.EnumerateObject().Select(claim => claim.Name));
    }

    [Fact, Trait("oidc", "63")]
    public async Task Userinfo_refuses_a_token_in_the_address_twice_or_not_at_all()
    {
        await using var host = await ProviderHost.StartAsync();
        var token = (await new Flow().TokensAsync(host))["access_token"]!;
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync($"/identity/userinfo?access_token={token}")).StatusCode);
        using var twice = new HttpRequestMessage(HttpMethod.Post, "/identity/userinfo") { Content = new FormUrlEncodedContent([new("access_token", token)]) };
        twice.Headers.Add("Authorization", $"Bearer {token}");
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().SendAsync(twice)).StatusCode);
        var none = await host.Program().GetAsync("/identity/userinfo");
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal("Bearer", Assert.Single(none.Headers.WwwAuthenticate).Scheme);
    }

    [Fact, Trait("oidc", "73"), Trait("asvs", "V7.2.2 V9.2.1")]
    public async Task An_access_token_ends_with_its_time()
    {
        await using var host = await ProviderHost.StartAsync();
        var token = (await new Flow().TokensAsync(host))["access_token"]!;
        host.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(HttpStatusCode.OK, (await Reply.UserInfoAsync(host.Program(), token)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), token)).Status);
    }
}
