using Microsoft.Playwright;

namespace Portal.Bench.Pdf;

/// <summary>The yardstick for PDF: one Chromium, one page that is used again, nothing shut out and nothing made sure of.</summary>
internal sealed class WarmChromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private WarmChromium(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, _page) = (playwright, browser, page);

    public static async Task<WarmChromium> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PORTAL_CHROMIUM") ?? "/usr/bin/chromium",
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
        });
        var context = await browser.NewContextAsync(new() { JavaScriptEnabled = false });
        return new(playwright, browser, await context.NewPageAsync());
    }

    /// <param name="path">An HTML file.</param>
    public async Task<byte[]> PrintAsync(string path)
    {
        await _page.GotoAsync(new Uri(path).AbsoluteUri);
        return await _page.PdfAsync(new() { PrintBackground = true, PreferCSSPageSize = true, Tagged = true, Outline = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
