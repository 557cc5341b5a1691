using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Federation;

namespace Portal.Identity.Tests.Support;

/// <summary>Sends each request to the host that it names: a browser and a back channel for several hosts without sockets.</summary>
internal sealed class Town : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string host, HttpMessageHandler handler) => _hosts[host] = new HttpMessageInvoker(handler);

    public HttpClient Browser() => SignIn.Browser(this, new Uri(ProviderHost.PublicUrl));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _hosts.TryGetValue(request.RequestUri!.Host, out var host) ? host.SendAsync(request, cancellationToken) : throw new HttpRequestException(HttpRequestError.NameResolutionError);
}

/// <summary>The host's people: who belongs to which company, and who was taken in.</summary>
internal sealed class Companies : IFederatedPeople
{
    public ConcurrentDictionary<string, string> Owners { get; } = new(StringComparer.Ordinal);
    public List<FederatedNewcomer> Admitted { get; } = [];
    public bool Admits { get; set; } = true;

    public ValueTask<string?> OwnerOfAsync(string subject, CancellationToken ct) => ValueTask.FromResult(Owners.GetValueOrDefault(subject));

    public ValueTask<IReadOnlyList<string>> SubjectsOfAsync(string owner, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<string>>([.. Owners.Where(pair => pair.Value == owner).Select(pair => pair.Key)]);

    public ValueTask<bool> AdmitAsync(FederatedNewcomer person, CancellationToken ct)
    {
        Admitted.Add(person);
        if (Admits) { Owners[person.Subject] = person.Owner; }
        return ValueTask.FromResult(Admits);
    }
}

/// <summary>The host's own record of changes.</summary>
internal sealed class Trail : IFederationTrail
{
    public List<FederationChange> Changes { get; } = [];

    public ValueTask NoteAsync(FederationChange change, CancellationToken ct)
    {
        Changes.Add(change);
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// A company's provider that says whatever a test wants, properly signed. Its person needs no browser: <see cref="Answer"/> makes of the address that the portal leads
/// to the one that the provider would lead back to.
/// </summary>
internal sealed class ScriptedProvider : HttpMessageHandler
{
    public const string Host = "login.alpine.example";
    public const string Client = "portal-at-alpine";
    public const string Secret = "what alpine gave: a+b/c";
    private readonly Dictionary<string, (string Nonce, string Challenge, string Redirect)> _codes = new(StringComparer.Ordinal);

    public string Issuer { get; init; } = $"https://{Host}";
    public Func<DateTimeOffset> Now { get; set; } = TimeProvider.System.GetUtcNow;
    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public string Kid { get; set; } = "first";
    public int DocumentReads { get; private set; }
    public int TokenCalls { get; private set; }
    public Uri? Asked { get; private set; }

    /// <summary>Who logs in, as the id token says it.</summary>
    public JsonObject Person { get; set; } = new() { ["sub"] = "a-17", ["email"] = "nina@alpine.example", ["email_verified"] = true, ["name"] = "Nina Alp", ["groups"] = new JsonArray("portal", "everybody") };

    /// <summary>Changes of the document, the id token, its header and the signed token.</summary>
    public Action<JsonObject>? Document { get; set; }
    public Action<JsonObject>? Claims { get; set; }
    public Action<JsonObject>? Header { get; set; }
    public Func<string, string>? Token { get; set; }
    public JsonObject? UserInfo { get; set; }

    /// <summary>More public keys.</summary>
    public Action<JsonArray>? Keys { get; set; }

    /// <summary>Changes the letters of the answer that holds the tokens.</summary>
    public Func<string, string>? Body { get; set; }
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>The way back, after the person logged in at the provider.</summary>
    public string Answer(Uri asked, params (string Name, string? Value)[] changes)
    {
        Asked = asked;
        var query = QueryHelpers.ParseQuery(asked.Query);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["nonce"]!, query["code_challenge"]!, query["redirect_uri"]!);
        Dictionary<string, string?> answer = new() { ["code"] = code, ["state"] = query["state"], ["iss"] = Issuer };
        foreach (var (name, value) in changes) { answer[name] = value; }
        return QueryHelpers.AddQueryString(query["redirect_uri"]!, answer.Where(p => p.Value is not null));
    }

    public string Sign(JsonObject claims, string type = "JWT")
    {
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = Kid, ["typ"] = type };
        Header?.Invoke(header);
        return Jwt.Sign(header, claims, data => Key.SignData(data, HashAlgorithmName.SHA256));
    }

    /// <param name="payload">As it is to stand in the token, also where no object could hold it.</param>
    public string Sign(string payload)
    {
        var input = $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{Kid}}","typ":"JWT"}"""))}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{WebEncoders.Base64UrlEncode(Key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Publishes this key too, and signs id tokens by it.</summary>
    public void SignBy(RSA key, string algorithm = "RS256", string use = "sig")
    {
        Keys = keys => keys.Add(PublicKey(key, use));
        Token = token => Jwt.Sign(new JsonObject { ["alg"] = algorithm, ["kid"] = "rsa", ["typ"] = "JWT" }, JsonNode.Parse(Jwt.Payload(token).GetRawText())!,
            data => key.SignData(data, algorithm == "RS512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static JsonObject PublicKey(RSA key, string use)
    {
        var open = key.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["kid"] = "rsa", ["use"] = use, ["n"] = WebEncoders.Base64UrlEncode(open.Modulus!), ["e"] = WebEncoders.Base64UrlEncode(open.Exponent!) };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (request.RequestUri!.AbsolutePath)
        {
            case "/.well-known/openid-configuration":
                DocumentReads++;
                var document = new JsonObject
                {
                    ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys", ["userinfo_endpoint"] = Issuer + "/userinfo",
                    ["authorization_response_iss_parameter_supported"] = true, ["code_challenge_methods_supported"] = new JsonArray("S256"),
                };
                Document?.Invoke(document);
                return Json(document);
            case "/keys":
                var point = Key.ExportParameters(false).Q;
                var keys = new JsonArray(new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = Kid, ["use"] = "sig", ["x"] = WebEncoders.Base64UrlEncode(point.X!), ["y"] = WebEncoders.Base64UrlEncode(point.Y!) });
                Keys?.Invoke(keys);
                return Json(new JsonObject { ["keys"] = keys });
            case "/userinfo" when UserInfo is not null:
                return Json(UserInfo.DeepClone());
            case "/token":
                TokenCalls++;
                return await RedeemAsync(request, cancellationToken);
            default:
                return new(HttpStatusCode.NotFound);
        }
    }

    private async Task<HttpResponseMessage> RedeemAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var form = QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(ct));
        var known = request.Headers.Authorization?.Parameter == Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(Client)}:{Uri.EscapeDataString(Secret)}"));
        if (!known || !_codes.Remove(form["code"]!, out var asked) || form["redirect_uri"] != asked.Redirect || WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))) != asked.Challenge)
        {
            return new(HttpStatusCode.BadRequest);
        }
        var now = Now().ToUnixTimeSeconds();
        var claims = Person.DeepClone().AsObject();
        (claims["iss"], claims["aud"], claims["nonce"], claims["iat"], claims["exp"], claims["auth_time"], claims["sid"]) = (Issuer, Client, asked.Nonce, now, now + 300, now, "there-1");
        Claims?.Invoke(claims);
        var token = Sign(claims);
        var answer = new JsonObject { ["token_type"] = "Bearer", ["access_token"] = "opaque", ["id_token"] = Token?.Invoke(token) ?? token }.ToJsonString();
        return new(Status) { Content = new StringContent(Body?.Invoke(answer) ?? answer, Encoding.UTF8, "application/json") };
    }

    private static HttpResponseMessage Json(JsonNode body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
}

/// <summary>The portal's provider with one company, <c>alpine</c>, whose people may log in elsewhere.</summary>
internal sealed class FederatedHouse : IAsyncDisposable
{
    public const string Owner = "alpine";
    public static readonly FederationSettings Settings = new(
        "Alpine AG", ScriptedProvider.Client, ScriptedProvider.Secret, FederatedProvider.DefaultScope, FederatedProvider.DefaultClaim, [("portal", "reseller-person"), ("portal-admins", "partner-admin")], Admits: true, VouchesForEmails: false);

    public required ProviderHost Host { get; init; }
    public required Companies People { get; init; }
    public required Trail Trail { get; init; }
    public required ScriptedProvider Alpine { get; init; }
    public required Guid Id { get; init; }
    public required Town Town { get; init; }

    public static async Task<FederatedHouse> StartAsync(string engine = Engines.Sqlite, FederationSettings? settings = null, Action<IServiceCollection>? services = null, Action<PortalIdentityOptions>? identity = null)
    {
        var (people, trail, alpine, town) = (new Companies(), new Trail(), new ScriptedProvider(), new Town());
        town.Add(ScriptedProvider.Host, alpine);
        var host = await ProviderHost.StartAsync(engine, options => { options.FederationTransport = town; identity?.Invoke(options); }, all => { all.AddSingleton<IFederatedPeople>(people); all.AddSingleton<IFederationTrail>(trail); services?.Invoke(all); });
        alpine.Now = host.Clock.GetUtcNow;
        town.Add("portal.example", host.Handler());
        foreach (var email in new[] { Folk.Ada, Folk.Bo }) { people.Owners[(await host.SubjectAsync(email))!] = email == Folk.Ada ? Owner : "bayside"; }
        var id = await AddAsync(host, Owner, alpine.Issuer, settings ?? Settings, "alpine.example");
        return new() { Host = host, People = people, Trail = trail, Alpine = alpine, Id = id, Town = town };
    }

    /// <summary>Adds a provider with one domain and switches it on.</summary>
    public static async Task<Guid> AddAsync(ProviderHost host, string owner, string issuer, FederationSettings settings, string domain)
    {
        var (id, problems) = await ActAsync(host, registry => registry.AddAsync(owner, issuer, settings, default));
        Assert.Empty(problems);
        Assert.Empty((await ActAsync(host, registry => registry.StateDomainAsync(id!.Value, domain, "Ruth Admin", "seen in their contract", default))).Problems);
        Assert.Empty((await ActAsync(host, registry => registry.SetEnabledAsync(id!.Value, true, default))).Problems);
        return id!.Value;
    }

    public static async Task<T> ActAsync<T>(ProviderHost host, Func<FederationRegistry, Task<T>> act)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<FederationRegistry>());
    }

    public Task<T> ActAsync<T>(Func<FederationRegistry, Task<T>> act) => ActAsync(Host, act);

    public async Task<SettingResult> DoneAsync(Func<FederationRegistry, Task<SettingResult>> act)
    {
        var result = await ActAsync(act);
        Assert.Empty(result.Problems);
        return result;
    }

    public HttpClient Browser() => Town.Browser();

    /// <summary>From the application to the page that names the company's provider, and on to that provider.</summary>
    /// <returns>The address at the provider.</returns>
    public async Task<Uri> LeaveAsync(HttpClient browser, Flow? flow = null, string email = "nina@alpine.example")
    {
        var form = await browser.FollowInsideAsync(await browser.GetAsync((flow ?? new Flow()).Url));
        return await LeaveAsync(browser, await browser.SubmitAsync(form, default, ("email", email), ("home", "1")));
    }

    public static async Task<Uri> LeaveAsync(HttpClient browser, HttpResponseMessage page)
    {
        var link = (await SignIn.ReadAsync(page)).QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).First(href => href.Contains("/federation/start", StringComparison.Ordinal));
        return (await browser.GetAsync(link)).Headers.Location!;
    }

    /// <summary>The whole way there and back as the provider's person.</summary>
    public async Task<HttpResponseMessage> EnterAsync(HttpClient browser, Flow? flow = null) => await browser.GetAsync(Alpine.Answer(await LeaveAsync(browser, flow)));

    /// <summary>Whether the way led back to the application with a code.</summary>
    public static bool Entered(HttpResponseMessage response) => response.Headers.Location is { Host: "app.example" } to && to.Query.Contains("code=", StringComparison.Ordinal);

    public static async Task<string> WordsAsync(HttpResponseMessage page) => (await SignIn.ReadAsync(page)).QuerySelector("main")!.TextContent;

    public Task<int> AccountsAsync() => Host.StoreAsync(db => db.Users.CountAsync());

    public async Task<T> LifeAsync<T>(Func<AccountLife, Task<T>> act)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<AccountLife>());
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Town.Dispose();
    }
}
