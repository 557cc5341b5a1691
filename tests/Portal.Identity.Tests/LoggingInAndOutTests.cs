namespace Portal.Identity.Tests;

public sealed class LoggingInAndOutTests
{
    [Fact]
    public async Task A_person_logs_in_to_the_portal_and_out_again()
    {
        await using var host = await ProviderHost.StartAsync(inPortal: true);
        var browser = host.Browser();

        Assert.Equal("/orders", await browser.SignInAsync(Folk.Ada, Folk.Password, "/orders"));
        Assert.Equal("orders", await browser.GetStringAsync("/orders"));
        var end = await browser.SignOutAsync();
        Assert.Equal("/signed-out", end.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/orders")).StatusCode);
    }
}
