using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Host;
using Portal.Identity.Keys;
using Portal.Identity.Persistence;
using Portal.PostgreSql;
using Portal.Sqlite;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Host;
using Portal.Web.Ui;

namespace Portal.Identity.Tests.Support;

/// <summary>A clock that stands until it is moved. It starts at the real time, by which test browsers throw cookies away.</summary>
internal sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>What runs in the background stands still as well: a test takes its steps itself.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Still();

    private sealed class Still : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;
        public void Dispose() { }
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Somebody with a log-in; the name of the test folk is their address.</summary>
internal static class Folk
{
    public const string Ada = "ada@alpine.example";
    public const string Bo = "bo@bayside.example";
    public const string Password = "correct horse battery";
}

/// <summary>Knows Ada and nobody else.</summary>
internal sealed class AdaOnly(Accounts.Accounts accounts) : IPersonDirectory
{
    public async Task<SignedInPerson?> FindAsync(string issuer, string subject, CancellationToken ct) =>
        issuer == Account.OwnIssuer && subject == await accounts.FindSubjectAsync(Folk.Ada, ct) ? new SignedInPerson(1, "zh-Hans") : null;
}

/// <summary>
/// The provider over a real database, as it runs in production: alone (<see cref="IdentityHost"/>), or, for tests of the portal as its client, inside the portal's frame
/// together with the portal's sign-in. With <c>PORTAL_IDENTITY_HOST=portal</c> in the environment every test that asks for neither runs inside the portal's frame; the classes marked
/// <c>hosting=both</c> run both ways in <c>test.sh</c>.
/// </summary>
internal sealed class ProviderHost : IAsyncDisposable
{
    public const string PublicUrl = "https://portal.example";
    public const string Issuer = PublicUrl + "/identity";
    public const string Callback = "https://app.example/callback";
    public const string LoggedOut = "https://app.example/bye";
    public const string ServerSecret = "a:b%c+d e/f=g?h&i-0123456789-abcdef";

    public const string ApiSecret = "the secret of the API itself, long enough";
    public const string Orders = "https://orders.example/api";
    public const string Stock = "https://stock.example/api";
    public const string Origin = "https://spa.example";

    private static readonly TestTemplate s_template = new(async (database, ct) =>
    {
        await using var host = await StartAsync(database, migrate: true);
        using var scope = host.Services.CreateScope();
        var accounts = scope.ServiceProvider.GetRequiredService<Accounts.Accounts>();
        foreach (var email in new[] { Folk.Ada, Folk.Bo })
        {
            Assert.True((await accounts.CreateAccountAsync(email, Folk.Password, email == Folk.Ada ? "zh-Hans" : "en", ct: ct)).Succeeded);
        }
    });

    private readonly WebApplication _app;
    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;

    private ProviderHost(WebApplication app, TestDatabase database, bool ownsDatabase, HandClock clock, List<string> log) =>
        (_app, _database, _ownsDatabase, Clock, Log) = (app, database, ownsDatabase, clock, log);

    public HandClock Clock { get; }
    public List<string> Log { get; }
    public TestDatabase Database => _database;
    public IServiceProvider Services => _app.Services;

    private static readonly bool s_inPortal = Environment.GetEnvironmentVariable("PORTAL_IDENTITY_HOST") == "portal";

    private bool _inPortal;

    /// <param name="inPortal">Whether the test needs the portal's own sign-in beside the provider, or the provider alone; null where it holds for both.</param>
    public static async Task<ProviderHost> StartAsync(string engine = Engines.Sqlite, Action<PortalIdentityOptions>? identity = null, Action<IServiceCollection>? services = null, bool? inPortal = null) =>
        await StartAsync(await TestDatabases.CreateAsync(engine, s_template), ownsDatabase: true, identity: identity, services: services, inPortal: inPortal);

    /// <summary>A second node on the database of the first.</summary>
    public Task<ProviderHost> StartSecondAsync(Action<IServiceCollection>? services = null, Action<PortalIdentityOptions>? identity = null) => StartAsync(_database, identity: identity, services: services, inPortal: _inPortal);

    /// <summary>Listens on a port of this machine, by the machine's clock: for programs of others.</summary>
    public static async Task<ProviderHost> StartListeningAsync(Uri address, Action<PortalIdentityOptions>? identity = null) =>
        await StartAsync(await TestDatabases.CreateAsync(Engines.Sqlite, s_template), ownsDatabase: true, identity: options =>
            {
                options.Issuer = new Uri(address, "/identity").OriginalString;
                identity?.Invoke(options);
            },
            services: services => services.AddSingleton(TimeProvider.System), address: address);

    public static async Task<ProviderHost> StartEmptyAsync(TestDatabase database) => await StartAsync(database);

    public static async Task MigrateAsync(TestDatabase database)
    {
        var options = new ServiceCollection().AddLogging().AddPortalIdentity(o => { o.Issuer = Issuer; o.Database = (_, builder) => Use(builder, database); });
        await using var provider = options.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IdentityStoreContext>().Database.MigrateAsync();
    }

    private static async Task<ProviderHost> StartAsync(
        TestDatabase database, bool migrate = false, bool ownsDatabase = false, Action<PortalIdentityOptions>? identity = null, Action<IServiceCollection>? services = null, Uri? address = null, bool? inPortal = null)
    {
        var log = new List<string>();
        var clock = new HandClock(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        void Adapt(WebApplicationBuilder builder)
        {
            if (address is null)
            {
                builder.WebHost.UseTestServer();
            }
            else
            {
                builder.WebHost.UseUrls(address.OriginalString);
            }
            builder.Logging.ClearProviders().AddFilter("Microsoft.EntityFrameworkCore.Database.Transaction", LogLevel.Debug);
            builder.Logging.AddProvider(new ListLog(log));
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.Configure<PortalIdentityOptions>(options =>
            {
                options.Clients.Add(PortalSignIn.Registration(new ConfigurationBuilder().AddInMemoryCollection([new("Portal:PublicUrl", PublicUrl)]).Build()));
                State(options);
                identity?.Invoke(options);
            });
            builder.Services.PostConfigure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1000);
            services?.Invoke(builder.Services);
        }
        var within = inPortal ?? s_inPortal;
        var app = within ? BuildInPortal(database, Adapt) : BuildAlone(database, Adapt);
        if (migrate)
        {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IdentityStoreContext>().Database.MigrateAsync();
        }
        await app.StartAsync();
        return new ProviderHost(app, database, ownsDatabase, clock, log) { _inPortal = within };
    }

    private static WebApplication BuildAlone(TestDatabase database, Action<WebApplicationBuilder> adapt) => IdentityHost.Build(
        [
            "--environment=Production", $"--Identity:Issuer={Issuer}", $"--Identity:MasterKey={Convert.ToBase64String(new byte[MasterKey.Length])}", $"--Portal:DataFolder={Path.GetTempPath()}",
            $"--Database:Provider={database.Engine}", $"--Database:ConnectionString={database.ConnectionString}", "--Database:MigrateAtStart=false",
        ], adapt);

    private static WebApplication BuildInPortal(TestDatabase database, Action<WebApplicationBuilder> adapt)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(PortalHost).Assembly.GetName().Name, EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Portal:PublicUrl"] = PublicUrl });
        builder.Services.AddSingleton<AssetUrls>();
        builder.Services.AddSingleton<IStringLocalizerFactory, TextLocalizerFactory>();
        builder.Services.AddProblemDetails();
        builder.Services.AddPortalPages();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddPortalIdentity(options =>
        {
            options.Issuer = Issuer;
            options.MasterKey = _ => new MasterKey(new byte[MasterKey.Length]);
            options.Database = (_, db) => Use(db, database);
            var gate = database.Engine == Engines.Sqlite ? new Portal.Sqlite.SqliteEngine(database.ConnectionString) : null;
            options.StoreIsSharedBy = _ => database.Engine == Engines.PostgreSql;
            options.EnterWrite = gate is null ? null : (_, ct) => gate.EnterWriteAsync(ct);
        });
        builder.Services.AddPortalSignIn(builder.Configuration);
        builder.Services.AddScoped<IPersonDirectory, AdaOnly>();
        builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        adapt(builder);
        var app = builder.Build();
        app.Use(SecurityHeaders.UseAsync);
        app.UseMiddleware<Faults>();
        app.UseHsts();
        app.Use(Language.UseAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.UsePortalPeople();
        app.UseAuthorization();
        app.MapPortalIdentity();
        app.MapPortalSignIn();
        app.MapRazorPages();
        app.MapGet("/", (HttpContext http) => $"home of {http.Features.Get<SignedInPerson>()?.Id}");
        app.MapGet("/orders", () => "orders");
        app.MapGet("/api/orders", () => "orders");
        return app;
    }

    /// <summary>The clients and APIs that the tests play.</summary>
    private static void State(PortalIdentityOptions options)
    {
        // Each host has a rule of its own; the tests that are about it state one.
        options.ShortestPassword = null;
        options.Clients.Add(new ClientRegistration
        {
            ClientId = "app",
            Name = "App",
            Kind = ClientKind.Public,
            RedirectUris = [Callback, Callback + "?tenant=a"],
            PostLogoutRedirectUris = [LoggedOut],
            IdTokenAlgorithm = "ES256",
        });
        options.Resources.Add(new ResourceRegistration(Orders, "Orders API", [new("orders.read", "Read orders", "读取订单"), new("orders.write", "Change orders", "修改订单")]));
        options.Resources.Add(new ResourceRegistration(Stock, "Stock API", [new("stock.read", "Read stock", "读取库存")]));
        options.Clients.Add(new ClientRegistration
        {
            ClientId = "spa",
            Name = "Spa",
            Kind = ClientKind.Public,
            RedirectUris = [Callback],
            CorsOrigins = [Origin],
            GrantTypes = [GrantTypes.Code, GrantTypes.Refresh],
            Scopes = ["openid", "profile", "email", "offline_access", "orders.read", "stock.read"],
        });
        options.Clients.Add(new ClientRegistration
        {
            ClientId = "backend",
            Name = "Backend",
            Kind = ClientKind.Confidential,
            RedirectUris = [Callback],
            PostLogoutRedirectUris = [LoggedOut],
            Secrets = [ServerSecret],
            GrantTypes = [GrantTypes.Code, GrantTypes.Refresh, GrantTypes.ClientCredentials],
            Scopes = ["openid", "profile", "email", "offline_access", "orders.read", "orders.write"],
        });
        options.Clients.Add(new ClientRegistration
        {
            ClientId = "signer",
            Name = "Signer",
            Kind = ClientKind.Confidential,
            RedirectUris = [Callback],
            PublicKeys = Assertion.Keys,
            GrantTypes = [GrantTypes.Code, GrantTypes.ClientCredentials],
            Scopes = ["openid", "orders.read", "stock.read"],
        });
        options.Clients.Add(new ClientRegistration
        {
            ClientId = "orders-api", Name = "Orders API", Kind = ClientKind.Confidential, Secrets = [ApiSecret], GrantTypes = [GrantTypes.ClientCredentials], Scopes = ["stock.read"], IntrospectedAudience = Orders,
        });
        options.Clients.Add(new ClientRegistration
        {
            ClientId = "foreign",
            Name = "<b>Foreign</b>",
            Kind = ClientKind.Public,
            RedirectUris = [Callback],
            AsksConsent = true,
            GrantTypes = [GrantTypes.Code, GrantTypes.Refresh],
            Scopes = ["openid", "email", "orders.read"],
        });
        options.Clients.Add(new ClientRegistration { ClientId = "pusher", Name = "Pusher", Kind = ClientKind.Confidential, RedirectUris = [Callback], Secrets = [ServerSecret], PushesRequests = true });
        options.Clients.Add(new ClientRegistration { ClientId = "other", Name = "Other", Kind = ClientKind.Public, RedirectUris = [Callback], Scopes = ["openid"] });
        options.Clients.Add(new ClientRegistration { ClientId = "server", Name = "Server", Kind = ClientKind.Confidential, RedirectUris = [Callback], IdTokenAlgorithm = "RS256", Secrets = [ServerSecret, "the next secret, not yet in use everywhere"] });
        options.Clients.Add(new ClientRegistration { ClientId = "native", Name = "Native", Kind = ClientKind.Native, RedirectUris = ["http://127.0.0.1/done", "http://[::1]/done"] });
    }

    private static void Use(DbContextOptionsBuilder builder, TestDatabase database)
    {
        if (database.Engine == Engines.PostgreSql)
        {
            builder.UseIdentityPostgreSql(database.ConnectionString);
        }
        else
        {
            builder.UseIdentitySqlite(database.ConnectionString);
        }
    }

    public HttpClient Browser() => Browser([]);

    /// <param name="cookies">Gets every cookie that is set, as it stands in the header.</param>
    public HttpClient Browser(List<string> cookies) => SignIn.Browser(new CookieWatch(_app.GetTestServer().CreateHandler(), cookies), new Uri(PublicUrl));

    /// <summary>The node itself, for whoever stands between it and the browsers.</summary>
    public HttpMessageHandler Handler() => _app.GetTestServer().CreateHandler();

    /// <summary>A program: no cookies.</summary>
    public HttpClient Program() => new(_app.GetTestServer().CreateHandler()) { BaseAddress = new Uri(PublicUrl) };

    public async Task<T> StoreAsync<T>(Func<IdentityStoreContext, Task<T>> ask)
    {
        await using var scope = Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<IdentityStoreContext>());
    }

    public async Task<T> AccountsAsync<T>(Func<Accounts.Accounts, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<Accounts.Accounts>());
    }

    public async Task<T> ClientsAsync<T>(Func<ClientRegistry, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<ClientRegistry>());
    }

    public Task<string?> SubjectAsync(string email) => AccountsAsync(accounts => accounts.FindSubjectAsync(email, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        // Stopped, not only let go: a job at work would write into the folder that goes now.
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsDatabase)
        {
            await _database.DisposeAsync();
        }
    }

    private sealed class CookieWatch(HttpMessageHandler server, List<string> seen) : DelegatingHandler(server)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            seen.AddRange(response.Headers.TryGetValues("Set-Cookie", out var values) ? values : []);
            return response;
        }
    }

    private sealed class ListLog(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
            }
        }
        public void Dispose() { }
    }
}

/// <summary>One authorization request with everything right; a test changes what it is about.</summary>
internal sealed class Flow
{
    public string Verifier { get; } = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    public Dictionary<string, string?> Parameters { get; }

    public Flow(params (string Name, string? Value)[] changes)
    {
        Parameters = new()
        {
            ["client_id"] = "app",
            ["redirect_uri"] = ProviderHost.Callback,
            ["response_type"] = "code",
            ["scope"] = "openid profile email",
            ["state"] = "a state",
            ["nonce"] = "a nonce",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            Parameters[name] = value;
        }
    }

    public string Url => QueryHelpers.AddQueryString("/identity/authorize", Parameters.Where(p => p.Value is not null));

    /// <summary>Sends the request, logs in where a form comes, and hands back the answer that leads to the client.</summary>
    public async Task<Answer> RunAsync(HttpClient browser, string email = Folk.Ada, string password = Folk.Password)
    {
        var response = await browser.FollowInsideAsync(await browser.GetAsync(Url));
        if (response.StatusCode == HttpStatusCode.OK)
        {
            response = await browser.SubmitAsync(response, default, ("email", email), ("password", password));
        }
        return Answer.Of(response);
    }

    public async Task<string> CodeAsync(HttpClient browser, string email = Folk.Ada) => (await RunAsync(browser, email))["code"] ?? throw new InvalidOperationException("No code came.");

    public Dictionary<string, string?> Redemption(string code, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Parameters["client_id"],
            ["code"] = code,
            ["redirect_uri"] = Parameters["redirect_uri"],
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }
        return form;
    }

    public Task<Reply> RedeemAsync(HttpClient program, string code, params (string Name, string? Value)[] changes) => Reply.PostAsync(program, Redemption(code, changes));

    /// <summary>The whole way: log-in, code, tokens.</summary>
    public async Task<Reply> TokensAsync(ProviderHost host, HttpClient? browser = null, string email = Folk.Ada) =>
        await RedeemAsync(host.Program(), await CodeAsync(browser ?? host.Browser(), email));
}

internal static class Inside
{
    /// <summary>Goes after redirects as far as the provider's own site.</summary>
    public static async Task<HttpResponseMessage> FollowInsideAsync(this HttpClient browser, HttpResponseMessage response)
    {
        while (response.Headers.Location is { } next && (!next.IsAbsoluteUri || next.Host == "portal.example"))
        {
            response = await browser.GetAsync(next);
        }
        return response;
    }
}

/// <summary>What came back to the client in its redirect address.</summary>
internal sealed record Answer(HttpResponseMessage Response, Uri? Location)
{
    private readonly Dictionary<string, Microsoft.Extensions.Primitives.StringValues> _query = Location is null ? [] : QueryHelpers.ParseQuery(new Uri(new Uri(ProviderHost.PublicUrl), Location).Query);

    public string? this[string name] => _query.TryGetValue(name, out var value) ? value.ToString() : null;

    public static Answer Of(HttpResponseMessage response) => new(response, response.Headers.Location);
}

/// <summary>What the token endpoint, or another that speaks JSON, answered.</summary>
internal sealed record Reply(HttpResponseMessage Response, System.Text.Json.JsonElement Body)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string? this[string name] => Body.ValueKind == System.Text.Json.JsonValueKind.Object && Body.TryGetProperty(name, out var value) ? value.ToString() : null;

    public static async Task<Reply> OfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return new Reply(response, text.StartsWith('{') ? System.Text.Json.JsonDocument.Parse(text).RootElement : default);
    }

    public static async Task<Reply> PostAsync(HttpClient program, IEnumerable<KeyValuePair<string, string?>> form, string path = "/identity/token") =>
        await OfAsync(await program.PostAsync(path, new FormUrlEncodedContent(form.Where(p => p.Value is not null)!)));

    public static async Task<Reply> UserInfoAsync(HttpClient program, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/userinfo");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await OfAsync(await program.SendAsync(request));
    }
}
