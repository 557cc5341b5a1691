using System.Collections.Concurrent;
using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Portal.E2E.Harness;

/// <summary>One person's stay: a page in a browser profile of its own, and what to ask of every page.</summary>
public sealed class Visit
{
    private static readonly string[] Wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
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

    /// <summary>Opens the portal and logs in by the real page. Ends on the page that the portal leads to.</summary>
    public async Task SignInAsync(Person person)
    {
        await Page.GotoAsync("/");
        await Page.GetByLabel(Text("E-mail address", "电子邮箱"), new() { Exact = true }).FillAsync(person.Email);
        await Page.GetByLabel(Text("Password", "密码"), new() { Exact = true }).FillAsync(Person.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = Text("Log in", "登录"), Exact = true }).ClickAsync();
        await Page.WaitForURLAsync(url => !new Uri(url).AbsolutePath.StartsWith("/identity", StringComparison.Ordinal));
        await UseOwnLanguageAsync();
    }

    /// <summary>A person's record may hold the other language; one click in the frame changes it.</summary>
    private async Task UseOwnLanguageAsync()
    {
        var shown = await Page.Locator("html").GetAttributeAsync("lang") ?? "";
        if (shown.StartsWith(_surroundings.Chinese ? "zh" : "en", StringComparison.Ordinal)) { return; }
        await Page.GetByRole(AriaRole.Button, new() { Name = Text("English", "中文"), Exact = true }).First.ClickAsync();
        await Assertions.Expect(Page.Locator("html")).ToHaveAttributeAsync("lang", new System.Text.RegularExpressions.Regex(_surroundings.Chinese ? "^zh" : "^en"));
    }

    /// <summary>What every page owes: no accessibility violation, nothing wider than the window, a picture of it for people to look at.</summary>
    public async Task CheckAsync(string name)
    {
        await ScreenshotAsync(name);
        await AxeCheckAsync();
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{Page.Url} is {overflow.ToString(CultureInfo.InvariantCulture)} px wider than the window ({_surroundings}).");
    }

    /// <summary>Fails with the list of all violations of WCAG 2.2 AA that axe finds on the page.</summary>
    public async Task AxeCheckAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Wcag] } });
        var violations = result.Violations.Select(violation => $"{violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Select(node => node.Target))}").ToList();
        Assert.True(violations.Count == 0, $"{Page.Url} ({_surroundings}) has {violations.Count} accessibility violations:\n{string.Join('\n', violations)}");
    }

    /// <summary>Keeps a picture of the whole page in TestResults/screenshots.</summary>
    public Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Results.Folder("screenshots"), $"{name}-{_surroundings}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
}
