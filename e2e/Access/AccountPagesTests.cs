using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Access;

/// <summary>The provider's pages and the band of a view, which no link of the portal leads to: in both languages, on a small phone and wide, light and dark.</summary>
public sealed class AccountPagesTests(Chromium browser)
{
    public static TheoryData<string, int, bool> Ways => new() { { "en", 1280, false }, { "zh", 360, false }, { "en", 360, true }, { "zh", 1280, true } };

    private static readonly string[] OfAnybody = ["/identity/forgot", "/identity/invitation?code=void", "/identity/authorize?client_id=unknown", "/sign-in/failed", "/signed-out", "/no-access"];

    private static readonly string[] OfTheOwner =
        ["/identity/account", "/identity/account/password", "/identity/account/email", "/identity/account/authenticator", "/identity/account/passkeys", "/identity/end-session", "/account/sessions", "/account/settings", "/account/applications"];

    [Theory, MemberData(nameof(Ways))]
    public Task Every_page_around_an_account_holds(string language, int width, bool dark) => browser.VisitAsync(new Surroundings(language, width, dark), async visit =>
    {
        visit.Expect("400");
        foreach (var page in OfAnybody) { await LookAsync(visit, page); }
        await visit.LogInAsync(Person.RivalReseller);
        await visit.UseOwnLanguageAsync();
        foreach (var page in OfTheOwner) { await LookAsync(visit, page); }
    });

    private static async Task LookAsync(Visit visit, string page)
    {
        // The account's own pages speak the account's language unless they are asked for another.
        await visit.Page.GotoAsync(page.StartsWith("/identity/", StringComparison.Ordinal) ? page + (page.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + visit.Text("en", "zh-Hans") : page);
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", visit.Text("en", "zh-Hans"));
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await visit.CheckAsync("account" + page.Split('?')[0].Replace('/', '-'));
    }

    [Theory]
    [InlineData("zh", 360, true)]
    [InlineData("en", 1280, false)]
    public Task Support_sees_the_portal_as_a_reseller_does_and_ends_it(string language, int width, bool dark) => browser.VisitAsync(new Surroundings(language, width, dark), async visit =>
    {
        await visit.LogInAsync(Person.Service);
        await visit.UseOwnLanguageAsync();
        await visit.FollowMenuAsync("View as a partner", "以合作伙伴视角查看");
        await visit.CheckAsync("view-as");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Ines Duartez" }).ClickAsync();
        await visit.Field("Reason", "原因").FillAsync("Asked by telephone");
        await visit.CheckAsync("view-as-begin");
        await visit.Button("Begin", "开始").ClickAsync();
        foreach (var page in new[] { "/", "/partner/opportunities" })
        {
            await visit.Page.GotoAsync(page);
            await Expect(visit.Page.Locator(".portal-viewing")).ToContainTextAsync("Ines Duartez");
            await visit.CheckAsync("viewing" + page.Replace('/', '-'));
        }
        visit.Expect("403");
        await visit.Page.GotoAsync("/account/sessions");
        await Expect(visit.Page.Locator(".portal-viewing")).ToContainTextAsync("Ines Duartez");
        await visit.CheckAsync("viewing-refused");
        await visit.Page.GotoAsync("/");
        await visit.Button("End", "结束").ClickAsync();
        await Expect(visit.Page.Locator(".portal-viewing")).ToHaveCountAsync(0);
        await visit.SaysAsync("yourself", "自己");
    });
}
