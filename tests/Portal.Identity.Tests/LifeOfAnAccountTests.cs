using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity.Accounts;
using Portal.Identity.Mail;
using Portal.Identity.Persistence;

namespace Portal.Identity.Tests;

/// <summary>Invitation, reset and change of address, with mails that a real server took.</summary>
[Trait("hosting", "both")]
public sealed class LivingWithAnAccountTests(MailServer mails) : IClassFixture<MailServer>
{
    private const string New = "neu@alpine.example";
    private const string Chosen = "four words in a row";

    private async Task<ProviderHost> StartAsync() => await ProviderHost.StartAsync(services: mails.Use);

    private static async Task<T> LifeAsync<T>(ProviderHost host, Func<AccountLife, Task<T>> act)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<AccountLife>());
    }

    private static async Task<bool> EntersAsync(ProviderHost host, string email, string password) => (await new Flow().RunAsync(host.Browser(), email, password))["code"] is not null;

    private static async Task<HttpResponseMessage> ChooseAsync(ProviderHost host, string path, string password)
    {
        var browser = host.Browser();
        return await browser.SubmitAsync(await browser.GetAsync(path), default, ("password", password));
    }

    [Fact, Trait("oidc", "85"), Trait("asvs", "V6.4.1")]
    public async Task An_invitation_opens_as_often_as_a_scanner_likes_and_is_used_once()
    {
        await using var host = await StartAsync();
        var invited = await LifeAsync(host, life => life.InviteAsync(New, "zh-Hans", "Asia/Shanghai", default));
        Assert.True(invited is { Succeeded: true, Link: null });
        var letter = await mails.NextAsync();
        Assert.Equal((New, "您的 Portal 账户"), (letter.To, letter.Subject));
        Assert.Contains(letter.Link.Replace("&", "&amp;", StringComparison.Ordinal), letter.Html, StringComparison.Ordinal);
        Assert.False(await EntersAsync(host, New, Chosen));

        for (var i = 0; i < 3; i++) { Assert.Equal(HttpStatusCode.OK, (await host.Program().GetAsync(letter.Path)).StatusCode); }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ChooseAsync(host, letter.Path, "too short")).StatusCode);
        var page = await host.Browser().GetAsync(letter.Path);
        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(host, letter.Path, Chosen)).StatusCode);
        Assert.True(await EntersAsync(host, New, Chosen));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Browser().SubmitAsync(page, default, ("password", "another four words"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync(letter.Path)).StatusCode);
        Assert.True((await LifeAsync(host, life => life.LookAsync(invited.Subject!, default))) is { State: AccountState.Active, EmailConfirmed: true });
    }

    [Fact, Trait("oidc", "85"), Trait("asvs", "V6.4.1")]
    public async Task A_newer_invitation_a_withdrawal_and_a_week_end_the_older_one()
    {
        await using var host = await StartAsync();
        var subject = (await LifeAsync(host, life => life.InviteAsync(New, "en", "UTC", default))).Subject!;
        var first = await mails.NextAsync();
        Assert.True((await LifeAsync(host, life => life.InviteAgainAsync(subject, default))).Succeeded);
        var second = await mails.NextAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync(first.Path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Program().GetAsync(second.Path)).StatusCode);
        await LifeAsync(host, async life => { await life.WithdrawInvitationAsync(subject, default); return 0; });
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync(second.Path)).StatusCode);
        await LifeAsync(host, life => life.InviteAgainAsync(subject, default));
        var third = await mails.NextAsync();
        host.Clock.Advance(AccountLife.InvitationLasts);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync(third.Path)).StatusCode);
    }

    [Theory, OnEachEngine, Trait("oidc", "85"), Trait("oidc", "87")]
    public async Task When_a_companys_log_in_is_deleted_its_people_stay_and_are_told_how_to_come_in(string engine)
    {
        await using var house = await FederatedHouse.StartAsync(engine, services: mails.Use);
        var browser = house.Browser();
        Assert.NotNull(Answer.Of(await house.EnterAsync(browser))["code"]);
        await mails.NextAsync();
        var other = house.Browser();
        var waiting = house.Alpine.Answer(await house.LeaveAsync(other));
        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, true, default));
        Assert.Equal("federation.forced-still", (await house.ActAsync(registry => registry.RemoveAsync(house.Id, false, default))).Problems.Single().Code);
        Assert.Single(await house.ActAsync(registry => registry.ListAsync(default)));

        await house.DoneAsync(registry => registry.RemoveAsync(house.Id, true, default));
        Assert.Empty(await house.ActAsync(registry => registry.ListAsync(default)));
        Assert.Equal((0, 0, 3), await house.Host.StoreAsync(async db => (await db.FederatedLinks.CountAsync(), await db.FederatedDomains.CountAsync(), await db.Users.CountAsync())));
        Assert.Equal(Federation.FederationAct.Deleted, house.Trail.Changes[^1].Act);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.GetAsync(waiting)).StatusCode);
        var told = await mails.NextAsync();
        Assert.Equal(("nina@alpine.example", "Your log-in for Portal", "/identity/forgot"), (told.To, told.Subject, told.Path));
        Assert.Contains("Alpine AG", told.Text, StringComparison.Ordinal);
        // Nobody else is told, and whoever had a password uses it again.
        Assert.True(await EntersAsync(house.Host, Folk.Ada, Folk.Password));

        await browser.SubmitAsync(await browser.GetAsync(told.Path), default, ("email", told.To));
        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(house.Host, (await mails.NextAsync()).Path, Chosen)).StatusCode);
        Assert.Contains("A new password was set", (await mails.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.True(await EntersAsync(house.Host, told.To, Chosen));
        Assert.Contains("not seen before", (await mails.NextAsync()).Subject, StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "85"), Trait("oidc", "87")]
    public async Task Who_logs_in_at_the_company_alone_is_told_so_instead_of_getting_a_link()
    {
        await using var house = await FederatedHouse.StartAsync(services: mails.Use);
        Assert.NotNull(Answer.Of(await house.EnterAsync(house.Browser()))["code"]);
        var told = await mails.NextAsync();
        Assert.Equal(("nina@alpine.example", "Portal: Your company’s log-in opens your account now"), (told.To, told.Subject));
        await house.DoneAsync(registry => registry.SetForcedAsync(house.Id, true, default));

        async Task<string> AskAsync(string email)
        {
            var browser = house.Browser();
            var answer = await browser.SubmitAsync(await browser.GetAsync("/identity/forgot?lang=en"), default, ("email", email));
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }
        var words = await AskAsync(Folk.Ada);
        Assert.Contains("choose a new password there", words, StringComparison.Ordinal);
        Assert.Equal(words, await AskAsync("nobody@alpine.example"));
        var letter = await mails.NextAsync();
        Assert.Equal((Folk.Ada, ""), (letter.To, letter.Link));
        Assert.Contains("您通过贵公司自己的登录服务登录", letter.Text, StringComparison.Ordinal);
        Assert.Equal(["account.only-by-provider"], (await LifeAsync(house.Host, async life => await life.SendResetAsync((await house.Host.SubjectAsync(Folk.Ada))!, default))).Refusals);

        var invited = await LifeAsync(house.Host, life => life.InviteAsync(New, "en", "UTC", default));
        house.People.Owners[invited.Subject!] = FederatedHouse.Owner;
        var invitation = await mails.NextAsync();
        var page = await SignIn.ReadAsync(await house.Browser().GetAsync(invitation.Path));
        Assert.Null(page.QuerySelector("input[type=password]"));
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(invitation.Link).Query)["code"]!;
        var forced = await house.Browser().PostAsync("/identity/invitation", new FormUrlEncodedContent([new("code", code), new("password", Chosen)]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, forced.StatusCode);
        Assert.True((await LifeAsync(house.Host, life => life.LookAsync(invited.Subject!, default))) is { State: AccountState.Invited, HasPassword: false, OnlyByProvider: true });
    }

    [Fact, Trait("oidc", "85")]
    public async Task A_link_leads_to_the_configured_address_whatever_host_was_named()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        var page = await browser.GetAsync("/identity/forgot");
        using var poisoned = new HttpRequestMessage(HttpMethod.Post, "/identity/forgot") { Content = new FormUrlEncodedContent([new("email", Folk.Ada)]) };
        poisoned.Headers.Host = "evil.example";
        foreach (var (name, value) in new[] { ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("Forwarded", "host=evil.example;proto=http"), ("X-Original-Host", "evil.example") }) { poisoned.Headers.Add(name, value); }
        var answer = await browser.SendAsync(poisoned);
        Assert.DoesNotContain("evil.example", $"{answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}", StringComparison.Ordinal);
        // The portal leads a foreign name to its own address first; the provider alone answers.
        if (answer.StatusCode != HttpStatusCode.OK) { await browser.SubmitAsync(page, default, ("email", Folk.Ada)); }
        var letter = await mails.NextAsync();
        Assert.Equal("portal.example", new Uri(letter.Link).Host);
        Assert.DoesNotContain("evil.example", letter.Text + letter.Html, StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "82"), Trait("asvs", "V6.3.8")]
    public async Task Asking_for_a_new_password_looks_the_same_whoever_asks_and_mails_the_owner_alone()
    {
        await using var host = await StartAsync();
        async Task<string> AskAsync(string email)
        {
            var browser = host.Browser();
            var answer = await browser.SubmitAsync(await browser.GetAsync("/identity/forgot?lang=en"), default, ("email", email));
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }
        Assert.Equal(await AskAsync("nobody@alpine.example"), await AskAsync(Folk.Ada));
        Assert.Equal(Folk.Ada, (await mails.NextAsync()).To);
        Assert.Equal(2, await host.StoreAsync(db => db.Events.CountAsync(e => e.Kind == IdentityEventKind.LogInTried && e.AccountId == null)));
    }

    [Fact, Trait("oidc", "85"), Trait("asvs", "V6.3.7 V6.4.3")]
    public async Task A_reset_ends_every_session_tells_the_owner_and_holds_once_and_for_an_hour()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser, Folk.Bo);
        await browser.SubmitAsync(await host.Browser().GetAsync("/identity/forgot"), default, ("email", Folk.Bo));
        var late = await mails.NextAsync();
        host.Clock.Advance(AccountLife.ResetLasts);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync(late.Path)).StatusCode);

        await browser.SubmitAsync(await host.Browser().GetAsync("/identity/forgot"), default, ("email", Folk.Bo));
        var letter = await mails.NextAsync();
        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(host, letter.Path, Chosen)).StatusCode);
        Assert.Contains("A new password was set", (await mails.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.Equal("login_required", Answer.Of(await browser.GetAsync(new Flow(("prompt", "none")).Url))["error"]);
        Assert.False(await EntersAsync(host, Folk.Bo, Folk.Password));
        Assert.True(await EntersAsync(host, Folk.Bo, Chosen));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().GetAsync(letter.Path)).StatusCode);
    }

    [Fact, Trait("oidc", "85")]
    public async Task Without_mail_the_page_says_so_and_the_administrator_gets_the_link()
    {
        await using var host = await ProviderHost.StartAsync();
        Assert.Contains("cannot send mails", await host.Browser().GetStringAsync("/identity/forgot?lang=en"), StringComparison.Ordinal);
        var invited = await LifeAsync(host, life => life.InviteAsync(New, "en", "UTC", default));
        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(host, new Uri(invited.Link!).PathAndQuery, Chosen)).StatusCode);
        Assert.True(await EntersAsync(host, New, Chosen));
        Assert.Equal(0, await host.StoreAsync(db => db.Outbox.CountAsync()));
    }

    [Fact, Trait("asvs", "V6.3.7")]
    public async Task A_changed_address_is_confirmed_in_the_new_mailbox_and_can_be_taken_back_from_the_old()
    {
        var kept = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var host = await ProviderHost.StartAsync(services: mails.Use, identity: options => options.EmailChanged = (_, _, email, _) => { kept.Enqueue(email); return Task.CompletedTask; });
        var browser = host.Browser();
        await new Flow().RunAsync(browser, Folk.Bo);
        var asked = await browser.SubmitAsync(await browser.GetAsync("/identity/account/email?lang=en"), default, ("email", New));
        Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
        Letter[] two = [await mails.NextAsync(), await mails.NextAsync()];
        var confirm = Assert.Single(two, l => l.To == New);
        Assert.Single(two, l => l.To == Folk.Bo);
        Assert.False(await EntersAsync(host, New, Folk.Password));

        Assert.Equal(HttpStatusCode.OK, (await host.Program().GetAsync(confirm.Path)).StatusCode);
        await browser.SubmitAsync(await browser.GetAsync(confirm.Path), default);
        Letter[] told = [await mails.NextAsync(), await mails.NextAsync()];
        Assert.True(await EntersAsync(host, New, Folk.Password));
        Assert.False(await EntersAsync(host, Folk.Bo, Folk.Password));
        await UntilAsync(() => Task.FromResult(kept.LastOrDefault() == New));

        await mails.NextAsync();
        var undo = Assert.Single(told, l => l.To == Folk.Bo);
        await browser.SubmitAsync(await browser.GetAsync(undo.Path), default);
        Assert.True(await EntersAsync(host, Folk.Bo, Folk.Password));
        await UntilAsync(() => Task.FromResult(kept.LastOrDefault() == Folk.Bo));
    }

    [Fact, Trait("oidc", "53"), Trait("asvs", "V6.3.5")]
    public async Task Whose_refresh_token_was_used_twice_is_told()
    {
        await using var host = await StartAsync();
        var client = Refreshing.Public;
        var first = await client.BeginAsync(host);
        await client.AgainAsync(host, first);
        Assert.Equal(Refreshing.Invalid, (await client.AgainAsync(host, first))["error"]);
        var letter = await mails.NextAsync();
        Assert.Equal(Folk.Ada, letter.To);
        Assert.Contains("重复使用", letter.Subject, StringComparison.Ordinal);
        Assert.Equal("spa", await host.StoreAsync(db => db.Events.Where(e => e.Kind == IdentityEventKind.RefreshTokenReused).Select(e => e.ClientId).SingleAsync()));
    }

    [Fact, Trait("oidc", "85"), Trait("asvs", "V6.3.5")]
    public async Task A_log_in_from_a_browser_not_seen_before_is_told_once()
    {
        await using var host = await StartAsync();
        var (usual, other) = (host.Browser(), host.Browser());
        await new Flow().RunAsync(usual, Folk.Bo);
        await new Flow(("prompt", "login")).RunAsync(usual, Folk.Bo);
        await new Flow().RunAsync(other, Folk.Bo);
        await new Flow(("prompt", "login")).RunAsync(other, Folk.Bo);
        Assert.Equal(1, await host.StoreAsync(db => db.Events.CountAsync(e => e.Kind == IdentityEventKind.NewDevice)));
        var letter = await mails.NextAsync();
        Assert.Equal(Folk.Bo, letter.To);
        Assert.Contains("not seen before", letter.Subject, StringComparison.Ordinal);
    }

    [Fact, Trait("oidc", "84"), Trait("asvs", "V6.3.7")]
    public async Task Every_change_of_a_factor_is_told_to_its_owner()
    {
        await using var host = await StartAsync();
        var browser = host.Browser();
        await new Flow().RunAsync(browser, Folk.Bo);
        async Task ToldAsync(string subject)
        {
            var letter = await mails.NextAsync();
            Assert.Equal(Folk.Bo, letter.To);
            Assert.Contains(subject, letter.Subject, StringComparison.Ordinal);
        }
        async Task<string> FormAsync(string action) => (await SignIn.ReadAsync(await browser.GetAsync("/identity/account?lang=en")))
            .QuerySelectorAll("form").Single(f => f.GetAttribute("action") == $"/identity/account/{action}").QuerySelector("input[name=form]")!.GetAttribute("value")!;
        async Task PostAsync(string action) => await browser.PostAsync($"/identity/account/{action}", new FormUrlEncodedContent([new("form", await FormAsync(action))]));

        await browser.SubmitAsync(await browser.GetAsync("/identity/account/password"), default, ("password", Chosen));
        await ToldAsync("Your password was changed");
        var page = await browser.GetAsync("/identity/account/authenticator?lang=en");
        var secret = Base32.Read((await SignIn.ReadAsync(page)).QuerySelector("li.user-select-all")!.TextContent);
        await browser.SubmitAsync(page, default, ("code", Credentials.Totp.CodeAt(secret, host.Clock.GetUtcNow().ToUnixTimeSeconds() / 30)));
        await ToldAsync("An authenticator app was set up");
        await PostAsync("recovery-codes");
        await ToldAsync("New recovery codes were made");
        await PostAsync("authenticator/remove");
        await ToldAsync("The authenticator app was removed");
        using var key = new SoftPasskey("https://portal.example", "portal.example");
        var add = await browser.GetAsync("/identity/account/passkeys?lang=en");
        var options = (await SignIn.ReadAsync(add)).QuerySelector("form[data-passkey-options]")!.GetAttribute("data-passkey-options")!;
        await browser.SubmitAsync(add, default, ("credential", key.Create(options)), ("name", "Key"));
        await ToldAsync("A passkey was added");
        var remove = (await SignIn.ReadAsync(await browser.GetAsync("/identity/account?lang=en"))).QuerySelectorAll("form").Single(f => f.GetAttribute("action") == "/identity/account/passkeys/remove");
        await browser.PostAsync("/identity/account/passkeys/remove", new FormUrlEncodedContent(remove.QuerySelectorAll("input").Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!))));
        await ToldAsync("A passkey was removed");
    }

    [Fact, Trait("oidc", "85"), Trait("asvs", "V6.4.6")]
    public async Task A_reset_that_an_administrator_starts_goes_to_the_owner_alone()
    {
        await using var host = await StartAsync();
        var started = await LifeAsync(host, async life => await life.SendResetAsync((await host.SubjectAsync(Folk.Bo))!, default));
        Assert.True(started is { Succeeded: true, Link: null });
        Assert.True(await EntersAsync(host, Folk.Bo, Folk.Password));
        var letter = await mails.NextAsync();
        Assert.Equal(Folk.Bo, letter.To);
        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(host, letter.Path, Chosen)).StatusCode);
        Assert.Equal(Folk.Bo, (await mails.NextAsync()).To);
        Assert.True(await EntersAsync(host, Folk.Bo, Chosen));
        await mails.NextAsync();
    }

    [Fact]
    public async Task What_the_mail_server_does_not_take_waits_and_goes_out_later()
    {
        await using var host = await ProviderHost.StartAsync(services: services =>
        {
            mails.Use(services);
            services.PostConfigure<MailOptions>(mail => mail.Port = 1);
        });
        await LifeAsync(host, life => life.InviteAsync(New, "en", "UTC", default));
        await UntilAsync(async () => await host.StoreAsync(db => db.Outbox.AnyAsync(m => m.LastError != null)));
        var waiting = await host.StoreAsync(db => db.Outbox.AsNoTracking().SingleAsync());
        Assert.Equal((DeliveryState.Waiting, 1), (waiting.State, waiting.Attempts));
        Assert.Equal(host.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), waiting.NextAttemptAt);
        Assert.DoesNotContain(New, waiting.Payload + waiting.LastError, StringComparison.Ordinal);

        await using var better = await host.StartSecondAsync(mails.Use);
        better.Clock.Advance(TimeSpan.FromMinutes(2));
        await better.Services.GetRequiredService<OutboxDelivery>().DeliverAsync(default);
        Assert.Equal(New, (await mails.NextAsync()).To);
        Assert.Equal((DeliveryState.Delivered, ""), await host.StoreAsync(db => db.Outbox.Select(m => new ValueTuple<DeliveryState, string>(m.State, m.Payload)).SingleAsync()));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds()) { await timer.WaitForNextTickAsync(limit.Token); }
    }
}
