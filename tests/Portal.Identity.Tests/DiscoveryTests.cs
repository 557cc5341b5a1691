namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed class DiscoveringTheProviderTests
{
    private static readonly string[] s_privateMembers = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

    [Fact, Trait("oidc", "1")]
    public async Task The_document_names_exactly_the_configured_issuer_oidcc_discovery_endpoint_verification()
    {
        await using var host = await ProviderHost.StartAsync();
        var response = await host.Program().GetAsync("/identity/.well-known/openid-configuration");
        var document = await Reply.OfAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(ProviderHost.Issuer, document["issuer"]);
        foreach (var member in document.Body.EnumerateObject().Where(m => m.Name.EndsWith("_endpoint", StringComparison.Ordinal) || m.Name == "jwks_uri"))
        {
            Assert.StartsWith("https://portal.example/identity/", member.Value.GetString(), StringComparison.Ordinal);
        }
    }

    [Fact, Trait("oidc", "1")]
    public async Task Nothing_in_a_request_changes_the_document()
    {
        await using var host = await ProviderHost.StartAsync();
        var plain = await host.Program().GetStringAsync("/identity/.well-known/openid-configuration");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/.well-known/openid-configuration") { Headers = { Host = "evil.example" } };
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Headers.Add("X-Forwarded-Prefix", "/evil");
        request.Headers.Add("Forwarded", "host=evil.example;proto=http");
        var spoofed = await (await host.Program().SendAsync(request)).Content.ReadAsStringAsync();

        Assert.Equal(plain, spoofed);
    }

    [Fact, Trait("oidc", "2")]
    public async Task What_is_offered_is_what_works()
    {
        await using var host = await ProviderHost.StartAsync();
        var document = await Reply.OfAsync(await host.Program().GetAsync("/identity/.well-known/openid-configuration"));
        string[] Values(string name) => [.. document.Body.GetProperty(name).EnumerateArray().Select(v => v.GetString()!)];

        Assert.Equal(["code"], Values("response_types_supported"));
        Assert.Equal(["authorization_code", "refresh_token", "client_credentials"], Values("grant_types_supported"));
        Assert.Equal(["S256"], Values("code_challenge_methods_supported"));
        Assert.Equal(["query", "form_post"], Values("response_modes_supported"));
        Assert.DoesNotContain("none", Values("id_token_signing_alg_values_supported"));
        Assert.Equal("True", document["authorization_response_iss_parameter_supported"]);
        Assert.Equal("False", document["request_uri_parameter_supported"]);
    }

    [Theory, Trait("oidc", "3")]
    [InlineData("/identity/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-authorization-server/identity")]
    public async Task The_oauth_metadata_is_the_same_document(string path)
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(await host.Program().GetStringAsync("/identity/.well-known/openid-configuration"), await host.Program().GetStringAsync(path));
    }

    [Fact, Trait("oidc", "4")]
    public async Task The_key_set_holds_public_parts_only_under_distinct_ids_and_may_be_cached()
    {
        await using var host = await ProviderHost.StartAsync();
        var response = await host.Program().GetAsync("/identity/jwks");
        var keys = (await Reply.OfAsync(response)).Body.GetProperty("keys").EnumerateArray().ToArray();

        Assert.Equal(["EC", "RSA"], keys.Select(key => key.GetProperty("kty").GetString()!).Order());
        Assert.Equal(keys.Length, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
        Assert.All(keys, key => Assert.Empty(key.EnumerateObject().Select(member => member.Name).Intersect(s_privateMembers)));
        Assert.True(response.Headers.CacheControl is { Public: true, MaxAge: not null, NoStore: false });
    }

    [Fact, Trait("oidc", "6"), Trait("asvs", "V3.4.2")]
    public async Task Metadata_may_be_read_by_any_site_and_nothing_else()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Contains((await host.Program().GetAsync("/identity/jwks")).Headers, header => header.Key == "Access-Control-Allow-Origin");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Flow().Url);
        request.Headers.Add("Origin", "https://evil.example");
        Assert.DoesNotContain((await host.Program().SendAsync(request)).Headers, header => header.Key == "Access-Control-Allow-Origin");
        using var token = new HttpRequestMessage(HttpMethod.Post, "/identity/token") { Content = new FormUrlEncodedContent([]) };
        token.Headers.Add("Origin", "https://evil.example");
        Assert.DoesNotContain((await host.Program().SendAsync(token)).Headers, header => header.Key == "Access-Control-Allow-Origin");
    }

    [Theory, Trait("oidc", "1")]
    [InlineData("http://portal.example/identity")]
    [InlineData("https://portal.example/identity/")]
    [InlineData("https://portal.example/identity?x=1")]
    [InlineData("https://portal.example/identity#x")]
    [InlineData("portal.example")]
    public async Task An_unsafe_issuer_stops_the_start(string issuer) =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => ProviderHost.StartAsync(identity: options => options.Issuer = issuer));

    [Theory, Trait("oidc", "15")]
    [InlineData("https://app.example/*")]
    [InlineData("https://app.example/cb#x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http://app.example/cb")]
    [InlineData("https://user@app.example/cb")]
    [InlineData("/callback")]
    public async Task An_unsafe_redirect_address_is_not_registered(string uri) =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => ProviderHost.StartAsync(identity: options =>
            options.Clients.Add(new Clients.ClientRegistration { ClientId = "bad", Name = "Bad", Kind = Clients.ClientKind.Public, RedirectUris = [uri] })));
}
