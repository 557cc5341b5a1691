using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.E2E.Harness;

/// <summary>
/// The portal that the journeys visit: the one at PORTAL_E2E_URL, else the built program on a free port with an empty data folder,
/// which in Development fills itself with demo data. Its output goes to TestResults/e2e/portal.log.
/// </summary>
public sealed class PortalServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly Lazy<Task<Uri>> _address;
    private Process? _process;
    private DirectoryInfo? _data;
    private StreamWriter? _log;

    public PortalServer() => _address = new(StartAsync);

    /// <summary>Where the portal answers. The first call starts it.</summary>
    public Task<Uri> AddressAsync() => _address.Value;

    public async ValueTask DisposeAsync()
    {
        if (_process is null) { return; }
        using (_process)
        {
            var running = !_process.HasExited;
            if (running) { await StopAsync(_process); }
            var code = _process.ExitCode;
            if (_log is not null) { await _log.DisposeAsync(); }
            _data?.Delete(recursive: true);
            if (!running || code != 0) { throw new InvalidOperationException($"The portal ended {(running ? "" : "before it was told to, ")}with code {code}: see {LogFile}."); }
        }
    }

    private static string LogFile => Path.Combine(Results.Folder("e2e"), "portal.log");

    private async Task<Uri> StartAsync()
    {
        var given = Environment.GetEnvironmentVariable("PORTAL_E2E_URL");
        var address = new Uri(string.IsNullOrEmpty(given) ? $"http://localhost:{FreePort()}" : given);
        if (string.IsNullOrEmpty(given)) { Launch(address); }
        await ReadyAsync(new Uri(address, "/health/ready"));
        return address;
    }

    private void Launch(Uri address)
    {
        var project = Path.Combine(Results.Root, "Portal.Web");
        var program = Path.Combine(project, "bin", Configuration, "net10.0", "Portal.Web.dll");
        if (!File.Exists(program)) { throw new InvalidOperationException($"{program} is not built: build Portal.sln in the configuration {Configuration} first."); }

        _data = Directory.CreateTempSubdirectory("portal-e2e-");
        var log = _log = new StreamWriter(LogFile) { AutoFlush = true };
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = project, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { program, "--urls", address.GetLeftPart(UriPartial.Authority), "--Portal:DataFolder", _data.FullName }) { start.ArgumentList.Add(argument); }
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // A test run must not be led to another database by the machine it runs on.
        start.Environment.Remove("Database__Provider");
        start.Environment.Remove("Database__ConnectionString");

        _process = Process.Start(start)!;
        _process.OutputDataReceived += Write;
        _process.ErrorDataReceived += Write;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Write(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) { return; }
            lock (log) { log.WriteLine(line.Data); }
        }
    }

    private async Task ReadyAsync(Uri health)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var limit = new CancellationTokenSource(StartTime);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (await beat.WaitForNextTickAsync(limit.Token))
            {
                if (_process is { HasExited: true }) { throw new InvalidOperationException($"The portal ended with code {_process.ExitCode} while it started: see {LogFile}."); }
                if (await AnswersAsync(client, health, limit.Token)) { return; }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"{health} did not answer within {StartTime}: see {LogFile}.");
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri health, CancellationToken ct)
    {
        try
        {
            using var answer = await client.GetAsync(health, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // .NET can only kill; the portal must show that it stops when asked.
    private static async Task StopAsync(Process process)
    {
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"])) { await kill.WaitForExitAsync(); }
        using var limit = new CancellationTokenSource(StopTime);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Configuration => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
