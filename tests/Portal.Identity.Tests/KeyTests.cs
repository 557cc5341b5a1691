using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portal.Identity.Tests;

public sealed class KeepingKeysTests
{
    private static async Task<string[]> KidsAsync(ProviderHost host) =>
        [.. (await Reply.OfAsync(await host.Program().GetAsync("/identity/jwks"))).Body.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    private static async Task<string> SigningKidAsync(ProviderHost host) =>
        Jwt.Header((await new Flow().TokensAsync(host))["id_token"]!).GetProperty("kid").GetString()!;

    [Theory, OnEachEngine, Trait("oidc", "72")]
    public async Task Two_nodes_on_an_empty_store_agree_on_one_key(string engine)
    {
        await using var database = await TestDatabases.CreateAsync(engine);
        await ProviderHost.MigrateAsync(database);
        var starting = Enumerable.Range(0, 2).Select(_ => Task.Run(() => ProviderHost.StartEmptyAsync(database))).ToArray();
        var nodes = await Task.WhenAll(starting);
        Assert.Equal(await KidsAsync(nodes[0]), await KidsAsync(nodes[1]));
        Assert.Equal(2, (await KidsAsync(nodes[0])).Length);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Theory, OnEachEngine, Trait("oidc", "72")]
    public async Task A_second_host_on_the_database_shares_keys_sessions_and_codes(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var flow = new Flow();
        var reply = await flow.RedeemAsync(two.Program(), await flow.CodeAsync(one.Browser()));
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(HttpStatusCode.OK, (await Reply.UserInfoAsync(one.Program(), reply["access_token"]!)).Status);
    }

    [Fact, Trait("oidc", "72")]
    public async Task The_private_part_lies_sealed_in_the_database()
    {
        await using var host = await ProviderHost.StartAsync();
        var keys = await host.StoreAsync(db => db.SigningKeys.AsNoTracking().ToListAsync());
        Assert.Equal(2, keys.Count);
        foreach (var key in keys)
        {
            using var ec = System.Security.Cryptography.ECDsa.Create();
            Assert.ThrowsAny<Exception>(() => ec.ImportPkcs8PrivateKey(key.ProtectedPrivateKey, out _));
            Assert.Equal("09F0C9F0", Convert.ToHexString(key.ProtectedPrivateKey.AsSpan(0, 4)));
        }
    }

    [Fact, Trait("oidc", "72")]
    public async Task A_key_is_published_before_it_signs_and_after_its_successor_has_begun()
    {
        await using var host = await ProviderHost.StartAsync();
        var first = await SigningKidAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(76));
        Assert.Equal(4, (await KidsAsync(host)).Length);
        Assert.Equal(first, await SigningKidAsync(host));
        host.Clock.Advance(TimeSpan.FromDays(14));
        Assert.NotEqual(first, await SigningKidAsync(host));
        Assert.Contains(first, await KidsAsync(host));
        host.Clock.Advance(TimeSpan.FromDays(14));
        Assert.DoesNotContain(first, await KidsAsync(host));
        Assert.Equal(2, (await KidsAsync(host)).Length);
    }

    [Fact, Trait("oidc", "72")]
    public async Task A_private_key_that_cannot_be_read_is_replaced_and_said_in_the_log()
    {
        await using var host = await ProviderHost.StartAsync();
        var before = await KidsAsync(host);
        await host.StoreAsync(db => db.SigningKeys.ExecuteUpdateAsync(set => set.SetProperty(key => key.ProtectedPrivateKey, Encoding.ASCII.GetBytes("lost"))));
        await using var after = await host.StartSecondAsync();
        Assert.DoesNotContain(await SigningKidAsync(after), before);
        Assert.Subset((await KidsAsync(after)).ToHashSet(), before.ToHashSet());
        Assert.Contains(after.Log, line => line.Contains("cannot be read", StringComparison.Ordinal));
    }
}
