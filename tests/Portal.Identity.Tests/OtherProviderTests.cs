using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Portal.Web.Access;
using Portal.Web.Api;

namespace Portal.Identity.Tests;

/// <summary>The whole portal, at a provider that nobody here wrote: npm's <c>oidc-provider</c>, which is certified.</summary>
public sealed class HouseAtAnotherProvider : IAsyncLifetime
{
    public const string Who = "kim@house.example", Application = "phone", ProgramId = "nightly", ProgramSecret = "a secret of the program, long enough", Companies = "portal.companies.read", Products = "portal.products.read", OtherApi = "https://orders.example/api";
    private const string Secret = "a secret of the portal, long enough";

    /// <summary>Migrated, without anybody.</summary>
    private static readonly TestTemplate s_empty = new(async (database, ct) => await (await RunningPortal.StartAsync(database)).DisposeAsync());

    private readonly string _people = Path.GetTempFileName();
    private readonly Uri _address = Peer.FreeAddress(), _issuer = Peer.FreeAddress();
    private IAsyncDisposable _provider = null!;

    public RunningPortal Portal { get; private set; } = null!;
    internal ShiftedClock Clock { get; } = new();
    public string Site => _address.GetLeftPart(UriPartial.Authority);
    public string Issuer => _issuer.GetLeftPart(UriPartial.Authority);

    /// <summary>What the portal's API calls itself.</summary>
    public string Api => Site + "/api";

    public async ValueTask InitializeAsync()
    {
        Say(false);
        var settings = BeingUsedByOthersTests.Settings(_issuer, ours: false);
        settings["people"] = _people;
        settings["portal"] = new JsonObject { ["id"] = "portal", ["secret"] = Secret, ["redirect"] = Site + PortalSignIn.CallbackPath, ["bye"] = Site + PortalSignIn.SignedOutPath, ["logout"] = Site + BackchannelLogout.Path };
        settings["api"] = new JsonObject { ["scopes"] = new JsonObject { [Api] = $"{Companies} {Products}", [OtherApi] = Companies }, ["application"] = Application, ["program"] = new JsonObject { ["id"] = ProgramId, ["secret"] = ProgramSecret } };
        _provider = await Peer.ProviderAsync(settings);
        Portal = await RunningPortal.StartAsync(from: s_empty, adapt: builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Portal:PublicUrl"] = Site, ["Identity:Authority"] = Issuer, ["Identity:ClientSecret"] = Secret, ["Identity:Scopes"] = "email",
                ["Identity:Roles:Create"] = "true", ["Identity:Roles:Functions:selling"] = Functions.Sales, ["Identity:Roles:Functions:running"] = Functions.Administrator,
            });
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.WebHost.UseKestrel().UseUrls(_address.OriginalString);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await _provider.DisposeAsync();
        File.Delete(_people);
    }

    /// <summary>What the provider knows of everybody from now on.</summary>
    public void Say(bool gone, params string[] roles) => File.WriteAllText(_people, new JsonObject { ["gone"] = gone, ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) }.ToJsonString());

    public HttpClient Browser() => SignIn.Browser(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, _address);

    public bool IsAt(HttpResponseMessage answer, string path) => answer.RequestMessage!.RequestUri is { } here && here.Port == _address.Port && here.AbsolutePath == path && answer.Headers.Location is null;

    public Task<HttpResponseMessage> EnterAsync(HttpClient browser) => Peer.ReachAsync(browser, "/companies", Who, answer => IsAt(answer, "/companies"));

    /// <summary>What the provider gives the application for the person of this browser.</summary>
    /// <param name="api">The resource indicator; null asks for no API's token.</param>
    internal async Task<Reply> TokensAsync(HttpClient browser, string scope, string? api)
    {
        var flow = new Flow(("client_id", Application), ("scope", scope), ("resource", api));
        var asked = Issuer + "/auth" + flow.Url[flow.Url.IndexOf('?', StringComparison.Ordinal)..];
        var answer = await Peer.ReachAsync(browser, asked, Who, response => response.Headers.Location is { IsAbsoluteUri: true } to && to.OriginalString.StartsWith(ProviderHost.Callback, StringComparison.Ordinal));
        using var program = new HttpClient();
        return await Reply.PostAsync(program, flow.Redemption(Answer.Of(answer)["code"]!, ("resource", api)), Issuer + "/token");
    }

    /// <summary>What it gives a program by itself.</summary>
    internal async Task<Reply> TokensAsync(string scope)
    {
        using var program = new HttpClient();
        return await Reply.PostAsync(program, [new("grant_type", "client_credentials"), new("client_id", ProgramId), new("client_secret", ProgramSecret), new("scope", scope), new("resource", Api)], Issuer + "/token");
    }

    /// <summary>Goes on as the machine's does, which the provider lives by, but may be set ahead.</summary>
    internal sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}

/// <summary>The portal as a client of the certified provider.</summary>
public sealed class UsingAnotherProviderTests(HouseAtAnotherProvider house) : IClassFixture<HouseAtAnotherProvider>
{
    private const string Who = HouseAtAnotherProvider.Who;

    [Fact, Trait("oidc", "71"), Trait("asvs", "V7.6.1 V10.3.3")]
    public async Task Log_in_renewal_roles_and_log_out_work_with_the_certified_provider()
    {
        house.Say(false, "selling", "whatever");
        using var browser = house.Browser();
        Task<HttpResponseMessage> EnterAsync() => house.EnterAsync(browser);
        async Task<HttpStatusCode> OpenAsync(string path) => (await browser.GetAsync(path)).StatusCode;

        // In: a person with the functions of the roles, known by issuer and subject.
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync()).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, await OpenAsync("/access/people"));
        await using (var db = house.Portal.System())
        {
            var person = await db.People.Include(p => p.Functions).SingleAsync(p => p.Subject == Who);
            Assert.Equal((house.Issuer, Who, Who), (person.Issuer, person.Subject, person.Email));
            Assert.Equal([Functions.Sales], person.Functions.Select(f => f.Function));
        }

        // Renewal: what the provider says by then holds, and nobody had to log in again.
        house.Say(false, "running");
        Assert.NotEqual(HttpStatusCode.OK, await OpenAsync("/access/people"));
        house.Clock.Ahead = TimeSpan.FromMinutes(50);
        Assert.Equal(HttpStatusCode.OK, await OpenAsync("/access/people"));
        house.Clock.Ahead = TimeSpan.Zero;

        // The provider's own log-out reaches the portal behind the browser.
        await Peer.ReachAsync(browser, house.Issuer + "/session/end", Who, answer => answer.RequestMessage!.RequestUri!.AbsolutePath.EndsWith("/success", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.SeeOther, await OpenAsync("/companies"));

        // The portal's log-out reaches the provider: the next way in asks for the password.
        await EnterAsync();
        Assert.Equal(HttpStatusCode.OK, (await Peer.ReachAsync(browser, PortalSignIn.SignOutPath, Who, answer => house.IsAt(answer, PortalSignIn.SignedOutPath))).StatusCode);
        var asked = await Peer.ReachAsync(browser, "/companies", Who, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.NotNull((await SignIn.ReadAsync(asked)).QuerySelector("input[name=login]"));

        // Whoever is gone at the provider is out at the next renewal.
        await EnterAsync();
        house.Say(true);
        Assert.Equal(HttpStatusCode.OK, await OpenAsync("/companies"));
        house.Clock.Ahead = TimeSpan.FromMinutes(50);
        Assert.Equal(HttpStatusCode.SeeOther, await OpenAsync("/companies"));
        house.Clock.Ahead = TimeSpan.Zero;
    }

    [Fact, Trait("oidc", "50"), Trait("asvs", "V9.2.2 V9.2.3 V10.3.1 V10.3.2 V10.3.3")]
    public async Task The_api_takes_the_certified_providers_tokens_that_are_for_it_with_their_scopes_and_no_others()
    {
        house.Say(false, "selling");
        using var browser = house.Browser();
        await house.EnterAsync(browser);
        using var program = new HttpClient();
        async Task<(HttpStatusCode Status, string? Code)> CallAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, house.Api + "/v1/companies");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            var answer = await Reply.OfAsync(await program.SendAsync(request));
            return (answer.Status, answer["code"]);
        }
        (HttpStatusCode, string?) refused = (HttpStatusCode.Unauthorized, "api.token-invalid");

        var right = await house.TokensAsync(browser, $"openid {HouseAtAnotherProvider.Companies}", house.Api);
        Assert.Equal(("at+jwt", house.Api), (Jwt.Header(right["access_token"]!).GetProperty("typ").GetString(), Jwt.Payload(right["access_token"]!).GetProperty("aud").GetString()));
        Assert.Equal((HttpStatusCode.OK, null), await CallAsync(right["access_token"]));
        Assert.Equal(refused, await CallAsync(right["id_token"]));
        Assert.Equal(refused, await CallAsync(Jwt.Alter(right["access_token"]!, "scope", "portal.companies.read portal.demand.write")));
        Assert.Equal((HttpStatusCode.Forbidden, "api.scope-missing"), await CallAsync((await house.TokensAsync(browser, $"openid {HouseAtAnotherProvider.Products}", house.Api))["access_token"]));
        Assert.Equal(refused, await CallAsync((await house.TokensAsync(browser, $"openid {HouseAtAnotherProvider.Companies}", HouseAtAnotherProvider.OtherApi))["access_token"]));
        Assert.Equal(refused, await CallAsync((await house.TokensAsync(browser, "openid", null))["access_token"]));

        // A program by itself has the rights of its person record, and none before it has one.
        var own = (await house.TokensAsync(HouseAtAnotherProvider.Companies))["access_token"];
        Assert.Equal((HttpStatusCode.Forbidden, "api.program-without-person"), await CallAsync(own));
        await using (var db = house.Portal.System())
        {
            var added = await AddPerson.AddAsync(db, new NewPerson("nightly@house.example", [Functions.Sales], null, "Nightly", "en"), default);
            await db.SaveChangesAsync();
            Assert.Null(await new ActForClient(db).ExecuteAsync(house.Portal.Services.GetRequiredService<ApiAddresses>().IssuerOfPrograms, HouseAtAnotherProvider.ProgramId, added.Value.Id, default));
        }
        Assert.Equal((HttpStatusCode.OK, null), await CallAsync(own));

        // Whoever is set inactive in the portal is out with the next call, whatever the provider says.
        await using (var db = house.Portal.System())
        {
            (await db.People.SingleAsync(p => p.Subject == Who)).Active = false;
            await db.SaveChangesAsync();
            Assert.Equal((HttpStatusCode.Forbidden, "api.no-person"), await CallAsync(right["access_token"]));
            (await db.People.SingleAsync(p => p.Subject == Who)).Active = true;
            await db.SaveChangesAsync();
        }
        Assert.Equal((HttpStatusCode.OK, null), await CallAsync(right["access_token"]));
    }
}

/// <summary>Whose person somebody new is, by what the other provider says.</summary>
public sealed class TakingSomebodyInByRolesTests
{
    private const string Issuer = "https://login.elsewhere.example";

    [Theory, OnEachEngine, Trait("asvs", "V10.5.2")]
    public async Task The_code_in_the_company_claim_decides_for_which_company_somebody_new_works(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        await using (var db = test.System())
        {
            db.Add(new Company { Id = db.Ids.Next(), Code = "DUNE", Name = "Dune", IsChannelPartner = true });
            db.Add(new Company { Id = db.Ids.Next(), Code = "OLD", Name = "Old", IsChannelPartner = true, Status = CompanyStatus.Closed });
            db.Add(new Company { Id = db.Ids.Next(), Code = "BUYER", Name = "Buyer", IsCustomer = true });
            await db.SaveChangesAsync();
        }
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Identity:Roles:Create"] = "true", ["Identity:Roles:CompanyClaim"] = "org.code", ["Identity:Roles:Functions:reselling"] = Functions.ResellerPerson, ["Identity:Roles:Functions:supplying"] = Functions.SupplierPerson,
            ["Identity:Roles:Functions:selling"] = Functions.Sales,
        }).Build();
        var mapping = new RoleMapping(settings, test.Portal, Microsoft.Extensions.Logging.Abstractions.NullLogger<RoleMapping>.Instance);
        async Task<Person?> EnterAsync(string subject, string role, string? company, string? email = null, bool verified = true)
        {
            var said = new JsonObject { ["roles"] = new JsonArray(role), ["email"] = email ?? $"{subject}@people.example", ["email_verified"] = verified, ["org"] = new JsonObject { ["code"] = company } };
            await mapping.ApplyAsync(Issuer, subject, [System.Text.Json.JsonSerializer.SerializeToElement(said)], default);
            await using var db = test.System();
            return await db.People.Include(p => p.Functions).SingleOrDefaultAsync(p => p.Issuer == Issuer && p.Subject == subject);
        }
        await using var all = test.System();
        var dune = await all.Companies.Where(c => c.Code == "DUNE").Select(c => c.Id).SingleAsync();

        Assert.True(await EnterAsync("nina", "reselling", "dune") is { Functions: [{ Function: Functions.ResellerPerson }], CompanyId: { } company } && company == dune);
        Assert.True(await EnterAsync("otto", "selling", null) is { IsStaff: true, Functions: [{ Function: Functions.Sales }] });
        // A function of the other side or of another kind of partner, a company that is not there, closed, or no partner: nobody.
        foreach (var (role, code) in new[] { ("selling", "DUNE"), ("reselling", null), ("supplying", "DUNE"), ("reselling", "NOBODY"), ("reselling", "OLD"), ("reselling", "BUYER") })
        {
            Assert.Null(await EnterAsync("mallory", role, code));
        }
        Assert.Null(await EnterAsync("mallory", "reselling", "DUNE", verified: false));
        // An address that somebody has is never taken over, and who moves does not take the record along.
        Assert.Null(await EnterAsync("mallory", "reselling", "DUNE", email: "Nina@people.example"));
        Assert.Equal(dune, (await EnterAsync("nina", "reselling", null))!.CompanyId);
        // Whoever loses every role loses every function.
        Assert.Empty((await EnterAsync("nina", "whatever", "DUNE"))!.Functions);
    }
}

/// <summary>A claim is read wherever the usual providers put it.</summary>
public sealed class ReadingRolesTests
{
    [Theory]
    [InlineData("""{"roles":["a","b"]}""", "roles", "a b")]
    [InlineData("""{"roles":"a"}""", "roles", "a")]
    [InlineData("""{"realm_access":{"roles":["a"]}}""", "realm_access.roles", "a")]
    [InlineData("""{"https://house.example/roles":["a"]}""", "https://house.example/roles", "a")]
    [InlineData("""{"roles":[1,{"x":"a"},null,"b"]}""", "roles", "b")]
    [InlineData("""{"roles":{"a":true}}""", "roles", "")]
    [InlineData("""{"realm_access":"roles"}""", "realm_access.roles", "")]
    [InlineData("""[]""", "roles", "")]
    public void Texts_alone_count(string claims, string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', RoleMapping.Values(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(claims), name)));
}
