using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Journeys;

public sealed class ManagerTests(Chromium browser)
{
    [Theory]
    [InlineData("en", 1280, "PDF", ".pdf")]
    [InlineData("zh", 390, "PDF", ".pdf")]
    [InlineData("en", 390, "Excel", ".xlsx")]
    public Task A_manager_takes_the_pipeline_home(string language, int width, string format, string extension) =>
        browser.VisitAsync(new Surroundings(language, width), async visit =>
        {
            await visit.SignInAsync(Person.Manager);
            await visit.Page.GotoAsync("/reports");
            await visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(visit.Text("Sales pipeline", "销售漏斗")) }).ClickAsync();

            await visit.Page.GetByRole(AriaRole.Button, new() { Name = visit.Text("Show here", "在此显示") }).ClickAsync();
            await Expect(visit.Page.Locator(".portal-report table").First).ToBeVisibleAsync();
            await visit.CheckAsync($"report-shown-{format}");

            await visit.Page.GetByRole(AriaRole.Button, new() { Name = format }).ClickAsync();
            var download = visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(visit.Text("Download", "下载")) });
            await Expect(download).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await visit.CheckAsync($"report-ready-{format}");
            var file = await visit.Page.RunAndWaitForDownloadAsync(() => download.ClickAsync());

            Assert.EndsWith(extension, file.SuggestedFilename);
            var path = await file.PathAsync();
            var head = new byte[4];
            await using (var stream = File.OpenRead(path)) { await stream.ReadExactlyAsync(head); }
            Assert.Equal(format == "PDF" ? "%PDF"u8.ToArray() : "PK\u0003\u0004"u8.ToArray(), head);
        });
}
