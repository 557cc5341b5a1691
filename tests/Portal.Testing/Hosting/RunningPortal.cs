using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Testing.Databases;
using Portal.Web.Demo;
using Portal.Web.Host;

namespace Portal.Testing.Hosting;

/// <summary>
/// The whole program in this process, over a database of its own with the demo house, and a browser for each of its people. Nothing is replaced but the
/// cost of a password.
/// </summary>
public sealed class RunningPortal : IAsyncDisposable
{
    public const string PublicUrl = "https://portal.example";

    /// <summary>Migrated, with the demo house and accounts for its people.</summary>
    public static readonly TestTemplate DemoHouse = new(async (database, ct) =>
    {
        await using var portal = await StartAsync(database);
        var filled = await portal.Services.GetRequiredService<DemoSetUp>().FillAsync(1, ct);
        if (filled.Refusal is { } refusal) { throw new InvalidOperationException(refusal.Code); }
    });

    private readonly WebApplication _app;
    private readonly TestDatabase _database;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, Lazy<Task<HttpClient>>> _browsers = new();
    private bool _ownsDatabase;

    private RunningPortal(WebApplication app, TestDatabase database, string folder) => (_app, _database, _folder) = (app, database, folder);

    public IServiceProvider Services => _app.Services;
    public PortalDb Portal => Services.GetRequiredService<PortalDb>();
    public string ConnectionString => _database.ConnectionString;
    public string Engine => _database.Engine;

    /// <summary>The portal's data folder, gone with it.</summary>
    public string Folder => _folder;

    /// <summary>One for all portals of the process: a database that is copied from a template was sealed by the portal that made the template.</summary>
    private static readonly Lazy<string> KeyFile = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("portal-keys-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return Path.Combine(folder, "identity.key");
    });

    /// <param name="from">What the database starts from; <see cref="DemoHouse"/> where null.</param>
    /// <param name="adapt">Changes the composition before it is built.</param>
    public static async Task<RunningPortal> StartAsync(string engine = Engines.Sqlite, TestTemplate? from = null, Action<WebApplicationBuilder>? adapt = null)
    {
        var database = await TestDatabases.CreateAsync(engine, from ?? DemoHouse);
        var portal = await StartAsync(database, adapt);
        portal._ownsDatabase = true;
        return portal;
    }

    /// <summary>Over a database that somebody else drops.</summary>
    public static async Task<RunningPortal> StartAsync(TestDatabase database, Action<WebApplicationBuilder>? adapt = null)
    {
        var folder = Directory.CreateTempSubdirectory("portal-running-").FullName;
        string[] settings =
        [
            "--environment=Production", $"--Portal:PublicUrl={PublicUrl}", $"--Portal:DataFolder={folder}", $"--Database:Provider={database.Engine}",
            $"--Database:ConnectionString={database.ConnectionString}", "--Database:MigrateAtStart=true", $"--Identity:KeyFile={KeyFile.Value}",
        ];
        var app = PortalHost.Build(settings, builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseTestServer(server => server.BaseAddress = new Uri(PublicUrl));
            builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1000);
            builder.Services.AddSingleton<Action<DbContextOptionsBuilder>>(options => options.EnableThreadSafetyChecks());
            adapt?.Invoke(builder);
        });
        await app.StartAsync();
        return new RunningPortal(app, database, folder);
    }

    /// <summary>A browser that nobody has logged in with.</summary>
    public HttpClient Browser() => SignIn.Browser(_app.GetTestServer().CreateHandler(), new Uri(PublicUrl));

    /// <summary>The browser of a person, logged in; the same one each time.</summary>
    public Task<HttpClient> AsAsync(string email, string password = DemoPeople.Password) => _browsers.GetOrAdd(email, who => new(() => LogInAsync(who, password))).Value;

    /// <summary>The next one of each person logs in anew; for tests that may have ended sessions.</summary>
    public void ForgetBrowsers() => _browsers.Clear();

    /// <summary>Sees everything, for arranging and looking behind the scenes.</summary>
    public PortalDbContext System() => Portal.For(AccessScope.System("test"));

    private async Task<HttpClient> LogInAsync(string email, string password)
    {
        var browser = Browser();
        await browser.SignInAsync(email, password);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        var engine = Portal.Engine;
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (engine is Portal.Sqlite.SqliteEngine sqlite)
        {
            using var connection = new SqliteConnection(sqlite.ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
        if (_ownsDatabase) { await _database.DisposeAsync(); }
        Directory.Delete(_folder, recursive: true);
    }
}
