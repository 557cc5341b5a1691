using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Identity.Clients;
using Portal.Identity.Credentials;
using Portal.Identity.Federation;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tests;

/// <summary>A company's provider is kept: its domains, its settings, the only way in, and who is told.</summary>
public sealed class KeepingACompanysProviderTests
{
    [Fact, Trait("oidc", "87"), Trait("oidc", "82")]
    public async Task Forced_a_password_opens_nothing_for_the_companys_people_and_the_words_tell_no_account()
    {
        await using var house = await FederatedHouse.StartAsync();
        Assert.Equal("federation.untried", (await house.ActAsync(registry => registry.SetForcedAsync(house.Id, true, default))).Problems.Single().Code);
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, true, default));

        async Task<string> TryAsync(string email, string password)
        {
            var browser = house.Browser();
            var answer = await browser.SubmitAsync(await browser.FollowInsideAsync(await browser.GetAsync(new Flow(("ui_locales", "en")).Url)), default, ("email", email), ("password", password));
            return $"{(int)answer.StatusCode} {(await SignIn.ReadAsync(answer)).QuerySelector("[role=alert]")?.TextContent}";
        }
        var right = await TryAsync(Folk.Ada, Folk.Password);
        Assert.StartsWith("422", right, StringComparison.Ordinal);
        Assert.Contains("company’s own provider", right, StringComparison.Ordinal);
        Assert.Equal(right, await TryAsync(Folk.Ada, "wrong wrong wrong"));
        Assert.Equal(right, await TryAsync("nobody@alpine.example", Folk.Password));
        Assert.StartsWith("303", await TryAsync(Folk.Bo, Folk.Password), StringComparison.Ordinal);

        // Forced or not, the password still proves that the account is hers.
        house.Alpine.Person = new() { ["sub"] = "a-1", ["email"] = Folk.Ada, ["email_verified"] = true, ["groups"] = "portal" };
        var linking = house.Browser();
        var form = await linking.GetAsync((await house.EnterAsync(linking)).Headers.Location);
        Assert.True(FederatedHouse.Entered(await linking.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password))));
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));

        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, false, default));
        Assert.StartsWith("303", await TryAsync(Folk.Ada, Folk.Password), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "87")]
    public async Task The_emergency_account_needs_a_second_factor_and_comes_in_when_nobody_else_may()
    {
        await using var house = await FederatedHouse.StartAsync();
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        var (ada, bo) = ((await house.Host.SubjectAsync(Folk.Ada))!, (await house.Host.SubjectAsync(Folk.Bo))!);
        async Task<string?> NameAsync(string subject) => (await house.ActAsync(registry => registry.SetEmergencyAsync(house.Id, subject, default))).Problems.SingleOrDefault()?.Code;
        Assert.Equal("federation.emergency-foreign", await NameAsync(bo));
        Assert.Equal("federation.emergency-weak", await NameAsync(ada));

        var owner = house.Browser();
        var form = await owner.FollowInsideAsync(await owner.GetAsync(new Flow().Url));
        await owner.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password));
        var page = await owner.GetAsync("/identity/account/authenticator?lang=en");
        var secret = Base32.Read((await SignIn.ReadAsync(page)).QuerySelector("li.user-select-all")!.TextContent);
        string Code() => Totp.CodeAt(secret, house.Host.Clock.GetUtcNow().ToUnixTimeSeconds() / 30);
        Assert.Equal(HttpStatusCode.OK, (await owner.SubmitAsync(page, default, ("code", Code()))).StatusCode);
        house.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await NameAsync(ada));
        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, true, default));
        Assert.NotNull(Answer.Of(await owner.GetAsync(new Flow(("prompt", "none")).Url))["code"]);

        var browser = house.Browser();
        var second = await browser.SubmitAsync(await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url)), default, ("email", Folk.Ada), ("password", Folk.Password));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.True(FederatedHouse.Entered(await browser.SubmitAsync(second, default, ("code", Code()))));

        // Without its app it sets one up first; no longer named, it is one of the others.
        await house.LifeAsync(async life => { await life.ResetSecondFactorAsync(ada, default); return 0; });
        var bare = house.Browser();
        var enrol = await bare.SubmitAsync(await bare.FollowInsideAsync(await bare.GetAsync(new Flow().Url)), default, ("email", Folk.Ada), ("password", Folk.Password));
        Assert.Single((await SignIn.ReadAsync(enrol)).QuerySelectorAll("li.user-select-all"));
        await house.DoneAsync(registry => registry.SetEmergencyAsync(house.Id, null, default));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bare.SubmitAsync(await bare.FollowInsideAsync(await bare.GetAsync(new Flow().Url)), default, ("email", Folk.Ada), ("password", Folk.Password))).StatusCode);
    }

    [Fact, Trait("oidc", "86"), Trait("oidc", "87")]
    public async Task Forcing_ends_what_the_companys_people_began_by_password_and_nothing_else()
    {
        await using var house = await FederatedHouse.StartAsync();
        var (ada, bo, nina) = (house.Browser(), house.Browser(), house.Browser());
        // What an application holds outlives the session that it came from.
        var lasting = new Flow(("client_id", "spa"), ("scope", "openid offline_access"));
        var tokens = await lasting.RedeemAsync(house.Host.Program(), await lasting.CodeAsync(house.Browser()));
        house.Host.Clock.Advance(TimeSpan.FromHours(13));
        await house.Host.StoreAsync(async db =>
        {
            await house.Host.Services.GetServices<IHostedService>().OfType<Housekeeping>().Single().CleanAsync(db, default);
            Assert.False(await db.Sessions.AnyAsync());
            return 0;
        });
        tokens = await Reply.PostAsync(house.Host.Program(), [new("grant_type", "refresh_token"), new("client_id", "spa"), new("refresh_token", tokens["refresh_token"])]);
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(nina)));
        await new Flow().CodeAsync(ada);
        await new Flow().CodeAsync(bo, Folk.Bo);
        async Task<bool> IsIn(HttpClient who) => Answer.Of(await who.GetAsync(new Flow(("prompt", "none")).Url))["code"] is not null;
        Assert.Equal((true, true, true), (await IsIn(ada), await IsIn(bo), await IsIn(nina)));

        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, true, default));
        Assert.Equal((false, true, true), (await IsIn(ada), await IsIn(bo), await IsIn(nina)));
        Assert.Equal("invalid_grant", (await Reply.PostAsync(house.Host.Program(), [new("grant_type", "refresh_token"), new("client_id", "spa"), new("refresh_token", tokens["refresh_token"])]))["error"]);

        // Switched off it forces nothing; what begins then ends when it is switched on again.
        await house.DoneAsync(registry => registry.SetEnabledAsync(house.Id, false, default));
        await new Flow().CodeAsync(ada);
        Assert.True(await IsIn(ada));
        await house.DoneAsync(registry => registry.SetEnabledAsync(house.Id, true, default));
        Assert.False(await IsIn(ada));
    }

    [Fact, Trait("oidc", "87")]
    public async Task A_domain_counts_once_its_owner_has_set_the_record_and_one_that_goes_is_warned_about_and_goes_on_counting()
    {
        using var dns = new NameServer();
        await using var house = await FederatedHouse.StartAsync(identity: options => options.FederationDnsServers.Add(dns.Address));
        await house.DoneAsync(registry => registry.StateDomainAsync(house.Id, "alpine-two.example", "Ruth Admin", "by telephone", default));
        await house.DoneAsync(registry => registry.RemoveDomainAsync(house.Id, "alpine.example", default));
        await house.DoneAsync(registry => registry.AddDomainAsync(house.Id, "ALPINE.example.", "Ruth Admin", default));
        async Task<FederatedDomain> DomainAsync() => (await house.ActAsync(registry => registry.FindAsync(house.Id, default)))!.Domains.Single(d => d.Domain == "alpine.example");
        async Task<string?> CheckAsync() => (await house.ActAsync(registry => registry.CheckDomainAsync(house.Id, "alpine.example", "Ruth Admin", default))).Problems.SingleOrDefault()?.Code;
        async Task<HttpResponseMessage> EnterAsync(string by) { var browser = house.Browser(); return await browser.GetAsync(house.Alpine.Answer(await house.LeaveAsync(browser, email: by))); }
        async Task StepAsync()
        {
            await using var scope = house.Host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DomainChecks>().StepAsync(default);
        }

        // Added is not proved: the provider may not speak for it, nor does the log-in page lead there.
        Assert.Equal((false, DomainProof.Awaited), ((await DomainAsync()).IsConfirmed, (await DomainAsync()).Proof));
        Assert.Contains("does not belong", await FederatedHouse.WordsAsync(await EnterAsync("nina@alpine-two.example")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => EnterAsync("nina@alpine.example"));
        var record = (await DomainAsync()).Record;
        Assert.Matches("^portal-verification=[A-Za-z0-9_-]{32}$", record);
        Assert.Equal("federation.domain-record-missing", await CheckAsync());
        dns.Fails = true;
        Assert.Equal("federation.domain-unanswered", await CheckAsync());
        dns.Fails = false;
        foreach (var other in new[] { "v=spf1 -all", record[..^1], record + "x", DomainRecords.TextOf(Guid.NewGuid(), "alpine.example"), DomainRecords.TextOf(house.Id, "alpine-two.example") })
        {
            dns.Texts["alpine.example"] = [[other]];
            Assert.Equal("federation.domain-record-missing", await CheckAsync());
        }
        dns.Texts["_portal.alpine.example"] = dns.Texts["www.alpine.example"] = [[record]];
        Assert.Equal("federation.domain-record-missing", await CheckAsync());
        Assert.False((await DomainAsync()).IsConfirmed);

        dns.Texts["alpine.example"] = [["v=spf1 -all"], [record[..9], record[9..]]];
        Assert.Null(await CheckAsync());
        Assert.True(FederatedHouse.Entered(await EnterAsync("nina@alpine.example")));

        // Looked after twice a day.
        dns.Texts.Clear();
        var asked = dns.Questions;
        house.Host.Clock.Advance(TimeSpan.FromHours(11));
        await StepAsync();
        Assert.Equal(asked, dns.Questions);
        house.Host.Clock.Advance(TimeSpan.FromHours(13));
        dns.Fails = true;
        await StepAsync();
        Assert.Null((await DomainAsync()).MissingSince);
        dns.Fails = false;
        await StepAsync();
        await StepAsync();
        Assert.Equal(house.Host.Clock.GetUtcNow(), (await DomainAsync()).MissingSince!.Value, TimeSpan.FromSeconds(1));
        Assert.Single(house.Host.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("alpine.example", StringComparison.Ordinal) && line.Contains("is gone", StringComparison.Ordinal));
        Assert.Equal(("Domain alpine.example", "by its record", "by its record, which is gone"), house.Trail.Changes[^1].Fields.Single());
        await using (var scope = house.Host.Services.CreateAsyncScope())
        {
            Assert.Single(await scope.ServiceProvider.GetRequiredService<ProviderCheck>().RunAsync(default), risk => risk is { Code: "risk.domain-unproved", Subject: "alpine.example" });
        }
        house.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(FederatedHouse.Entered(await EnterAsync("nina@alpine.example")));
        dns.Texts["alpine.example"] = [[record]];
        await StepAsync();
        Assert.Null((await DomainAsync()).MissingSince);

        // A statement takes the record's place, and is kept with who made it.
        await house.DoneAsync(registry => registry.StateDomainAsync(house.Id, "alpine.example", "Ruth Admin", "in the contract", default));
        Assert.Equal(("Domain alpine.example", "by its record", "stated by Ruth Admin: in the contract"), house.Trail.Changes[^1].Fields.Single());
        Assert.Equal("federation.domain-unknown", (await house.ActAsync(registry => registry.CheckDomainAsync(house.Id, "bayside.example", "Ruth Admin", default))).Problems.Single().Code);
    }

    [Fact, Trait("oidc", "87")]
    public async Task Every_change_of_a_provider_is_told_to_the_host_without_its_secret()
    {
        await using var house = await FederatedHouse.StartAsync();
        Assert.Equal([FederationAct.Created, FederationAct.Changed, FederationAct.Changed], house.Trail.Changes.Select(change => change.Act));
        Assert.All(house.Trail.Changes, change => Assert.Equal((FederatedHouse.Owner, "Alpine AG"), (change.Owner, change.Provider)));
        Assert.Contains(("Issuer", null, house.Alpine.Issuer), house.Trail.Changes[0].Fields);
        Assert.Equal(("Domain alpine.example", null, "stated by Ruth Admin: seen in their contract"), house.Trail.Changes[1].Fields.Single());
        Assert.Equal(("Enabled", "False", "True"), house.Trail.Changes[2].Fields.Single());
        await house.DoneAsync(registry => registry.ChangeAsync(house.Id, FederatedHouse.Settings with { Name = "Alpine", ClientSecret = "a new one", Functions = [("portal", "reseller-person")] }, default));
        Assert.Equal([("ClientSecret", null, "replaced"), ("Function for portal-admins", "partner-admin", null), ("Name", "Alpine AG", "Alpine")], house.Trail.Changes[^1].Fields.Order());
        await house.DoneAsync(registry => registry.ChangeAsync(house.Id, FederatedHouse.Settings with { Name = "Alpine", ClientSecret = null, Functions = [("portal", "reseller-person")] }, default));
        Assert.Equal(4, house.Trail.Changes.Count);
        Assert.DoesNotContain(house.Trail.Changes.SelectMany(change => change.Fields), field => $"{field.Before}{field.Now}".Contains("a new one", StringComparison.Ordinal));
    }

    [Fact, Trait("oidc", "87"), Trait("asvs", "V6.3.4")]
    public async Task Forced_a_passkey_opens_nothing_either()
    {
        await using var house = await FederatedHouse.StartAsync();
        var owner = house.Browser();
        await owner.SubmitAsync(await owner.FollowInsideAsync(await owner.GetAsync(new Flow().Url)), default, ("email", Folk.Ada), ("password", Folk.Password));
        using var key = new SoftPasskey("https://portal.example", "portal.example");
        var page = await owner.GetAsync("/identity/account/passkeys?lang=en");
        Assert.Equal(HttpStatusCode.SeeOther, (await owner.SubmitAsync(page, default, ("credential", key.Create(await OptionsOf(page))), ("name", "Key"))).StatusCode);
        async Task<HttpResponseMessage> UseAsync()
        {
            var browser = house.Browser();
            var form = await browser.FollowInsideAsync(await browser.GetAsync(new Flow(("ui_locales", "en")).Url));
            var ask = await browser.GetAsync((await SignIn.ReadAsync(form)).QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).First(href => href.Contains("/passkey", StringComparison.Ordinal)));
            return await browser.SubmitAsync(ask, default, ("credential", key.Get(await OptionsOf(ask))));
        }
        Assert.True(FederatedHouse.Entered(await UseAsync()));
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, true, default));
        var refused = await UseAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("company’s own provider", await FederatedHouse.WordsAsync(refused), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "89"), Trait("oidc", "87")]
    public async Task Unsafe_settings_of_a_provider_are_refused_and_its_secret_lies_sealed()
    {
        await using var house = await FederatedHouse.StartAsync();
        async Task<string[]> AddAsync(string issuer, FederationSettings? settings = null) => [.. (await house.ActAsync(r => r.AddAsync("bayside", issuer, settings ?? FederatedHouse.Settings, default))).Problems.Select(p => p.Code)];
        foreach (var issuer in new[] { "", "login.bayside.example", "http://login.bayside.example", "http://localhost:9000", "https://user@login.bayside.example", "https://login.bayside.example/?a=b", "https://login.bayside.example/#x", "ftp://x.example", "javascript:alert(1)" })
        {
            Assert.Equal(["federation.issuer-unsafe"], await AddAsync(issuer));
        }
        Assert.Equal(["federation.issuer-own"], await AddAsync(ProviderHost.Issuer));
        Assert.Equal(["federation.scope-invalid"], await AddAsync("https://x.example", FederatedHouse.Settings with { Scope = "email" }));
        Assert.Equal(["federation.functions-missing"], await AddAsync("https://x.example", FederatedHouse.Settings with { Functions = [] }));
        Assert.Equal(["federation.name-missing", "federation.client-missing"], await AddAsync("https://x.example", FederatedHouse.Settings with { Name = " ", ClientId = "" }));
        var bayside = (await house.ActAsync(r => r.AddAsync("bayside", "https://login.bayside.example", FederatedHouse.Settings, default))).Id!.Value;
        async Task<string?> DomainAsync(string domain, string evidence = "seen") => (await house.ActAsync(r => r.StateDomainAsync(bayside, domain, "Ruth Admin", evidence, default))).Problems.SingleOrDefault()?.Code;
        Assert.Equal("federation.domain-missing", (await house.ActAsync(r => r.SetEnabledAsync(bayside, true, default))).Problems.Single().Code);
        Assert.Equal("federation.domain-taken", await DomainAsync("ALPINE.example."));
        Assert.Equal("federation.domain-public", await DomainAsync("gmail.com"));
        Assert.Equal("federation.evidence-missing", await DomainAsync("bayside.example", " "));
        foreach (var wrong in new[] { "example", "a b.example", "@bayside.example", "*.bayside.example", "10.0.0.1", "" }) { Assert.Equal("federation.domain-invalid", await DomainAsync(wrong)); }
        Assert.Null(await DomainAsync("bücher.example"));
        Assert.Equal("xn--bcher-kva.example", (await house.ActAsync(r => r.FindAsync(bayside, default)))!.Domains.Single().Domain);

        Assert.DoesNotContain(ScriptedProvider.Secret, (await house.Host.StoreAsync(db => db.FederatedProviders.FirstAsync(p => p.Id == house.Id))).SealedSecret!, StringComparison.Ordinal);
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        Assert.DoesNotContain(house.Host.Log, line => line.Contains(ScriptedProvider.Secret, StringComparison.Ordinal) || line.Contains(Uri.EscapeDataString(ScriptedProvider.Secret), StringComparison.Ordinal));
    }

    [Fact, Trait("oidc", "87"), Trait("asvs", "V10.5.3")]
    public async Task A_provider_that_leads_elsewhere_is_not_followed()
    {
        await using var house = await FederatedHouse.StartAsync();
        async Task<string?> TryAsync(Action<JsonObject> document)
        {
            house.Alpine.Document = document;
            return (await house.ActAsync(r => r.TryAsync(house.Id, default))).Fault;
        }
        Assert.Contains("calls itself https://evil.example", await TryAsync(d => d["issuer"] = "https://evil.example"), StringComparison.Ordinal);
        foreach (var endpoint in new[] { "authorization_endpoint", "token_endpoint", "jwks_uri" })
        {
            Assert.Contains("no safe address", await TryAsync(d => d[endpoint] = "http://169.254.169.254/latest"), StringComparison.Ordinal);
        }
        Assert.Contains("more than 256 kB", await TryAsync(d => d["filler"] = new string('x', 300_000)), StringComparison.Ordinal);
        Assert.Contains("404", await TryAsync(d => d["jwks_uri"] = house.Alpine.Issuer + "/nowhere"), StringComparison.Ordinal);
        Assert.Contains("could not be reached", await TryAsync(d => d["jwks_uri"] = "https://nowhere.example/keys"), StringComparison.Ordinal);
        Assert.Null(await TryAsync(_ => { }));
    }

    [Fact, Trait("oidc", "87")]
    public async Task The_way_out_enters_no_network_that_is_not_public()
    {
        await using var host = await ProviderHost.StartAsync();
        foreach (var address in new[] { "https://127.0.0.1:1", "https://[::1]:1", "https://localhost:1", "https://10.0.0.1", "https://169.254.169.254", "https://[::ffff:127.0.0.1]:1", "https://2130706433:1" })
        {
            var (id, problems) = await FederatedHouse.ActAsync(host, r => r.AddAsync("x", address, FederatedHouse.Settings, default));
            Assert.Empty(problems);
            Assert.Contains("not public", (await FederatedHouse.ActAsync(host, r => r.TryAsync(id!.Value, default))).Fault, StringComparison.Ordinal);
        }
    }

    private static async Task<string> OptionsOf(HttpResponseMessage page) => (await SignIn.ReadAsync(page)).QuerySelector("form[data-passkey-options]")!.GetAttribute("data-passkey-options")!;
}
