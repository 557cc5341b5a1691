using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Accounts;

namespace Portal.Identity.Tests;

/// <summary>A company's people come in through the company's own provider: whom it may bring in, and what it may not.</summary>
public sealed class LoggingInThroughACompanysProviderTests
{
    [Theory, OnEachEngine, Trait("oidc", "87"), Trait("asvs", "V10.5.2")]
    public async Task Somebody_new_gets_an_account_once_with_the_functions_of_the_groups_and_keeps_it_under_another_address(string engine)
    {
        await using var house = await FederatedHouse.StartAsync(engine);
        var (flow, browser) = (new Flow(), house.Browser());
        var answer = Answer.Of(await house.EnterAsync(browser, flow));
        Assert.Equal(("a state", ProviderHost.Issuer), (answer["state"], answer["iss"]));
        var token = Jwt.Payload((await flow.RedeemAsync(house.Host.Program(), answer["code"]!))["id_token"]!);
        Assert.Equal(["fed"], token.GetProperty("amr").EnumerateArray().Select(m => m.GetString()!));
        var subject = token.GetProperty("sub").GetString()!;
        Assert.Equal(("nina@alpine.example", "Nina Alp", "alpine", "Alpine AG"), house.People.Admitted.Single() is var nina ? (nina.Email, nina.Name, nina.Owner, nina.Provider) : default);
        Assert.Equal(["reseller-person"], house.People.Admitted[0].Functions);

        // The address is not the key: a new one changes nobody, and the same one under another subject is nobody yet.
        house.Alpine.Person["email"] = "nina.new@alpine.example";
        house.Alpine.Person["groups"] = new JsonArray("portal-admins");
        var again = new Flow();
        Assert.Equal(subject, Jwt.Payload((await again.RedeemAsync(house.Host.Program(), Answer.Of(await house.EnterAsync(house.Browser(), again))["code"]!))["id_token"]!).GetProperty("sub").GetString());
        Assert.Equal(3, await house.AccountsAsync());
        Assert.Equal(["partner-admin"], house.People.Admitted[^1].Functions);
        house.Alpine.Person["sub"] = "a-18";
        house.Alpine.Person["email"] = "nina@alpine.example";
        var other = await house.EnterAsync(house.Browser());
        Assert.StartsWith("/identity/log-in?request=", other.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, Action<ScriptedProvider>> s_tamperings = new()
    {
        ["another issuer"] = p => p.Claims = c => c["iss"] = "https://evil.example",
        ["an issuer with a slash more"] = p => p.Claims = c => c["iss"] = p.Issuer + "/",
        ["no issuer"] = p => p.Claims = c => c.Remove("iss"),
        ["another audience"] = p => p.Claims = c => c["aud"] = "somebody-else",
        ["two audiences without a party"] = p => p.Claims = c => c["aud"] = new JsonArray(ScriptedProvider.Client, "somebody-else"),
        ["an audience with a slash more"] = p => p.Claims = c => c["aud"] = ScriptedProvider.Client + "/",
        ["another authorized party"] = p => p.Claims = c => c["azp"] = "somebody-else",
        ["another nonce"] = p => p.Claims = c => c["nonce"] = "another",
        ["no nonce"] = p => p.Claims = c => c.Remove("nonce"),
        ["no subject"] = p => p.Claims = c => c.Remove("sub"),
        ["a number as subject"] = p => p.Claims = c => c["sub"] = 17,
        ["an endless subject"] = p => p.Claims = c => c["sub"] = new string('x', 256),
        ["an end in the past"] = p => p.Claims = c => c["exp"] = (long)c["iat"]! - 31,
        ["no end"] = p => p.Claims = c => c.Remove("exp"),
        ["a beginning in the future"] = p => p.Claims = c => c["nbf"] = (long)c["iat"]! + 60,
        ["a birth of an hour ago"] = p => p.Claims = c => c["iat"] = (long)c["iat"]! - 3600,
        ["a birth in the future"] = p => p.Claims = c => c["iat"] = (long)c["iat"]! + 60,
        ["no birth"] = p => p.Claims = c => c.Remove("iat"),
        ["a hash of another access token"] = p => p.Claims = c => c["at_hash"] = Jwt.HalfHash("another"),
        ["no signature algorithm"] = p => p.Header = h => h["alg"] = "none",
        ["a shared secret as algorithm"] = p => p.Header = h => h["alg"] = "HS256",
        ["an unknown extension"] = p => p.Header = h => { h["crit"] = new JsonArray("x"); h["x"] = true; },
        ["a listed key by an algorithm that is not listed"] = p => p.SignBy(RSA.Create(2048), "RS512"),
        ["a key that is too small"] = p => p.SignBy(RSA.Create(1024)),
        ["a key that is not for signatures"] = p => p.SignBy(RSA.Create(2048), use: "enc"),
        ["no key id and two keys"] = p => { p.Keys = keys => keys.Add(ScriptedProvider.PublicKey(RSA.Create(2048), "sig")); p.Header = h => h.Remove("kid"); },
        ["a claim named twice"] = p => p.Token = token => p.Sign($"{{\"email\":\"ada@alpine.example\",{Jwt.Payload(token).GetRawText()[1..]}"),
        ["an answer that names a thing twice"] = p => p.Body = body => body.Replace("{\"token_type\"", "{\"id_token\":\"x\",\"token_type\"", StringComparison.Ordinal),
        ["an access token"] = p => p.Header = h => h["typ"] = "at+jwt",
        ["a log-out message"] = p => p.Header = h => h["typ"] = "logout+jwt",
        ["an unknown key"] = p => p.Header = h => h["kid"] = "unknown",
        ["no key id and another key"] = p => { p.Header = h => h.Remove("kid"); p.Token = token => $"{token[..token.LastIndexOf('.')]}.{new string('A', 86)}"; },
        ["a changed claim"] = p => p.Token = token => Jwt.Alter(token, "email", "ada@alpine.example"),
        ["no id token"] = p => p.Token = _ => "",
        ["an answer that is no success"] = p => p.Status = HttpStatusCode.Accepted,
        ["a userinfo of somebody else"] = p => { p.Person.Remove("email"); p.UserInfo = new() { ["sub"] = "a-18", ["email"] = "nina@alpine.example", ["email_verified"] = true }; },
    };

    [Fact, Trait("oidc", "74"), Trait("oidc", "87"), Trait("asvs", "V6.8.2 V9.1.1 V10.5.1 V10.5.4")]
    public async Task An_id_token_with_anything_wrong_logs_nobody_in()
    {
        await using var house = await FederatedHouse.StartAsync();
        foreach (var (what, tamper) in s_tamperings)
        {
            var (before, person) = (house.Alpine.TokenCalls, house.Alpine.Person.DeepClone().AsObject());
            tamper(house.Alpine);
            // Other keys are seen when the document is read anew.
            var wait = TimeSpan.FromMinutes(house.Alpine.Keys is null ? 1 : 16);
            house.Host.Clock.Advance(wait);
            var browser = house.Browser();
            var refused = await house.EnterAsync(browser);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest && house.Alpine.TokenCalls == before + 1, what);
            Assert.True(Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"] == "login_required", what);
            (house.Alpine.Claims, house.Alpine.Header, house.Alpine.Token, house.Alpine.UserInfo, house.Alpine.Status, house.Alpine.Person) = (null, null, null, null, HttpStatusCode.OK, person);
            (house.Alpine.Keys, house.Alpine.Body) = (null, null);
            house.Host.Clock.Advance(wait);
        }
        Assert.Equal(2, await house.AccountsAsync());
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
    }

    [Fact, Trait("oidc", "75"), Trait("oidc", "78"), Trait("oidc", "87"), Trait("asvs", "V10.1.2 V10.2.1 V10.2.2")]
    public async Task An_answer_is_taken_once_in_time_by_the_browser_that_asked_and_from_the_provider_that_was_asked()
    {
        await using var house = await FederatedHouse.StartAsync();
        async Task<(HttpClient Browser, string Back)> AskAsync(params (string, string?)[] changes)
        {
            var browser = house.Browser();
            return (browser, house.Alpine.Answer(await house.LeaveAsync(browser), changes));
        }
        async Task RefusedAsync(HttpClient browser, string back, string why)
        {
            var calls = house.Alpine.TokenCalls;
            Assert.True((await browser.GetAsync(back)).StatusCode == HttpStatusCode.BadRequest && calls == house.Alpine.TokenCalls, why);
        }

        var (own, once) = await AskAsync();
        await RefusedAsync(house.Browser(), once, "a stranger's browser");
        var stranger = house.Browser();
        await house.LeaveAsync(stranger);
        await RefusedAsync(stranger, once, "a browser with a log-in of its own");
        Assert.True(FederatedHouse.Entered(await own.GetAsync(once)));
        await RefusedAsync(own, once, "the same answer again");

        foreach (var (why, change) in new (string, (string, string?))[]
        {
            ("an answer of another issuer", ("iss", "https://evil.example")), ("an answer without the issuer that was promised", ("iss", null)), ("another state", ("state", new string('x', 43))), ("no state", ("state", null)), ("no code", ("code", null)),
        })
        {
            var (browser, back) = await AskAsync(change);
            await RefusedAsync(browser, back, why);
        }
        foreach (var more in new[] { "&code=another", "&extra=1&extra=2" })
        {
            var (twice, repeated) = await AskAsync();
            await RefusedAsync(twice, repeated + more, "a repeated parameter");
        }
        var (denied, no) = await AskAsync(("code", null), ("error", "access_denied"));
        Assert.Contains("did not let you in", await FederatedHouse.WordsAsync(await denied.GetAsync(no)), StringComparison.Ordinal);
        var (slow, late) = await AskAsync();
        house.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        await RefusedAsync(slow, late, "after ten minutes");

        // A second provider: its redirect address does not take the first one's answer, and the first one's code is nothing to it.
        var bayside = new ScriptedProvider { Issuer = "https://login.bayside.example", Now = house.Host.Clock.GetUtcNow };
        house.Town.Add("login.bayside.example", bayside);
        var second = await FederatedHouse.AddAsync(house.Host, "bayside", bayside.Issuer, FederatedHouse.Settings, "bayside.example");
        var (mixed, answer) = await AskAsync();
        await RefusedAsync(mixed, answer.Replace(house.Id.ToString("N"), second.ToString("N"), StringComparison.Ordinal), "at the address of another provider");
        Assert.True(FederatedHouse.Entered(await mixed.GetAsync(answer)));
        var (lured, stolen) = await AskAsync();
        var own2 = bayside.Answer(await house.LeaveAsync(lured, email: "cy@bayside.example"), ("code", QueryOf(stolen, "code")));
        Assert.Equal(HttpStatusCode.BadRequest, (await lured.GetAsync(own2)).StatusCode);
    }

    private static string QueryOf(string address, string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(address).Query)[name]!;

    [Fact, Trait("oidc", "87")]
    public async Task Only_verified_addresses_of_the_companys_own_domains_make_an_account()
    {
        await using var house = await FederatedHouse.StartAsync();
        var person = house.Alpine.Person;
        foreach (var (email, verified, words) in new (JsonNode?, JsonNode?, string)[]
        {
            ("nina@alpine.example", false, "does not vouch"), ("nina@alpine.example", null, "does not vouch"), ("nina@alpine.example", "yes", "does not vouch"), ("nina@bayside.example", true, "does not belong"),
            ("nina@evil.alpine.example", true, "does not belong"), ("nina@alpine.example.evil.example", true, "does not belong"), ("nina@alpine.example@evil.example", true, "e-mail address"), ("nina@evil.example <nina@alpine.example>", true, "did not say"), ("nina@evil.example,nina@alpine.example", true, "did not say"),
            (null, true, "could not be trusted"), ("nina", true, "did not say"),
        })
        {
            (person["email"], person["email_verified"]) = (email?.DeepClone(), verified?.DeepClone());
            if (email is null) { person.Remove("email"); }
            if (verified is null) { person.Remove("email_verified"); }
            var refused = await house.EnterAsync(house.Browser());
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(words, await FederatedHouse.WordsAsync(refused), StringComparison.Ordinal);
            house.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(2, await house.AccountsAsync());

        // A provider that says nothing of it may be trusted by its administrator's word, not against its own.
        (person["email"], person["email_verified"]) = ("nina@alpine.example", false);
        await house.DoneAsync(registry => registry.ChangeAsync(house.Id, FederatedHouse.Settings with { ClientSecret = null, VouchesForEmails = true }, default));
        Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
        person.Remove("email_verified");
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
    }

    [Fact, Trait("oidc", "87")]
    public async Task Whom_nobody_invited_and_whom_the_host_does_not_take_leaves_nothing_behind()
    {
        await using var house = await FederatedHouse.StartAsync();
        house.Alpine.Person["groups"] = new JsonArray("everybody");
        Assert.Contains("no function", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
        // Two hundred groups are read, and no more.
        house.Alpine.Person["groups"] = new JsonArray([.. Enumerable.Range(0, 200).Select(n => JsonValue.Create($"group {n}")), JsonValue.Create("portal")]);
        Assert.Contains("no function", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
        house.Alpine.Person["groups"] = "portal";
        house.People.Admits = false;
        Assert.Contains("does not take you in", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
        Assert.Equal((2, 0), (await house.AccountsAsync(), await house.Host.StoreAsync(db => db.FederatedLinks.CountAsync())));
        house.People.Admits = true;
        await house.DoneAsync(registry => registry.ChangeAsync(house.Id, FederatedHouse.Settings with { Admits = false }, default));
        Assert.Contains("Ask your administrator for an invitation", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
        Assert.Equal(2, await house.AccountsAsync());

        // Once in, the same is asked at each log-in.
        await house.DoneAsync(registry => registry.ChangeAsync(house.Id, FederatedHouse.Settings, default));
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        house.Alpine.Person["groups"] = new JsonArray("everybody");
        Assert.Contains("no function", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
        house.Alpine.Person["groups"] = "portal";
        house.People.Admits = false;
        Assert.Contains("does not take you in", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
    }

    [Theory, OnEachEngine, Trait("oidc", "87"), Trait("asvs", "V6.8.1")]
    public async Task An_existing_account_is_linked_by_its_own_password_and_never_by_its_address(string engine)
    {
        await using var house = await FederatedHouse.StartAsync(engine);
        house.Alpine.Person["email"] = Folk.Ada.ToUpperInvariant();
        var browser = house.Browser();
        var proof = await house.EnterAsync(browser);
        Assert.StartsWith("/identity/log-in?request=", proof.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var form = await browser.GetAsync(proof.Headers.Location);
        Assert.Contains("Alpine AG", await FederatedHouse.WordsAsync(form), StringComparison.Ordinal);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(form, default, ("email", Folk.Ada), ("password", "wrong wrong wrong"))).StatusCode);
        // The password of another account proves nothing about this one, and opens no session by this way.
        var others = await browser.SubmitAsync(form, default, ("email", Folk.Bo), ("password", Folk.Password));
        Assert.Equal(HttpStatusCode.BadRequest, others.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await house.Browser().SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password))).StatusCode);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        Assert.Equal(0, await house.Host.StoreAsync(db => db.FederatedLinks.CountAsync()));

        Assert.True(FederatedHouse.Entered(await browser.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password))));
        Assert.Equal(1, await house.Host.StoreAsync(db => db.FederatedLinks.CountAsync(l => l.Subject == "a-17" && !l.MadeAccount)));
        var flow = new Flow();
        var entered = Answer.Of(await house.EnterAsync(house.Browser(), flow));
        Assert.Equal(await house.Host.SubjectAsync(Folk.Ada), Jwt.Payload((await flow.RedeemAsync(house.Host.Program(), entered["code"]!))["id_token"]!).GetProperty("sub").GetString());
        // Whom the administrator knew before keeps the functions given here.
        Assert.Empty(house.People.Admitted);
        Assert.Equal(2, await house.AccountsAsync());
    }

    [Fact, Trait("oidc", "87")]
    public async Task A_link_that_was_asked_for_holds_for_ten_minutes_for_the_account_of_that_address_and_while_provider_and_company_are_the_same()
    {
        await using var house = await FederatedHouse.StartAsync();
        house.Alpine.Person["email"] = Folk.Ada;
        var ada = (await house.Host.SubjectAsync(Folk.Ada))!;
        const string Cy = "cy@alpine.example";
        house.People.Owners[(await house.Host.AccountsAsync(accounts => accounts.CreateAccountAsync(Cy, Folk.Password, "en"))).Subject!] = FederatedHouse.Owner;
        async Task<(HttpClient Browser, HttpResponseMessage Form)> AskAsync()
        {
            var browser = house.Browser();
            return (browser, await browser.GetAsync((await house.EnterAsync(browser)).Headers.Location));
        }
        static Task<HttpResponseMessage> ProveAsync((HttpClient Browser, HttpResponseMessage Form) asked, string email = Folk.Ada) => asked.Browser.SubmitAsync(asked.Form, default, ("email", email), ("password", Folk.Password));
        async Task RefusedAsync(string why, (HttpClient, HttpResponseMessage) asked, string email = Folk.Ada)
        {
            Assert.True((await ProveAsync(asked, email)).StatusCode == HttpStatusCode.BadRequest, why);
            Assert.True(await house.Host.StoreAsync(db => db.FederatedLinks.CountAsync()) == 0, why);
        }

        await RefusedAsync("a colleague's account", await AskAsync(), Cy);
        var late = await AskAsync();
        house.Host.Clock.Advance(TimeSpan.FromMinutes(11));
        await RefusedAsync("after eleven minutes", late);
        var moved = await AskAsync();
        house.People.Owners[ada] = "bayside";
        await RefusedAsync("of another company by then", moved);
        house.People.Owners[ada] = FederatedHouse.Owner;
        var off = await AskAsync();
        await house.DoneAsync(registry => registry.SetEnabledAsync(house.Id, false, default));
        await RefusedAsync("switched off by then", off);
        await house.DoneAsync(registry => registry.SetEnabledAsync(house.Id, true, default));

        // A session that is there proves nothing: the password is asked for all the same. And what is linked is not linked again.
        var (first, second) = (house.Browser(), await AskAsync());
        await new Flow().RunAsync(first);
        var form = await first.GetAsync((await house.EnterAsync(first, new Flow(("prompt", "login")))).Headers.Location);
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        Assert.True(FederatedHouse.Entered(await ProveAsync((first, form))));
        Assert.Equal(HttpStatusCode.BadRequest, (await ProveAsync(second)).StatusCode);
        Assert.Equal(1, await house.Host.StoreAsync(db => db.FederatedLinks.CountAsync()));
    }

    [Fact, Trait("oidc", "87")]
    public async Task The_same_subject_at_two_providers_is_two_people()
    {
        await using var house = await FederatedHouse.StartAsync();
        var bayside = new ScriptedProvider { Issuer = "https://login.bayside.example", Now = house.Host.Clock.GetUtcNow };
        bayside.Person["email"] = "nina@bayside.example";
        house.Town.Add("login.bayside.example", bayside);
        await FederatedHouse.AddAsync(house.Host, "bayside", bayside.Issuer, FederatedHouse.Settings, "bayside.example");
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        var browser = house.Browser();
        Assert.True(FederatedHouse.Entered(await browser.GetAsync(bayside.Answer(await house.LeaveAsync(browser, email: "nina@bayside.example")))));
        Assert.Equal([("alpine", "nina@alpine.example"), ("bayside", "nina@bayside.example")], house.People.Admitted.Select(person => (person.Owner, person.Email)));
        Assert.Equal(2, house.People.Admitted.Select(person => person.Subject).Distinct().Count());
    }

    [Fact, Trait("oidc", "81"), Trait("oidc", "87")]
    public async Task Who_guessed_too_often_is_not_led_to_the_provider_either()
    {
        await using var house = await FederatedHouse.StartAsync(identity: options => options.FailuresPerAddressAndMinute = 3);
        var (waiting, guessing) = (house.Browser(), house.Browser());
        var page = await waiting.SubmitAsync(await waiting.FollowInsideAsync(await waiting.GetAsync(new Flow().Url)), default, ("email", "nina@alpine.example"), ("home", "1"));
        var link = (await SignIn.ReadAsync(page)).QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).First(href => href.Contains("/federation/start", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++) { await new Flow().RunAsync(guessing, $"person{i}@alpine.example", "wrong wrong wrong"); }
        Assert.Equal(HttpStatusCode.BadRequest, (await waiting.GetAsync(link)).StatusCode);
        house.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith(house.Alpine.Issuer, (await waiting.GetAsync(link)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "87"), Trait("asvs", "V6.8.1")]
    public async Task A_provider_never_brings_in_somebody_of_another_company_or_of_the_house()
    {
        await using var house = await FederatedHouse.StartAsync();
        var ada = (await house.Host.SubjectAsync(Folk.Ada))!;
        foreach (var owner in new string?[] { "bayside", null })
        {
            if (owner is null) { house.People.Owners.TryRemove(ada, out _); } else { house.People.Owners[ada] = owner; }
            house.Alpine.Person["email"] = Folk.Ada;
            var refused = await house.EnterAsync(house.Browser());
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("does not belong to your company", await FederatedHouse.WordsAsync(refused), StringComparison.Ordinal);
        }

        // Linked once, then no longer of the company.
        house.Alpine.Person["email"] = "nina@alpine.example";
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        var nina = house.People.Admitted[0].Subject;
        house.People.Owners[nina] = "bayside";
        Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
        Assert.Equal("bayside", house.People.Owners[nina]);

        // An account that was there before, once linked, is nobody's any more when its record is gone.
        house.Alpine.Person = new() { ["sub"] = "a-1", ["email"] = Folk.Ada, ["email_verified"] = true, ["groups"] = "portal" };
        house.People.Owners[ada] = FederatedHouse.Owner;
        var browser = house.Browser();
        var form = await browser.GetAsync((await house.EnterAsync(browser)).Headers.Location);
        Assert.True(FederatedHouse.Entered(await browser.SubmitAsync(form, default, ("email", Folk.Ada), ("password", Folk.Password))));
        house.People.Owners.TryRemove(ada, out _);
        Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
    }

    [Fact, Trait("oidc", "87")]
    public async Task A_disabled_or_closed_account_stays_out_and_a_provider_that_is_switched_off_brings_in_nobody()
    {
        await using var house = await FederatedHouse.StartAsync();
        var browser = house.Browser();
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(browser)));
        var nina = house.People.Admitted[0].Subject;
        await house.Host.AccountsAsync(accounts => accounts.SetStateAsync(nina, AccountState.Disabled, default));
        Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
        await house.LifeAsync(async life => { await life.EnableAsync(nina, default); return 0; });
        browser = house.Browser();
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(browser)));

        var (waiting, back) = (house.Browser(), "");
        back = house.Alpine.Answer(await house.LeaveAsync(waiting));
        await house.DoneAsync(registry => registry.SetEnabledAsync(house.Id, false, default));
        Assert.Equal(HttpStatusCode.BadRequest, (await waiting.GetAsync(back)).StatusCode);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        var form = await waiting.FollowInsideAsync(await waiting.GetAsync(new Flow().Url));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await waiting.SubmitAsync(form, default, ("email", "nina@alpine.example"), ("home", "1"))).StatusCode);

        await house.DoneAsync(registry => registry.SetEnabledAsync(house.Id, true, default));
        await house.LifeAsync(async life => { await life.LeaveAsync(nina, default); return 0; });
        Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
        house.Alpine.Person["sub"] = "a-99";
        Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
    }

    [Fact, Trait("oidc", "85"), Trait("oidc", "87")]
    public async Task An_invitation_is_accepted_by_a_log_in_at_the_company_with_the_invited_address_alone()
    {
        await using var house = await FederatedHouse.StartAsync(settings: FederatedHouse.Settings with { Admits = false });
        var invited = await house.LifeAsync(life => life.InviteAsync("nina@alpine.example", "en", "UTC", default));
        house.People.Owners[invited.Subject!] = FederatedHouse.Owner;
        var path = new Uri(invited.Link!).PathAndQuery;
        async Task<HttpResponseMessage> AcceptAsync(HttpClient browser) => await browser.GetAsync(house.Alpine.Answer(await FederatedHouse.LeaveAsync(browser, await browser.GetAsync(path))));

        // The address without the invitation opens nothing, and the invitation without the address neither.
        Assert.Contains("invited already", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
        foreach (var other in new[] { "somebody@alpine.example", Folk.Ada })
        {
            house.Alpine.Person["email"] = other;
            Assert.Contains("another address", await FederatedHouse.WordsAsync(await AcceptAsync(house.Browser())), StringComparison.Ordinal);
        }
        house.Alpine.Person["email"] = "Nina@alpine.example";
        var browser = house.Browser();
        var accepted = await AcceptAsync(browser);
        Assert.Contains("Your account is ready", await FederatedHouse.WordsAsync(accepted), StringComparison.Ordinal);
        Assert.NotNull(Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["code"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(path)).StatusCode);
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        Assert.True(await house.LifeAsync(life => life.LookAsync(invited.Subject!, default)) is { State: AccountState.Active, EmailConfirmed: true, HasPassword: false, Providers: ["Alpine AG"] });
        Assert.Empty(house.People.Admitted);

        // Untied, the account has nothing to log in by, and is to be invited again.
        await house.DoneAsync(registry => registry.UnlinkAsync(house.Id, invited.Subject!, default));
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        Assert.Contains("invited already", await FederatedHouse.WordsAsync(await house.EnterAsync(house.Browser())), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "84"), Trait("oidc", "87"), Trait("asvs", "V6.8.4")]
    public async Task Our_own_second_factor_is_asked_for_unless_the_provider_says_that_it_asked_for_two()
    {
        await using var house = await FederatedHouse.StartAsync(identity: options => options.NeedsSecondFactor = (_, _, _) => ValueTask.FromResult(true));
        var asked = await house.EnterAsync(house.Browser());
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Single((await SignIn.ReadAsync(asked)).QuerySelectorAll("li.user-select-all"));
        house.Alpine.Claims = claims => claims["amr"] = new JsonArray("pwd", "mfa");
        var flow = new Flow();
        var answer = Answer.Of(await house.EnterAsync(house.Browser(), flow));
        Assert.Equal("2", Jwt.Payload((await flow.RedeemAsync(house.Host.Program(), answer["code"]!))["id_token"]!).GetProperty("acr").GetString());
    }

    [Fact, Trait("oidc", "72"), Trait("oidc", "87")]
    public async Task A_new_key_of_the_provider_is_found_at_once_and_a_flood_of_unknown_ones_asks_it_once()
    {
        await using var house = await FederatedHouse.StartAsync();
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        Assert.Equal(1, house.Alpine.DocumentReads);
        house.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        (house.Alpine.Key, house.Alpine.Kid) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), "second");
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(house.Browser())));
        Assert.Equal(2, house.Alpine.DocumentReads);

        house.Alpine.Header = header => header["kid"] = Guid.NewGuid().ToString();
        for (var i = 0; i < 10; i++)
        {
            house.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode);
        }
        Assert.Equal(2, house.Alpine.DocumentReads);
        house.Host.Clock.Advance(TimeSpan.FromSeconds(31));
        for (var i = 0; i < 5; i++) { Assert.Equal(HttpStatusCode.BadRequest, (await house.EnterAsync(house.Browser())).StatusCode); }
        Assert.Equal(3, house.Alpine.DocumentReads);
    }

    [Fact, Trait("oidc", "30"), Trait("oidc", "87")]
    public async Task The_way_to_the_provider_carries_pkce_nonce_and_an_address_of_its_own_and_is_bound_to_the_browser()
    {
        await using var house = await FederatedHouse.StartAsync();
        var browser = house.Browser();
        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery((await house.LeaveAsync(browser)).Query);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal((43, 43, 43), (asked["state"].ToString().Length, asked["nonce"].ToString().Length, asked["code_challenge"].ToString().Length));
        Assert.Equal($"{ProviderHost.Issuer}/federation/{house.Id:N}/callback", asked["redirect_uri"]);
        Assert.Equal(("nina@alpine.example", "code", ScriptedProvider.Client), (asked["login_hint"].ToString(), asked["response_type"].ToString(), asked["client_id"].ToString()));

        var form = await browser.SubmitAsync(await browser.FollowInsideAsync(await browser.GetAsync(new Flow().Url)), default, ("email", "nina@alpine.example"), ("home", "1"));
        var link = (await SignIn.ReadAsync(form)).QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).First(href => href.Contains("/federation/start", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await house.Browser().GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(link.Replace(house.Id.ToString("N"), Guid.NewGuid().ToString("N"), StringComparison.Ordinal))).StatusCode);

        // Which domains have a provider may be known; whether there is an account is not told: an unknown address gets the very same page.
        async Task<string> PageAsync(string email)
        {
            var page = await browser.SubmitAsync(await browser.FollowInsideAsync(await browser.GetAsync(new Flow(("ui_locales", "zh-Hans")).Url)), default, ("email", email), ("home", "1"));
            return $"{page.StatusCode} {await FederatedHouse.WordsAsync(page)}";
        }
        Assert.Equal(await PageAsync(Folk.Ada), await PageAsync("nobody@ALPINE.example"));
        Assert.Contains("由“Alpine AG”负责登录", await PageAsync(Folk.Ada), StringComparison.Ordinal);
        Assert.StartsWith("UnprocessableEntity", await PageAsync("cy@elsewhere.example"), StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "21"), Trait("oidc", "87"), Trait("asvs", "V6.8.4")]
    public async Task Proving_it_once_more_asks_the_provider_to_ask_again_and_looks_when_it_did()
    {
        await using var house = await FederatedHouse.StartAsync();
        var browser = house.Browser();
        house.Alpine.Claims = claims => claims["auth_time"] = (long)claims["iat"]! - 3600;
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(browser)));
        Assert.DoesNotContain("max_age", house.Alpine.Asked!.Query, StringComparison.Ordinal);
        // Let in silently by the provider: no proof of this moment, so a change of credentials asks for one.
        var prove = await browser.GetAsync("/identity/account/password?lang=en");
        Assert.StartsWith("/identity/log-in?request=", prove.Headers.Location!.OriginalString, StringComparison.Ordinal);
        async Task<HttpResponseMessage> ProveAsync() =>
            await browser.GetAsync(house.Alpine.Answer(await FederatedHouse.LeaveAsync(browser, await browser.SubmitAsync(await browser.GetAsync(prove.Headers.Location), default, ("email", "nina@alpine.example"), ("home", "1")))));
        Assert.Equal(HttpStatusCode.BadRequest, (await ProveAsync()).StatusCode);
        Assert.Contains("prompt=login&max_age=0", house.Alpine.Asked!.Query, StringComparison.Ordinal);
        house.Alpine.Claims = claims => claims.Remove("auth_time");
        Assert.Equal(HttpStatusCode.BadRequest, (await ProveAsync()).StatusCode);
        house.Alpine.Claims = null;
        Assert.Equal("/identity/account/password", (await ProveAsync()).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/identity/account/password?lang=en")).StatusCode);
    }

    [Fact, Trait("oidc", "71"), Trait("oidc", "87"), Trait("asvs", "V7.6.1 V10.5.5")]
    public async Task A_log_out_at_the_provider_ends_what_began_there_and_nothing_else()
    {
        await using var house = await FederatedHouse.StartAsync();
        var (browser, other) = (house.Browser(), house.Browser());
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(browser)));
        house.Alpine.Claims = claims => claims["sid"] = "there-2";
        Assert.True(FederatedHouse.Entered(await house.EnterAsync(other)));
        async Task<bool> IsIn(HttpClient who) => Answer.Of(await who.GetAsync(new Flow(("prompt", "none")).Url))["code"] is not null;

        var now = house.Host.Clock.GetUtcNow().ToUnixTimeSeconds();
        JsonObject Message() => new()
        {
            ["iss"] = house.Alpine.Issuer, ["aud"] = ScriptedProvider.Client, ["iat"] = now, ["exp"] = now + 120, ["jti"] = Guid.NewGuid().ToString(), ["sid"] = "there-1", ["sub"] = "a-17",
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        async Task<HttpStatusCode> SendAsync(string token) =>
            (await house.Host.Program().PostAsync($"/identity/federation/{house.Id:N}/logout", new FormUrlEncodedContent([new("logout_token", token)]))).StatusCode;
        foreach (var spoil in new Action<JsonObject>[]
        {
            m => m["iss"] = "https://evil.example", m => m["aud"] = "somebody-else", m => m["nonce"] = "x", m => m.Remove("events"), m => m["events"] = new JsonObject(), m => m.Remove("jti"), m => m["iat"] = now - 3600,
            m => { m.Remove("sid"); m.Remove("sub"); },
        })
        {
            var message = Message();
            spoil(message);
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(house.Alpine.Sign(message, "logout+jwt")));
        }
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(house.Alpine.Sign(Message(), "at+jwt")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await house.Host.Program().PostAsync($"/identity/federation/{house.Id:N}/logout", new StringContent(house.Alpine.Sign(Message(), "logout+jwt")))).StatusCode);
        var elses = Message();
        elses.Remove("sid");
        elses["sub"] = "a-18";
        Assert.Equal(HttpStatusCode.OK, await SendAsync(house.Alpine.Sign(elses, "logout+jwt")));
        Assert.Equal((true, true), (await IsIn(browser), await IsIn(other)));

        var good = house.Alpine.Sign(Message(), "logout+jwt");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(good));
        Assert.Equal((false, true), (await IsIn(browser), await IsIn(other)));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(good));
        var all = Message();
        all.Remove("sid");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(house.Alpine.Sign(all, "logout+jwt")));
        Assert.False(await IsIn(other));
    }
}
