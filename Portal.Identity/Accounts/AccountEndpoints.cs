using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Credentials;
using Portal.Identity.Endpoints;
using Portal.Identity.Federation;
using Portal.Identity.Mail;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;

namespace Portal.Identity.Accounts;

/// <summary>
/// The pages around an account: invitation, forgotten password, and what a person changes by themselves. Whatever changes a credential wants a proof of the last few
/// minutes, and a form that this very session was given.
/// </summary>
internal sealed class AccountEndpoints(
    IdentityStoreContext db, AccountLife life, Accounts accounts, Outbox outbox, SecondFactor second, Passkeys passkeys, LogInEndpoints logIn, Sessions.Sessions sessions, Interactions interactions, ProviderCookies cookies, GuessLimit guesses,
    FormRenderer pages, FederationDirectory homes, IDataProtectionProvider protection, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan s_proofHolds = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _forms = protection.CreateProtector("Portal.Identity.AccountForm.v1").ToTimeLimitedDataProtector();
    private readonly IDataProtector _notes = protection.CreateProtector("Portal.Identity.AccountNote.v1");

    // What anybody may open.

    public IResult ForgotForm(HttpContext http) => pages.Form(http, outbox.CanMail ? ForgotView(null) : Done("forgot.title", "forgot.no-mail"), Lang(http));

    public async Task<IResult> ForgotAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await FormAsync(http) is not { } form) { return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType); }
        if (!outbox.CanMail) { return pages.Form(http, Done("forgot.title", "forgot.no-mail"), form["lang"]); }
        var email = form["email"]?.Trim() ?? "";
        if (email.Length is 0 or > 320) { return pages.Form(http, ForgotView("forgot.incomplete"), form["lang"], StatusCodes.Status422UnprocessableEntity); }
        if (await guesses.IsExceededAsync(http.Connection.RemoteIpAddress, ct)) { return pages.Form(http, ForgotView("login.too-many"), form["lang"], StatusCodes.Status429TooManyRequests); }
        await life.WishResetAsync(new ResetWish(email, AddressOf(http), Device.Of(http.Request.Headers.UserAgent)), ct);
        // The words hang on the domain of the address, never on the account.
        return pages.Form(http, Done("forgot.title", (await homes.ReadAsync(ct)).OfAddress(email) is { Forced: true } ? "forgot.elsewhere" : "forgot.sent"), form["lang"]);
    }

    /// <summary>Shows the form and uses nothing: programs that open the links in mails get no further.</summary>
    public Task<IResult> InvitationFormAsync(HttpContext http) => PasswordFormAsync(http, LinkPurpose.Invitation, Routes.Invitation, "invitation.title", "invitation.lead");

    public Task<IResult> ResetFormAsync(HttpContext http) => PasswordFormAsync(http, LinkPurpose.PasswordReset, Routes.Reset, "reset.title", "reset.lead");

    public Task<IResult> InvitationAsync(HttpContext http) => ChooseAsync(http, LinkPurpose.Invitation, Routes.Invitation, "invitation.title", "invitation.lead", "invitation.done");

    public Task<IResult> ResetAsync(HttpContext http) => ChooseAsync(http, LinkPurpose.PasswordReset, Routes.Reset, "reset.title", "reset.lead", "reset.done");

    private async Task<IResult> PasswordFormAsync(HttpContext http, LinkPurpose purpose, string route, string title, string lead)
    {
        var code = http.Request.Query["code"] is [var only] ? only : null;
        return await life.OpenLinkAsync(code, [purpose], http.RequestAborted) is var (_, account)
            ? pages.Form(http, await ChooseViewAsync(http, purpose, route, title, lead, account, code!, null), Lang(http) ?? account.Language)
            : pages.Form(http, Done("link.title", "link.void"), Lang(http), StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> ChooseAsync(HttpContext http, LinkPurpose purpose, string route, string title, string lead, string done)
    {
        var ct = http.RequestAborted;
        if (await FormAsync(http) is not { } form) { return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType); }
        if (await life.OpenLinkAsync(form["code"], [purpose], ct) is not var (_, account)) { return pages.Form(http, Done("link.title", "link.void"), form["lang"], StatusCodes.Status400BadRequest); }
        var faults = await life.ChoosePasswordAsync(form["code"], form["password"] ?? "", AddressOf(http), Device.Of(http.Request.Headers.UserAgent), ct);
        return faults.Count == 0 ? pages.Form(http, Done(title, done) with { Links = [new("back", options.Value.HomeUrl)] }, form["lang"])
            : pages.Form(http, await ChooseViewAsync(http, purpose, route, title, lead, account, form["code"]!, faults[0]), form["lang"], StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Who is invited to a company with a provider of its own may accept by logging in there.</summary>
    private async Task<FormView> ChooseViewAsync(HttpContext http, LinkPurpose purpose, string route, string title, string lead, Account account, string code, string? fault)
    {
        var view = ChooseView(route, title, lead, account, code, fault, await accounts.ShortestPasswordAsync(account, http.RequestAborted));
        if (purpose is not LinkPurpose.Invitation || (await homes.ReadAsync(http.RequestAborted)).OfAddress(account.Email) is not { } home) { return view; }
        var start = new FormLink("federation.go", Address.With(options.Value.PathBase + Routes.FederationStart, ("provider", home.Id.ToString("N")), ("code", code), ("lang", Lang(http))), home.Forced);
        return home.Forced
            ? new(title, "invitation.elsewhere", null, "") { LeadValues = [account.Email!, home.Name], Links = [start] }
            : view with { Links = [start] };
    }

    public async Task<IResult> EmailLinkFormAsync(HttpContext http)
    {
        var code = http.Request.Query["code"] is [var only] ? only : null;
        return await life.OpenLinkAsync(code, [LinkPurpose.EmailChange, LinkPurpose.EmailUndo], http.RequestAborted) is var (link, account)
            ? pages.Form(http, new("email.title", link.Purpose is LinkPurpose.EmailUndo ? "email.undo.lead" : "email.lead", Routes.Email, "email.submit") { LeadValues = [link.Email], Hidden = [("code", code!)] }, Lang(http) ?? account.Language)
            : pages.Form(http, Done("link.title", "link.void"), Lang(http), StatusCodes.Status400BadRequest);
    }

    public async Task<IResult> EmailLinkAsync(HttpContext http)
    {
        if (await FormAsync(http) is not { } form) { return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType); }
        var faults = await life.ChangeEmailAsync(form["code"], AddressOf(http), Device.Of(http.Request.Headers.UserAgent), http.RequestAborted);
        return faults.Count == 0 ? pages.Form(http, Done("email.title", "email.done") with { Links = [new("back", options.Value.HomeUrl)] }, form["lang"])
            : pages.Form(http, Done("link.title", "link.void"), form["lang"], StatusCodes.Status400BadRequest);
    }

    // What only the owner opens.

    public async Task<IResult> OverviewAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await sessions.CurrentAsync(http, ct) is not { } live) { return Prove(http, null, Routes.Account); }
        var codes = await db.RecoveryCodes.CountAsync(c => c.AccountId == live.Account.Id && c.UsedAt == null, ct);
        var account = await db.Users.FirstAsync(a => a.Id == live.Account.Id, ct);
        return pages.Account(http, new(account.Email!, TokenOf(live), account.PasswordHash is not null, account.AuthenticatorSecret is not null, codes, await passkeys.ListAsync(account), NoteOf(http), options.Value.HomeUrl), Lang(http) ?? account.Language);
    }

    public Task<IResult> PasswordFormAsync(HttpContext http) => OwnFormAsync(http, Routes.AccountPassword, live => PasswordViewAsync(live, null, http.RequestAborted));

    public Task<IResult> PasswordAsync(HttpContext http) => OwnAsync(http, async (live, form) =>
    {
        var faults = await life.ChangePasswordAsync(live, form["password"] ?? "", AddressOf(http), http.RequestAborted);
        return faults.Count == 0 ? Back("account.password.changed") : Again(http, await PasswordViewAsync(live, faults[0], http.RequestAborted), form);
    });

    public Task<IResult> EmailFormAsync(HttpContext http) => OwnFormAsync(http, Routes.AccountEmail, live => Task.FromResult(EmailView(live, null)));

    public Task<IResult> EmailAsync(HttpContext http) => OwnAsync(http, async (live, form) =>
    {
        var faults = await life.WishEmailAsync(live, form["email"] ?? "", AddressOf(http), http.RequestAborted);
        return faults.Count == 0 ? Back("account.email.sent") : Again(http, EmailView(live, faults[0]), form);
    });

    public Task<IResult> AuthenticatorFormAsync(HttpContext http) => OwnFormAsync(http, Routes.Authenticator, live => Task.FromResult(AppView(live, second.Seal(Totp.NewSecret()), null)));

    public Task<IResult> AuthenticatorAsync(HttpContext http) => OwnAsync(http, async (live, form) =>
    {
        if (second.Open(form["secret"]) is not { } secret || live.Account.AuthenticatorSecret is not null) { return pages.Problem(http, "error.expired"); }
        return await second.EnrolAsync(live.Account.Id, secret, form["code"] ?? "", live.Session.Id, AddressOf(http), live.Session.Device, http.RequestAborted) is { } codes
            ? pages.Form(http, CodesView(codes, options.Value.PathBase + Routes.Account), form["lang"])
            : Again(http, AppView(live, form["secret"]!, "second.wrong"), form);
    });

    public Task<IResult> RemoveAuthenticatorAsync(HttpContext http) => OwnAsync(http, async (live, _) =>
    {
        await second.RemoveAsync(live, AddressOf(http), http.RequestAborted);
        return Back("account.second.removed");
    });

    public Task<IResult> RenewCodesAsync(HttpContext http) => OwnAsync(http, async (live, form) =>
        live.Account.AuthenticatorSecret is null ? Back(null) : pages.Form(http, CodesView(await second.RenewCodesAsync(live, AddressOf(http), http.RequestAborted), options.Value.PathBase + Routes.Account), form["lang"]));

    public Task<IResult> PasskeyFormAsync(HttpContext http) => OwnFormAsync(http, Routes.AccountPasskeys, live => PasskeyViewAsync(http, live, null));

    public Task<IResult> AddPasskeyAsync(HttpContext http) => OwnAsync(http, async (live, form) =>
        await passkeys.AddAsync(http, live, form["state"], form["credential"], form["name"] ?? "", http.RequestAborted) is { } fault ? Again(http, await PasskeyViewAsync(http, live, fault), form) : Back("account.passkeys.added"));

    public Task<IResult> RemovePasskeyAsync(HttpContext http) => OwnAsync(http, async (live, form) => Back(await passkeys.RemoveAsync(http, live, form["passkey"], http.RequestAborted) ?? "account.passkeys.removed"));

    /// <summary>Only who has just proved it sees the form.</summary>
    private async Task<IResult> OwnFormAsync(HttpContext http, string route, Func<LiveSession, Task<FormView>> view)
    {
        if (await sessions.CurrentAsync(http, http.RequestAborted) is not { } live || !IsFresh(live)) { return Prove(http, await sessions.CurrentAsync(http, http.RequestAborted), route); }
        return pages.Form(http, await view(live), Lang(http) ?? live.Account.Language);
    }

    private async Task<IResult> OwnAsync(HttpContext http, Func<LiveSession, Parameters, Task<IResult>> act)
    {
        if (await FormAsync(http) is not { } form) { return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType); }
        if (await sessions.CurrentAsync(http, http.RequestAborted) is not { } live || !Holds(form["form"], live)) { return pages.Problem(http, "error.expired"); }
        return IsFresh(live) ? await act(live, form) : Prove(http, live, Routes.Account);
    }

    private bool IsFresh(LiveSession live) => clock.GetUtcNow() - (live.Session.ProvenAt ?? live.Session.AuthenticatedAt) < s_proofHolds;

    /// <summary>To the log-in form and back: whoever is logged in proves it once more, whoever is not logs in.</summary>
    private SeeOther Prove(HttpContext http, LiveSession? live, string route)
    {
        var request = new AuthorizeRequest
        {
            ClientId = options.Value.Clients.FirstOrDefault()?.ClientId ?? "", RedirectUri = options.Value.Issuer + route, OwnPage = route, Scope = "", CodeChallenge = "", Again = live is not null, HintedSubject = live?.Account.Subject, LoginHint = live?.Account.Email,
        };
        return new SeeOther(Address.With(options.Value.PathBase + Routes.LogIn, ("request", interactions.Seal(request, cookies.EnsureBrowser(http))), ("lang", Lang(http))));
    }

    private string TokenOf(LiveSession live) => _forms.Protect(live.Session.Id, options.Value.InteractionLifetime);

    private bool Holds(string? token, LiveSession live)
    {
        try
        {
            return token is not null && _forms.Unprotect(token) == live.Session.Id;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The note is sealed, so that nobody makes this page say something by a link.</summary>
    private SeeOther Back(string? note) => new(Address.With(options.Value.PathBase + Routes.Account, ("note", note is null ? null : _notes.Protect(note))));

    private string? NoteOf(HttpContext http)
    {
        try
        {
            return http.Request.Query["note"] is [{ Length: > 0 } only] ? _notes.Unprotect(only) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IResult Again(HttpContext http, FormView view, Parameters form) => pages.Form(http, view, form["lang"], StatusCodes.Status422UnprocessableEntity);

    private async Task<FormView> PasswordViewAsync(LiveSession live, string? fault, CancellationToken ct)
    {
        var shortest = await accounts.ShortestPasswordAsync(live.Account, ct);
        return new("password.title", "password.lead", Routes.AccountPassword, "password.submit")
        {
            Fault = fault, FaultValues = [shortest], Hidden = [("form", TokenOf(live)), ("username", live.Account.Email!)], Fields = [PasswordField(shortest)], Links = [BackLink],
        };
    }

    private FormView EmailView(LiveSession live, string? fault) => new("account.email.change", "account.email.lead", Routes.AccountEmail, "account.email.submit")
    {
        Fault = fault, Hidden = [("form", TokenOf(live))], Fields = [new("email", "account.email.new", "email", "email")], Links = [BackLink],
    };

    private FormView AppView(LiveSession live, string secret, string? fault) => logIn.AuthenticatorView(Routes.Authenticator, "authenticator.lead", second.Open(secret)!, live.Account, fault) with
    {
        Hidden = [("form", TokenOf(live)), ("secret", secret)], Links = [BackLink],
    };

    private async Task<FormView> PasskeyViewAsync(HttpContext http, LiveSession live, string? fault)
    {
        var (offered, state) = await passkeys.OfferAsync(http, live.Account);
        return new("account.passkeys.add", "account.passkeys.lead", Routes.AccountPasskeys, "account.passkeys.create")
        {
            Fault = fault, Hidden = [("form", TokenOf(live)), ("state", state)], Passkey = (offered, true), Links = [BackLink],
            Fields = [new("name", "account.passkeys.name", "text", "off", live.Session.Device, "account.passkeys.name.help", Passkeys.LongestName)],
        };
    }

    private static FormView ForgotView(string? fault) => new("forgot.title", "forgot.lead", Routes.Forgot, "forgot.submit") { Fault = fault, Fields = [new("email", "login.email", "email", "username")] };

    private static FormView ChooseView(string route, string title, string lead, Account account, string code, string? fault, int shortest) => new(title, lead, route, "password.submit")
    {
        Fault = fault, FaultValues = [shortest], LeadValues = [account.Email!], Hidden = [("code", code), ("username", account.Email!)], Fields = [PasswordField(shortest)],
    };

    private static FormField PasswordField(int shortest) => new("password", "password.new", "password", "new-password", Help: "password.help", MaxLength: 256) { HelpValues = [shortest] };

    internal static FormView CodesView(IReadOnlyList<string> codes, string onward) => new("codes.title", "codes.lead", null, "") { Codes = codes, Links = [new("codes.onward", onward, Primary: true)] };

    private static FormView Done(string title, string text) => new(title, text, null, "");

    private FormLink BackLink => new("account.back", options.Value.PathBase + Routes.Account);

    private static string? Lang(HttpContext http) => http.Request.Query["lang"] is [{ Length: > 0 and <= 20 } only] ? only : null;

    private static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    private static async Task<Parameters?> FormAsync(HttpContext http) => Parameters.IsForm(http.Request) ? new Parameters(await http.Request.ReadFormAsync(http.RequestAborted)) : null;
}
