using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Clients;
using Portal.Identity.Credentials;
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
    GuessLimit guesses,
    TokenReader tokens,
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
        if (given["redirect_uri"] is not { } redirectUri || !client.AllowsRedirectTo(redirectUri))
        {
            return pages.Problem(http, "error.redirect-unknown");
        }

        var hint = given["id_token_hint"] is { Length: <= 6000 } token ? await tokens.IdTokenHintAsync(token, ct) : null;
        var (request, error) = AuthorizeRules.Judge(client, redirectUri, given, hint?.Subject);
        if (request is null)
        {
            var state = given["state"] is { Length: <= AuthorizeRequest.LongestState } echoed ? echoed : null;
            return Refuse(redirectUri, state, error!);
        }

        var live = await sessions.CurrentAsync(http, ct);
        if (live is not null && !request.Again && IsEnough(request, live, asked: null))
        {
            return await SucceedAsync(request, live, ct);
        }
        if (request.Silent)
        {
            return Refuse(redirectUri, request.State, new("login_required", "Nobody is logged in, or not recently enough, or somebody else."));
        }
        return new SeeOther(Address.With(options.Value.PathBase + Routes.LogIn, ("request", interactions.Seal(request, cookies.EnsureBrowser(http)))));
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
            return await SucceedAsync(interaction.Request, live, ct);
        }
        return pages.LogIn(http, interaction.Request, client, new LogInForm(sealedRequest!, interaction.Request.LoginHint ?? "", http.Request.Query["lang"], null));
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
        LogInForm Again(string fault) => new(form["request"]!, email, form["lang"], fault);
        if (string.IsNullOrWhiteSpace(email) || password.Length == 0 || email.Length > 320)
        {
            return pages.LogIn(http, request, client, Again("login.incomplete"), StatusCodes.Status422UnprocessableEntity);
        }

        var address = http.Connection.RemoteIpAddress;
        if (guesses.IsExceeded(address))
        {
            return pages.LogIn(http, request, client, Again("login.too-many"), StatusCodes.Status429TooManyRequests);
        }
        var account = await passwords.CheckAsync(email, password, address?.ToString(), ct);
        if (account is null)
        {
            guesses.Count(address);
            return pages.LogIn(http, request, client, Again("login.refused"), StatusCodes.Status422UnprocessableEntity);
        }
        var live = await sessions.BeginAsync(http, account, client.ClientId, Methods.Password, ct);
        if (!IsMeant(request, live))
        {
            return Refuse(request.RedirectUri, request.State, new("login_required", "Somebody else logged in than the hint names."));
        }
        return await SucceedAsync(request, live, ct);
    }

    private static bool IsMeant(AuthorizeRequest request, LiveSession live) => request.HintedSubject is not { } hinted || hinted == live.Account.Subject;

    /// <param name="asked">When the log-in form was asked for: a proof after that moment satisfies prompt=login and every max_age.</param>
    private bool IsEnough(AuthorizeRequest request, LiveSession live, DateTimeOffset? asked)
    {
        if (!IsMeant(request, live))
        {
            return false;
        }
        if (asked is { } begun && live.Session.AuthenticatedAt > begun)
        {
            return true;
        }
        return !request.Again && (request.MaxAge is not { } seconds || (clock.GetUtcNow() - live.Session.AuthenticatedAt).TotalSeconds < seconds);
    }

    private async Task<IResult> SucceedAsync(AuthorizeRequest request, LiveSession live, CancellationToken ct)
    {
        var code = await codes.IssueAsync(request, live, ct);
        return new SeeOther(Address.With(request.RedirectUri, ("code", code), ("state", request.State), ("iss", options.Value.Issuer)));
    }

    private SeeOther Refuse(string redirectUri, string? state, ProtocolError error) =>
        new(Address.With(redirectUri, ("error", error.Error), ("error_description", error.Description), ("state", state), ("iss", options.Value.Issuer)));

    private async Task<Client?> FindClientAsync(string? id, CancellationToken ct) =>
        id is null ? null : await db.Clients.AsNoTracking().FirstOrDefaultAsync(c => c.ClientId == id && c.Enabled, ct);
}
