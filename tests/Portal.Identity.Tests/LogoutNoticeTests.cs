using System.Collections.Concurrent;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Sessions;

namespace Portal.Identity.Tests;

public sealed class TellingClientsOfALogOutTests
{
    /// <summary>The clients' side: notes what comes and answers as told.</summary>
    private sealed class Receiver : HttpMessageHandler
    {
        public ConcurrentQueue<(Uri Address, string Token)> Got { get; } = new();
        public Func<Uri, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.OK;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var form = QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken));
            Got.Enqueue((request.RequestUri!, form["logout_token"].ToString()));
            var answer = Answer(request.RequestUri!);
            return answer == HttpStatusCode.RequestTimeout ? throw new HttpRequestException(HttpRequestError.ConnectionError) : new HttpResponseMessage(answer);
        }
    }

    private static readonly Uri s_one = new("https://one.example/logout"), s_two = new("https://two.example/logout");

    private static async Task<(ProviderHost Host, Receiver Receiver)> StartAsync(string engine = Engines.Sqlite)
    {
        var receiver = new Receiver();
        var host = await ProviderHost.StartAsync(engine, options =>
        {
            options.LogoutTransport = receiver;
            foreach (var (id, uri) in new[] { ("one", s_one), ("two", s_two) })
            {
                options.Clients.Add(new ClientRegistration { ClientId = id, Name = id, Kind = ClientKind.Public, RedirectUris = [ProviderHost.Callback], PostLogoutRedirectUris = [ProviderHost.LoggedOut], LogoutUri = uri.OriginalString });
            }
        });
        return (host, receiver);
    }

    private static async Task StepAsync(ProviderHost host)
    {
        var notices = host.Services.GetRequiredService<LogoutNotices>();
        await notices.WriteDownAsync(default);
        await notices.DeliverAsync(default);
    }

    private static Task<Reply> EnterAsync(ProviderHost host, HttpClient browser, string client) => new Flow(("client_id", client)).TokensAsync(host, browser);

    [Theory, OnEachEngine, Trait("oidc", "70"), Trait("asvs", "V7.4.1 V7.6.1")]
    public async Task Each_client_of_the_session_is_told_once_in_the_right_form_oidcc_backchannel_rp_initiated_logout(string engine)
    {
        var (host, receiver) = await StartAsync(engine);
        await using var _ = host;
        var browser = host.Browser();
        var tokens = await EnterAsync(host, browser, "one");
        await EnterAsync(host, browser, "two");
        await EnterAsync(host, browser, "one");
        await EnterAsync(host, browser, "app");
        await StepAsync(host);
        Assert.Empty(receiver.Got);
        await browser.SubmitAsync(await browser.GetAsync("/identity/end-session"), default);
        await Task.WhenAll(StepAsync(host), StepAsync(host));
        await StepAsync(host);

        Assert.Equal([s_one, s_two], receiver.Got.Select(got => got.Address).OrderBy(uri => uri.Host));
        var (idToken, now) = (Jwt.Payload(tokens["id_token"]!), host.Clock.GetUtcNow().ToUnixTimeSeconds());
        var message = receiver.Got.Single(got => got.Address == s_one).Token;
        var (header, claims) = (Jwt.Header(message), Jwt.Payload(message));
        Assert.Equal("logout+jwt", header.GetProperty("typ").GetString());
        Assert.Equal("ES256", header.GetProperty("alg").GetString());
        Assert.Equal(ProviderHost.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("one", claims.GetProperty("aud").GetString());
        Assert.Equal(idToken.GetProperty("sub").GetString(), claims.GetProperty("sub").GetString());
        Assert.Equal(idToken.GetProperty("sid").GetString(), claims.GetProperty("sid").GetString());
        Assert.Equal(now, claims.GetProperty("iat").GetInt64());
        Assert.InRange(claims.GetProperty("exp").GetInt64(), now + 1, now + 120);
        Assert.NotEmpty(claims.GetProperty("jti").GetString()!);
        Assert.Equal("{}", claims.GetProperty("events").GetProperty("http://schemas.openid.net/event/backchannel-logout").GetRawText());
        Assert.False(claims.TryGetProperty("nonce", out var nonce));
    }

    [Fact, Trait("oidc", "70"), Trait("asvs", "V9.2.2")]
    public async Task The_message_passes_for_no_other_token()
    {
        var (host, receiver) = await StartAsync();
        await using var _ = host;
        var browser = host.Browser();
        await EnterAsync(host, browser, "one");
        await browser.SubmitAsync(await browser.GetAsync("/identity/end-session"), default);
        await StepAsync(host);
        var token = receiver.Got.Single().Token;
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(host.Program(), token)).Status);
        Assert.Equal("invalid_request", Answer.Of(await browser.GetAsync(new Flow(("client_id", "one"), ("prompt", "none"), ("id_token_hint", token)).Url))["error"]);
    }

    public enum Ending { Idle, Limit, Disabled, PasswordChanged }

    [Theory, Trait("oidc", "70"), Trait("asvs", "V7.6.1")]
    [InlineData(Ending.Idle)]
    [InlineData(Ending.Limit)]
    [InlineData(Ending.Disabled)]
    [InlineData(Ending.PasswordChanged)]
    public async Task However_it_ends_they_hear_of_it(Ending ending)
    {
        var (host, receiver) = await StartAsync();
        await using var _ = host;
        var browser = host.Browser();
        await EnterAsync(host, browser, "one");
        var subject = (await host.SubjectAsync(Folk.Ada))!;
        switch (ending)
        {
            case Ending.Idle: host.Clock.Advance(TimeSpan.FromHours(8)); break;
            case Ending.Limit:
                host.Clock.Advance(TimeSpan.FromHours(7));
                await EnterAsync(host, browser, "one");
                host.Clock.Advance(TimeSpan.FromHours(5));
                break;
            case Ending.Disabled: await host.AccountsAsync(accounts => accounts.SetStateAsync(subject, AccountState.Disabled, default)); break;
            case Ending.PasswordChanged: await host.AccountsAsync(accounts => accounts.SetPasswordAsync(subject, "another long password", default)); break;
            default: throw new ArgumentOutOfRangeException(nameof(ending));
        }
        await StepAsync(host);
        Assert.Equal(s_one, Assert.Single(receiver.Got).Address);
    }

    [Fact, Trait("oidc", "70")]
    public async Task Who_does_not_answer_is_tried_again_later_and_at_last_given_up_and_delays_nobody()
    {
        var (host, receiver) = await StartAsync();
        await using var _ = host;
        receiver.Answer = uri => uri == s_one ? HttpStatusCode.RequestTimeout : HttpStatusCode.OK;
        var browser = host.Browser();
        await EnterAsync(host, browser, "one");
        await EnterAsync(host, browser, "two");
        await browser.SubmitAsync(await browser.GetAsync("/identity/end-session"), default);
        await StepAsync(host);
        Assert.Equal(2, receiver.Got.Count);
        await StepAsync(host);
        Assert.Equal(2, receiver.Got.Count);
        foreach (var wait in LogoutNotices.Waits)
        {
            host.Clock.Advance(wait);
            await StepAsync(host);
        }
        Assert.Equal(2 + LogoutNotices.Waits.Length, receiver.Got.Count);
        Assert.Single(receiver.Got, got => got.Address == s_two);
        host.Clock.Advance(TimeSpan.FromDays(2));
        await StepAsync(host);
        Assert.Equal(2 + LogoutNotices.Waits.Length, receiver.Got.Count);
        var kept = await host.StoreAsync(db => db.LogoutDeliveries.AsNoTracking().ToListAsync());
        Assert.NotNull(kept.Single(d => d.ClientId == "one").GivenUpAt);
        Assert.NotNull(kept.Single(d => d.ClientId == "two").DeliveredAt);
    }

    [Fact, Trait("oidc", "70")]
    public async Task A_client_that_comes_back_gets_its_message()
    {
        var (host, receiver) = await StartAsync();
        await using var _ = host;
        receiver.Answer = _ => HttpStatusCode.ServiceUnavailable;
        var browser = host.Browser();
        await EnterAsync(host, browser, "one");
        await browser.SubmitAsync(await browser.GetAsync("/identity/end-session"), default);
        await StepAsync(host);
        receiver.Answer = _ => HttpStatusCode.NoContent;
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await StepAsync(host);
        Assert.NotNull((await host.StoreAsync(db => db.LogoutDeliveries.AsNoTracking().SingleAsync())).DeliveredAt);
    }

    [Theory, Trait("oidc", "70")]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("2002:7f00:1::")]
    public void An_address_of_the_house_is_not_public(string address) => Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory, Trait("oidc", "70")]
    [InlineData("93.184.216.34")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946")]
    public void An_address_of_the_internet_is(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));

    [Fact, Trait("oidc", "70")]
    public async Task The_real_way_out_reaches_no_machine_of_the_house_unless_it_is_named()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var uri = new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/logout");
        using var guarded = new LogoutChannel(Microsoft.Extensions.Options.Options.Create(new PortalIdentityOptions()));
        Assert.Equal("Its address is on a network that is not public.", await guarded.SendAsync(uri, "token", default));
        Assert.False(listener.Pending());

        var named = new PortalIdentityOptions();
        named.LogoutHosts.Add("localhost");
        using var open = new LogoutChannel(Microsoft.Extensions.Options.Options.Create(named));
        var sending = open.SendAsync(uri, "token", default);
        using (var client = await listener.AcceptTcpClientAsync())
        {
            await client.GetStream().WriteAsync("HTTP/1.1 302 Found\r\nLocation: http://localhost/elsewhere\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            Assert.Equal("It answered 302.", await sending);
        }
        Assert.False(listener.Pending());
    }
}
