using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tests;

[Trait("hosting", "both")]
public sealed partial class FillingInTheLogInFormTests
{
    private static async Task<HttpResponseMessage> FormAsync(HttpClient browser, params (string, string?)[] changes) =>
        await browser.FollowInsideAsync(await browser.GetAsync(new Flow(changes).Url));

    private static async Task<HttpResponseMessage> TryAsync(HttpClient browser, string email, string password) =>
        await browser.SubmitAsync(await FormAsync(browser), default, ("email", email), ("password", password));

    private static bool Entered(HttpResponseMessage response) => response.Headers.Location?.Host == "app.example";

    [Fact, Trait("oidc", "81"), Trait("asvs", "V6.3.1")]
    public async Task Ten_wrong_passwords_lock_the_account_for_five_minutes()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(browser, Folk.Ada, "wrong wrong wrong")).StatusCode);
        }
        Assert.False(Entered(await TryAsync(browser, Folk.Ada, Folk.Password)));
        Assert.True(Entered(await TryAsync(host.Browser(), Folk.Bo, Folk.Password)));
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(Entered(await TryAsync(browser, Folk.Ada, Folk.Password)));
    }

    [Fact, Trait("oidc", "81")]
    public async Task A_right_password_forgives_the_wrong_ones_before()
    {
        await using var host = await ProviderHost.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 9; i++)
            {
                await TryAsync(host.Browser(), Folk.Ada, "wrong wrong wrong");
            }
            Assert.True(Entered(await TryAsync(host.Browser(), Folk.Ada, Folk.Password)));
        }
    }

    [Theory, OnEachEngine, Trait("oidc", "81"), Trait("asvs", "V6.3.1")]
    public async Task Parallel_guesses_do_not_outrun_the_lock(string engine)
    {
        await using var host = await ProviderHost.StartAsync(engine);
        var browsers = Enumerable.Range(0, 20).Select(_ => host.Browser()).ToArray();
        var forms = await Task.WhenAll(browsers.Select(browser => FormAsync(browser)));
        await Task.WhenAll(browsers.Zip(forms, (browser, form) => Task.Run(() => browser.SubmitAsync(form, default, ("email", Folk.Ada), ("password", "wrong wrong wrong")))));
        Assert.False(Entered(await TryAsync(host.Browser(), Folk.Ada, Folk.Password)));
        Assert.Equal(10, await host.StoreAsync(db => db.Events.CountAsync(e => e.Kind == IdentityEventKind.LogInTried && e.AccountId != null)));
    }

    [Fact, Trait("oidc", "81"), Trait("asvs", "V6.3.1")]
    public async Task Spraying_from_one_address_is_slowed()
    {
        await using var host = await ProviderHost.StartAsync(identity: options => options.FailuresPerAddressAndMinute = 5);
        for (var i = 0; i < 5; i++)
        {
            await TryAsync(host.Browser(), $"person{i}@alpine.example", "wrong wrong wrong");
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync(host.Browser(), Folk.Ada, Folk.Password)).StatusCode);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Entered(await TryAsync(host.Browser(), Folk.Ada, Folk.Password)));
    }

    [Fact, Trait("oidc", "82"), Trait("asvs", "V6.3.8")]
    public async Task Unknown_wrong_locked_disabled_and_without_password_look_the_same()
    {
        await using var host = await ProviderHost.StartAsync();
        var bo = (await host.SubjectAsync(Folk.Bo))!;
        await host.AccountsAsync(accounts => accounts.SetStateAsync(bo, AccountState.Disabled, default));
        Assert.True((await host.AccountsAsync(accounts => accounts.CreateAccountAsync("new@alpine.example", null, "en"))).Succeeded);
        await host.StoreAsync(db => db.Users.Where(a => a.Email == Folk.Ada).ExecuteUpdateAsync(set => set.SetProperty(a => a.AccessFailedCount, 0)));

        async Task<string> WordsAsync(string email, string password)
        {
            var response = await TryAsync(host.Browser(), email, password);
            var html = await response.Content.ReadAsStringAsync();
            return $"{(int)response.StatusCode} {Sealed().Replace(html, "").Replace(email, "", StringComparison.Ordinal)}";
        }
        var unknown = await WordsAsync("nobody@alpine.example", Folk.Password);
        Assert.Equal(unknown, await WordsAsync(Folk.Ada, "wrong wrong wrong"));
        Assert.Equal(unknown, await WordsAsync(Folk.Bo, Folk.Password));
        Assert.Equal(unknown, await WordsAsync("new@alpine.example", Folk.Password));
        for (var i = 0; i < 10; i++)
        {
            await TryAsync(host.Browser(), Folk.Ada, "wrong wrong wrong");
        }
        Assert.Equal(unknown, await WordsAsync(Folk.Ada, Folk.Password));
    }

    [Theory, Trait("oidc", "82"), Trait("asvs", "V6.3.8")]
    [InlineData(Folk.Ada)]
    [InlineData("nobody@alpine.example")]
    public async Task A_refused_log_in_costs_one_write_and_one_hash_whoever_was_meant(string email)
    {
        var hasher = new CountingHasher();
        await using var host = await ProviderHost.StartAsync(services: services =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Microsoft.AspNetCore.Identity.IPasswordHasher<Account>>(services, hasher));
        await TryAsync(host.Browser(), "warm@alpine.example", "wrong wrong wrong");
        var (hashes, commits) = (hasher.Verified, Commits(host));
        await TryAsync(host.Browser(), email, "wrong wrong wrong");
        Assert.Equal(1, hasher.Verified - hashes);
        Assert.Equal(1, Commits(host) - commits);

        static int Commits(ProviderHost host)
        {
            lock (host.Log)
            {
                return host.Log.Count(line => line.Contains("Committed transaction", StringComparison.Ordinal));
            }
        }
    }

    [Theory, Trait("oidc", "83"), Trait("asvs", "V6.2.1 V6.2.5")]
    [InlineData("elevenchars", false)]
    [InlineData("twelve chars", true)]
    [InlineData("😀😀😀😀😀😀", false)]
    [InlineData("😀🐎🔋📎😀🐢🔋📎🌊🐎🍎🌙", true)]
    [InlineData("山高水长路远马慢人约黄昏", true)]
    [InlineData("   twelve   ", true)]
    public async Task A_password_is_any_twelve_characters(string password, bool accepted)
    {
        await using var host = await ProviderHost.StartAsync();
        var result = await host.AccountsAsync(accounts => accounts.CreateAccountAsync("new@alpine.example", password, "en"));
        Assert.Equal(accepted, result.Succeeded);
        Assert.Equal(accepted ? [] : ["password.too-short"], result.Refusals);
        Assert.Equal(accepted, Entered(await TryAsync(host.Browser(), "new@alpine.example", password)));
    }

    [Fact, Trait("oidc", "83"), Trait("asvs", "V6.2.1")]
    public async Task Whom_the_host_asks_for_a_longer_password_reads_so_wherever_one_is_chosen_and_keeps_the_one_there_is()
    {
        const string Kim = "kim@portal.example", Twelve = "twelve chars", Fourteen = "fourteen chars", Fifteen = "fifteen letters";
        await using var before = await ProviderHost.StartAsync();
        var kim = (await before.AccountsAsync(accounts => accounts.CreateAccountAsync(Kim, Twelve, "en"))).Subject!;
        await using var host = await before.StartSecondAsync(identity: options => options.ShortestPassword = (_, subject, _) => ValueTask.FromResult(subject == kim ? 15 : 3));
        async Task<LinkResult> LinkAsync(Func<AccountLife, Task<LinkResult>> act)
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await act(scope.ServiceProvider.GetRequiredService<AccountLife>());
        }
        async Task ChooseAsync(HttpClient browser, string page, int shortest, string refused, string? chosen)
        {
            Assert.Contains($"至少 {shortest} 个字符", (await SignIn.ReadAsync(await browser.GetAsync($"{page}&lang=zh-Hans"))).Body!.TextContent, StringComparison.Ordinal);
            var form = await browser.GetAsync($"{page}&lang=en");
            Assert.Contains($"At least {shortest} characters", await form.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var again = await browser.SubmitAsync(form, default, ("password", refused));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, again.StatusCode);
            Assert.Contains($"must have at least {shortest} characters", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            if (chosen is not null) { Assert.True((await browser.SubmitAsync(again, default, ("password", chosen))).StatusCode is HttpStatusCode.OK or HttpStatusCode.SeeOther); }
        }

        var owner = host.Browser();
        Assert.True(Entered(await TryAsync(owner, Kim, Twelve)));
        await ChooseAsync(owner, "/identity/account/password?", 15, Fourteen, Fifteen);
        Assert.True(Entered(await TryAsync(host.Browser(), Kim, Fifteen)));
        await ChooseAsync(host.Browser(), new Uri((await LinkAsync(life => life.SendResetAsync(kim, default))).Link!).PathAndQuery, 15, Fourteen, Fifteen);
        await ChooseAsync(host.Browser(), new Uri((await LinkAsync(life => life.InviteAsync("lee@alpine.example", "en", "UTC", default))).Link!).PathAndQuery, 12, "elevenchars", Twelve);
        Assert.True(Entered(await TryAsync(host.Browser(), "lee@alpine.example", Twelve)));

        var set = await host.AccountsAsync(accounts => accounts.SetPasswordAsync(kim, Fourteen, default));
        Assert.Equal(("password.too-short", 15), (set.Refusals.Single(), set.Values.Single()));
        var made = await host.AccountsAsync(accounts => accounts.CreateAccountAsync("max@portal.example", Fourteen, "en", shortestPassword: 15));
        Assert.Equal(("password.too-short", 15), (made.Refusals.Single(), made.Values.Single()));
        Assert.Equal(["password.too-short"], (await host.AccountsAsync(accounts => accounts.CreateAccountAsync("max@portal.example", "elevenchars", "en", shortestPassword: 8))).Refusals);
    }

    private static string Long(int characters) => string.Concat(Enumerable.Range(0, 64).Select(i => "Correct Horse Battery "[(i % 22)..]))[..characters];

    [Fact]
    public async Task Pages_are_light_or_dark_as_the_person_chose_and_follow_the_system_where_nobody_did()
    {
        await using var host = await ProviderHost.StartAsync();
        foreach (var (cookie, theme, schemes) in new[] { (null, "system", "light dark"), ("dark", "dark", "dark"), ("light", "light", "light"), ("\"><script>", "system", "light dark") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/forgot");
            if (cookie is not null) { request.Headers.TryAddWithoutValidation("Cookie", $"__Host-portal-theme={cookie}"); }
            var page = await SignIn.ReadAsync(await host.Program().SendAsync(request));
            Assert.Equal((theme, schemes), (page.DocumentElement.GetAttribute("data-bs-theme"), page.QuerySelector("meta[name=color-scheme]")!.GetAttribute("content")));
        }
    }

    [Fact, Trait("oidc", "83"), Trait("asvs", "V6.2.8 V6.2.9")]
    public async Task A_password_has_at_most_128_characters_and_its_spaces_and_case_count()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(["password.too-long"], (await host.AccountsAsync(a => a.CreateAccountAsync("new@alpine.example", Long(129), "en"))).Refusals);
        Assert.True((await host.AccountsAsync(a => a.CreateAccountAsync("new@alpine.example", " " + Long(127), "en"))).Succeeded);
        Assert.False(Entered(await TryAsync(host.Browser(), "new@alpine.example", Long(127))));
        Assert.False(Entered(await TryAsync(host.Browser(), "new@alpine.example", " " + Long(127).ToLowerInvariant())));
        Assert.True(Entered(await TryAsync(host.Browser(), "new@alpine.example", " " + Long(127))));
    }

    [Fact, Trait("oidc", "83")]
    public async Task An_old_hash_is_renewed_at_log_in()
    {
        await using var host = await ProviderHost.StartAsync();
        Task<string> HashAsync() => host.StoreAsync(db => db.Users.Where(a => a.Email == Folk.Ada).Select(a => a.PasswordHash!).SingleAsync());
        var before = await HashAsync();
        await using var stronger = await host.StartSecondAsync(services =>
            Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.PostConfigure<Microsoft.AspNetCore.Identity.PasswordHasherOptions>(services, o => o.IterationCount = 2000));
        Assert.True(Entered(await TryAsync(stronger.Browser(), Folk.Ada, Folk.Password)));
        Assert.NotEqual(before, await HashAsync());
        Assert.True(Entered(await TryAsync(stronger.Browser(), Folk.Ada, Folk.Password)));
    }

    [Fact, Trait("oidc", "83"), Trait("asvs", "V6.2.12")]
    public async Task What_stands_in_the_file_of_known_passwords_is_refused_whatever_its_case()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, ["Tr0ub4dor&3-und", "", "  four Blue lakes  "]);
        await using var host = await ProviderHost.StartAsync(identity: options => options.BreachedPasswords = file);
        async Task<IReadOnlyList<string>> TryAsync(string password) => (await host.AccountsAsync(a => a.CreateAccountAsync($"{password.Length}.{password.Count(char.IsUpper)}@alpine.example", password, "en"))).Refusals;
        Assert.Equal(["password.obvious"], await TryAsync("tr0ub4dor&3-UND"));
        Assert.Equal(["password.obvious"], await TryAsync("Four blue Lakes"));
        Assert.Empty(await TryAsync("Four blue lakes more"));
        File.Delete(file);
    }

    [Fact, Trait("oidc", "83"), Trait("asvs", "V6.2.10")]
    public async Task A_password_of_years_ago_still_opens()
    {
        await using var host = await ProviderHost.StartAsync();
        host.Clock.Advance(TimeSpan.FromDays(5 * 365));
        Assert.True(Entered(await TryAsync(host.Browser(), Folk.Ada, Folk.Password)));
    }

    [Fact, Trait("oidc", "83"), Trait("asvs", "V6.2.6 V6.2.7")]
    public async Task A_password_is_typed_hidden_and_may_be_pasted_or_filled_in()
    {
        await using var host = await ProviderHost.StartAsync();
        await using var scope = host.Services.CreateAsyncScope();
        var life = scope.ServiceProvider.GetRequiredService<AccountLife>();
        var owner = host.Browser();
        Assert.True(Entered(await TryAsync(owner, Folk.Ada, Folk.Password)));
        foreach (var (page, kind) in new[]
        {
            (await FormAsync(host.Browser()), "current-password"), (await owner.GetAsync("/identity/account/password"), "new-password"),
            (await host.Browser().GetAsync(new Uri((await life.InviteAsync("new@alpine.example", "en", "UTC", default)).Link!).PathAndQuery), "new-password"),
            (await host.Browser().GetAsync(new Uri((await life.SendResetAsync((await host.SubjectAsync(Folk.Bo))!, default)).Link!).PathAndQuery), "new-password"),
        })
        {
            var document = await SignIn.ReadAsync(page);
            var field = Assert.Single(document.QuerySelectorAll("[name=password]"));
            Assert.Equal(("password", kind), (field.GetAttribute("type"), field.GetAttribute("autocomplete")));
            // No script runs on these pages that could keep anything out; the field itself is open and long enough.
            Assert.Empty(document.Scripts);
            Assert.False(field.HasAttribute("readonly") || field.HasAttribute("disabled") || field.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal)));
            Assert.True(field.GetAttribute("maxlength") is not { } most || int.Parse(most, System.Globalization.CultureInfo.InvariantCulture) >= 128);
        }
    }

    [Fact]
    public async Task One_address_has_one_account_whatever_its_case()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Equal(["account.email-taken"], (await host.AccountsAsync(a => a.CreateAccountAsync("ADA@alpine.example", Folk.Password, "en"))).Refusals);
        Assert.Equal(["account.email-invalid"], (await host.AccountsAsync(a => a.CreateAccountAsync("ada", Folk.Password, "en"))).Refusals);
        Assert.Equal(["account.language-unknown"], (await host.AccountsAsync(a => a.CreateAccountAsync("x@alpine.example", Folk.Password, "de"))).Refusals);
        Assert.Equal(await host.SubjectAsync(Folk.Ada), await host.SubjectAsync(" Ada@Alpine.Example"));
        Assert.True(Entered(await TryAsync(host.Browser(), "ADA@ALPINE.EXAMPLE ", Folk.Password)));
    }

    [Theory]
    [InlineData("zh-CN", null, "zh-Hans", "登录")]
    [InlineData("zh-Hans en", null, "zh-Hans", "登录")]
    [InlineData("de en", null, "en", "Log in")]
    [InlineData(null, "zh-TW,en;q=0.5", "zh-Hans", "登录")]
    [InlineData(null, "fr", "en", "Log in")]
    public async Task The_form_speaks_the_language_asked_for(string? uiLocales, string? browserAsks, string language, string title)
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        if (browserAsks is not null)
        {
            browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", browserAsks);
        }
        var page = await FormAsync(browser, ("ui_locales", uiLocales));
        var document = await SignIn.ReadAsync(page);
        Assert.Equal(language, document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(title, document.QuerySelector("h1")!.TextContent);
        Assert.Equal(language, Assert.Single(page.Content.Headers.ContentLanguage));

        var other = await SignIn.ReadAsync(await browser.GetAsync(document.QuerySelector("main a[hreflang]")!.GetAttribute("href")));
        Assert.NotEqual(language, other.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task A_wrong_password_leaves_the_address_in_the_form_and_says_what_is_wrong_accessibly()
    {
        await using var host = await ProviderHost.StartAsync();
        var document = await SignIn.ReadAsync(await TryAsync(host.Browser(), Folk.Ada, "wrong wrong wrong"));
        var alert = document.QuerySelector("[role=alert]")!;
        foreach (var name in new[] { "email", "password" })
        {
            var input = document.GetElementById(name)!;
            Assert.Equal("true", input.GetAttribute("aria-invalid"));
            Assert.Equal(alert.Id, input.GetAttribute("aria-describedby"));
            Assert.NotNull(document.QuerySelector($"label[for={name}]"));
        }
        Assert.Equal(Folk.Ada, document.GetElementById("email")!.GetAttribute("value"));
        Assert.Null(document.GetElementById("password")!.GetAttribute("value"));
    }

    [Fact, Trait("oidc", "23"), Trait("asvs", "V3.2.2")]
    public async Task What_a_hint_holds_is_shown_as_text_only()
    {
        await using var host = await ProviderHost.StartAsync();
        var page = await FormAsync(host.Browser(), ("login_hint", "\"><script>alert(1)</script>"));
        var document = await SignIn.ReadAsync(page);
        Assert.Empty(document.Scripts);
        Assert.Equal("\"><script>alert(1)</script>", document.GetElementById("email")!.GetAttribute("value"));
    }

    [Fact, Trait("oidc", "90")]
    public async Task No_log_line_holds_a_password_code_token_or_session()
    {
        await using var host = await ProviderHost.StartAsync();
        var browser = host.Browser();
        var flow = new Flow();
        var code = await flow.CodeAsync(browser);
        var reply = await flow.RedeemAsync(host.Program(), code);
        await TryAsync(host.Browser(), Folk.Bo, "a wrong secret password");
        await Reply.UserInfoAsync(host.Program(), reply["access_token"]!);
        lock (host.Log)
        {
            foreach (var secret in new[] { Folk.Password, "a wrong secret password", code, flow.Verifier, reply["access_token"]!, reply["id_token"]! })
            {
                Assert.DoesNotContain(host.Log, line => line.Contains(secret, StringComparison.Ordinal));
            }
        }
    }

    [GeneratedRegex("request=[\\w%-]+|name=\"request\" value=\"[^\"]*\"")]
    private static partial Regex Sealed();

    private sealed class CountingHasher : Microsoft.AspNetCore.Identity.IPasswordHasher<Account>
    {
        private readonly Microsoft.AspNetCore.Identity.PasswordHasher<Account> _inner = new();
        private int _verified;

        public int Verified => _verified;

        public string HashPassword(Account user, string password) => _inner.HashPassword(user, password);

        public Microsoft.AspNetCore.Identity.PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _verified);
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
