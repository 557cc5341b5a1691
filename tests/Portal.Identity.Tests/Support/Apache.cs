using System.Diagnostics;

namespace Portal.Identity.Tests.Support;

/// <summary>Debian's Apache with <c>mod_auth_openidc</c> as it is usually set up: a site whose pages need a log-in.</summary>
internal sealed class Apache : IAsyncDisposable
{
    private const string Program = "/usr/sbin/apache2", Modules = "/usr/lib/apache2/modules";
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-apache-").FullName;
    private readonly Process _process;

    public const string Id = "apache", Secret = "the secret of Apache, which is long enough";

    public Apache(Uri site, Uri issuer, string scope)
    {
        if (!File.Exists(Program) || !File.Exists($"{Modules}/mod_auth_openidc.so"))
        {
            throw new InvalidOperationException("Apache with mod_auth_openidc is missing: install the Debian packages apache2 and libapache2-mod-auth-openidc, as test.sh does when it runs as root.");
        }
        Site = site.GetLeftPart(UriPartial.Authority);
        foreach (var (path, words) in new[] { ("protected/index.html", "for whoever is logged in"), ("bye.html", "gone") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{_folder}/www/{path}")!);
            File.WriteAllText($"{_folder}/www/{path}", words);
        }
        var root = Environment.UserName == "root";
        File.WriteAllText($"{_folder}/apache.conf", $"""
            ServerRoot {_folder}
            ServerName localhost
            Listen {site.Port}
            PidFile {_folder}/apache.pid
            DefaultRuntimeDir {_folder}
            Mutex pthread
            ErrorLog {_folder}/error.log
            {string.Join('\n', new[] { "mpm_event", "authn_core", "authz_core", "authz_user", "auth_basic", "dir", "mime", "auth_openidc" }.Select(name => $"LoadModule {name}_module {Modules}/mod_{name}.so"))}
            TypesConfig /etc/mime.types
            {(root ? "User www-data\nGroup www-data" : "")}
            DocumentRoot {_folder}/www
            DirectoryIndex index.html
            OIDCProviderMetadataURL {issuer.OriginalString.TrimEnd('/')}/.well-known/openid-configuration
            OIDCClientID {Id}
            OIDCClientSecret "{Secret}"
            OIDCRedirectURI {Back}
            OIDCScope "{scope}"
            OIDCPKCEMethod S256
            OIDCCryptoPassphrase "{Guid.NewGuid():N}"
            OIDCInfoHook access_token access_token_expires id_token userinfo refresh_token session
            <Location /protected>
              AuthType openid-connect
              Require valid-user
            </Location>
            """);
        // Its workers are somebody else when it is started by root.
        if (root && !OperatingSystem.IsWindows())
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Prepend(_folder)) { File.SetUnixFileMode(entry, File.GetUnixFileMode(entry) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute); }
        }
        var start = new ProcessStartInfo(Program) { RedirectStandardError = true };
        foreach (var argument in new[] { "-f", $"{_folder}/apache.conf", "-D", "FOREGROUND" }) { start.ArgumentList.Add(argument); }
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
    }

    public string Site { get; }
    public string Back => Site + "/protected/back";
    public string Bye => Site + "/bye.html";

    /// <summary>Where the provider tells of log-outs.</summary>
    public string Logout => Back + "?logout=backchannel";

    public string Log => File.Exists($"{_folder}/error.log") ? File.ReadAllText($"{_folder}/error.log") : "";

    public async Task UntilItListensAsync()
    {
        using var http = new HttpClient();
        for (var limit = Stopwatch.StartNew(); ;)
        {
            try
            {
                await http.GetAsync(Bye);
                return;
            }
            catch (HttpRequestException) when (limit.Elapsed < TimeSpan.FromSeconds(20) && !_process.HasExited)
            {
                await Task.Yield();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) { _process.Kill(entireProcessTree: true); }
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
