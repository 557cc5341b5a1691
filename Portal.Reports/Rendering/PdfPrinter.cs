using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Domain.Common;

namespace Portal.Reports.Rendering;

/// <summary>How PDF files are made.</summary>
public sealed class PdfOptions
{
    /// <summary>The Chromium to run; empty: the environment's PORTAL_CHROMIUM, then the usual places. From version 131 on, for page numbers.</summary>
    public string Chromium { get; set; } = "";

    /// <summary>A folder with one folder per font family, each with a 400.css and a 600.css of @font-face rules and the files that these name, as Fontsource packs them. Static fonts: variable ones become outlines. Empty: the fonts of the system.</summary>
    public string FontFolder { get; set; } = "";

    /// <summary>Where the pages to print wait, readable by this account only.</summary>
    public string WorkFolder { get; set; } = Path.GetTempPath();

    /// <summary>Documents printed at once, 1 to 8; further ones wait.</summary>
    public int Concurrency { get; set; } = 2;

    /// <summary>Longest time for one document.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A longer report is refused: nobody turns its pages, and the browser holds them all in memory.</summary>
    public long MostRows { get; set; } = 20_000;

    /// <summary>Chromium's own sandbox. It cannot be had as root, and not in every container.</summary>
    public bool Sandbox { get; set; } = !Environment.IsPrivilegedProcess;
}

/// <summary>No PDF can be made here. The refusal says what to do, in the asker's language.</summary>
public sealed class PdfUnavailableException(Refusal refusal, Exception? inner = null) : Exception(refusal.Code, inner)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>
/// Prints HTML files to tagged PDF with one warm headless Chromium whose pages are used again. Scripts are off; nothing is loaded but the file
/// itself and the fonts. A browser that died is started anew with the next document.
/// </summary>
public sealed partial class PdfPrinter : IAsyncDisposable
{
    private static readonly string[] UsualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    /// <summary>Fonts are asked for when text is laid out: only after that does "ready" mean that all of them came.</summary>
    private const string FontsAreThere = "async () => { do { document.documentElement.getBoundingClientRect(); await document.fonts.ready; } while (document.fonts.status !== 'loaded'); }";

    private static readonly string[] FaceSheets = ["400.css", "600.css"];

    private readonly PdfOptions _options;
    private readonly SemaphoreSlim _turns;
    private readonly SemaphoreSlim _starting = new(1);
    private readonly ConcurrentBag<WarmPage> _pages = [];
    private readonly Lazy<string> _fontFaces;
    private readonly Uri? _fontFolder;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private sealed record WarmPage(IBrowser Browser, IBrowserContext Context, IPage Page, ICDPSession Session)
    {
        /// <summary>The only file that the page may load, besides fonts.</summary>
        public string Document { get; set; } = "";
        public int Prints { get; set; }
    }

    public PdfPrinter(PdfOptions options)
    {
        _options = options;
        _turns = new(Math.Clamp(options.Concurrency, 1, 8));
        _fontFolder = options.FontFolder.Length > 0 ? new Uri(Path.GetFullPath(options.FontFolder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar) : null;
        _fontFaces = new(ReadFontFaces);
    }

    public long MostRows => _options.MostRows;

    /// <summary>Font faces for the style sheet of a document to print.</summary>
    internal string FontFaces => _fontFaces.Value;

    /// <summary>A new empty file for a document to print; the caller deletes it.</summary>
    internal FileStream NewDocument()
    {
        Directory.CreateDirectory(_options.WorkFolder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        return new(Path.Combine(Path.GetFullPath(_options.WorkFolder), $"report-{Guid.NewGuid():N}.html"), options);
    }

    /// <param name="path">An HTML file.</param>
    /// <param name="output">Written asynchronously only, and not before the document is printed.</param>
    /// <exception cref="PdfUnavailableException">No Chromium, or one that does not start.</exception>
    public async Task PrintAsync(string path, Stream output, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(_options.Timeout);
            var page = await TakePageAsync(limit.Token);
            string handle;
            try
            {
                handle = await PrintAsync(page, path, limit.Token);
            }
            catch (PlaywrightException) when (!page.Browser.IsConnected)
            {
                await DiscardAsync(page);
                page = await TakePageAsync(limit.Token);
                handle = await PrintAsync(page, path, limit.Token);
            }
            await ReadAsync(page, handle, output, limit.Token);
            await ReturnAsync(page);
        }
        finally { _turns.Release(); }
    }

    /// <summary>As if the browser had died.</summary>
    internal Task EndBrowserAsync() => _browser?.CloseAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) { await _browser.DisposeAsync(); }
        _playwright?.Dispose();
        _turns.Dispose();
        _starting.Dispose();
    }

    private async Task<string> PrintAsync(WarmPage page, string path, CancellationToken ct)
    {
        try
        {
            page.Document = new Uri(Path.GetFullPath(path)).AbsoluteUri;
            await page.Page.GotoAsync(page.Document, new() { Timeout = (float)_options.Timeout.TotalMilliseconds }).WaitAsync(ct);
            await page.Page.EvaluateAsync(FontsAreThere).WaitAsync(ct);
            var printed = await page.Session.SendAsync("Page.printToPDF", new Dictionary<string, object>
            {
                ["printBackground"] = true,
                ["preferCSSPageSize"] = true,
                ["generateTaggedPDF"] = true,
                ["generateDocumentOutline"] = true,
                ["transferMode"] = "ReturnAsStream",
            }).WaitAsync(ct);
            return printed!.Value.GetProperty("stream").GetString()!;
        }
        catch (Exception e) when (e is not PlaywrightException || page.Browser.IsConnected)
        {
            await DiscardAsync(page);
            throw;
        }
    }

    private static async Task ReadAsync(WarmPage page, string handle, Stream output, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var part = (await page.Session.SendAsync("IO.read", new Dictionary<string, object> { ["handle"] = handle, ["size"] = 256 * 1024 }).WaitAsync(ct))!.Value;
                var data = part.GetProperty("data");
                await output.WriteAsync(part.TryGetProperty("base64Encoded", out var base64) && base64.GetBoolean() ? data.GetBytesFromBase64() : System.Text.Encoding.Latin1.GetBytes(data.GetString()!), ct);
                if (part.GetProperty("eof").GetBoolean()) { break; }
            }
            await page.Session.SendAsync("IO.close", new Dictionary<string, object> { ["handle"] = handle });
        }
        catch
        {
            await DiscardAsync(page);
            throw;
        }
    }

    private async Task<WarmPage> TakePageAsync(CancellationToken ct)
    {
        while (_pages.TryTake(out var warm))
        {
            if (warm.Browser.IsConnected && !warm.Page.IsClosed) { return warm; }
        }
        var browser = await BrowserAsync(ct);
        try
        {
            var context = await browser.NewContextAsync(new() { JavaScriptEnabled = false, Offline = true, AcceptDownloads = false, ServiceWorkers = ServiceWorkerPolicy.Block });
            var page = await context.NewPageAsync();
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            var taken = new WarmPage(browser, context, page, await context.NewCDPSessionAsync(page));
            await context.RouteAsync("**/*", route => IsAllowed(taken, route.Request.Url) ? route.ContinueAsync() : route.AbortAsync());
            return taken;
        }
        catch (PlaywrightException e) when (!browser.IsConnected) { throw Unavailable(e); }
    }

    private bool IsAllowed(WarmPage page, string url) =>
        url == page.Document || url.StartsWith("data:", StringComparison.Ordinal)
        || (_fontFolder is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri) && _fontFolder.IsBaseOf(uri) && uri.AbsolutePath.EndsWith(".woff2", StringComparison.Ordinal));

    private async Task ReturnAsync(WarmPage page)
    {
        // A page that has printed much holds memory that only closing gives back.
        if (++page.Prints >= 200) { await DiscardAsync(page); return; }
        _pages.Add(page);
    }

    private static async Task DiscardAsync(WarmPage page)
    {
        try { await page.Context.CloseAsync(); }
        catch (PlaywrightException) when (!page.Browser.IsConnected) { return; }
    }

    private async Task<IBrowser> BrowserAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (_browser is { IsConnected: true }) { return _browser; }
            var path = FindChromium();
            _playwright ??= await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = path,
                ChromiumSandbox = _options.Sandbox,
                Args = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update", "--no-pings", "--disable-gpu", "--font-render-hinting=none"],
            });
            return _browser;
        }
        catch (PlaywrightException e) { throw Unavailable(e); }
        finally { _starting.Release(); }
    }

    private string FindChromium()
    {
        string[] told = [_options.Chromium, Environment.GetEnvironmentVariable("PORTAL_CHROMIUM") ?? ""];
        if (told.FirstOrDefault(p => p.Length > 0) is { } path)
        {
            return File.Exists(path) ? path : throw new PdfUnavailableException(new("report.chromium-not-at", RefusalKind.Invalid, "", path));
        }
        return UsualPlaces.FirstOrDefault(File.Exists) ?? throw new PdfUnavailableException(new("report.chromium-missing"));
    }

    private static PdfUnavailableException Unavailable(PlaywrightException e) => new(new("report.chromium-fails"), e);

    private string ReadFontFaces()
    {
        if (_fontFolder is null || !Directory.Exists(_fontFolder.LocalPath)) { return ""; }
        var faces = new System.Text.StringBuilder();
        foreach (var family in Directory.EnumerateDirectories(_fontFolder.LocalPath).Order(StringComparer.Ordinal))
        {
            foreach (var sheet in FaceSheets.Select(name => Path.Combine(family, name)).Where(File.Exists))
            {
                var folder = new Uri(family + "/");
                var css = Compact().Replace(File.ReadAllText(sheet), "");
                // Paper does not swap: what is printed before the font came stays so.
                faces.Append(RelativeUrl().Replace(css, m => $"url({new Uri(folder, m.Groups["path"].Value).AbsoluteUri})").Replace("font-display: swap", "font-display: block", StringComparison.Ordinal));
            }
        }
        return faces.ToString();
    }

    [GeneratedRegex("""url\(["']?(?<path>(?!data:|[a-z]+:)[^"')]+)["']?\)""")]
    private static partial Regex RelativeUrl();

    /// <summary>Comments, and the second source of each face in an older format.</summary>
    [GeneratedRegex(@"/\*.*?\*/\s*|,\s*url\([^)]*\.woff\) format\('woff'\)", RegexOptions.Singleline)]
    private static partial Regex Compact();
}
