using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Clients;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Api;
using Portal.Web.Demo;
using Portal.Web.Tests.Access;
using Xunit;

namespace Portal.Web.Tests.Api;

/// <summary>What the API answered.</summary>
public sealed record ApiAnswer(HttpResponseMessage Response, JsonElement Body)
{
    public HttpStatusCode Status => Response.StatusCode;
    public string? Code => Body.ValueKind is JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;
    public string Challenge => string.Join(' ', Response.Headers.WwwAuthenticate);
    public string? Tag => Response.Headers.ETag?.ToString();
    public IReadOnlyList<JsonElement> Items => [.. Body.GetProperty("items").EnumerateArray()];
}

/// <summary>One demo house for everything about the API, with applications of several kinds; each test gets tokens of its own.</summary>
public sealed class ApiHouse : IAsyncLifetime
{
    public const string App = "app", Callback = "https://app.example/callback", OtherApi = "https://orders.example/api", OtherScope = "orders.read";

    public static readonly string[] Everything = [.. ApiScopes.All.Select(scope => scope.Name)];

    private readonly ShiftedClock _clock = new();

    public RunningPortal Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Portal = await RunningPortal.StartAsync(adapt: builder =>
        {
            IsolationWorld.Still(builder);
            builder.Services.AddSingleton<TimeProvider>(_clock);
        });
        await ClientsAsync(async clients =>
        {
            Done(await clients.SetResourceAsync(new(OtherApi, "Orders", [new(OtherScope, "Read orders", "读取订单")]), fromSettings: false, default));
            Done(await clients.AddAsync(Public(App), default));
            return true;
        });
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public static ClientRegistration Public(string id) => new() { ClientId = id, Name = id, Kind = ClientKind.Public, RedirectUris = [Callback], Scopes = ["openid", OtherScope, .. Everything] };

    public static void Done(SettingResult result) => Assert.True(result.Succeeded, string.Join('\n', result.Problems));

    public async Task<T> ClientsAsync<T>(Func<ClientRegistry, Task<T>> act)
    {
        await using var services = Portal.Services.CreateAsyncScope();
        return await act(services.ServiceProvider.GetRequiredService<ClientRegistry>());
    }

    /// <summary>A browser of its own, so that ending its session ends nobody else's.</summary>
    public async Task<HttpClient> LogInAsync(string email)
    {
        var browser = Portal.Browser();
        await browser.SignInAsync(email, DemoPeople.Password);
        return browser;
    }

    public async Task<string> TokenAsync(string email, params string[] scopes) => await TokenAsync(await Portal.AsAsync(email), App, scopes);

    public static async Task<string> TokenAsync(HttpClient browser, string client, params string[] scopes) =>
        (await browser.TokensAsync(client, Callback, $"openid {string.Join(' ', scopes)}")).GetProperty("access_token").GetString()!;

    /// <summary>Registers a program and hands back a way to get tokens for it.</summary>
    public async Task<Func<Task<string>>> ProgramAsync(string id, params string[] scopes)
    {
        var added = await ClientsAsync(clients => clients.AddAsync(new() { ClientId = id, Name = id, Kind = ClientKind.Confidential, GrantTypes = [GrantTypes.ClientCredentials], Scopes = scopes }, default));
        Done(added);
        return async () =>
        {
            var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = id, ["client_secret"] = added.Secret! };
            var answer = await Portal.Browser().PostAsync("/identity/token", new FormUrlEncodedContent(form));
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
        };
    }

    /// <summary>A person record without a log-in, for the program.</summary>
    public async Task<long> PersonForAsync(string client, string function)
    {
        await using var db = Portal.System();
        var added = await AddPerson.AddAsync(db, new NewPerson($"{client}@portal.example", [function], null, client, "en"), default);
        Assert.True(added.Succeeded);
        await db.SaveChangesAsync();
        Assert.Null(await new ActForClient(db).ExecuteAsync(Portal.Services.GetRequiredService<ApiAddresses>().IssuerOfPrograms, client, added.Value.Id, default));
        return added.Value.Id;
    }

    public Task<ApiAnswer> GetAsync(string? token, string path, params (string Name, string Value)[] headers) => SendAsync(token, HttpMethod.Get, path, null, headers);

    public async Task<ApiAnswer> SendAsync(string? token, HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) || path.StartsWith('/') ? path : "/api/v1/" + path);
        if (body is not null) { request.Content = new StringContent(body, Encoding.UTF8, "application/json"); }
        if (token is not null) { request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token); }
        foreach (var (name, value) in headers) { request.Headers.TryAddWithoutValidation(name, value); }
        using var program = Portal.Browser();
        var response = await program.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new(response, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    public async Task ChangeAsync(Func<PortalDbContext, Task> change)
    {
        await using var db = Portal.System();
        await change(db);
        await db.SaveChangesAsync();
    }

    /// <summary>Sets the portal's clock ahead while something is asked.</summary>
    public async Task<T> LaterAsync<T>(TimeSpan by, Func<Task<T>> ask)
    {
        _clock.Ahead = by;
        try { return await ask(); }
        finally { _clock.Ahead = TimeSpan.Zero; }
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}

[CollectionDefinition(Name)]
public sealed class ApiHouses : ICollectionFixture<ApiHouse>
{
    public const string Name = "api house";
}
