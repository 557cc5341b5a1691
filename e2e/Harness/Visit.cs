using System.Collections.Concurrent;
using System.Globalization;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Xunit;

namespace Portal.E2E.Harness;

/// <summary>One person's stay: a page in a browser profile of its own, and what to ask of every page.</summary>
public sealed class Visit
{
    private static readonly string[] Wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly Surroundings _surroundings;
    private readonly List<string> _expected = [];

    private Visit(IPage page, Surroundings surroundings) => (Page, _surroundings) = (page, surroundings);

    public IPage Page { get; }

    /// <summary>Console errors, uncaught exceptions and policy violations so far, without the expected ones.</summary>
    public IEnumerable<string> Problems => _problems.Where(problem => !_expected.Any(part => problem.Contains(part, StringComparison.Ordinal)));

    /// <summary>The text that the page shows in this person's language.</summary>
    public string Text(string english, string chinese) => _surroundings.Text(english, chinese);

    /// <summary>Names a console message that the journey provokes on purpose, such as the browser's note on an answer of 404.</summary>
    public void Expect(string partOfMessage) => _expected.Add(partOfMessage);

    internal static async Task<Visit> OpenAsync(IBrowserContext context, Surroundings surroundings)
    {
        await context.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', e => console.error(`policy violation: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));");
        var visit = new Visit(await context.NewPageAsync(), surroundings);
        context.Console += (_, message) => { if (message.Type == "error") { visit._problems.Enqueue($"{message.Location}: {message.Text}"); } };
        context.WebError += (_, error) => visit._problems.Enqueue($"{error.Page?.Url}: {error.Error}");
        return visit;
    }

    /// <summary>Opens the portal and logs in by the real page. Ends on the page that the portal leads to, in the language of the person's record.</summary>
    public async Task LogInAsync(Person person)
    {
        await Page.GotoAsync("/");
        await FillLogInAsync(person.Email, Person.Password);
        await Page.WaitForURLAsync(url => !new Uri(url).AbsolutePath.StartsWith("/identity", StringComparison.Ordinal));
    }

    public async Task FillLogInAsync(string email, string password)
    {
        await Page.GetByLabel(Text("E-mail address", "电子邮箱"), new() { Exact = true }).FillAsync(email);
        await Page.GetByLabel(Text("Password", "密码"), new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = Text("Log in", "登录"), Exact = true }).ClickAsync();
    }

    /// <summary>Follows an entry of the main menu, which a phone hides behind a button.</summary>
    public async Task FollowMenuAsync(string english, string chinese)
    {
        var entry = Page.GetByRole(AriaRole.Navigation, new() { Name = Text("Main menu", "主菜单") }).GetByRole(AriaRole.Link, new() { Name = Text(english, chinese), Exact = true });
        var button = Page.Locator("[data-side-menu] > summary");
        // One of the two shows once the page is there.
        await Assertions.Expect(entry.Or(button).Filter(new() { Visible = true })).ToBeVisibleAsync();
        if (!await entry.IsVisibleAsync()) { await button.ClickAsync(); }
        await entry.ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    public ILocator Field(string english, string chinese) => Page.GetByRole(AriaRole.Textbox, new() { Name = Text(english, chinese), Exact = true });
    public ILocator Button(string english, string chinese) => Page.GetByRole(AriaRole.Button, new() { Name = Text(english, chinese), Exact = true });
    public ILocator Link(string english, string chinese) => Page.GetByRole(AriaRole.Link, new() { Name = Text(english, chinese), Exact = true });
    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    /// <summary>Types into a look-up field and takes the first of what it offers.</summary>
    public async Task ChooseAsync(ILocator field, string words)
    {
        // The script that looks up is there once the page that holds the field has loaded.
        await field.WaitForAsync();
        await Page.WaitForLoadStateAsync(LoadState.Load);
        await field.FillAsync(words);
        var offered = Page.Locator("[data-look-up]").GetByRole(AriaRole.Option);
        await offered.First.ClickAsync();
        await Assertions.Expect(offered).ToHaveCountAsync(0);
    }

    public ILocator LookUp(string english, string chinese) => Page.GetByRole(AriaRole.Combobox, new() { Name = Text(english, chinese), Exact = true });

    public Task SaysAsync(string english, string chinese) => Assertions.Expect(Page.Locator("#toasts")).ToContainTextAsync(Text(english, chinese));

    /// <returns>The bytes of what the link sends.</returns>
    public async Task<(string Name, byte[] Content)> DownloadAsync(ILocator link)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    /// <summary>Asks for the open report in a format, waits until the job has made it and takes it.</summary>
    public async Task<(string Name, byte[] Content)> TakeReportAsync(string format)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = format }).ClickAsync();
        var link = Page.GetByRole(AriaRole.Link, new() { NameRegex = new(Text("Download", "下载")) });
        await Assertions.Expect(link).ToBeVisibleAsync(new() { Timeout = 90_000 });
        return await DownloadAsync(link);
    }

    /// <summary>A person's record may hold the other language; one click in the frame changes it.</summary>
    public async Task UseOwnLanguageAsync()
    {
        var language = Text("en", "zh-Hans");
        if (await Page.Locator("html").GetAttributeAsync("lang") == language) { return; }
        await Page.GetByRole(AriaRole.Button, new() { Name = Text("English", "中文"), Exact = true }).First.ClickAsync();
        await Assertions.Expect(Page.Locator("html")).ToHaveAttributeAsync("lang", language);
    }

    /// <summary>What every page owes: no accessibility violation, nothing wider than the window, a picture of it for people to look at.</summary>
    public async Task CheckAsync(string name)
    {
        await ScreenshotAsync(name);
        await AxeCheckAsync();
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{Page.Url} is {overflow.ToString(CultureInfo.InvariantCulture)} px wider than the window ({_surroundings}).");
    }

    /// <summary>Fails with the list of all violations of WCAG 2.2 AA that axe finds on the page. What a frame shows is not the portal's and not asked.</summary>
    public async Task AxeCheckAsync()
    {
        // By hand: the package's own run loads axe twice and opens a second page for each page checked.
        await Page.EvaluateAsync(Axe);
        var violations = await Page.EvaluateAsync<string[]>("""
            tags => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], iframes: false })
                .then(result => result.violations.map(v => `${v.id}: ${v.help} at ${v.nodes.map(node => node.target.join(' ')).join(', ')}`))
            """, Wcag);
        Assert.True(violations.Length == 0, $"{Page.Url} ({_surroundings}) has {violations.Length} accessibility violations:\n{string.Join('\n', violations)}");
    }

    /// <summary>Keeps a picture of the whole page in TestResults/screenshots.</summary>
    public Task ScreenshotAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Results.Folder("screenshots"), $"{name}-{_surroundings}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled,
    });
}
