using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.Bench.Yardsticks;

/// <summary>The yardstick pages in a process of their own, as the portal is.</summary>
internal sealed class YardstickServer : IAsyncDisposable
{
    private readonly Process _process;

    private YardstickServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="file">A loaded yardstick file.</param>
    public static async Task<YardstickServer> StartAsync(string file, CancellationToken ct)
    {
        var address = new Uri($"http://localhost:{FreePort()}");
        var start = new ProcessStartInfo("dotnet");
        foreach (var argument in new[] { Environment.GetCommandLineArgs()[0], "serve", "--file", file, "--yardsticks", address.GetLeftPart(UriPartial.Authority) }) { start.ArgumentList.Add(argument); }
        var server = new YardstickServer(Process.Start(start)!, address);
        using var client = new HttpClient();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await beat.WaitForNextTickAsync(ct))
        {
            if (server._process.HasExited) { throw new InvalidOperationException("The yardstick pages did not start."); }
            try
            {
                if (await client.GetStringAsync(new Uri(address, "/hello"), ct) == "hello") { return server; }
            }
            catch (HttpRequestException)
            {
                // Not listening yet: asked again at the next beat.
            }
        }
        throw new OperationCanceledException(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
