using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Identity.Clients;
using Portal.Identity.Host;
using Portal.Testing.Structure;

namespace Portal.Identity.Tests;

/// <summary>The provider alone, as a company runs it: its own database, its commands, its certificate, its pages and their looks.</summary>
public sealed class RunningAloneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-alone-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string[] Settings(params string[] more) => ["--environment=Production", $"--Portal:DataFolder={_folder}", .. more];

    /// <summary>Runs a command in a process of its own, as at a console.</summary>
    private async Task<(int Code, string Output, string Errors)> RunAsync(string? input, params string[] command)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { typeof(IdentityHost).Assembly.Location }.Concat(command).Concat(Settings())) { start.ArgumentList.Add(argument); }
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input is not null) { await process.StandardInput.WriteLineAsync(input); }
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    [Fact, Trait("oidc", "1")]
    public async Task A_new_house_is_set_up_by_commands_and_logs_somebody_in_over_https()
    {
        Assert.Equal(1, (await RunAsync(null, "client", "list")).Code);
        Assert.Contains("migrations applied", (await RunAsync(null, "migrate")).Output, StringComparison.Ordinal);
        var tooShort = await RunAsync("twelve chars", "account", "add", Folk.Ada, "--password-stdin");
        Assert.Equal((1, $"{Folk.Ada}: Your password must have at least 15 characters."), (tooShort.Code, tooShort.Output.Trim()));
        Assert.Equal(0, (await RunAsync("twelve chars", "account", "add", Folk.Bo, "--password-stdin", "--Identity:ShortestPassword=12")).Code);
        var added = await RunAsync(Folk.Password, "account", "add", Folk.Ada, "--password-stdin", "--json");
        Assert.True(added.Code == 0, added.Errors);
        var subject = JsonDocument.Parse(added.Output).RootElement.GetProperty("subject").GetString();
        Assert.Equal(0, (await RunAsync(null, "client", "add", "app", "--kind", "public", "--redirect", ProviderHost.Callback)).Code);
        Assert.Equal(2, (await RunAsync(null, "client", "ad")).Code);

        var address = new Uri($"https://localhost:{FreePort()}");
        await using var app = IdentityHost.Build(Settings($"--Urls={address.OriginalString}"), builder => builder.Logging.ClearProviders());
        await app.StartAsync(TestContext.Current.CancellationToken);
        var pin = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(_folder, "development.pfx"), null).Thumbprint;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => (shown as X509Certificate2)?.Thumbprint == pin;
        using var browser = SignIn.Browser(handler, address);

        var metadata = await Reply.OfAsync(await browser.GetAsync("/.well-known/openid-configuration"));
        Assert.Equal(address.OriginalString, metadata["issuer"]);
        var flow = new Flow();
        var form = await browser.FollowAsync(await browser.GetAsync(flow.Url.Replace("/identity/", "/", StringComparison.Ordinal)));
        var page = await SignIn.ReadAsync(form);
        foreach (var sheet in page.QuerySelectorAll("link[rel=stylesheet]"))
        {
            var looks = await browser.GetAsync(sheet.GetAttribute("href"));
            Assert.Equal((HttpStatusCode.OK, "text/css"), (looks.StatusCode, looks.Content.Headers.ContentType!.MediaType));
        }
        var answer = Answer.Of(await browser.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password)));
        var tokens = await Reply.PostAsync(browser, flow.Redemption(answer["code"]!), "/token");
        Assert.Equal(subject, Jwt.Payload(tokens["id_token"]!).GetProperty("sub").GetString());
        Assert.Equal(HttpStatusCode.OK, (await browser.FollowAsync(await browser.GetAsync("/"))).StatusCode);
    }

    [Fact]
    public async Task Https_for_others_needs_a_certificate_and_the_refusal_says_how()
    {
        var refused = await RunAsync(null, "--Urls=https://0.0.0.0:7199");
        Assert.Equal(1, refused.Code);
        Assert.Contains("Kestrel:Certificates:Default:Path", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsafe_issuer_or_a_wrong_engine_stops_the_start_in_words()
    {
        var plain = await RunAsync(null, "migrate", "--Identity:Issuer=http://login.example");
        Assert.Equal(1, plain.Code);
        Assert.Contains("must be https", plain.Errors, StringComparison.Ordinal);
        var engine = await RunAsync(null, "migrate", "--Database:Provider=Oracle");
        Assert.Equal(1, engine.Code);
        Assert.Contains("Choose Sqlite or PostgreSql", engine.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_the_project_runs_the_host()
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        foreach (var argument in new[] { "msbuild", "Portal.Identity/Portal.Identity.csproj", "-getProperty:RunCommand", "-getProperty:RunArguments", "-nologo" }) { start.ArgumentList.Add(argument); }
        using var process = Process.Start(start)!;
        var said = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("Properties");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("dotnet", said.GetProperty("RunCommand").GetString());
        Assert.True(File.Exists(said.GetProperty("RunArguments").GetString()!.Split('"')[1]));
    }

    [Fact, Trait("oidc", "28")]
    public async Task What_is_not_there_is_a_page_for_people_and_a_word_for_programs()
    {
        await using var host = await ProviderHost.StartAsync(inPortal: false);
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/identity/nothing");
        asked.Headers.Add("Accept", "text/html");
        asked.Headers.Add("Accept-Language", "zh");
        var page = await host.Program().SendAsync(asked);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("这里没有此页面", (await SignIn.ReadAsync(page)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("same-origin", page.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("invalid_request", (await Reply.OfAsync(await host.Program().GetAsync("/identity/nothing")))["error"]);
    }

    [Fact, Trait("oidc", "16")]
    public async Task A_database_that_is_gone_is_said_without_detail()
    {
        await using var host = await ProviderHost.StartAsync(Engines.PostgreSql, inPortal: false);
        await host.Database.DisposeAsync();
        var answer = await Reply.PostAsync(host.Program(), new Flow().Redemption("x"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Equal("server_error", answer["error"]);
        Assert.DoesNotContain("postgres", await answer.Response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        foreach (var (name, value) in new[] { ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Strict-Transport-Security", "max-age=31536000") })
        {
            Assert.Equal(value, Assert.Single(answer.Response.Headers.GetValues(name)));
        }
    }
}

/// <summary>One whole life of a session in each of the two ways to host the provider.</summary>
public sealed class BeingHostedEitherWayTests
{
    [Theory, InlineData(false), InlineData(true), Trait("oidc", "2")]
    public async Task Log_in_refresh_call_and_log_out_are_the_same(bool inPortal)
    {
        await using var host = await ProviderHost.StartAsync(inPortal: inPortal);
        var browser = host.Browser();
        var flow = new Flow(("client_id", "backend"), ("scope", "openid email offline_access orders.read"));
        Task<Reply> AsBackendAsync(string path, params (string, string?)[] form) => Reply.PostAsync(host.Program(),
            form.Append(("client_id", "backend")).Append(("client_secret", ProviderHost.ServerSecret)).Select(p => KeyValuePair.Create(p.Item1, p.Item2)), path);

        var tokens = await flow.RedeemAsync(host.Program(), await flow.CodeAsync(browser), ("client_secret", ProviderHost.ServerSecret));
        var renewed = await AsBackendAsync("/identity/token", ("grant_type", GrantTypes.Refresh), ("refresh_token", tokens["refresh_token"]));
        Assert.Equal(Folk.Ada, (await Reply.UserInfoAsync(host.Program(), renewed["access_token"]!))["email"]);
        var pushed = await AsBackendAsync("/identity/par", [.. new Flow(("client_id", "backend")).Parameters.Where(p => p.Key != "client_id").Select(p => (p.Key, p.Value))]);
        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        var seen = await Reply.PostAsync(host.Program(), [new("client_id", "orders-api"), new("client_secret", ProviderHost.ApiSecret), new("token", renewed["access_token"])], "/identity/introspect");
        Assert.Equal("True", seen["active"]);
        var bye = await browser.GetAsync($"/identity/end-session?id_token_hint={tokens["id_token"]}&post_logout_redirect_uri={Uri.EscapeDataString(ProviderHost.LoggedOut)}&state=s");
        Assert.Equal($"{ProviderHost.LoggedOut}?state=s", bye.Headers.Location!.OriginalString);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
    }
}
