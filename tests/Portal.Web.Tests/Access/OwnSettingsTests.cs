using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Persistence;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Ui;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>What a person settles for themselves, and what follows the account.</summary>
[Collection(SupportHouses.Name)]
public sealed class OwnSettingsTests(SupportHouse house)
{
    private const string Somebody = "distributor@bayside.example";

    private async Task<T> StoreAsync<T>(Func<IdentityStoreContext, Task<T>> ask)
    {
        await using var services = house.Portal.Services.CreateAsyncScope();
        return await ask(services.ServiceProvider.GetRequiredService<IdentityStoreContext>());
    }

    [Fact]
    public async Task Language_and_time_zone_hold_for_pages_at_once_and_for_mails()
    {
        var browser = await house.LogInAsync(Somebody);
        Assert.Equal("zh-Hans", (await SignIn.ReadAsync(await browser.GetAsync("/"))).DocumentElement.GetAttribute("lang"));
        var saved = await browser.SubmitAsync(await browser.GetAsync("/account/settings"), default, ("Input.Language", "en"), ("Input.TimeZone", "America/New_York"));
        Assert.Equal("/account/settings", saved.Headers.Location?.OriginalString);

        var page = await SignIn.ReadAsync(await browser.GetAsync("/account/sessions"));
        Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
        var begun = await StoreAsync(db => db.HostSessions.Where(s => s.EndedAt == null).OrderByDescending(s => s.BegunAt).Select(s => s.BegunAt).FirstAsync());
        var time = TimeZoneInfo.ConvertTime(begun, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).ToString("g", Language.English);
        Assert.Contains(time, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("en", "America/New_York"), await StoreAsync(db => db.Users.Where(a => a.Email == Somebody).Select(a => new ValueTuple<string, string>(a.Language, a.TimeZone)).SingleAsync()));
    }

    [Fact, Trait("asvs", "V7.5.2")]
    public async Task Other_sessions_are_seen_and_ended_after_a_fresh_proof()
    {
        var (one, two) = (await house.LogInAsync(Somebody), await house.LogInAsync(Somebody));
        await house.AgeProofsAsync(TimeSpan.FromMinutes(11));
        var session = (await SignIn.ReadAsync(await one.GetAsync("/account/sessions"))).QuerySelector("input[name=session]")!.GetAttribute("value")!;
        foreach (var act in new[] { "End", "EndOthers" })
        {
            var asked = await SupportHouse.PostAsync(one, $"/account/sessions?handler={act}", ("session", session));
            Assert.Equal("/sign-in?again=true&returnUrl=%2Faccount%2Fsessions", asked.Headers.Location?.OriginalString);
        }
        Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("/account/sessions")).StatusCode);

        var form = await one.FollowAsync(await one.GetAsync("/sign-in?again=true&returnUrl=/account/sessions"));
        var back = await one.FollowAsync(await one.SubmitAsync(form, default, ("email", Somebody), ("password", Portal.Web.Demo.DemoPeople.Password)));
        Assert.Equal("/account/sessions", back.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("/account/sessions", (await SupportHouse.PostAsync(one, "/account/sessions?handler=EndOthers")).Headers.Location?.OriginalString);
        Assert.StartsWith("/sign-in", (await two.GetAsync("/account/sessions")).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/account/sessions")).StatusCode);
    }

    [Theory]
    [InlineData("de", "Etc/UTC")]
    [InlineData("en", "Mars/Olympus")]
    public async Task What_there_is_not_is_refused(string language, string zone)
    {
        var browser = await house.LogInAsync(Somebody);
        using var answer = await browser.SubmitAsync(await browser.GetAsync("/account/settings"), default, ("Input.Language", language), ("Input.TimeZone", zone));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull((await SignIn.ReadAsync(answer)).QuerySelector("[role=alert]"));
    }

    [Fact]
    public async Task The_address_of_the_record_follows_the_accounts_and_takes_nobody_elses()
    {
        var keeper = house.Portal.Services.GetRequiredService<AddressOfPerson>();
        await using var db = house.Portal.System();
        var subject = await db.People.Where(p => p.Email == "marketing@portal.example").Select(p => p.Subject!).SingleAsync();
        await keeper.KeepAsync(subject, "Julien@Portal.example", default);
        Assert.True(await db.People.AnyAsync(p => p.Subject == subject && p.Email == "julien@portal.example"));
        await keeper.KeepAsync(subject, "sales@portal.example", default);
        Assert.True(await db.People.AnyAsync(p => p.Subject == subject && p.Email == "julien@portal.example"));
        await keeper.KeepAsync(subject, "marketing@portal.example", default);
    }
}
