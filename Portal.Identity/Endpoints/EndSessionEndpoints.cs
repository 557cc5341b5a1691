using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Portal.Identity.Clients;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>
/// OpenID Connect RP-Initiated Logout 1.0. Who brings an id token of the person logged in here is believed; anybody else makes the page ask.
/// A redirect follows only to an address registered by the client that the hint was written for.
/// </summary>
internal sealed class EndSessionEndpoints(IdentityStoreContext db, Sessions.Sessions sessions, Interactions interactions, TokenReader tokens, PageRenderer pages, IOptions<PortalIdentityOptions> options)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await Parameters.ReadAsync(http.Request, ct) is not { } given)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }
        if (given.AnyRepeated)
        {
            return pages.Problem(http, "error.request");
        }
        var live = await sessions.CurrentAsync(http, ct);
        if (live is null && HttpMethods.IsPost(http.Request.Method))
        {
            // A form posted from another site brings no cookie: come again by GET, which does.
            return new SeeOther(Address.With(options.Value.PathBase + Routes.EndSession, Names.Select(name => (name, given[name]))));
        }

        var hint = given["id_token_hint"] is { } token ? await tokens.IdTokenHintAsync(token, ct) : null;
        var client = hint is null ? null : await FindClientAsync(hint, given["client_id"], ct);
        var wanted = given["post_logout_redirect_uri"];
        var allowed = client is not null && wanted is not null && client.AllowsPostLogoutRedirectTo(wanted);
        var redirect = allowed ? Address.With(wanted!, ("state", given["state"] is { Length: <= AuthorizeRequest.LongestState } state ? state : null)) : null;
        var wrong = (given["id_token_hint"] is not null && client is null) || (client is not null && wanted is not null && !allowed);

        if (live is null)
        {
            return redirect is not null ? new SeeOther(redirect) : pages.SignedOut(http, given["ui_locales"]);
        }
        if (!wrong && client is not null && hint!.Subject == live.Account.Subject)
        {
            await sessions.EndAsync(http, live, ct);
            return redirect is not null ? new SeeOther(redirect) : pages.SignedOut(http, given["ui_locales"]);
        }
        var question = interactions.Seal(live.Session.Id, redirect);
        return pages.AskSignOut(http, question, live.Account, given["ui_locales"], redirect, wrong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }

    public async Task<IResult> AnswerAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (!Parameters.IsForm(http.Request))
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }
        var form = new Parameters(await http.Request.ReadFormAsync(ct));
        if (interactions.OpenSignOut(form["question"]) is not { } question)
        {
            return pages.Problem(http, "error.expired");
        }
        if (await sessions.CurrentAsync(http, ct) is { } live)
        {
            if (live.Session.Id != question.SessionId)
            {
                return pages.Problem(http, "error.expired");
            }
            await sessions.EndAsync(http, live, ct);
        }
        return question.RedirectTo is { } target ? new SeeOther(target) : pages.SignedOut(http, form["lang"]);
    }

    private static readonly string[] Names = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

    private async Task<Client?> FindClientAsync(JsonWebToken hint, string? clientId, CancellationToken ct)
    {
        if (hint.Audiences.ToArray() is not [var audience] || (clientId is not null && clientId != audience))
        {
            return null;
        }
        return await db.Clients.AsNoTracking().FirstOrDefaultAsync(c => c.ClientId == audience && c.Enabled, ct);
    }
}
