using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Journeys;

public sealed class ManagerTests(Chromium browser)
{
    [Theory, MemberData(nameof(Surroundings.Every), MemberType = typeof(Surroundings))]
    public Task A_manager_looks_at_the_house_and_takes_the_pipeline_home(string language, int width) =>
        browser.VisitAsync(Person.Manager, new Surroundings(language, width), async visit =>
        {
            await visit.Page.GotoAsync("/");
            await visit.CheckAsync("manager-home");
            await visit.FollowMenuAsync("Pipeline board", "商机看板");
            await Expect(visit.Page.Locator(".portal-board [data-card]").First).ToBeVisibleAsync();
            await Expect(visit.Page.Locator(".portal-board select")).ToHaveCountAsync(0);
            await visit.CheckAsync("manager-board");

            await visit.FollowMenuAsync("Reports", "报表");
            await visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(visit.Text("Sales pipeline", "销售漏斗")) }).ClickAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = visit.Text("Show here", "在此显示") }).ClickAsync();
            await Expect(visit.Page.Locator(".portal-report table").First).ToBeVisibleAsync();
            await visit.CheckAsync("manager-report");

            var report = visit.Page.Url;
            var (name, pdf) = await visit.TakeReportAsync("PDF");
            Assert.EndsWith(".pdf", name);
            Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
            await visit.CheckAsync("manager-report-ready");

            await visit.Page.GotoAsync(report.Replace("/show", "", StringComparison.Ordinal));
            var (sheet, xlsx) = await visit.TakeReportAsync("Excel");
            Assert.EndsWith(".xlsx", sheet);
            Assert.Equal("PK\u0003\u0004"u8.ToArray(), xlsx[..4]);
        });
}
