using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Journeys;

public sealed class SharingTests(Chromium browser)
{
    [Fact]
    public Task Whoever_shares_sees_who_gains_before_saving_and_the_partner_sees_the_record_after() =>
        browser.VisitAsync(Person.Channel, Surroundings.Laptop, async visit =>
        {
            await visit.Page.GotoAsync("/companies");
            await visit.Page.Locator("main table tbody a").First.ClickAsync();
            var id = new Uri(visit.Page.Url).AbsolutePath.Split('/')[^1];

            await visit.Page.GotoAsync($"/access/share/company/{id}");
            await visit.Page.GetByLabel("Group").SelectOptionAsync("partners");
            await visit.Page.GetByLabel("Reason").FillAsync("Joint visit next month");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show who gains and loses" }).ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("Gain sight") })).ToBeVisibleAsync();
            await Expect(visit.Page.Locator("section[role=status]")).ToContainTextAsync("Omar Haddadi");
            await visit.CheckAsync("share-preview");

            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Cell, new() { Name = "All partners", Exact = true })).ToBeVisibleAsync();

            await visit.Page.GotoAsync($"/access/who-sees/company/{id}");
            await Expect(visit.Page.GetByText("Shared with All partners: Joint visit next month").First).ToBeVisibleAsync();
            await visit.CheckAsync("who-sees");
        });
}
