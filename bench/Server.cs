using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.Bench;

/// <summary>A program that serves, in a process of its own: the portal, the yardstick pages, the empty application.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process _process;

    private Server(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }
    public int ProcessId => _process.Id;

    /// <summary>The portal as it is installed, on a data folder of its own.</summary>
    /// <param name="house">A data folder that <see cref="Data.PortalHouse"/> loaded for this address.</param>
    public static async Task<Server> PortalAsync(string house, Uri address, CancellationToken ct)
    {
        var portal = StartPortal(house, address);
        await portal.UntilItAnswersAsync("/health/live", ct);
        return portal;
    }

    /// <summary>The portal's process, not waited for.</summary>
    public static Server StartPortal(string house, Uri address) =>
        Start(address, PublishedPortal.Program, "--urls", address.GetLeftPart(UriPartial.Authority), "--Portal:DataFolder", house, "--environment", "Production");

    /// <param name="program">A .dll and what it is told.</param>
    public static Server Start(Uri address, params ReadOnlySpan<string> program)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in program) { start.ArgumentList.Add(argument); }
        var process = Process.Start(start)!;
        // What it logs is read so that it never waits for a reader.
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return new(process, address);
    }

    /// <summary>Asks every 5 ms until the page comes, redirections followed.</summary>
    /// <param name="cookie">Of a person who is signed in.</param>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task UntilItAnswersAsync(string path, CancellationToken ct, string? cookie = null)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = cookie is null });
        if (cookie is not null) { client.DefaultRequestHeaders.Add("Cookie", cookie); }
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await beat.WaitForNextTickAsync(ct))
        {
            if (_process.HasExited) { throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[0]} ended with {_process.ExitCode} instead of serving {Address}."); }
            try
            {
                using var answer = await client.GetAsync(new Uri(Address, path), ct);
                if (answer.IsSuccessStatusCode) { return; }
            }
            catch (HttpRequestException)
            {
                // Not listening yet: asked again at the next beat.
            }
        }
        ct.ThrowIfCancellationRequested();
    }

    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
