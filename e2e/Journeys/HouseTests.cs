using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Harness;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Journeys;

/// <summary>What everybody in the house meets: imports, documents, search, error pages.</summary>
public sealed class HouseTests(Chromium browser)
{
    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task A_file_is_mapped_its_words_are_explained_and_its_refused_row_is_taken_home(string language, int width)
    {
        var surroundings = new Surroundings(language, width);
        return browser.VisitAsync(Person.Admin, surroundings, async visit =>
        {
            await visit.Page.GotoAsync("/imports");
            await visit.Page.GetByLabel(visit.Text("Read as", "读取方式")).SelectOptionAsync("kind:product");
            await visit.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
            {
                Name = "items.csv", MimeType = "text/csv",
                Buffer = Encoding.UTF8.GetBytes($"Code,Name,Unit\nJ-{surroundings}-1,Journey pump 泵,pcs\nJ-{surroundings}-2,,pcs\nJ-{surroundings}-3,Journey seal,Kiste {surroundings}\n"),
            });
            await visit.Button("Upload and check", "上传并检查").ClickAsync();
            await Expect(visit.Heading(visit.Text("Columns", "列"))).ToBeVisibleAsync();
            await visit.CheckAsync("import-columns");
            await visit.Page.GetByLabel(visit.Text("Key column", "键列")).SelectOptionAsync("Code");
            await visit.Button("Save and preview", "保存并预览").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Cell, new() { Name = "Journey pump 泵" })).ToBeVisibleAsync();
            await Expect(visit.Page.Locator("td.portal-error")).ToHaveCountAsync(2);
            await visit.CheckAsync("import-words");
            await visit.Page.GetByLabel($"Kiste {surroundings}").SelectOptionAsync("BOX");
            await visit.Button("Keep and show the rows", "保存并显示数据行").ClickAsync();
            await Expect(visit.Page.Locator("td.portal-error")).ToHaveCountAsync(1);
            await visit.CheckAsync("import-preview");

            await visit.Button("Start the import", "开始导入").ClickAsync();
            var file = visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new(visit.Text("Download", "下载")) });
            await Expect(file).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await visit.CheckAsync("import-done");
            var (_, refused) = await visit.DownloadAsync(file);
            Assert.Contains($"items.csv", Encoding.UTF8.GetString(refused), StringComparison.Ordinal);
        });
    }

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task Rows_are_counted_when_the_foot_of_the_list_comes_into_sight(string language, int width) => browser.VisitAsync(Person.Sales, new Surroundings(language, width), async visit =>
    {
        await visit.Page.GotoAsync("/contacts");
        var count = visit.Page.Locator(".portal-list-foot [role=status]");
        await Expect(count).ToHaveTextAsync(visit.Text("Count rows", "统计行数"));
        await count.ScrollIntoViewIfNeededAsync();
        await Expect(count).ToHaveTextAsync(new Regex(visit.Text("^[0-9]+ rows$", "^[0-9]+ 行$")));
        Assert.EndsWith("/contacts", visit.Page.Url, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task A_document_is_published_confirmed_renewed_and_asked_for_again(string language, int width)
    {
        var surroundings = new Surroundings(language, width);
        var title = $"Delivery terms {surroundings}";
        return browser.VisitAsync(Person.Channel, surroundings, async visit =>
        {
            await visit.Page.GotoAsync("/documents");
            await visit.Link("New document", "新建文档").ClickAsync();
            await visit.Field("Title", "标题").FillAsync(title);
            await visit.Page.GetByRole(AriaRole.Checkbox, new() { Name = visit.Text("Receipt asked", "需要回执") }).CheckAsync();
            await visit.Page.Locator("input[type=file]").SetInputFilesAsync(Pdf("terms.pdf", $"First {surroundings}"));
            await visit.Button("Create as draft", "创建草稿").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(title);
            await visit.CheckAsync("document-draft");
            var path = new Uri(visit.Page.Url).AbsolutePath;

            await visit.Page.GotoAsync(path.Replace("/documents/", "/access/share/document/", StringComparison.Ordinal));
            await visit.Page.GetByLabel(visit.Text("Group", "群组")).SelectOptionAsync("kind:ChannelPartner");
            await visit.Field("Reason", "原因").FillAsync("New terms");
            await visit.Button("Show who gains and loses", "显示谁获得、谁失去").ClickAsync();
            await visit.Button("Share", "共享").ClickAsync();
            await visit.SaysAsync("Shared.", "已共享。");
            await visit.Page.GotoAsync(path);
            await visit.Button("Publish", "发布").ClickAsync();
            await visit.SaysAsync("Published.", "已发布。");

            await ConfirmAsync("1");
            await visit.Page.GotoAsync(path);
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = visit.Text("New version", "新版本"), Exact = true }).ClickAsync();
            await visit.Page.Locator("input[type=file]").SetInputFilesAsync(Pdf("terms.pdf", $"Second {surroundings}"));
            await visit.Field("What is new", "更新内容").FillAsync("Longer terms of payment");
            await visit.CheckAsync("document-upload");
            await visit.Page.Locator("main form button.btn-primary").ClickAsync();
            await visit.SaysAsync("Version 2 added.", "已添加版本 2。");
            await ConfirmAsync("2");

            await visit.Page.GotoAsync($"{path}?tab=receipts");
            await Expect(visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = visit.Text("Confirmed", "已确认") })).ToHaveCountAsync(2);
            await visit.CheckAsync("document-receipts");
            await visit.Page.GotoAsync($"{path}?tab=versions");
            await visit.CheckAsync("document-versions");

            Task ConfirmAsync(string version) => browser.VisitAsync(Person.Reseller, surroundings, async partner =>
            {
                await partner.Page.GotoAsync("/");
                await partner.FollowMenuAsync("Documents", "文档");
                await partner.Page.GetByRole(AriaRole.Link, new() { Name = title }).First.ClickAsync();
                await Expect(partner.Page.Locator(".portal-preview iframe")).ToHaveAttributeAsync("title", new Regex(Regex.Escape(title)));
                await Expect(partner.Page.Locator(".portal-facts").First).ToContainTextAsync(version);
                await partner.Button("I have read it", "我已阅读").ClickAsync();
                await partner.SaysAsync("Thank you.", "谢谢");
                await partner.CheckAsync($"document-confirmed-{version}");
            });
        });
    }

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task Search_opens_by_keyboard_and_finds_two_Chinese_characters_and_parts_of_words(string language, int width) =>
        browser.VisitAsync(Person.SalesManager, new Surroundings(language, width), async visit =>
        {
            await visit.Page.GotoAsync("/");
            await visit.Page.Keyboard.PressAsync("Control+k");
            var hits = visit.Page.Locator("#search-results [data-search-hit]");
            await visit.Page.Keyboard.TypeAsync("nesp");
            await Expect(visit.Page.Locator("#search-results")).ToContainTextAsync(visit.Text("Nothing found", "没有找到"));
            await visit.Page.Keyboard.PressAsync("Control+a");
            await visit.Page.Keyboard.TypeAsync("earbo");
            await Expect(hits.Filter(new() { HasTextRegex = new("earbo", RegexOptions.IgnoreCase) }).First).ToBeVisibleAsync();
            await visit.Page.Keyboard.PressAsync("Control+a");
            await visit.Page.Keyboard.TypeAsync("伺服");
            await Expect(hits.Filter(new() { HasText = "伺服" }).First).ToBeVisibleAsync();
            await visit.CheckAsync("search");

            await visit.Page.Keyboard.PressAsync("ArrowDown");
            await visit.Page.Keyboard.PressAsync("Enter");
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("伺服");
        });

    [Fact]
    public Task On_a_phone_the_open_tab_of_a_record_is_in_sight() => browser.VisitAsync(Person.Admin, Surroundings.Phone, async visit =>
    {
        await visit.Page.GotoAsync("/companies?role=ChannelPartner");
        await visit.Page.Locator("tbody .lead a").First.ClickAsync();
        await visit.Link("Timeline", "时间线").ClickAsync();
        var open = visit.Page.Locator(".portal-page-tabs [aria-current]");
        await Expect(open).ToHaveTextAsync("Timeline");
        await Expect(open).ToBeInViewportAsync(new() { Ratio = 1 });
    });

    [Theory, MemberData(nameof(Surroundings.Two), MemberType = typeof(Surroundings))]
    public Task An_error_page_says_what_to_do_and_bears_a_number_for_support(string language, int width) =>
        browser.VisitAsync(Person.Marketing, new Surroundings(language, width), async visit =>
        {
            visit.Expect("403");
            visit.Expect("404");
            var closed = await visit.Page.GotoAsync("/imports");
            Assert.Equal(403, closed!.Status);
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(visit.Text("You may not do this", "您无权执行此操作"));
            await Expect(visit.Page.Locator("main, body").First).ToContainTextAsync(visit.Text("Number for support:", "技术支持编号："));
            Assert.Matches("^[0-9a-f]{16,}", await visit.Page.Locator("code").First.InnerTextAsync());
            await visit.CheckAsync("error-403");

            var absent = await visit.Page.GotoAsync("/companies/1");
            Assert.Equal(404, absent!.Status);
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(visit.Text("Nothing here", "此处没有内容"));
            await visit.CheckAsync("error-404");
        });

    /// <summary>The smallest file that is a PDF: one page with the words.</summary>
    private static FilePayload Pdf(string name, string words)
    {
        var text = $"BT /F1 24 Tf 60 760 Td ({words}) Tj ET";
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        foreach (var part in new[]
        {
            "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            $"<</Length {text.Length}>>stream\n{text}\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        })
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{places.Count} 0 obj{part}endobj\n");
        }
        var table = file.Length;
        file.Append("xref\n0 6\n0000000000 65535 f \n");
        foreach (var place in places) { file.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n"); }
        file.Append(CultureInfo.InvariantCulture, $"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
        return new() { Name = name, MimeType = "application/pdf", Buffer = Encoding.ASCII.GetBytes(file.ToString()) };
    }
}
