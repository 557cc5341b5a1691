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

namespace Portal.Identity.Tests;

/// <summary>The whole portal as a client of a provider that nobody here wrote: npm's <c>oidc-provider</c>, which is certified.</summary>
public sealed class UsingAnotherProviderTests
{
    private const string Who = "kim@house.example";
    private const string Secret = "a secret of the portal, long enough";

    /// <summary>Migrated, without anybody.</summary>
    private static readonly TestTemplate s_empty = new(async (database, ct) => await (await RunningPortal.StartAsync(database)).DisposeAsync());

    private static Task<RunningPortal> PortalAsync(Uri address, Uri issuer, ShiftedClock clock, bool create = true) => RunningPortal.StartAsync(from: s_empty, adapt: builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:PublicUrl"] = address.GetLeftPart(UriPartial.Authority), ["Identity:Authority"] = issuer.GetLeftPart(UriPartial.Authority), ["Identity:ClientSecret"] = Secret, ["Identity:Scopes"] = "email",
            ["Identity:Roles:Create"] = create.ToString(), ["Identity:Roles:Functions:selling"] = Functions.Sales, ["Identity:Roles:Functions:running"] = Functions.Administrator,
        });
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.WebHost.UseKestrel().UseUrls(address.OriginalString);
    });

    /// <summary>Goes on as the machine's does, which the provider lives by, but may be set ahead.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan _ahead;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

        public void Advance(TimeSpan by) => _ahead += by;
    }

    private static HttpClient Browser(Uri address) => SignIn.Browser(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, address);

    [Fact, Trait("oidc", "71")]
    public async Task Log_in_renewal_roles_and_log_out_work_with_the_certified_provider()
    {
        var (issuer, address, clock) = (Peer.FreeAddress(), Peer.FreeAddress(), new ShiftedClock());
        var site = address.GetLeftPart(UriPartial.Authority);
        var people = Path.GetTempFileName();
        void Say(bool gone, params string[] roles) => File.WriteAllText(people, new JsonObject { ["gone"] = gone, ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) }.ToJsonString());
        Say(false, "selling", "whatever");
        var settings = BeingUsedByOthersTests.Settings(issuer, ours: false);
        settings["people"] = people;
        settings["portal"] = new JsonObject { ["id"] = "portal", ["secret"] = Secret, ["redirect"] = site + PortalSignIn.CallbackPath, ["bye"] = site + PortalSignIn.SignedOutPath, ["logout"] = site + BackchannelLogout.Path };
        await using var provider = await Peer.ProviderAsync(settings);
        await using var portal = await PortalAsync(address, issuer, clock);
        using var browser = Browser(address);
        bool At(HttpResponseMessage answer, string path) => answer.RequestMessage!.RequestUri is { } here && here.Port == address.Port && here.AbsolutePath == path && answer.Headers.Location is null;
        Task<HttpResponseMessage> EnterAsync() => Peer.ReachAsync(browser, "/companies", Who, answer => At(answer, "/companies"));
        async Task<HttpStatusCode> OpenAsync(string path) => (await browser.GetAsync(path)).StatusCode;

        // In: a person with the functions of the roles, known by issuer and subject.
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync()).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, await OpenAsync("/access/people"));
        await using (var db = portal.System())
        {
            var person = await db.People.Include(p => p.Functions).SingleAsync();
            Assert.Equal((issuer.GetLeftPart(UriPartial.Authority), Who, Who), (person.Issuer, person.Subject, person.Email));
            Assert.Equal([Functions.Sales], person.Functions.Select(f => f.Function));
        }

        // Renewal: what the provider says by then holds, and nobody had to log in again.
        Say(false, "running");
        Assert.NotEqual(HttpStatusCode.OK, await OpenAsync("/access/people"));
        clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.OK, await OpenAsync("/access/people"));
        clock.Advance(TimeSpan.FromMinutes(-50));

        // The provider's own log-out reaches the portal behind the browser.
        await Peer.ReachAsync(browser, issuer.GetLeftPart(UriPartial.Authority) + "/session/end", Who, answer => answer.RequestMessage!.RequestUri!.AbsolutePath.EndsWith("/success", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.SeeOther, await OpenAsync("/companies"));

        // The portal's log-out reaches the provider: the next way in asks for the password.
        await EnterAsync();
        Assert.Equal(HttpStatusCode.OK, (await Peer.ReachAsync(browser, PortalSignIn.SignOutPath, Who, answer => At(answer, PortalSignIn.SignedOutPath))).StatusCode);
        var asked = await Peer.ReachAsync(browser, "/companies", Who, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.NotNull((await SignIn.ReadAsync(asked)).QuerySelector("input[name=login]"));

        // Whoever is gone at the provider is out at the next renewal.
        await EnterAsync();
        Say(true);
        Assert.Equal(HttpStatusCode.OK, await OpenAsync("/companies"));
        clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.SeeOther, await OpenAsync("/companies"));
        File.Delete(people);
    }
}

/// <summary>Whose person somebody new is, by what the other provider says.</summary>
public sealed class TakingSomebodyInByRolesTests
{
    private const string Issuer = "https://login.elsewhere.example";

    [Theory, OnEachEngine]
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
