using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Portal.E2E.Harness.Chromium))]

namespace Portal.E2E.Harness;

/// <summary>One browser for the whole run: the one at PORTAL_CHROMIUM, else /usr/bin/chromium. It reaches this machine only.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly PortalServer _portal = new();
    private readonly ConcurrentDictionary<Person, Lazy<Task<string>>> _sessions = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PORTAL_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium",
            Args =
            [
                .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
                "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync", "--no-first-run",
                "--no-default-browser-check", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) { await _browser.DisposeAsync(); }
        _playwright?.Dispose();
        await _portal.DisposeAsync();
    }

    /// <summary>
    /// Runs a journey in a fresh browser profile. It fails when the journey fails, and also when a page wrote an error to the console, threw,
    /// or broke its content security policy. A failed journey leaves a screenshot named after it.
    /// </summary>
    public Task VisitAsync(Surroundings surroundings, Func<Visit, Task> journey) => VisitAsync(surroundings, _portal.AddressAsync, journey);

    /// <summary>The same as somebody who has logged in already, in the language of the surroundings: each person logs in once in a run.</summary>
    public async Task VisitAsync(Person person, Surroundings surroundings, Func<Visit, Task> journey) =>
        await VisitAsync(surroundings, _portal.AddressAsync, journey, await _sessions.GetOrAdd(person, p => new(() => LogInAsync(p))).Value);

    private async Task<string> LogInAsync(Person person)
    {
        var session = "";
        await VisitAsync(Surroundings.Laptop, async visit =>
        {
            await visit.LogInAsync(person);
            session = await visit.Page.Context.StorageStateAsync();
        });
        return session;
    }

    internal async Task VisitAsync(Surroundings surroundings, Func<Task<Uri>> address, Func<Visit, Task> journey, string? session = null)
    {
        var root = await address();
        await using var context = await _browser!.NewContextAsync(new()
        {
            StorageState = session,
            BaseURL = root.ToString(),
            Locale = surroundings.Locale,
            TimezoneId = "Europe/Berlin",
            ViewportSize = new() { Width = surroundings.Width, Height = surroundings.Width < 600 ? 844 : 900 },
            ColorScheme = surroundings.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        if (session is not null) { await context.AddCookiesAsync([new() { Name = "portal-language", Value = surroundings.Text("en", "zh-Hans"), Url = root.ToString() }]); }
        var visit = await Visit.OpenAsync(context, surroundings);
        try
        {
            await journey(visit);
        }
        catch
        {
            await visit.ScreenshotAsync("failed-" + (TestContext.Current.TestMethod?.MethodName ?? "journey"));
            throw;
        }
        var problems = string.Join("\n", visit.Problems);
        Assert.True(problems.Length == 0, $"The browser reported:\n{problems}");
    }
}
