using System.Text;
using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Journeys;

public sealed class SalesTests(Chromium browser)
{
    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task From_a_new_customer_to_an_opportunity_that_the_partner_sees(string language, int width)
    {
        var surroundings = new Surroundings(language, width);
        var (customer, title) = ($"Journey Works {surroundings}", $"Conveyor drives {surroundings}");
        return browser.VisitAsync(Person.Sales, surroundings, async visit =>
        {
            await visit.Page.GotoAsync("/companies");
            await visit.Link("New company", "新建公司").ClickAsync();
            await visit.Field("Name", "名称").FillAsync(customer);
            var isCustomer = visit.Page.GetByRole(AriaRole.Checkbox, new() { Name = visit.Text("Customer", "客户"), Exact = true });
            await isCustomer.UncheckAsync();
            await visit.Button("Save", "保存").ClickAsync();
            await Expect(visit.Page.Locator(".portal-summary")).ToContainTextAsync(visit.Text("Choose at least one role.", "请至少选择一个角色"));
            await visit.CheckAsync("company-role-missing");
            await isCustomer.CheckAsync();
            await visit.Button("Save", "保存").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(customer);
            await visit.CheckAsync("company-new");

            await visit.Page.GotoAsync(new Uri(visit.Page.Url).AbsolutePath + "/contacts/create");
            await visit.Field("Given name", "名").FillAsync("Ilse");
            await visit.Field("Family name", "姓").FillAsync("Marten");
            await visit.Field("E-mail", "电子邮箱").FillAsync($"ilse.{surroundings}@journey.example");
            await visit.Button("Save", "保存").ClickAsync();
            await Expect(visit.Page.GetByText("Ilse", new() { Exact = false }).First).ToBeVisibleAsync();

            await visit.Page.GotoAsync("/opportunities/create");
            await visit.Field("Title", "标题").FillAsync(title);
            await visit.ChooseAsync(visit.LookUp("Customer", "客户"), customer);
            await visit.Page.GetByLabel(visit.Text("Close date", "预计成交日期"), new() { Exact = true }).FillAsync("2031-03-14");
            await visit.ChooseAsync(visit.LookUp("Product", "产品"), "SM-010");
            await visit.Field("Quantity", "数量").FillAsync("5");
            await visit.Field("Unit price", "单价").FillAsync("120");
            await visit.CheckAsync("opportunity-form");
            await visit.Button("Save", "保存").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(title);
            await Expect(visit.Page.Locator(".portal-facts").First).ToContainTextAsync("600.00");
            await visit.CheckAsync("opportunity-new");

            await visit.Page.GetByRole(AriaRole.Link, new() { Name = visit.Text("Share", "共享"), Exact = true }).ClickAsync();
            await visit.ChooseAsync(visit.LookUp("One company", "某家公司"), "Cascade");
            await visit.Page.GetByLabel(visit.Text("What of it", "可见内容")).SelectOptionAsync("Full");
            await visit.Field("Reason", "原因").FillAsync("Joint visit");
            await visit.Button("Show who gains and loses", "显示谁获得、谁失去").ClickAsync();
            await Expect(visit.Page.Locator("section[role=status]")).ToBeVisibleAsync();
            await visit.CheckAsync("opportunity-share");
            await visit.Button("Share", "共享").ClickAsync();
            await visit.SaysAsync("Shared.", "已共享。");

            await browser.VisitAsync(Person.Reseller, surroundings, async partner =>
            {
                await partner.Page.GotoAsync($"/partner/opportunities?q={Uri.EscapeDataString(title)}");
                await partner.Page.GetByRole(AriaRole.Link, new() { Name = title }).First.ClickAsync();
                await Expect(partner.Page.Locator("main")).ToContainTextAsync(customer);
                await Expect(partner.Page.Locator("main")).ToContainTextAsync("600.00");
                await partner.CheckAsync("opportunity-shared");
            });
        });
    }

    [Fact]
    public Task A_card_is_dragged_to_the_next_stage() => browser.VisitAsync(Person.Sales, Surroundings.Laptop, async visit =>
    {
        await visit.Page.GotoAsync("/opportunities/board");
        await Expect(visit.Page.Locator("[data-board=moves][data-bound]")).ToBeVisibleAsync();
        var lanes = visit.Page.Locator("[data-lane]");
        var card = lanes.Nth(0).Locator("[data-card]").First;
        var title = await card.Locator("strong").InnerTextAsync();
        var id = await card.GetAttributeAsync("data-card");

        await card.DragToAsync(lanes.Nth(1), new() { SourcePosition = new() { X = 30, Y = 50 }, TargetPosition = new() { X = 60, Y = 20 } });

        await visit.SaysAsync(title, title);
        await Expect(lanes.Nth(1).Locator($"[data-card='{id}']")).ToBeVisibleAsync();
        await visit.Page.ReloadAsync();
        await Expect(lanes.Nth(1).Locator($"[data-card='{id}']")).ToBeVisibleAsync();
    });

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task A_card_moves_by_the_keyboard_alone(string language, int width) => browser.VisitAsync(Person.Sales, new Surroundings(language, width), async visit =>
    {
        await visit.Page.GotoAsync("/opportunities/board");
        var lanes = visit.Page.Locator("[data-lane]");
        var card = lanes.Nth(1).Locator("[data-card]").First;
        var id = await card.GetAttributeAsync("data-card");

        await card.Locator("select").FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(lanes.Nth(2).Locator($"[data-card='{id}']")).ToBeVisibleAsync();
        await visit.CheckAsync("board-moved");
    });

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task Owners_change_in_bulk_and_come_back_by_undo(string language, int width) => browser.VisitAsync(Person.SalesManager, new Surroundings(language, width), async visit =>
    {
        await visit.Page.GotoAsync("/opportunities");
        var boxes = visit.Page.Locator("tbody tr").Filter(new() { HasNotText = "Marta" }).Locator(".portal-select");
        await boxes.Nth(0).CheckAsync();
        await boxes.Nth(1).CheckAsync();
        await Expect(visit.Page.Locator("[data-selected-count]")).ToContainTextAsync(visit.Text("2 selected", "已选 2 项"));
        await visit.LookUp("Stage", "阶段").Last.ClickAsync();
        var stages = visit.Page.Locator(".portal-bulk").GetByRole(AriaRole.Option);
        await Expect(stages).ToHaveCountAsync(8);
        await Expect(stages.First).ToHaveTextAsync(visit.Text("Lead", "线索"));
        await visit.CheckAsync("bulk-stage");
        await visit.ChooseAsync(visit.LookUp("Owner", "负责人").Last, "Marta");
        await visit.CheckAsync("bulk-owner");

        await visit.Button("Set owner", "设置负责人").ClickAsync();
        await visit.SaysAsync("2 opportunities were changed.", "已更改 2 个商机。");
        await visit.CheckAsync("bulk-done");

        await visit.Button("Undo", "撤销").ClickAsync();
        await visit.SaysAsync("2 opportunities are as they were before.", "已恢复 2 个商机。");
    });

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task A_list_keeps_its_filter_as_a_view_shows_other_columns_and_exports_them(string language, int width) => browser.VisitAsync(Person.Sales, new Surroundings(language, width), async visit =>
    {
        // Whoever leaves the page while a part of it is under way has done nothing wrong.
        visit.Expect("htmx:sendAbort");
        visit.Expect("htmx:afterRequest");
        var name = $"Large ones {language}";
        await visit.Page.GotoAsync("/opportunities");
        await visit.Page.Locator(".portal-filters > summary").ClickAsync();
        await visit.Field("Amount from", "金额（起）").FillAsync("20000");
        await visit.Button("Apply", "应用").ClickAsync();
        await visit.Page.WaitForURLAsync("**amount.from=20000**");

        await visit.Page.Locator("summary", new() { HasText = visit.Text("Columns", "列") }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Checkbox, new() { Name = visit.Text("Number", "编号"), Exact = true }).CheckAsync();
        await visit.Button("Show these columns", "显示所选列").ClickAsync();
        await visit.Page.WaitForURLAsync("**columns=number**");

        await visit.Page.Locator("summary", new() { HasText = visit.Text("Views", "视图") }).ClickAsync();
        await visit.Field("Name of the view", "视图名称").FillAsync(name);
        await visit.Button("Save this view", "保存此视图").ClickAsync();
        await visit.SaysAsync("View saved.", "视图已保存。");

        await visit.Page.GotoAsync("/opportunities");
        await visit.Page.Locator("summary", new() { HasText = visit.Text("Views", "视图") }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await visit.Page.WaitForURLAsync("**amount.from=20000**");
        await visit.CheckAsync("list-view");

        await visit.Page.Locator("summary", new() { HasText = visit.Text("Export", "导出") }).ClickAsync();
        var (file, content) = await visit.DownloadAsync(visit.Page.GetByRole(AriaRole.Link, new() { Name = visit.Text("CSV file", "CSV 文件") }));
        Assert.EndsWith(".csv", file);
        var lines = Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(visit.Text("Number", "编号"), lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length > 1, "The file holds no row.");
    });

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task Two_who_edit_at_once_see_both_and_lose_nothing(string language, int width)
    {
        var surroundings = new Surroundings(language, width);
        return browser.VisitAsync(Person.Sales, surroundings, async first =>
        {
            await first.Page.GotoAsync("/opportunities?sort=amount");
            await first.Page.Locator("main table tbody td a").First.ClickAsync();
            var edit = new Uri(first.Page.Url).AbsolutePath + "/edit";
            await first.Page.GotoAsync(edit);
            await browser.VisitAsync(Person.SalesManager, surroundings, async second =>
            {
                await second.Page.GotoAsync(edit);
                await second.Field("Next step", "下一步").FillAsync($"Theirs {surroundings}");
                await second.Button("Save", "保存").ClickAsync();
                await second.SaysAsync("Saved.", "已保存。");
            });
            first.Expect("409");
            await first.Field("Next step", "下一步").FillAsync($"Mine {surroundings}");
            await first.Field("Source", "来源").FillAsync($"Fair {surroundings}");
            await first.Button("Save", "保存").ClickAsync();

            await Expect(first.Page.Locator("main")).ToContainTextAsync(first.Text("Somebody changed this while you were writing", "在您编辑期间，他人已更改此记录"));
            await Expect(first.Page.Locator("main")).ToContainTextAsync($"Theirs {surroundings}");
            await first.CheckAsync("conflict");
            await first.Button("Save", "保存").ClickAsync();
            await first.SaysAsync("Saved.", "已保存。");
            await Expect(first.Page.Locator("main")).ToContainTextAsync($"Fair {surroundings}");
        });
    }
}
