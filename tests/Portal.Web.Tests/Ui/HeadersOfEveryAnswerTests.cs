using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portal.Web.Host;
using Xunit;

namespace Portal.Web.Tests.Ui;

/// <summary>The pipeline alone: no job, no provider at work and no table in the database; the headers must not depend on any.</summary>
public sealed class HeadersOfEveryAnswerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-headers").FullName;
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
    private WebApplication _portal = null!;

    public async ValueTask InitializeAsync()
    {
        _portal = PortalHost.Build(["--urls=http://127.0.0.1:0", "--environment=Production", $"--Portal:DataFolder={_folder}"],
            builder => builder.Services.RemoveAll<IHostedService>());
        await _portal.StartAsync();
        _browser.BaseAddress = new Uri(_portal.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        _browser.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory, Trait("asvs", "V3.2.1 V3.4.3 V3.4.4 V3.4.5 V3.4.8 V3.5.8")]
    [InlineData("/preferences")]
    [InlineData("/css/portal.css")]
    [InlineData("/nothing/here")]
    [InlineData("/api/nothing")]
    public async Task Nothing_goes_out_without_the_security_headers(string path)
    {
        using var answer = await _browser.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Only(answer, "Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", Only(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Only(answer, "X-Content-Type-Options"));
        Assert.Equal("same-origin", Only(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Only(answer, "Cross-Origin-Resource-Policy"));
        Assert.Equal("strict-origin-when-cross-origin", Only(answer, "Referrer-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal(path.StartsWith("/css", StringComparison.Ordinal), answer.Headers.CacheControl?.NoStore is not true);
    }

    [Fact, Trait("asvs", "V3.5.1")]
    public async Task A_form_without_its_token_is_refused()
    {
        using var form = new FormUrlEncodedContent([new("language", "zh-Hans")]);
        using var answer = await _browser.PostAsync(new Uri("/preferences?handler=Language", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<h1", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string Only(HttpResponseMessage answer, string header) => Assert.Single(answer.Headers.GetValues(header));
}
