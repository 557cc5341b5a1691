using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Bench.Identity;

/// <summary>
/// The provider as programs ask it: tokens by client credentials against a bare Kestrel endpoint that signs the same token, the key set and the metadata against
/// a static answer, introspection by itself. In a house of its own, empty but for two clients and one person; npm's oidc-provider beside it on the same questions, and pages while many log in.
/// </summary>
internal static class TokenSpeed
{
    private const string Audience = "https://bench.example/api";
    private static readonly Bound s_token = new(0.25, 0.5, AtLeast: true), s_static = new(0.5, 0.8, AtLeast: true), s_introspection = new(1000, 2000, AtLeast: true), s_wait = new(100, 50), s_beside = new(1, 2, AtLeast: true), s_beside2 = new(2, 1.5);
    private const string Person = "person@bench.example", Password = "a password for the bench";

    public static async Task MeasureAsync(BenchRun run, CancellationToken ct)
    {
        var house = Path.Combine(run.Folder, "houses", "identity");
        if (Directory.Exists(house)) { Directory.Delete(house, recursive: true); }
        Directory.CreateDirectory(house);
        await PortalCommand.RunAsync(house, run.Portal, ct, "migrate");
        await PortalCommand.RunAsync(house, run.Portal, ct, "client", "api", Audience, "--scope", "bench.read=Read=读取");
        var caller = await AddAsync(house, run.Portal, ct, "client", "add", "bench", "--grant", "client_credentials", "--scope", "bench.read");
        var api = await AddAsync(house, run.Portal, ct, "client", "add", "bench-api", "--grant", "client_credentials", "--scope", "bench.read", "--introspects", Audience);

        await PortalCommand.AddPersonAsync(house, run.Portal, Person, Password, ct);

        var address = Server.FreeAddress();
        await using var bare = Server.Start(address, Environment.GetCommandLineArgs()[0], "serve-tokens", "--yardsticks", address.GetLeftPart(UriPartial.Authority));
        await bare.UntilItAnswersAsync("/hello", ct);
        await using var portal = await run.PortalAsync(house, ct);
        Uri At(string path) => new(portal.Address, "/identity" + path);
        var ask = $"grant_type=client_credentials&client_id=bench&client_secret={caller}";
        var token = await TokenAsync(At("/token"), ask, ct);

        foreach (var connections in new[] { 1, 32 })
        {
            var ours = await Wrk.RunAsync(At("/token"), connections, run.Round, post: ask);
            var theirs = await Wrk.RunAsync(new Uri(address, "/sign"), connections, run.Round, post: ask);
            run.Findings.Add($"tokens by client credentials, {connections} connections", ours.PerSecond / theirs.PerSecond, s_token, Detail(ours, theirs));
            foreach (var path in new[] { "/jwks", "/.well-known/openid-configuration" })
            {
                var open = await Wrk.RunAsync(At(path), connections, run.Round);
                var hello = await Wrk.RunAsync(new Uri(address, "/static"), connections, run.Round);
                run.Findings.Add($"{path}, {connections} connections", open.PerSecond / hello.PerSecond, s_static, Detail(open, hello));
            }
        }
        var asked = await Wrk.RunAsync(At("/introspect"), 32, run.Round, post: $"client_id=bench-api&client_secret={api}&token={token}");
        run.Findings.Add("introspections a second, 32 connections", asked.PerSecond, s_introspection, string.Create(CultureInfo.InvariantCulture, $"p50 {asked.P50:0.0} ms"));
        run.Findings.Add("p99 of an introspection in ms, 32 connections", asked.P99, s_wait, string.Create(CultureInfo.InvariantCulture, $"{asked.PerSecond:0} a second"));
        await BesideOidcProviderAsync(run, At, ask, asked, ct);
        await LogInsBesidePagesAsync(run, portal, ct);
    }

    /// <summary>The certified provider of npm on the same flows: tokens by client credentials, key set, introspection.</summary>
    private static async Task BesideOidcProviderAsync(BenchRun run, Func<string, Uri> at, string ask, Load asked, CancellationToken ct)
    {
        var address = Server.FreeAddress();
        var start = new ProcessStartInfo("node") { WorkingDirectory = Path.GetFullPath("tests/peers"), RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "speed.mjs", address.GetLeftPart(UriPartial.Authority) }) { start.ArgumentList.Add(argument); }
        using var provider = Process.Start(start)!;
        try
        {
            provider.BeginErrorReadLine();
            while (await provider.StandardOutput.ReadLineAsync(ct) is var line && line != "ready")
            {
                if (line is null) { throw new InvalidOperationException("oidc-provider did not start: run npm ci in tests/peers."); }
            }
            const string Theirs = "grant_type=client_credentials&client_id=bench&client_secret=bench-secret-that-is-long-enough&scope=bench.read";
            var token = await TokenAsync(new Uri(address, "/token"), Theirs, ct);
            var (ourTokens, theirTokens) = (await Wrk.RunAsync(at("/token"), 32, run.Round, post: ask), await Wrk.RunAsync(new Uri(address, "/token"), 32, run.Round, post: Theirs));
            run.Findings.Add("tokens by client credentials beside oidc-provider, 32 connections", ourTokens.PerSecond / theirTokens.PerSecond, s_beside, Detail(ourTokens, theirTokens));
            var (ourKeys, theirKeys) = (await Wrk.RunAsync(at("/jwks"), 32, run.Round), await Wrk.RunAsync(new Uri(address, "/jwks"), 32, run.Round));
            run.Findings.Add("/jwks beside oidc-provider, 32 connections", ourKeys.PerSecond / theirKeys.PerSecond, s_beside, Detail(ourKeys, theirKeys));
            var introspected = await Wrk.RunAsync(new Uri(address, "/token/introspection"), 32, run.Round, post: $"client_id=bench&client_secret=bench-secret-that-is-long-enough&token={token}");
            run.Findings.Add("introspections beside oidc-provider, 32 connections", asked.PerSecond / introspected.PerSecond, s_beside, Detail(asked, introspected));
        }
        finally
        {
            if (!provider.HasExited) { provider.Kill(entireProcessTree: true); }
        }
    }

    /// <summary>Three hundred log-ins in a minute, evenly, while somebody else opens a page of the portal every 20 ms; first the same without log-ins.</summary>
    private static async Task LogInsBesidePagesAsync(BenchRun run, Server portal, CancellationToken ct)
    {
        var page = new Uri(portal.Address, "/companies");
        var cookie = await Session.SignInAsync(page, Person, Password);
        var time = TimeSpan.FromSeconds(Math.Clamp(run.Round.TotalSeconds * 4, 10, 60));
        var idle = (await Paced.DriveAsync([(page, cookie)], Paced.During(time), ct))[0];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (begun, done) = (0, 0);
        var logIns = Task.Run(async () =>
        {
            using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            List<Task> running = [];
            try
            {
                while (await beat.WaitForNextTickAsync(end.Token))
                {
                    begun++;
                    running.Add(Session.SignInAsync(page, Person, Password).ContinueWith(entered => { if (entered.IsCompletedSuccessfully) { Interlocked.Increment(ref done); } }, TaskScheduler.Default));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(running);
            }
        }, ct);
        var busy = (await Paced.DriveAsync([(page, cookie)], Paced.During(time), ct))[0];
        await end.CancelAsync();
        await logIns;
        run.Findings.Add("p99 of a page during 300 log-ins a minute, against idle", busy / idle, s_beside2, string.Create(CultureInfo.InvariantCulture, $"{busy:0.0} against {idle:0.0} ms, {done} of {begun} logged in"));
    }

    /// <summary>Serves `/sign`, which reads the form and signs a token like the provider's, and a static answer of the key set's length.</summary>
    public static async Task ServeAsync(string url, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var credentials = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = "bench" }, SecurityAlgorithms.EcdsaSha256);
        var writer = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var answer = Encoding.UTF8.GetBytes(new string('x', 900));
        app.MapGet("/hello", () => "hello");
        app.MapGet("/static", (HttpResponse response) =>
        {
            response.ContentType = "application/json";
            response.ContentLength = answer.Length;
            return response.Body.WriteAsync(answer).AsTask();
        });
        app.MapPost("/sign", async (HttpRequest request) =>
        {
            await request.ReadFormAsync();
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            return Results.Json(new
            {
                access_token = writer.CreateToken(new SecurityTokenDescriptor
                {
                    SigningCredentials = credentials,
                    TokenType = "at+jwt",
                    Claims = new Dictionary<string, object>
                    {
                        ["iss"] = "http://localhost:5082/identity", ["aud"] = Audience, ["sub"] = "bench", ["client_id"] = "bench", ["scope"] = "bench.read",
                        ["jti"] = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)), ["iat"] = now, ["exp"] = now + 600,
                    },
                }),
                token_type = "Bearer", expires_in = 600, scope = "bench.read",
            });
        });
        await app.RunAsync(ct);
    }

    private static string Detail(Load ours, Load theirs) => string.Create(CultureInfo.InvariantCulture, $"{ours.PerSecond:0} against {theirs.PerSecond:0} a second, p99 {ours.P99:0.0} against {theirs.P99:0.0} ms");

    private static async Task<string> TokenAsync(Uri address, string form, CancellationToken ct)
    {
        using var client = new HttpClient();
        using var body = new StringContent(form, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        using var answer = await client.PostAsync(address, body, ct);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ct));
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    private static async Task<string> AddAsync(string house, Uri address, CancellationToken ct, params string[] command)
    {
        using var json = JsonDocument.Parse(await PortalCommand.RunAsync(house, address, ct, [.. command, "--json"]));
        return json.RootElement.GetProperty("secret").GetString()!;
    }
}
