using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Identity.Sessions;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Demo;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>One demo house for everything about looking as somebody else and about colleagues: each test logs in its own browsers.</summary>
public sealed class SupportHouse : IAsyncLifetime
{
    public const string Support = "service@portal.example";

    public RunningPortal Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await RunningPortal.StartAsync(adapt: IsolationWorld.Still);

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public async Task<HttpClient> LogInAsync(string email)
    {
        var browser = Portal.Browser();
        await browser.SignInAsync(email, DemoPeople.Password);
        return browser;
    }

    public async Task<long> PersonAsync(string email)
    {
        await using var db = Portal.System();
        return await db.People.Where(p => p.Email == email).Select(p => p.Id).SingleAsync();
    }

    /// <summary>A browser of the support that looks as this person.</summary>
    public async Task<HttpClient> ViewAsync(string email, string reason = "Asked by telephone")
    {
        var browser = await LogInAsync(Support);
        using var begun = await BeginAsync(browser, await PersonAsync(email), reason);
        Assert.Equal("/", begun.Headers.Location?.OriginalString);
        return browser;
    }

    public static async Task<HttpResponseMessage> BeginAsync(HttpClient browser, long person, string reason) =>
        await browser.SubmitAsync(await browser.GetAsync($"/access/view-as/{person}"), default, ("Input.Reason", reason));

    /// <summary>Sends a form that is no page's own, with the token of one that is.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string address, params (string Name, string Value)[] fields)
    {
        var token = (await SignIn.ReadAsync(await browser.GetAsync("/sign-out"))).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.PostAsync(address, new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), new("__RequestVerificationToken", token)]));
    }

    /// <summary>As if everybody had logged in this long ago.</summary>
    public async Task AgeProofsAsync(TimeSpan age)
    {
        await using var services = Portal.Services.CreateAsyncScope();
        var store = services.ServiceProvider.GetRequiredService<Portal.Identity.Persistence.IdentityStoreContext>();
        var then = services.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow() - age;
        await store.HostSessions.ExecuteUpdateAsync(set => set.SetProperty(s => s.AuthenticatedAt, then));
        await store.Sessions.ExecuteUpdateAsync(set => set.SetProperty(s => s.AuthenticatedAt, then));
        services.ServiceProvider.GetRequiredService<SessionVersion>().Move();
    }
}

[CollectionDefinition(Name)]
public sealed class SupportHouses : ICollectionFixture<SupportHouse>
{
    public const string Name = "support house";
}
