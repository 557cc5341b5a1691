using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Keys;

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

    [Theory, OnEachEngine, Trait("oidc", "72")]
    public async Task A_revoked_key_is_gone_at_once_and_its_tokens_with_it_on_the_other_node_within_a_minute(string engine)
    {
        await using var one = await ProviderHost.StartAsync(engine);
        await using var two = await one.StartSecondAsync();
        var tokens = await new Flow().TokensAsync(one);
        var kid = Jwt.Header(tokens["access_token"]!).GetProperty("kid").GetString()!;
        var life = one.Services.GetRequiredService<SigningKeyLife>();
        Assert.Equal([SigningKeyState.Signing, SigningKeyState.Signing], (await life.ListAsync(default)).Select(key => key.State));

        Assert.True(await life.RevokeAsync(kid, default));
        Assert.False(await life.RevokeAsync(kid, default));

        Assert.DoesNotContain(kid, await KidsAsync(one));
        Assert.Equal(2, (await KidsAsync(one)).Length);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(one.Program(), tokens["access_token"]!)).Status);
        Assert.NotEqual(kid, await SigningKidAsync(one));
        two.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(await KidsAsync(one), await KidsAsync(two));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Reply.UserInfoAsync(two.Program(), tokens["access_token"]!)).Status);
        Assert.Contains((await life.ListAsync(default)), key => key.Kid == kid && key.State == SigningKeyState.Revoked);
    }

    [Fact, Trait("oidc", "72")]
    public async Task The_hourly_step_makes_the_next_key_without_any_request_and_forgets_old_ones()
    {
        await using var host = await ProviderHost.StartAsync();
        var life = host.Services.GetRequiredService<SigningKeyLife>();
        host.Clock.Advance(TimeSpan.FromDays(76));
        await life.StepAsync(default);
        Assert.Equal(["ES256 Signing", "ES256 Next", "RS256 Signing", "RS256 Next"], (await life.ListAsync(default)).Select(key => $"{key.Algorithm} {key.State}"));
        host.Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal(["ES256 Leaving", "ES256 Signing", "RS256 Leaving", "RS256 Signing"], (await life.ListAsync(default)).Select(key => $"{key.Algorithm} {key.State}"));
        host.Clock.Advance(TimeSpan.FromDays(14));
        await life.StepAsync(default);
        Assert.Equal(2, await host.StoreAsync(db => db.SigningKeys.CountAsync()));
    }

    [Theory, OnEachEngine, Trait("oidc", "72")]
    public async Task Nothing_in_the_database_opens_without_the_master_key(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        await new Flow().TokensAsync(host);
        var stored = await host.StoreAsync(db => db.DataProtectionKeys.AsNoTracking().ToListAsync());
        Assert.NotEmpty(stored);
        Assert.All(stored, key => Assert.DoesNotContain("<", key.Xml, StringComparison.Ordinal));

        var other = new byte[MasterKey.Length];
        other[0] = 1;
        var refused = await Assert.ThrowsAsync<MasterKeyException>(() => host.StartSecondAsync(identity: options => options.MasterKey = _ => new MasterKey(other)));
        Assert.Contains("Identity:KeyFile", refused.Message, StringComparison.Ordinal);
        await using var anew = await host.StartSecondAsync(identity: options => (options.MasterKey, options.MasterKeyWasLost) = (_ => new MasterKey(other), true));
        Assert.Equal(HttpStatusCode.OK, (await new Flow().TokensAsync(anew)).Status);
    }

    [Fact, Trait("oidc", "72")]
    public async Task Keys_that_an_earlier_version_left_open_are_sealed_at_the_next_start_and_still_serve()
    {
        await using var host = await ProviderHost.StartAsync();
        await new Flow().TokensAsync(host);
        await host.StoreAsync(async db =>
        {
            var master = new MasterKey(new byte[MasterKey.Length]);
            foreach (var key in await db.DataProtectionKeys.ToListAsync())
            {
                key.Xml = master.Open(key.Xml, key.FriendlyName)!;
                Assert.StartsWith("<", key.Xml, StringComparison.Ordinal);
            }
            return await db.SaveChangesAsync();
        });
        await using var next = await host.StartSecondAsync();
        Assert.All(await next.StoreAsync(db => db.DataProtectionKeys.AsNoTracking().ToListAsync()), key => Assert.True(MasterKey.IsSealed(key.Xml)));
        Assert.Equal(await KidsAsync(host), await KidsAsync(next));
    }

    [Fact, Trait("oidc", "72")]
    public void The_key_file_is_made_once_for_its_owner_alone_and_a_broken_one_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("portal-key-").FullName;
        try
        {
            var path = Path.Combine(folder, "identity.key");
            var made = MasterKey.FromFile(path);
            Assert.Equal(made.Id, MasterKey.FromFile(path).Id);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
            File.WriteAllText(path, "short");
            Assert.Contains(path, Assert.Throws<MasterKeyException>(() => MasterKey.FromFile(path)).Message, StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
