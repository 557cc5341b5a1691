using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tests;

/// <summary>One client that may refresh, and how it asks.</summary>
internal sealed class Refreshing(string client, string? secret = null, string scope = "openid email offline_access orders.read")
{
    public const string Invalid = "invalid_grant";

    public Flow Flow { get; } = new(("client_id", client), ("scope", scope));

    public static Refreshing Public => new("spa");
    public static Refreshing Confidential => new("backend", ProviderHost.ServerSecret);

    public async Task<Reply> BeginAsync(ProviderHost host, HttpClient? browser = null)
    {
        var reply = await Flow.RedeemAsync(host.Program(), await Flow.CodeAsync(browser ?? host.Browser()), ("client_secret", secret));
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply;
    }

    public Task<Reply> AgainAsync(ProviderHost host, Reply last, params (string Name, string? Value)[] changes) => AgainAsync(host, last["refresh_token"]!, changes);

    public Task<Reply> AgainAsync(ProviderHost host, string handle, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?> { ["grant_type"] = "refresh_token", ["client_id"] = client, ["client_secret"] = secret, ["refresh_token"] = handle };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }
        return Reply.PostAsync(host.Program(), form);
    }
}

[Trait("hosting", "both")]
public sealed class RefreshingTests
{
    private static void Refused(Reply reply, string error = Refreshing.Invalid)
    {
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(error, reply["error"]);
        Assert.Null(reply["access_token"]);
        Assert.Null(reply["refresh_token"]);
    }

    private static async Task<HttpStatusCode> UserInfoAsync(ProviderHost host, Reply reply) => (await Reply.UserInfoAsync(host.Program(), reply["access_token"]!)).Status;

    [Theory, OnEachEngine, Trait("oidc", "52")]
    public async Task Each_token_brings_one_successor_and_a_new_pair_of_tokens_oidcc_refresh_token(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var client = Refreshing.Public;
        var first = await client.BeginAsync(host);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await client.AgainAsync(host, first);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.NotEqual(first["refresh_token"], second["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, await UserInfoAsync(host, second));
        var (before, after) = (Jwt.Payload(first["id_token"]!), Jwt.Payload(second["id_token"]!));
        foreach (var claim in new[] { "iss", "sub", "aud", "auth_time", "sid" })
        {
            Assert.Equal(before.GetProperty(claim).ToString(), after.GetProperty(claim).ToString());
        }
        Assert.NotEqual(before.GetProperty("iat").GetInt64(), after.GetProperty("iat").GetInt64());
        Assert.False(after.TryGetProperty("nonce", out _));
        Assert.Equal(HttpStatusCode.OK, (await client.AgainAsync(host, second)).Status);
    }

    [Theory, OnEachEngine, Trait("oidc", "53"), Trait("asvs", "V10.4.5")]
    public async Task A_used_token_that_comes_again_kills_the_family_and_is_noted(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var client = Refreshing.Public;
        var first = await client.BeginAsync(host);
        var second = await client.AgainAsync(host, first);
        Refused(await client.AgainAsync(host, first));
        Refused(await client.AgainAsync(host, second));
        Assert.Equal(HttpStatusCode.Unauthorized, await UserInfoAsync(host, second));
        Assert.Equal(1, await host.StoreAsync(db => db.Events.CountAsync(line => line.Kind == IdentityEventKind.RefreshTokenReused && line.AccountId != null && line.ClientId == "spa")));
    }

    [Fact, Trait("oidc", "54")]
    public async Task A_proven_client_whose_answer_got_lost_gets_the_same_successor_for_ten_seconds()
    {
        await using var host = await ProviderHost.StartAsync();
        var client = Refreshing.Confidential;
        var first = await client.BeginAsync(host);
        var second = await client.AgainAsync(host, first);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        var again = await client.AgainAsync(host, first);
        Assert.Equal(second["refresh_token"], again["refresh_token"]);
        Assert.Equal(HttpStatusCode.OK, (await client.AgainAsync(host, second)).Status);
    }

    [Fact, Trait("oidc", "54")]
    public async Task The_grace_ends_with_its_time_and_with_the_successor_s_use()
    {
        await using var host = await ProviderHost.StartAsync();
        var (late, used) = (Refreshing.Confidential, Refreshing.Confidential);
        var first = await late.BeginAsync(host);
        await late.AgainAsync(host, first);
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        Refused(await late.AgainAsync(host, first));

        var begun = await used.BeginAsync(host);
        var next = await used.AgainAsync(host, begun);
        var last = await used.AgainAsync(host, next);
        Refused(await used.AgainAsync(host, begun));
        Refused(await used.AgainAsync(host, last));
    }

    [Fact, Trait("oidc", "55"), Trait("asvs", "V10.4.8")]
    public async Task An_offline_family_outlives_the_session_s_time_up_to_its_own_limits()
    {
        await using var host = await ProviderHost.StartAsync();
        var client = Refreshing.Public;
        var reply = await client.BeginAsync(host);
        for (var day = 13; day < 60; day += 13)
        {
            host.Clock.Advance(TimeSpan.FromDays(13));
            reply = await client.AgainAsync(host, reply);
            Assert.Equal(HttpStatusCode.OK, reply.Status);
        }
        host.Clock.Advance(TimeSpan.FromDays(8));
        Refused(await client.AgainAsync(host, reply));
    }

    [Fact, Trait("oidc", "55"), Trait("asvs", "V10.4.8")]
    public async Task A_token_left_alone_for_two_weeks_is_dead()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Refreshing.Public.BeginAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(14));
        Refused(await Refreshing.Public.AgainAsync(host, reply));
    }

    [Fact, Trait("oidc", "55")]
    public async Task Without_offline_access_it_lives_as_long_as_the_session()
    {
        await using var host = await ProviderHost.StartAsync();
        var client = new Refreshing("spa", scope: "openid");
        var reply = await client.BeginAsync(host);
        host.Clock.Advance(TimeSpan.FromHours(7));
        reply = await client.AgainAsync(host, reply);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        host.Clock.Advance(TimeSpan.FromHours(5));
        Refused(await client.AgainAsync(host, reply));
    }

    public enum Ending { Disabled, PasswordChanged, LoggedOut, ClientDisabled }

    [Theory, Trait("oidc", "55")]
    [InlineData(Ending.Disabled)]
    [InlineData(Ending.PasswordChanged)]
    [InlineData(Ending.LoggedOut)]
    [InlineData(Ending.ClientDisabled)]
    public async Task What_ends_the_trust_ends_the_family(Ending ending)
    {
        await using var host = await ProviderHost.StartAsync();
        var added = new ClientRegistration { ClientId = "added", Name = "Added", Kind = ClientKind.Public, RedirectUris = [ProviderHost.Callback], GrantTypes = [GrantTypes.Code, GrantTypes.Refresh], Scopes = ["openid", "email", "offline_access", "orders.read"] };
        Assert.True((await host.ClientsAsync(clients => clients.AddAsync(added, default))).Succeeded);
        var (browser, client) = (host.Browser(), new Refreshing("added"));
        var reply = await client.BeginAsync(host, browser);
        var subject = (await host.SubjectAsync(Folk.Ada))!;
        switch (ending)
        {
            case Ending.Disabled: await host.AccountsAsync(accounts => accounts.SetStateAsync(subject, AccountState.Disabled, default)); break;
            case Ending.PasswordChanged: await host.AccountsAsync(accounts => accounts.SetPasswordAsync(subject, "another long password", default)); break;
            case Ending.LoggedOut: await browser.SubmitAsync(await browser.GetAsync("/identity/end-session"), default); break;
            case Ending.ClientDisabled: Assert.True((await host.ClientsAsync(clients => clients.SetEnabledAsync("added", false, default))).Succeeded); break;
            default: throw new ArgumentOutOfRangeException(nameof(ending));
        }
        var again = await client.AgainAsync(host, reply);
        Assert.Equal(ending is Ending.ClientDisabled ? "invalid_client" : "invalid_grant", again["error"]);
        if (ending is Ending.ClientDisabled)
        {
            await host.ClientsAsync(clients => clients.SetEnabledAsync("added", true, default));
            Refused(await client.AgainAsync(host, reply));
        }
    }

    [Fact, Trait("oidc", "56")]
    public async Task Another_client_s_token_is_refused_and_stays_whole_oidcc_refresh_token()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Refreshing.Public.BeginAsync(host);
        Refused(await Refreshing.Confidential.AgainAsync(host, reply));
        Assert.Equal(HttpStatusCode.OK, (await Refreshing.Public.AgainAsync(host, reply)).Status);
    }

    [Fact, Trait("oidc", "56")]
    public async Task The_scope_gets_narrower_for_one_answer_and_never_wider()
    {
        await using var host = await ProviderHost.StartAsync();
        var client = Refreshing.Public;
        var reply = await client.BeginAsync(host);
        Refused(await client.AgainAsync(host, reply, ("scope", "openid profile")), "invalid_scope");
        Refused(await client.AgainAsync(host, reply, ("scope", "stock.read")), "invalid_scope");
        var narrow = await client.AgainAsync(host, reply, ("scope", "openid"));
        Assert.Equal("openid", narrow["scope"]);
        Assert.Equal(["sub"], (await Reply.UserInfoAsync(host.Program(), narrow["access_token"]!)).Body.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal("openid email offline_access orders.read", (await client.AgainAsync(host, narrow))["scope"]);
    }

    [Theory, Trait("oidc", "57"), Trait("asvs", "V10.4.10")]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task A_confidential_client_must_prove_itself(string? secret)
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await Refreshing.Confidential.BeginAsync(host);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Refreshing.Confidential.AgainAsync(host, reply, ("client_secret", secret))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Refreshing.Confidential.AgainAsync(host, reply)).Status);
    }

    [Theory, OnEachEngine, Trait("oidc", "59")]
    public async Task Many_at_once_over_two_nodes_bring_one_successor(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var client = Refreshing.Confidential;
        var first = await client.BeginAsync(one);
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => client.AgainAsync(i % 2 == 0 ? one : two, first))));
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Single(replies.Select(reply => reply["refresh_token"]).Distinct());
    }

    [Theory, OnEachEngine, Trait("oidc", "59"), Trait("asvs", "V10.4.5")]
    public async Task Many_at_once_of_a_public_client_are_a_theft_and_leave_nothing(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var client = Refreshing.Public;
        var first = await client.BeginAsync(one);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => client.AgainAsync(i % 2 == 0 ? one : two, first))));
        var won = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Refused(await client.AgainAsync(two, won));
    }

    [Fact, Trait("oidc", "52")]
    public async Task The_store_holds_no_handle_that_could_be_used()
    {
        await using var host = await ProviderHost.StartAsync();
        var client = Refreshing.Confidential;
        var first = await client.BeginAsync(host);
        var second = await client.AgainAsync(host, first);
        var stored = await host.StoreAsync(db => db.RefreshTokens.AsNoTracking().ToListAsync());
        Assert.Equal(2, stored.Count);
        foreach (var handle in new[] { first["refresh_token"]!, second["refresh_token"]! })
        {
            Assert.DoesNotContain(stored, token => token.Hash == handle || token.SealedSuccessor?.Contains(handle, StringComparison.Ordinal) == true);
        }
    }

    [Fact, Trait("oidc", "37"), Trait("asvs", "V10.4.2")]
    public async Task A_code_used_twice_kills_the_refresh_tokens_too_oidcc_codereuse()
    {
        await using var host = await ProviderHost.StartAsync();
        var client = Refreshing.Public;
        var code = await client.Flow.CodeAsync(host.Browser());
        var first = await client.Flow.RedeemAsync(host.Program(), code);
        Refused(await client.Flow.RedeemAsync(host.Program(), code));
        Refused(await client.AgainAsync(host, first));
    }
}
