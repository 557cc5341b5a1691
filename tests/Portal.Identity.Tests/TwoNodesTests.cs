using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Sessions;

namespace Portal.Identity.Tests;

/// <summary>Two nodes on one PostgreSQL behind one address: a request may meet either, and nobody can tell.</summary>
public sealed class TwoNodesBehindOneAddressTests
{
    /// <summary>Sends each request to the next node.</summary>
    private sealed class Balancer(params HttpMessageHandler[] nodes) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker[] _nodes = [.. nodes.Select(node => new HttpMessageInvoker(node))];
        private int _next = -1;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _nodes[Interlocked.Increment(ref _next) % _nodes.Length].SendAsync(request, cancellationToken);
    }

    /// <summary>Stops the node just before it commits, as a machine does that hangs; then lets it go on, or fall.</summary>
    private sealed class Freeze : DbTransactionInterceptor
    {
        private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously), _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsOn { get; set; }
        public Task Frozen => _frozen.Task;

        public void Fall() => _end.SetException(new TimeoutException("The node fell."));

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (IsOn)
            {
                _frozen.TrySetResult();
                await _end.Task;
            }
            return result;
        }
    }

    private static async Task<(ProviderHost One, ProviderHost Two)> StartAsync(Action<IServiceCollection>? services = null)
    {
        var one = await ProviderHost.StartAsync(Engines.PostgreSql, services: services);
        return (one, await one.StartSecondAsync());
    }

    private static HttpClient Browser(params ProviderHost[] nodes) => SignIn.Browser(new Balancer([.. nodes.Select(node => node.Handler())]), new Uri(ProviderHost.PublicUrl));

    private static HttpClient Program(params ProviderHost[] nodes) => new(new Balancer([.. nodes.Select(node => node.Handler())])) { BaseAddress = new Uri(ProviderHost.PublicUrl) };

    [Fact, Trait("oidc", "40"), Trait("oidc", "59"), Trait("oidc", "72")]
    public async Task Every_step_may_meet_another_node()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        using var program = Program(one, two);
        for (var turn = 0; turn < 2; turn++)
        {
            var flow = new Flow(("client_id", "backend"), ("scope", "openid email offline_access orders.read"));
            var browser = Browser(turn == 0 ? [one, two] : [two, one]);
            var tokens = await flow.RedeemAsync(program, await flow.CodeAsync(browser), ("client_secret", ProviderHost.ServerSecret));
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
            for (var round = 0; round < 3; round++)
            {
                Assert.Equal(Folk.Ada, (await Reply.UserInfoAsync(program, tokens["access_token"]!))["email"]);
                tokens = await Reply.PostAsync(program, [new("grant_type", GrantTypes.Refresh), new("refresh_token", tokens["refresh_token"]), new("client_id", "backend"), new("client_secret", ProviderHost.ServerSecret)]);
                Assert.Equal(HttpStatusCode.OK, tokens.Status);
            }
            Assert.NotNull(Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["code"]);
        }
    }

    [Fact, Trait("oidc", "37"), Trait("oidc", "38")]
    public async Task A_code_sent_to_both_nodes_at_once_brings_tokens_once_and_the_second_use_takes_them_back()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        var flow = new Flow();
        var code = await flow.CodeAsync(Browser(one, two));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => flow.RedeemAsync((i % 2 == 0 ? one : two).Program(), code))));
        var won = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(replies.Where(reply => reply != won), reply => Assert.Equal("invalid_grant", reply["error"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(one.Program(), won["access_token"]!)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(two.Program(), won["access_token"]!)).Status);
    }

    [Fact, Trait("oidc", "69"), Trait("oidc", "86")]
    public async Task Logging_out_everywhere_on_one_node_is_over_on_the_other_with_the_next_request()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        var (laptop, phone) = (Browser(one, two), Browser(two, one));
        var (there, here) = (await new Flow().TokensAsync(one, laptop), await new Flow().TokensAsync(two, phone));
        var subject = (await one.SubjectAsync(Folk.Ada))!;
        await using (var scope = one.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<SessionList>().EndAllAsync(Account.OwnIssuer, subject, except: null, SessionEnd.EndedByOwner, default);
        }
        foreach (var node in new[] { one, two })
        {
            foreach (var tokens in new[] { there, here }) { Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(node.Program(), tokens["access_token"]!)).Status); }
        }
        foreach (var browser in new[] { laptop, phone, laptop, phone }) { Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]); }
    }

    [Fact, Trait("oidc", "38"), Trait("oidc", "39")]
    public async Task A_node_that_freezes_in_the_middle_of_a_redemption_and_falls_has_issued_nothing_and_delays_nobody_else()
    {
        var freeze = new Freeze();
        var (one, two) = await StartAsync(services => services.ConfigureDbContext<Portal.Identity.Persistence.IdentityStoreContext>(options => options.AddInterceptors(freeze)));
        await using var first = one;
        await using var second = two;
        var flow = new Flow();
        var code = await flow.CodeAsync(Browser(two));
        freeze.IsOn = true;
        var hanging = Task.Run(() => flow.RedeemAsync(one.Program(), code));
        await freeze.Frozen;

        // Everybody else goes on at the other node, the same person too.
        Assert.Equal(HttpStatusCode.OK, (await new Flow().TokensAsync(two, Browser(two))).Status);
        Assert.Equal(HttpStatusCode.OK, (await new Flow().TokensAsync(two, Browser(two), Folk.Bo)).Status);

        // The same code waits for the first answer, and is good when that one never was given.
        var waiting = Task.Run(() => flow.RedeemAsync(two.Program(), code));
        freeze.Fall();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await hanging).Status);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        var hash = Portal.Identity.Tokens.AuthorizationCode.HashOf(code);
        Assert.Equal(1, await two.StoreAsync(db => db.Grants.CountAsync(grant => grant.CodeHash == hash)));
    }
}
