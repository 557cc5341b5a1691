using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Clients;
using Portal.Identity.Federation;

namespace Portal.Identity.Tests;

/// <summary>Companies' providers that are providers in earnest: two hosts of this very one, and the certified <c>oidc-provider</c>.</summary>
public sealed class LoggingInThroughRealProvidersTests
{
    private static readonly FederationSettings s_settings = FederatedHouse.Settings with { Functions = [("", "reseller-person")] };

    /// <summary>A provider of ours that belongs to a company, with the house as one of its clients.</summary>
    private static async Task<(ProviderHost Provider, Guid Id)> ConnectAsync(Town town, ProviderHost house, string name)
    {
        var host = $"login.{name}.example";
        var provider = await ProviderHost.StartAsync(identity: options => options.Issuer = $"https://{host}/identity");
        town.Add(host, provider.Handler());
        await provider.StoreAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(a => a.EmailConfirmed, true)));
        var id = await FederatedHouse.AddAsync(house, name, $"https://{host}/identity", s_settings with { Name = name, ClientId = "house", ClientSecret = null }, $"{name}.example");
        var made = await provider.ClientsAsync(clients => clients.AddAsync(new ClientRegistration
        {
            ClientId = "house", Name = "House", Kind = ClientKind.Confidential, IdTokenAlgorithm = "ES256", RedirectUris = [$"{ProviderHost.Issuer}/federation/{id:N}/callback"],
        }, default));
        Assert.Empty((await FederatedHouse.ActAsync(house, registry => registry.ChangeAsync(id, s_settings with { Name = name, ClientId = "house", ClientSecret = made.Secret }, default))).Problems);
        return (provider, id);
    }

    private static async Task<Uri> LeaveAsync(HttpClient browser, string email)
    {
        var form = await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url));
        return await FederatedHouse.LeaveAsync(browser, await browser.SubmitAsync(form, default, ("email", email), ("home", "1")));
    }

    /// <summary>Logs in at the company's provider.</summary>
    /// <returns>The way back to the house.</returns>
    private static async Task<Uri> LogInThereAsync(Town town, Uri asked, string email)
    {
        var browser = SignIn.Browser(town, new Uri(asked.GetLeftPart(UriPartial.Authority)));
        var form = await browser.GetAsync((await browser.GetAsync(asked)).Headers.Location);
        return (await browser.SubmitAsync(form, default, ("email", email), ("password", Folk.Password))).Headers.Location!;
    }

    [Fact, Trait("oidc", "75"), Trait("oidc", "87"), Trait("asvs", "V6.8.1")]
    public async Task Two_companies_providers_bring_in_their_own_people_and_neither_is_taken_for_the_other()
    {
        var (people, town) = (new Companies(), new Town());
        await using var house = await ProviderHost.StartAsync(identity: options => options.FederationTransport = town, services: all => all.AddSingleton<IFederatedPeople>(people));
        town.Add("portal.example", house.Handler());
        people.Owners[(await house.SubjectAsync(Folk.Ada))!] = "alpine";
        var (alpine, alpineId) = await ConnectAsync(town, house, "alpine");
        var (bayside, baysideId) = await ConnectAsync(town, house, "bayside");
        await using var first = alpine;
        await using var second = bayside;

        // Ada has an account in the house: her company's word leads to its password, and only then in.
        var browser = town.Browser();
        var proof = await browser.GetAsync(await LogInThereAsync(town, await LeaveAsync(browser, Folk.Ada), Folk.Ada));
        Assert.StartsWith("/identity/log-in?request=", proof.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.True(FederatedHouse.Entered(await browser.SubmitAsync(await browser.GetAsync(proof.Headers.Location), default, ("email", Folk.Ada), ("password", Folk.Password))));
        var again = town.Browser();
        Assert.True(FederatedHouse.Entered(await again.GetAsync(await LogInThereAsync(town, await LeaveAsync(again, Folk.Ada), Folk.Ada))));

        // Bayside's provider knows an Ada too, and calls her address verified. She is nobody of its company.
        var other = town.Browser();
        var foreign = await LogInThereAsync(town, await LeaveAsync(other, Folk.Bo), Folk.Ada);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.GetAsync(foreign)).StatusCode);

        // Mix-up: the browser believes that it asked one, and brings the other's answer.
        foreach (var named in new[] { "alpine", "bayside" })
        {
            var victim = town.Browser();
            var code = System.Web.HttpUtility.ParseQueryString((await LogInThereAsync(town, await LeaveAsync(victim, Folk.Ada), Folk.Ada)).Query)["code"];
            var state = System.Web.HttpUtility.ParseQueryString((await LeaveAsync(victim, Folk.Bo)).Query)["state"];
            var mixed = $"/identity/federation/{baysideId:N}/callback?code={code}&state={state}&iss={Uri.EscapeDataString($"https://login.{named}.example/identity")}";
            Assert.Equal(HttpStatusCode.BadRequest, (await victim.GetAsync(mixed)).StatusCode);
            Assert.Equal("login_required", Answer.Of(await victim.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        }
        Assert.Equal(1, await house.StoreAsync(db => db.FederatedLinks.CountAsync(l => l.ProviderId == alpineId)));
        Assert.Equal(0, await house.StoreAsync(db => db.FederatedLinks.CountAsync(l => l.ProviderId == baysideId)));
    }

    [Fact, Trait("oidc", "87")]
    public async Task The_certified_provider_logs_somebody_new_in_over_a_real_socket()
    {
        var (people, town, issuer) = (new Companies(), new Town(), Peer.FreeAddress());
        await using var house = await ProviderHost.StartAsync(
            identity: options => options.FederationAllowsPrivateAddresses = true, services: all => { all.AddSingleton<IFederatedPeople>(people); all.AddSingleton(TimeProvider.System); });
        town.Add("portal.example", house.Handler());
        town.Add("localhost", new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var id = await FederatedHouse.AddAsync(house, "alpine", issuer.GetLeftPart(UriPartial.Authority), s_settings with { ClientId = "backend", ClientSecret = BeingUsedByOthersTests.PeerSecret }, "alpine.example");
        var settings = BeingUsedByOthersTests.Settings(issuer, ours: false);
        (settings["issuer"], settings["redirect"]) = (issuer.GetLeftPart(UriPartial.Authority), $"{ProviderHost.Issuer}/federation/{id:N}/callback");
        await using var provider = await Peer.ProviderAsync(settings);
        var browser = town.Browser();
        var asked = await LeaveAsync(browser, "nina@alpine.example");
        var back = await Peer.ReachAsync(SignIn.Browser(town, issuer), asked.OriginalString, "nina@alpine.example", answer => answer.Headers.Location is { IsAbsoluteUri: true, Host: "portal.example" });
        Assert.True(FederatedHouse.Entered(await browser.GetAsync(back.Headers.Location)));
        Assert.Equal("nina@alpine.example", people.Admitted.Single().Email);
    }
}
