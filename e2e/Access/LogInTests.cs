using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Access;

public sealed class LogInTests(Chromium browser)
{
    public static TheoryData<string, string, int, bool> People
    {
        get
        {
            var data = new TheoryData<string, string, int, bool>();
            foreach (var person in Person.All)
            {
                data.Add(person.Email, "en", 1280, false);
                data.Add(person.Email, "zh", 390, person == Person.Reseller || person == Person.Manager);
            }
            data.Add(Person.Reseller.Email, "en", 390, false);
            data.Add(Person.Reseller.Email, "zh", 1280, true);
            data.Add(Person.Manager.Email, "en", 390, false);
            data.Add(Person.Manager.Email, "zh", 1280, true);
            return data;
        }
    }

    [Theory, MemberData(nameof(People))]
    public Task A_demo_person_logs_in_and_reaches_a_home_page_open_to_all(string email, string language, int width, bool dark)
    {
        var person = new Person(email);
        return browser.VisitAsync(new Surroundings(language, width, dark), async visit =>
        {
            await visit.LogInAsync(person);
            await visit.UseOwnLanguageAsync();

            Assert.Equal("/", new Uri(visit.Page.Url).AbsolutePath);
            await visit.CheckAsync($"home-{person.Slug}");
        });
    }

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("zh", 390)]
    public Task A_wrong_password_is_refused_in_words_and_the_address_stays(string language, int width) => browser.VisitAsync(new Surroundings(language, width), async visit =>
    {
        await visit.Page.GotoAsync("/");
        await visit.CheckAsync("log-in");

        visit.Expect("422");
        await visit.FillLogInAsync(Person.Marketing.Email, "not the password");

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(new Regex(visit.Text("password", "密码")));
        await Expect(visit.Page.GetByLabel(visit.Text("E-mail address", "电子邮箱"), new() { Exact = true })).ToHaveValueAsync(Person.Marketing.Email);
        await visit.CheckAsync("log-in-refused");
    });

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("zh", 390)]
    public Task One_click_changes_the_language_of_the_same_page_and_stays(string language, int width) => browser.VisitAsync(new Surroundings(language, width), async visit =>
    {
        await visit.LogInAsync(Person.ResellerAdmin);
        await visit.UseOwnLanguageAsync();
        await visit.Page.GotoAsync("/partner/opportunities");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(visit.Text("Opportunities", "商机"));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = visit.Text("中文", "English"), Exact = true }).First.ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(visit.Text("商机", "Opportunities"));
        Assert.Equal("/partner/opportunities", new Uri(visit.Page.Url).AbsolutePath);
        await visit.Page.GotoAsync("/");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", visit.Text("zh-Hans", "en"));
    });

    [Fact, Trait("asvs", "V7.4.1")]
    public Task Who_logs_out_meets_the_log_in_page_again() => browser.VisitAsync(Surroundings.Laptop, async visit =>
    {
        await visit.LogInAsync(Person.Service);
        await visit.UseOwnLanguageAsync();
        await visit.Page.Locator(".portal-person").ClickAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();

        await visit.Page.WaitForURLAsync("**/signed-out**");
        await visit.CheckAsync("logged-out");
        await visit.Page.GotoAsync("/companies");
        await Expect(visit.Page.GetByLabel("Password", new() { Exact = true })).ToBeVisibleAsync();
    });
}
