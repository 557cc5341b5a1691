using Xunit;
using Xunit.Sdk;

namespace Portal.E2E.Harness;

/// <summary>The checks that every journey leans on, each seen to fail.</summary>
public sealed class HarnessTests(Chromium browser)
{
    private const string Sound = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1><p>Words.</p></main>";

    [Fact]
    public Task A_sound_page_passes() => OnAsync(Sound, visit => visit.CheckAsync("harness"));

    [Fact]
    public async Task A_picture_without_words_is_named()
    {
        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => OnAsync(Sound + "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", visit => visit.AxeCheckAsync()));
        Assert.Contains("image-alt", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_page_wider_than_the_window_fails() =>
        Assert.ThrowsAnyAsync<XunitException>(() => OnAsync(Sound + "<p style='width:5000px'>Wide</p>", visit => visit.CheckAsync("harness")));

    [Fact]
    public Task A_console_error_fails_the_journey() =>
        Assert.ThrowsAnyAsync<XunitException>(() => OnAsync(Sound, visit => visit.Page.EvaluateAsync("console.error('broken')")));

    [Fact]
    public Task An_expected_console_error_does_not() => OnAsync(Sound, visit =>
    {
        visit.Expect("broken");
        return visit.Page.EvaluateAsync("console.error('broken on purpose')");
    });

    [Fact]
    public Task A_broken_content_security_policy_fails_the_journey() =>
        Assert.ThrowsAnyAsync<XunitException>(() => OnAsync("<!doctype html><html lang=en><meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><title>A</title><h1>A</h1><img alt=a src='/a.png'>", _ => Task.CompletedTask));

    private Task OnAsync(string html, Func<Visit, Task> journey) => browser.VisitAsync(Surroundings.Laptop, () => Task.FromResult(new Uri("http://localhost/")), async visit =>
    {
        await visit.Page.RouteAsync("**", route => route.FulfillAsync(new() { Body = html, ContentType = "text/html; charset=utf-8" }));
        await visit.Page.GotoAsync("/");
        await journey(visit);
    });
}
