using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portal.Testing.Structure;

namespace Portal.Identity.Tests;

/// <summary>
/// Programs that nobody here wrote, against the provider on a real socket. The same scripts run against the certified oidc-provider first: what fails there
/// is a fault of the script.
/// </summary>
public sealed class BeingUsedByOthersTests
{
    private const string PeerSecret = "a secret of the peers, long enough for all";

    private static JsonObject Settings(Uri issuer, bool ours) => new()
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

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private static Process Node(string script, JsonObject settings)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = Repository.File("tests/peers"), RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(settings.ToJsonString());
        return Process.Start(start)!;
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>The steps that it has taken.</returns>
    private static async Task<string[]> RunAsync(string script, JsonObject settings)
    {
        using var process = Node(script, settings);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static TheoryData<string, string> Scripts => new() { { "openid-client.mjs", "nobody is logged in any more" }, { "oauth4webapi.mjs", "the access token died with it" } };

    [Theory, Trait("oidc", "2"), MemberData(nameof(Scripts))]
    public async Task A_certified_client_logs_in_calls_refreshes_and_logs_out(string script, string last)
    {
        var address = FreeAddress();
        await using var host = await ProviderHost.StartListeningAsync(address);
        Assert.Equal(last, (await RunAsync(script, Settings(new Uri(address, "/identity"), ours: true)))[^1]);
    }

    [Theory, MemberData(nameof(Scripts))]
    public async Task The_same_script_passes_against_the_certified_provider(string script, string last)
    {
        var settings = Settings(FreeAddress(), ours: false);
        using var provider = Node("provider.mjs", settings);
        try
        {
            // It warns of its development settings before.
            provider.BeginErrorReadLine();
            while (await provider.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is var line && line != "ready")
            {
                Assert.NotNull(line);
            }
            var rest = provider.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal(last, (await RunAsync(script, settings))[^1]);
            provider.Kill(entireProcessTree: true);
            await rest;
        }
        finally
        {
            if (!provider.HasExited)
            {
                provider.Kill(entireProcessTree: true);
            }
        }
    }
}
