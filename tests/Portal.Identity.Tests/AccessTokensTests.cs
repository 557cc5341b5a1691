using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Clients;
using Portal.Identity.Keys;
using Portal.Identity.Tokens;

namespace Portal.Identity.Tests;

/// <summary>An API in the provider's own process asks what still holds.</summary>
public sealed class AskingForTokensInProcessTests
{
    private static readonly (string, string?)[] s_spa = [("client_id", "spa"), ("scope", "openid orders.read stock.read")];

    private static async Task<HeldToken?> FindAsync(ProviderHost host, string token, string audience = ProviderHost.Orders)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessTokens>().FindAsync(token, audience, default);
    }

    [Fact, Trait("oidc", "50"), Trait("asvs", "V9.2.2 V9.2.3 V10.3.1")]
    public async Task An_api_in_this_process_takes_only_access_tokens_with_its_own_audience()
    {
        await using var host = await ProviderHost.StartAsync();
        var reply = await new Flow(s_spa).TokensAsync(host);
        var held = await FindAsync(host, reply["access_token"]!);
        Assert.Equal((await host.SubjectAsync(Folk.Ada), "spa", false), held is null ? default : (held.Subject, held.ClientId, held.IsOfClient));
        Assert.Contains("orders.read", held!.Scopes);
        Assert.Null(await FindAsync(host, reply["access_token"]!, ProviderHost.Orders + "/"));
        Assert.Null(await FindAsync(host, reply["id_token"]!));
        Assert.Null(await FindAsync(host, reply["id_token"]!, "spa"));
        Assert.Null(await FindAsync(host, (await new Flow().TokensAsync(host))["access_token"]!));
    }

    [Fact, Trait("oidc", "61")]
    public async Task A_revoked_token_is_gone_at_once_in_this_process()
    {
        await using var host = await ProviderHost.StartAsync();
        var token = (await new Flow(s_spa).TokensAsync(host))["access_token"]!;
        await Reply.PostAsync(host.Program(), [new("client_id", "spa"), new("token", token)], "/identity/revoke");
        Assert.Null(await FindAsync(host, token));
    }

    [Theory, OnEachEngine, Trait("oidc", "55"), Trait("asvs", "V10.4.11")]
    public async Task What_a_client_may_no_longer_have_is_gone_from_its_tokens(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        await using var other = await host.StartSecondAsync();
        Assert.True((await host.ClientsAsync(clients => clients.AddAsync(new() { ClientId = "robot", Name = "Robot", Kind = ClientKind.Confidential, GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["orders.read", "orders.write"], PublicKeys = Assertion.Keys }, default))) is { Succeeded: true });
        await using var scope = host.Services.CreateAsyncScope();
        var token = await scope.ServiceProvider.GetRequiredService<TokenIssuer>().AccessTokenAsync(new("robot", "robot", "orders.read orders.write", [ProviderHost.Orders], null), default);
        var held = await FindAsync(host, token);
        Assert.True(held is { IsOfClient: true, Subject: "robot" });
        Assert.Equal(2, held!.Scopes.Count);
        Assert.True((await host.ClientsAsync(clients => clients.ChangeAsync(new() { ClientId = "robot", Name = "Robot", Kind = ClientKind.Confidential, GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["orders.read"], PublicKeys = Assertion.Keys }, default))).Succeeded);
        Assert.Equal(["orders.read"], (await FindAsync(host, token))!.Scopes);
        if (engine == Engines.PostgreSql) { Assert.NotNull(await FindAsync(other, token)); }
        Assert.True((await host.ClientsAsync(clients => clients.SetEnabledAsync("robot", false, default))).Succeeded);
        Assert.Null(await FindAsync(host, token));
        // Another node has the client in memory, and asks all the same.
        if (engine == Engines.PostgreSql) { Assert.Null(await FindAsync(other, token)); }
    }

    [Fact, Trait("oidc", "72")]
    public async Task What_a_revoked_key_signed_is_gone_at_once_in_this_process()
    {
        await using var host = await ProviderHost.StartAsync();
        var token = (await new Flow(s_spa).TokensAsync(host))["access_token"]!;
        Assert.NotNull(await FindAsync(host, token));
        var life = host.Services.GetRequiredService<SigningKeyLife>();
        foreach (var key in await life.ListAsync(default)) { await life.RevokeAsync(key.Kid, default); }
        Assert.Null(await FindAsync(host, token));
    }

    [Fact]
    public async Task An_api_that_the_host_states_under_another_address_takes_its_scopes_along()
    {
        await using var host = await ProviderHost.StartAsync();
        await using var moved = await host.StartSecondAsync(identity: options =>
        {
            var stock = options.Resources.Single(resource => resource.Audience == ProviderHost.Stock);
            options.Resources.Remove(stock);
            options.Resources.Add(stock with { Audience = ProviderHost.Stock + "/v2" });
        });
        Assert.Equal([ProviderHost.Orders, ProviderHost.Stock + "/v2"], (await moved.ClientsAsync(clients => clients.ListResourcesAsync(default))).Select(resource => resource.Audience));
        Assert.Equal(["stock.read"], (await moved.ClientsAsync(clients => clients.ListResourcesAsync(default)))[1].Scopes.Select(scope => scope.Name));
    }
}
