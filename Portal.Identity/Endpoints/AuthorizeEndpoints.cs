using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Credentials;
using Portal.Identity.Federation;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>The authorization endpoint and the log-in form it may lead to (OpenID Connect Core 1.0, 3.1.2; RFC 9207).</summary>
internal sealed class AuthorizeEndpoints(
    IdentityStoreContext db,
    Sessions.Sessions sessions,
    ProviderCookies cookies,
    Interactions interactions,
    CodeExchange codes,
    PasswordSignIn passwords,
    TokenReader tokens,
    PushedRequests pushed,
    Consents consents,
    FederationDirectory directory,
    FederatedAccounts federated,
    FormRenderer forms,
    PageRenderer pages,
    IOptions<PortalIdentityOptions> options,
    TimeProvider clock)
{
    public async Task<IResult> AuthorizeAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await Parameters.ReadAsync(http.Request, ct) is not { } given)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }
        var client = await FindClientAsync(given["client_id"], ct);
        if (client is null)
        {
            return pages.Problem(http, "error.client-unknown");
        }
        string? pushedHash = null;
        if (given["request_uri"] is { } requestUri && PushedRequests.IsOne(requestUri))
        {
            // What else stands in the address is not read (RFC 9126, 4).
            if (await pushed.FindAsync(client, requestUri, ct) is not var (hash, parameters))
            {
                return pages.Problem(http, "error.expired");
            }
            (pushedHash, given) = (hash, parameters);
        }
        if (given["redirect_uri"] is not { } redirectUri || !client.AllowsRedirectTo(redirectUri))
        {
            return pages.Problem(http, "error.redirect-unknown");
        }

        var hint = given["id_token_hint"] is { Length: <= 6000 } token ? await tokens.IdTokenHintAsync(token, ct) : null;
        var (request, error) = AuthorizeRules.Judge(client, redirectUri, given, hint?.Subject);
        if (request is null)
        {
            var state = given["state"] is { Length: <= AuthorizeRequest.LongestState } echoed ? echoed : null;
            return Refuse(http, redirectUri, state, given["response_mode"] is ResponseMode.FormPost, error!);
        }
        if (client.PushesRequests && pushedHash is null)
        {
            return Refuse(http, request, new("invalid_request", "This client pushes its requests."));
        }
        request = request with { PushedHash = pushedHash };

        var live = await sessions.CurrentAsync(http, ct);
        if (live is not null && !request.Again && IsEnough(request, live, asked: null))
        {
            return await ProceedAsync(http, request, client, live, ct);
        }
        if (request.Silent)
        {
            return Refuse(http, request, new("login_required", "Nobody is logged in, or not recently enough, or somebody else."));
        }
        return ToLogIn(http, request);
    }

    /// <summary>Shows the form, unless another tab has logged in meanwhile.</summary>
    public async Task<IResult> LogInFormAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var sealedRequest = http.Request.Query["request"] is [var only] ? only : null;
        if (interactions.Open(sealedRequest, cookies.ReadBrowser(http)) is not { } interaction || await FindClientAsync(interaction.Request.ClientId, ct) is not { } client)
        {
            return pages.Problem(http, "error.expired");
        }
        if (await sessions.CurrentAsync(http, ct) is { } live && IsEnough(interaction.Request, live, interaction.BegunAt))
        {
            return await ProceedAsync(http, interaction.Request, client, live, ct);
        }
        return await ShowFormAsync(http, interaction.Request, client, new LogInForm(sealedRequest!, interaction.Request.LoginHint ?? "", http.Request.Query["lang"], null), StatusCodes.Status200OK, ct);
    }

    public async Task<IResult> LogInAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (!Parameters.IsForm(http.Request))
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }
        var form = new Parameters(await http.Request.ReadFormAsync(ct));
        if (interactions.Open(form["request"], cookies.ReadBrowser(http)) is not { } interaction || await FindClientAsync(interaction.Request.ClientId, ct) is not { } client)
        {
            return pages.Problem(http, "error.expired");
        }
        var (request, email, password) = (interaction.Request, form["email"] ?? "", form["password"] ?? "");
        Task<IResult> AgainAsync(string fault, int status = StatusCodes.Status422UnprocessableEntity) => ShowFormAsync(http, request, client, new(form["request"]!, email, form["lang"], fault), status, ct);
        var home = request.Link is null ? (await directory.ReadAsync(ct)).OfAddress(email) : null;
        if (form["home"] is not null)
        {
            return home is null ? await AgainAsync("federation.no-home") : forms.Form(http, HomeView(http, request, home, email.Trim(), form["lang"]), form["lang"]);
        }
        if (string.IsNullOrWhiteSpace(email) || password.Length == 0 || email.Length > 320)
        {
            return await AgainAsync("login.incomplete");
        }

        var (account, tooMany) = await passwords.CheckAsync(http, email, password, asProof: request.Link is not null, ct);
        if (account is null)
        {
            // The words hang on the domain of the address, never on the account.
            return tooMany ? await AgainAsync("login.too-many", StatusCodes.Status429TooManyRequests) : await AgainAsync(home is { Forced: true } ? "login.refused-home" : "login.refused");
        }
        var steps = http.RequestServices.GetRequiredService<LogInEndpoints>();
        return await steps.AskMoreAsync(http, form["request"]!, account, request.TwoSteps, form["lang"], origin: null, ct) ?? await EnterAsync(http, request, client, account, Methods.Password, origin: null, ct);
    }

    private async Task<IResult> ShowFormAsync(HttpContext http, AuthorizeRequest request, Client client, LogInForm form, int status, CancellationToken ct)
    {
        var homes = await directory.ReadAsync(ct);
        return pages.LogIn(http, request, client, form with { OffersHome = request.Link is null && homes.Enabled.Count > 0, LinkTo = request.Link is { } link ? homes.Find(link.Provider)?.Name ?? "" : null }, status);
    }

    /// <summary>Names the company's provider and leads there. A link, not a form: a form may lead nowhere but here and to the application.</summary>
    private FormView HomeView(HttpContext http, AuthorizeRequest request, FederatedProvider home, string email, string? language) => new("federation.title", "federation.lead", null, "")
    {
        LeadValues = [home.Name, EmailDomain.Of(email)!],
        Links =
        [
            new("federation.go", Address.With(options.Value.PathBase + Routes.FederationStart, ("provider", home.Id.ToString("N")), ("request", interactions.Seal(request with { LoginHint = email }, cookies.EnsureBrowser(http))), ("lang", language)), Primary: true),
            new("login.again", Address.With(options.Value.PathBase + Routes.LogIn, ("request", interactions.Seal(request, cookies.EnsureBrowser(http))), ("lang", language))),
        ],
    };

    /// <summary>Where the log-in was asked for to link an account: links it now, before any session begins.</summary>
    /// <returns>Null where nothing was to be linked or it is linked; else the key of what stands against it.</returns>
    internal async Task<string?> LinkAsync(HttpContext http, AuthorizeRequest request, Account account, CancellationToken ct) =>
        request.Link is { } link ? await federated.LinkAsync(link, account, http.Connection.RemoteIpAddress?.ToString(), Device.Of(http.Request.Headers.UserAgent), ct) : null;

    /// <summary>Everything is proved: the session begins, or goes on where its owner only proved it once more, and the way leads on.</summary>
    /// <param name="methods">See <see cref="Methods"/>.</param>
    /// <param name="origin">Null for a log-in here.</param>
    internal async Task<IResult> EnterAsync(HttpContext http, AuthorizeRequest request, Client client, Account account, string methods, FederatedOrigin? origin, CancellationToken ct)
    {
        if (await LinkAsync(http, request, account, ct) is { } fault) { return pages.Problem(http, fault); }
        request = request with { Link = null };
        if (request.OwnPage is not null && await sessions.CurrentAsync(http, ct) is { } current && current.Account.Id == account.Id)
        {
            await sessions.ProveAsync(http, current, ct);
            return await SucceedAsync(http, request, current, ct);
        }
        var live = await sessions.EnterAsync(http, account, client.ClientId, methods, origin, ct);
        if (request.OwnPage is null && !IsMeant(request, live))
        {
            return Refuse(http, request, new("login_required", "Somebody else logged in than the hint names."));
        }
        return await ProceedAsync(http, request, client, live, ct);
    }

    /// <summary>Asks whether the client may learn what it wants to; only for clients that are not ours.</summary>
    public async Task<IResult> ConsentFormAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var sealedRequest = http.Request.Query["request"] is [var only] ? only : null;
        var (interaction, client, live, refusal) = await OpenConsentAsync(http, sealedRequest, ct);
        return refusal ?? pages.Consent(http, interaction!.Request, client!, live!.Account, sealedRequest!, http.Request.Query["lang"], await consents.WordsAsync(interaction.Request.Scope, ct));
    }

    public async Task<IResult> ConsentAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (!Parameters.IsForm(http.Request))
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }
        var form = new Parameters(await http.Request.ReadFormAsync(ct));
        var (interaction, client, live, refusal) = await OpenConsentAsync(http, form["request"], ct);
        if (refusal is not null)
        {
            return refusal;
        }
        var request = interaction!.Request;
        var allowed = form["answer"] == "allow";
        await consents.AnswerAsync(live!.Account, client!.ClientId, request.Scope, allowed, http.Connection.RemoteIpAddress?.ToString(), ct);
        return allowed ? await SucceedAsync(http, request, live, ct) : Refuse(http, request, new("access_denied", "The person said no."));
    }

    /// <returns>What is asked, of whom and by whom; or where to go instead. Whoever is logged in by now was perhaps not the one that was asked: then all begins anew.</returns>
    private async Task<(Interaction?, Client?, LiveSession?, IResult?)> OpenConsentAsync(HttpContext http, string? sealedRequest, CancellationToken ct)
    {
        if (interactions.OpenConsent(sealedRequest, cookies.ReadBrowser(http)) is not { } interaction || await FindClientAsync(interaction.Request.ClientId, ct) is not { } client)
        {
            return (null, null, null, pages.Problem(http, "error.expired"));
        }
        var live = await sessions.CurrentAsync(http, ct);
        return live?.Session.Id == interaction.SessionId ? (interaction, client, live, null) : (null, null, null, ToLogIn(http, interaction.Request));
    }

    private SeeOther ToLogIn(HttpContext http, AuthorizeRequest request) =>
        new(Address.With(options.Value.PathBase + Routes.LogIn, ("request", interactions.Seal(request, cookies.EnsureBrowser(http)))));

    private async Task<IResult> ProceedAsync(HttpContext http, AuthorizeRequest request, Client client, LiveSession live, CancellationToken ct)
    {
        if (!client.AsksConsent || (!request.ConsentAgain && await consents.CoverAsync(live.Account.Id, client.ClientId, request.Scope, ct)))
        {
            return await SucceedAsync(http, request, live, ct);
        }
        return request.Silent
            ? Refuse(http, request, new("consent_required", "The person has not allowed this yet."))
            : new SeeOther(Address.With(options.Value.PathBase + Routes.Consent, ("request", interactions.SealConsent(request, cookies.EnsureBrowser(http), live.Session.Id))));
    }

    private static bool IsMeant(AuthorizeRequest request, LiveSession live) => request.HintedSubject is not { } hinted || hinted == live.Account.Subject;

    /// <param name="asked">When the log-in form was asked for: a proof after that moment satisfies prompt=login and every max_age.</param>
    private bool IsEnough(AuthorizeRequest request, LiveSession live, DateTimeOffset? asked)
    {
        if (!IsMeant(request, live))
        {
            return false;
        }
        if (request.TwoSteps && !Methods.HasTwo(live.Session.Methods))
        {
            return false;
        }
        if (asked is { } begun && live.Session.AuthenticatedAt > begun)
        {
            return true;
        }
        return !request.Again && (request.MaxAge is not { } seconds || (clock.GetUtcNow() - live.Session.AuthenticatedAt).TotalSeconds < seconds);
    }

    private async Task<IResult> SucceedAsync(HttpContext http, AuthorizeRequest request, LiveSession live, CancellationToken ct)
    {
        if (request.OwnPage is { } page)
        {
            return new SeeOther(options.Value.PathBase + page);
        }
        return await codes.IssueAsync(request, live, ct) is { } code
            ? Send(http, request.RedirectUri, request.ByForm, ("code", code), ("state", request.State), ("iss", options.Value.Issuer))
            : Refuse(http, request, new("invalid_request_uri", "The pushed request has brought a code already."));
    }

    private IResult Refuse(HttpContext http, AuthorizeRequest request, ProtocolError error) => Refuse(http, request.RedirectUri, request.State, request.ByForm, error);

    private IResult Refuse(HttpContext http, string redirectUri, string? state, bool byForm, ProtocolError error) =>
        Send(http, redirectUri, byForm, ("error", error.Error), ("error_description", error.Description), ("state", state), ("iss", options.Value.Issuer));

    private IResult Send(HttpContext http, string redirectUri, bool byForm, params (string Name, string? Value)[] parameters) =>
        byForm ? pages.FormPost(http, redirectUri, [.. parameters.Where(p => p.Value is not null)!]) : new SeeOther(Address.With(redirectUri, parameters));

    internal async Task<Client?> FindClientAsync(string? id, CancellationToken ct) =>
        id is null ? null : await db.Clients.AsNoTracking().FirstOrDefaultAsync(c => c.ClientId == id && c.Enabled, ct);
}
