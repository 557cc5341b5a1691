using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Journeys;

/// <summary>What a partner person does on a working day, from the home page on.</summary>
public sealed class PartnerTests(Chromium browser)
{
    [Theory, MemberData(nameof(Surroundings.Every), MemberType = typeof(Surroundings))]
    public Task A_supplier_reads_the_demand_confirms_a_document_and_takes_a_report_home(string language, int width) =>
        browser.VisitAsync(Person.Supplier, new Surroundings(language, width), async visit =>
        {
            await visit.Page.GotoAsync("/");
            await visit.CheckAsync("supplier-home");

            await visit.FollowMenuAsync("Demand", "需求");
            await Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = visit.Text("Demand by product and period", "按产品和时段的需求") })).ToBeVisibleAsync();
            await Expect(visit.Page.Locator("figure.portal-chart canvas, figure.portal-chart svg").First).ToBeVisibleAsync();
            await visit.CheckAsync("supplier-demand");
            await visit.Button("Data table", "数据表").ClickAsync();
            await Expect(visit.Page.Locator("figure.portal-chart table")).ToBeVisibleAsync();

            await visit.FollowMenuAsync("Documents", "文档");
            await visit.CheckAsync("supplier-documents");
            await visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Quality specification") }).First.ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new("Quality specification") })).ToBeVisibleAsync();
            var confirm = visit.Button("I have read it", "我已阅读");
            if (await confirm.IsVisibleAsync()) { await confirm.ClickAsync(); }
            await Expect(visit.Heading(visit.Text("Confirmed by", "确认人"))).ToBeVisibleAsync();
            await visit.CheckAsync("supplier-document");
            var (_, file) = await visit.DownloadAsync(visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(visit.Text("Download", "下载")) }));
            Assert.NotEmpty(file);

            await visit.FollowMenuAsync("Reports", "报表");
            await visit.CheckAsync("supplier-reports");
            await visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(visit.Text("Demand for my products", "我的产品需求")) }).ClickAsync();
            var (name, sheet) = await visit.TakeReportAsync("Excel");
            Assert.EndsWith(".xlsx", name);
            Assert.Equal("PK\u0003\u0004"u8.ToArray(), sheet[..4]);
        });

    [Theory, MemberData(nameof(Surroundings.Every), MemberType = typeof(Surroundings))]
    public Task A_distributor_reports_what_it_sold_and_finds_it_again(string language, int width) =>
        browser.VisitAsync(Person.Distributor, new Surroundings(language, width), async visit =>
        {
            var shop = $"Shop {language} {width}";
            await visit.Page.GotoAsync("/");
            await visit.FollowMenuAsync("Demand", "需求");
            await visit.CheckAsync("distributor-demand");

            for (var time = 1; time <= 2; time++)
            {
                await visit.Page.GotoAsync("/partner/demand");
                await visit.Link("Report sales and stock", "上报销量和库存").ClickAsync();
                await Expect(visit.Page.GetByLabel(visit.Text("Source", "来源"))).ToHaveValueAsync("SellThrough");
                await visit.ChooseAsync(visit.LookUp("Product", "产品"), "SM-010");
                await visit.Field("Warehouse or shop", "仓库或门店").FillAsync(shop);
                await visit.Button("Choose", "选择").ClickAsync();
                var week = visit.Page.Locator(".portal-entry-rows input.num").First;
                if (time == 2) { await Expect(week).ToHaveValueAsync("37"); break; }
                await week.FillAsync("many");
                await visit.Button("Save", "保存").ClickAsync();
                await Expect(visit.Page.Locator(".portal-entry-rows .portal-error")).ToBeVisibleAsync();
                await visit.CheckAsync("distributor-report");
                await week.FillAsync("37");
                await visit.Button("Save", "保存").ClickAsync();
                await visit.Page.WaitForURLAsync("**/partner/demand");
                await visit.SaysAsync("Your figures are saved.", "数据已保存。");
            }
        });

    [Theory, MemberData(nameof(Surroundings.Every), MemberType = typeof(Surroundings))]
    public Task A_reseller_reports_progress_and_staff_read_who_did_it(string language, int width)
    {
        var surroundings = new Surroundings(language, width);
        var step = $"Visit the plant ({surroundings})";
        // One for each, so that none meets what another did in between.
        var words = (language == "en" ? "Seals Inverters" : "Gearboxes Valves").Split(' ')[width < 1000 ? 1 : 0];
        return browser.VisitAsync(Person.Reseller, surroundings, async visit =>
        {
            await visit.Page.GotoAsync($"/partner/opportunities?outcome=Open&q={words}");
            var deal = (await visit.Page.Locator("main table tbody a").First.GetAttributeAsync("href"))!;
            await visit.Page.GotoAsync(deal);
            await visit.Link("Report progress", "汇报进展").ClickAsync();
            await visit.Field("Next step", "下一步").FillAsync("");
            await visit.Page.GetByRole(AriaRole.Combobox, new() { NameRegex = new($"^{visit.Text("Stage", "阶段")}") }).SelectOptionAsync(new SelectOptionValue { Label = visit.Text("Lost", "输单") });
            await visit.Button("Save", "保存").ClickAsync();
            await Expect(visit.Page.Locator(".portal-error").First).ToBeVisibleAsync();
            await visit.CheckAsync("reseller-progress-refused");
            await visit.Page.GetByRole(AriaRole.Combobox, new() { NameRegex = new($"^{visit.Text("Stage", "阶段")}") }).SelectOptionAsync(new SelectOptionValue { Label = visit.Text("Negotiation", "商务谈判") });
            await visit.Field("Next step", "下一步").FillAsync(step);
            await visit.Button("Save", "保存").ClickAsync();
            await visit.Page.WaitForURLAsync($"**{deal}");
            await Expect(visit.Page.GetByText(step)).ToBeVisibleAsync();
            await visit.CheckAsync("reseller-progress");

            await browser.VisitAsync(Person.Channel, surroundings, async staff =>
            {
                await staff.Page.GotoAsync($"/opportunities/{deal.Split('/')[^1]}?tab=timeline");
                await Expect(staff.Page.GetByText(step).First).ToBeVisibleAsync();
            });
        });
    }

    [Theory, MemberData(nameof(Surroundings.Every), MemberType = typeof(Surroundings))]
    public Task A_reseller_comments_on_an_opportunity_staff_answer_and_a_rival_meets_nothing(string language, int width)
    {
        var surroundings = new Surroundings(language, width);
        var question = $"Can we promise week 12? ({surroundings})";
        return browser.VisitAsync(Person.Reseller, surroundings, async visit =>
        {
            await visit.Page.GotoAsync("/");
            await visit.FollowMenuAsync("Opportunities", "商机");
            await visit.CheckAsync("reseller-opportunities");
            // Another journey may have shared one to read only.
            var deal = visit.Page.Locator("main table tbody a", new() { HasText = "Servo motors" }).First;
            await visit.Page.GotoAsync((await deal.GetAttributeAsync("href"))!);
            await Expect(visit.Page.Locator(".portal-facts").First).ToBeVisibleAsync();
            await visit.Field("Write a comment", "写评论").FillAsync(question);
            await visit.Page.Locator("#comments > .card-body > form button").ClickAsync();
            await Expect(visit.Page.GetByText(question)).ToBeVisibleAsync();
            await visit.CheckAsync("reseller-opportunity");

            var id = new Uri(visit.Page.Url).AbsolutePath.Split('/')[^1];
            await browser.VisitAsync(Person.Channel, surroundings, async staff =>
            {
                await staff.Page.GotoAsync($"/opportunities/{id}?tab=shared");
                var comment = staff.Page.Locator("article.portal-comment", new() { HasText = question });
                await comment.Locator("summary").ClickAsync();
                await comment.GetByRole(AriaRole.Textbox, new() { Name = staff.Text("Reply", "回复") }).FillAsync($"Yes, from stock. ({surroundings})");
                await comment.GetByRole(AriaRole.Button, new() { Name = staff.Text("Send", "发送") }).ClickAsync();
                await Expect(staff.Page.GetByText($"Yes, from stock. ({surroundings})")).ToBeVisibleAsync();
            });
            await visit.Page.ReloadAsync();
            await Expect(visit.Page.GetByText($"Yes, from stock. ({surroundings})")).ToBeVisibleAsync();

            await browser.VisitAsync(Person.RivalReseller, surroundings, async rival =>
            {
                rival.Expect("404");
                var answer = await rival.Page.GotoAsync($"/partner/opportunities/{id}");
                Assert.Equal(404, answer!.Status);
                await rival.CheckAsync("rival-nothing-here");
            });
        });
    }
}
