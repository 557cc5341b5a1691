using System.Text.Json.Nodes;

namespace Portal.Identity.Tests;

/// <summary>
/// Programs that nobody here wrote, against the provider on a real socket. The same scripts run against the certified oidc-provider first: what fails there
/// is a fault of the script.
/// </summary>
public sealed class BeingUsedByOthersTests
{
    internal const string PeerSecret = "a secret of the peers, long enough for all";

    internal static JsonObject Settings(Uri issuer, bool ours) => new()
    {
        ["issuer"] = issuer.OriginalString,
        ["redirect"] = ProviderHost.Callback,
        ["bye"] = ProviderHost.LoggedOut,
        ["scope"] = ours ? "openid email offline_access orders.read" : "openid email offline_access",
        ["prompt"] = ours ? null : "consent",
        ["person"] = new JsonObject { ["email"] = Folk.Ada, ["password"] = Folk.Password },
        ["confidential"] = new JsonObject { ["id"] = "backend", ["secret"] = ours ? ProviderHost.ServerSecret : PeerSecret },
        ["public"] = new JsonObject { ["id"] = "spa" },
        ["signing"] = new JsonObject { ["id"] = "signer", ["scope"] = "orders.read", ["key"] = Assertion.Private() },
        ["introspecting"] = ours ? new JsonObject { ["id"] = "orders-api", ["secret"] = ProviderHost.ApiSecret } : null,
        ["resource"] = ours ? null : ProviderHost.Orders,
        ["formPost"] = true,
    };

    public static TheoryData<string, string> Scripts => new() { { "openid-client.mjs", "nobody is logged in any more" }, { "oauth4webapi.mjs", "the access token died with it" } };

    [Theory, Trait("oidc", "2"), MemberData(nameof(Scripts))]
    public async Task A_certified_client_logs_in_calls_refreshes_and_logs_out(string script, string last)
    {
        var address = Peer.FreeAddress();
        await using var host = await ProviderHost.StartListeningAsync(address);
        Assert.Equal(last, (await Peer.RunAsync(script, Settings(new Uri(address, "/identity"), ours: true)))[^1]);
    }

    [Theory, MemberData(nameof(Scripts))]
    public async Task The_same_script_passes_against_the_certified_provider(string script, string last)
    {
        var settings = Settings(Peer.FreeAddress(), ours: false);
        await using var provider = await Peer.ProviderAsync(settings);
        Assert.Equal(last, (await Peer.RunAsync(script, settings))[^1]);
    }
}
