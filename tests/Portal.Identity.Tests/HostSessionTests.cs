using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Sessions;
using Portal.Testing;

namespace Portal.Identity.Tests;

/// <summary>The portal's own sessions lie on the server: what ends there ends everywhere, at once.</summary>
public sealed class BeingLoggedInToThePortalTests
{
    private static async Task<(ProviderHost Host, HttpClient Browser, string Cookie)> LogInAsync(string engine = Engines.Sqlite)
    {
        var host = await ProviderHost.StartAsync(engine, inPortal: true);
        var cookies = new List<string>();
        var browser = host.Browser(cookies);
        await browser.SignInAsync(Folk.Ada, Folk.Password);
        return (host, browser, cookies.Last(c => c.StartsWith("__Host-portal-session=", StringComparison.Ordinal)).Split(';')[0]);
    }

    private static async Task<bool> OpensAsync(ProviderHost host, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Add("Cookie", cookie);
        return (await host.Program().SendAsync(request)).StatusCode == HttpStatusCode.OK;
    }

    [Theory, OnEachEngine, Trait("oidc", "86"), Trait("asvs", "V7.2.1 V7.4.1")]
    public async Task A_cookie_copied_before_log_out_opens_nothing_after_a_restart_either(string engine)
    {
        var (host, browser, cookie) = await LogInAsync(engine);
        await using var _ = host;
        Assert.True(await OpensAsync(host, cookie));
        await browser.SignOutAsync();
        Assert.False(await OpensAsync(host, cookie));
        await using var next = await host.StartSecondAsync();
        Assert.False(await OpensAsync(next, cookie));
    }

    [Theory, OnEachEngine, Trait("oidc", "86")]
    public async Task A_session_goes_on_in_another_node_and_after_a_restart(string engine)
    {
        var (host, _, cookie) = await LogInAsync(engine);
        await using var __ = host;
        await using var next = await host.StartSecondAsync();
        Assert.True(await OpensAsync(next, cookie));
    }

    [Theory, OnEachEngine, Trait("oidc", "86"), Trait("asvs", "V7.4.2")]
    public async Task A_disabled_account_is_out_of_the_portal_with_the_next_click_in_every_node(string engine)
    {
        var (host, _, cookie) = await LogInAsync(engine);
        await using var __ = host;
        await using var other = await host.StartSecondAsync();
        Assert.True(await OpensAsync(other, cookie));
        Assert.True((await host.AccountsAsync(async a => await a.SetStateAsync((await host.SubjectAsync(Folk.Ada))!, AccountState.Disabled, default))).Succeeded);
        Assert.False(await OpensAsync(host, cookie));
        if (engine == Engines.PostgreSql) { Assert.False(await OpensAsync(other, cookie)); }
    }

    [Fact, Trait("oidc", "86"), Trait("asvs", "V7.4.3")]
    public async Task A_changed_password_ends_every_session_in_the_portal()
    {
        var (host, _, cookie) = await LogInAsync();
        await using var __ = host;
        Assert.True(await OpensAsync(host, cookie));
        Assert.True((await host.AccountsAsync(async a => await a.SetPasswordAsync((await host.SubjectAsync(Folk.Ada))!, "another long password", default))).Succeeded);
        Assert.False(await OpensAsync(host, cookie));
    }

    [Fact, Trait("oidc", "86"), Trait("asvs", "V7.3.1 V7.3.2")]
    public async Task A_session_ends_by_idleness_and_a_use_puts_that_off()
    {
        var (host, _, cookie) = await LogInAsync();
        await using var __ = host;
        host.Clock.Advance(TimeSpan.FromHours(7));
        Assert.True(await OpensAsync(host, cookie));
        host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.True(await OpensAsync(host, cookie));
        await host.Services.GetRequiredService<HostSessions>().WriteUsesAsync(default);
        await using (var next = await host.StartSecondAsync())
        {
            Assert.True(await OpensAsync(next, cookie));
        }
        host.Clock.Advance(TimeSpan.FromHours(2.9));
        Assert.True(await OpensAsync(host, cookie));
        host.Clock.Advance(TimeSpan.FromHours(0.2));
        Assert.False(await OpensAsync(host, cookie));
    }

    [Fact, Trait("oidc", "86"), Trait("asvs", "V7.3.1")]
    public async Task An_unused_session_is_over_after_eight_hours()
    {
        var (host, _, cookie) = await LogInAsync();
        await using var __ = host;
        host.Clock.Advance(TimeSpan.FromHours(8));
        Assert.False(await OpensAsync(host, cookie));
    }

    [Fact, Trait("oidc", "86"), Trait("asvs", "V7.4.5 V7.5.2")]
    public async Task The_list_names_browser_and_place_and_ends_one_or_all_others()
    {
        var (host, _, cookie) = await LogInAsync();
        await using var __ = host;
        var phone = new List<string>();
        var second = host.Browser(phone);
        second.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1");
        await second.SignInAsync(Folk.Ada, Folk.Password);
        var other = phone.Last(c => c.StartsWith("__Host-portal-session=", StringComparison.Ordinal)).Split(';')[0];

        var ada = (await host.SubjectAsync(Folk.Ada))!;
        var list = await ListAsync(l => l.ReadAsync(Account.OwnIssuer, ada, default));
        Assert.Equal(2, list.Count);
        var iphone = Assert.Single(list, s => s.Device == "Safari · iPhone");
        await ActAsync(l => l.EndAsync(Account.OwnIssuer, "0123456789abcdef0123456789abcdef", iphone.Id, SessionEnd.EndedByOwner, default));
        Assert.True(await OpensAsync(host, other));
        await ActAsync(l => l.EndAsync(Account.OwnIssuer, ada, iphone.Id, SessionEnd.EndedByOwner, default));
        Assert.False(await OpensAsync(host, other));
        Assert.True(await OpensAsync(host, cookie));
        Assert.Equal("login_required", Answer.Of(await second.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        await ActAsync(l => l.EndAllAsync(Account.OwnIssuer, ada, null, SessionEnd.EndedByAdministrator, default));
        Assert.False(await OpensAsync(host, cookie));

        async Task<IReadOnlyList<SessionLine>> ListAsync(Func<SessionList, Task<IReadOnlyList<SessionLine>>> ask)
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await ask(scope.ServiceProvider.GetRequiredService<SessionList>());
        }
        async Task ActAsync(Func<SessionList, Task> act)
        {
            await using var scope = host.Services.CreateAsyncScope();
            await act(scope.ServiceProvider.GetRequiredService<SessionList>());
        }
    }

    [Fact, Trait("asvs", "V3.3.4 V7.2.2 V10.1.1")]
    public async Task The_store_holds_no_key_and_the_cookie_nothing_else()
    {
        var (host, browser, cookie) = await LogInAsync();
        await using var __ = host;
        var row = await host.StoreAsync(db => db.HostSessions.AsNoTracking().SingleAsync());
        Assert.Equal(43, row.KeyHash.Length);
        Assert.DoesNotContain(row.KeyHash, cookie, StringComparison.Ordinal);
        Assert.Equal("pwd", row.Methods);
        Assert.True(cookie.Length < 400, $"{cookie.Length} bytes");
        foreach (var page in new[] { "/", "/sign-out", "/identity/account", "/identity/account/password" })
        {
            Assert.DoesNotContain(cookie.Split('=')[1], await browser.GetStringAsync(page), StringComparison.Ordinal);
        }
    }
}
