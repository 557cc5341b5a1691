using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using Portal.Testing.Structure;

namespace Portal.Identity.Tests.Support;

/// <summary>Programs that nobody here wrote, run by Node.js from <c>tests/peers</c>.</summary>
internal static class Peer
{
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>The steps that it has taken.</returns>
    public static async Task<string[]> RunAsync(string script, JsonObject settings)
    {
        using var process = Start(script, settings);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Starts the certified provider and waits until it listens; disposing ends it.</summary>
    public static async Task<IAsyncDisposable> ProviderAsync(JsonObject settings)
    {
        var process = Start("provider.mjs", settings);
        // It warns of its development settings before.
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is var line && line != "ready")
        {
            Assert.NotNull(line);
        }
        return new Running(process);
    }

    private static Process Start(string script, JsonObject settings)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = Repository.File("tests/peers"), RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(settings.ToJsonString());
        return Process.Start(start)!;
    }

    /// <summary>Goes on through redirects and forms, whoever made them, pressing the first button of each, until a page of the given site comes that is no form of the way.</summary>
    /// <param name="until">Whether an answer is where the way ends.</param>
    public static async Task<HttpResponseMessage> ReachAsync(HttpClient browser, string url, string email, Func<HttpResponseMessage, bool> until)
    {
        var answer = await browser.GetAsync(url);
        for (var step = 0; step < 25 && !until(answer); step++)
        {
            var here = answer.RequestMessage!.RequestUri!;
            if (answer.Headers.Location is { } next) { answer = await browser.GetAsync(new Uri(here, next)); continue; }
            if (answer.Headers.TryGetValues("Refresh", out var refresh)) { answer = await browser.GetAsync(refresh.Single().Split("url=", 2)[1]); continue; }
            var page = await SignIn.ReadAsync(answer);
            var form = page.QuerySelector("form") as IHtmlFormElement ?? throw new InvalidOperationException($"{here} {(int)answer.StatusCode} has no form: {page.Body?.TextContent.Trim()}");
            var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>().Where(input => input.Name is { Length: > 0 })
                .Select(input => KeyValuePair.Create(input.Name!, input.Type == "password" ? Folk.Password : input.Name is "login" or "email" ? email : input.Value)).ToList();
            if (page.QuerySelectorAll("button[name]").OfType<IHtmlButtonElement>().FirstOrDefault() is { } button) { fields.Add(new(button.Name!, button.Value)); }
            answer = await browser.PostAsync(new Uri(here, form.GetAttribute("action") ?? ""), new FormUrlEncodedContent(fields));
        }
        return answer;
    }

    private sealed class Running(Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited) { process.Kill(entireProcessTree: true); }
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
