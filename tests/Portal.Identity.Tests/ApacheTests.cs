using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Clients;
using Portal.Identity.Sessions;

namespace Portal.Identity.Tests;

/// <summary>A relying party of Debian: Apache with mod_auth_openidc logs in, refreshes, calls and logs out. The same steps pass against the certified oidc-provider first.</summary>
public sealed class BeingUsedByApacheTests
{
    private const string Scope = "openid email";

    /// <summary>It leads browsers to the log-in and tells everything else 401.</summary>
    private static HttpClient Browser(string site)
    {
        var browser = SignIn.Browser(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, new Uri(site));
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return browser;
    }

    private static bool IsAt(HttpResponseMessage answer, string address) => answer.Headers.Location is null && answer.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Path) == address;

    private static async Task<HttpResponseMessage> EnterAsync(HttpClient browser, Apache apache) =>
        await Peer.ReachAsync(browser, apache.Site + "/protected/", Folk.Ada, answer => IsAt(answer, apache.Site + "/protected/"));

    private static async Task<JsonElement> InfoAsync(HttpClient browser, Apache apache, string more = "") =>
        JsonDocument.Parse(await browser.GetStringAsync($"{apache.Back}?info=json{more}")).RootElement;

    private static async Task<HttpStatusCode> CallAsync(Uri api, string token)
    {
        using var program = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, api);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await program.SendAsync(request)).StatusCode;
    }

    private static string Text(JsonElement info, string name) => info.GetProperty(name).GetString()!;

    /// <summary>The whole life, whoever the provider is.</summary>
    private static async Task LiveAsync(Apache apache, Uri api)
    {
        await apache.UntilItListensAsync();
        using var browser = Browser(apache.Site);
        var page = await EnterAsync(browser, apache);
        Assert.True(page.StatusCode == HttpStatusCode.OK, $"{page.StatusCode} {page.RequestMessage!.RequestUri}\n{apache.Log}");
        Assert.Equal("for whoever is logged in", await page.Content.ReadAsStringAsync());

        var info = await InfoAsync(browser, apache);
        Assert.Equal(Folk.Ada, Text(info.GetProperty("userinfo"), "email"));
        var first = Text(info, "access_token");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, first));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api, first[..^4] + "AAAA"));

        // It counts in whole seconds, and renews none younger than one.
        var renewed = info;
        for (var limit = Stopwatch.StartNew(); Text(renewed, "access_token") == first && limit.Elapsed < TimeSpan.FromSeconds(20);) { renewed = await InfoAsync(browser, apache, "&access_token_refresh_interval=0"); }
        Assert.True(first != Text(renewed, "access_token"), $"No new access token:\n{apache.Log}");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, Text(renewed, "access_token")));

        var out_ = await Peer.ReachAsync(browser, $"{apache.Back}?logout={Uri.EscapeDataString(apache.Bye)}", Folk.Ada, answer => IsAt(answer, apache.Bye));
        Assert.Equal("gone", await out_.Content.ReadAsStringAsync());
        var asked = await Peer.ReachAsync(browser, apache.Site + "/protected/", Folk.Ada, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.NotNull((await SignIn.ReadAsync(asked)).QuerySelector("input[type=password]"));
    }

    [Fact]
    public async Task The_same_steps_pass_against_the_certified_provider()
    {
        var (issuer, site) = (Peer.FreeAddress(), Peer.FreeAddress());
        // It drops offline_access where the person is not asked (OpenID Connect Core 1.0, section 11) and renews nothing for a client that names it again; this client gets a refresh token without.
        await using var apache = new Apache(site, issuer, Scope);
        var settings = BeingUsedByOthersTests.Settings(issuer, ours: false);
        settings["portal"] = new JsonObject { ["id"] = Apache.Id, ["secret"] = Apache.Secret, ["redirect"] = apache.Back, ["bye"] = apache.Bye };
        await using var provider = await Peer.ProviderAsync(settings);
        await LiveAsync(apache, new Uri(issuer, "/me"));
    }

    [Fact, Trait("oidc", "2"), Trait("oidc", "70")]
    public async Task Apache_logs_in_refreshes_calls_and_logs_out_and_hears_of_log_outs_elsewhere()
    {
        var (address, site) = (Peer.FreeAddress(), Peer.FreeAddress());
        await using var apache = new Apache(site, new Uri(address, "/identity"), Scope + " offline_access orders.read");
        await using var host = await ProviderHost.StartListeningAsync(address, options =>
        {
            options.LogoutHosts.Add("localhost");
            options.Clients.Add(new ClientRegistration
            {
                ClientId = Apache.Id, Name = "Apache", Kind = ClientKind.Confidential, Secrets = [Apache.Secret], RedirectUris = [apache.Back], PostLogoutRedirectUris = [apache.Bye], LogoutUri = apache.Logout,
                GrantTypes = [GrantTypes.Code, GrantTypes.Refresh], Scopes = ["openid", "email", "offline_access", "orders.read"],
            });
        });
        var api = new Uri(address, "/identity/userinfo");
        await LiveAsync(apache, api);

        using var browser = Browser(apache.Site);
        await EnterAsync(browser, apache);
        var token = Text(await InfoAsync(browser, apache), "access_token");
        await host.AccountsAsync(async accounts => await accounts.SetStateAsync((await host.SubjectAsync(Folk.Ada))!, Portal.Identity.Accounts.AccountState.Disabled, default));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api, token));
        var notices = host.Services.GetRequiredService<LogoutNotices>();
        await notices.WriteDownAsync(default);
        await notices.DeliverAsync(default);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(apache.Site + "/protected/")).StatusCode);
    }
}
