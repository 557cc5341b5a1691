using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Credentials;
using Portal.Identity.Endpoints;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using Portal.Identity.Tokens;

namespace Portal.Identity.Federation;

/// <summary>The way to a company's own provider and back, and its message that somebody logged out there.</summary>
internal sealed partial class FederationEndpoints(
    IdentityStoreContext db,
    AuthorizeEndpoints authorize,
    LogInEndpoints logIn,
    Interactions interactions,
    ProviderCookies cookies,
    Sessions.Sessions sessions,
    SessionVersion version,
    GuessLimit guesses,
    AccountLife life,
    FederationDirectory directory,
    FederationDocuments documents,
    FederationSeals seals,
    FederatedAsking asking,
    FederatedTokens tokens,
    FederatedAccounts accounts,
    FormRenderer pages,
    IOptions<PortalIdentityOptions> options,
    TimeProvider clock,
    ILogger<FederationEndpoints> log)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>How long a log-out message is remembered, so that it is taken once.</summary>
    private static readonly TimeSpan s_messagesKept = TimeSpan.FromMinutes(15);

    /// <summary>Opened from the log-in page, or from an invitation.</summary>
    public async Task<IResult> StartAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var given = new Parameters(http.Request.Query);
        if (await FindAsync(given["provider"], ct) is not { } provider) { return pages.Problem(http, "federation.off"); }
        var (invitation, request, hint) = (given["code"], (AuthorizeRequest?)null, (string?)null);
        if (invitation is not null)
        {
            if (await life.OpenLinkAsync(invitation, [LinkPurpose.Invitation], ct) is not var (_, invited)) { return pages.Problem(http, "link.void"); }
            hint = invited.Email;
        }
        else if (interactions.Open(given["request"], cookies.ReadBrowser(http)) is { Request.Link: null } interaction && await authorize.FindClientAsync(interaction.Request.ClientId, ct) is not null)
        {
            (request, hint) = (interaction.Request, interaction.Request.LoginHint);
        }
        else
        {
            return pages.Problem(http, "error.expired");
        }
        if (await guesses.IsExceededAsync(http.Connection.RemoteIpAddress, ct)) { return pages.Problem(http, "login.too-many"); }
        var (document, fault) = await documents.GetAsync(provider.Issuer, ct);
        if (document is null)
        {
            LogUnreachable(log, provider.Id, fault!);
            return pages.Problem(http, "federation.unreachable");
        }
        var now = clock.GetUtcNow();
        var (state, browser) = (Unguessable.Value(), cookies.EnsureBrowser(http));
        var attempt = new AttemptContent(Unguessable.Value(), Unguessable.Value(), request, invitation, now, given["lang"]);
        await using (var write = await db.BeginWriteAsync(ct))
        {
            db.FederationAttempts.Add(new FederationAttempt
            {
                StateHash = AuthorizationCode.HashOf(state), ProviderId = provider.Id, BrowserHash = AuthorizationCode.HashOf(browser), SealedContent = seals.Seal(attempt), ExpiresAt = now + s_patience,
            });
            db.Events.Add(IdentityEvent.Of(IdentityEventKind.LogInTried, now, address: http.Connection.RemoteIpAddress?.ToString(), device: Device.Of(http.Request.Headers.UserAgent)));
            await db.SaveChangesAsync(ct);
            await write.CommitAsync(ct);
        }
        return new SeeOther(asking.AddressOf(provider, document, attempt, state, hint));
    }

    /// <summary>The provider's answer. Its address is this provider's alone, so that no other's answer can be taken for it (RFC 9700, 4.4).</summary>
    public async Task<IResult> CallbackAsync(HttpContext http, string provider)
    {
        var ct = http.RequestAborted;
        var given = new Parameters(http.Request.Query);
        if (given.AnyRepeated) { return pages.Problem(http, "error.request"); }
        if (await FindAsync(provider, ct) is not { } home) { return pages.Problem(http, "federation.off"); }
        if (cookies.ReadBrowser(http) is not { } browser || await TakeAsync(home.Id, given["state"], browser, ct) is not { } attempt) { return pages.Problem(http, "error.expired"); }
        var (document, fault) = await documents.GetAsync(home.Issuer, ct);
        if (document is null)
        {
            LogUnreachable(log, home.Id, fault!);
            return pages.Problem(http, "federation.unreachable");
        }
        if (given["iss"] is { } answered ? answered != home.Issuer : document.SaysIssuer)
        {
            LogRefused(log, home.Id, "The answer comes from another issuer than the one that was asked.");
            return pages.Problem(http, "federation.wrong-answer");
        }
        if (given["code"] is not { Length: <= 4096 } code)
        {
            LogRefused(log, home.Id, given["error"] is { Length: <= 60 } error && error.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $"The provider says {error}." : "The answer holds neither a code nor an error.");
            return pages.Problem(http, "federation.denied");
        }
        (var identity, fault) = await asking.RedeemAsync(home, attempt, code, ct);
        if (identity is null)
        {
            LogRefused(log, home.Id, fault!);
            return pages.Problem(http, "federation.wrong-answer");
        }
        var (address, device) = (http.Connection.RemoteIpAddress?.ToString(), Device.Of(http.Request.Headers.UserAgent));
        var decision = await accounts.DecideAsync(home, identity, attempt.Invitation, address, device, ct);
        if (decision.Refusal is { } refusal)
        {
            LogRefused(log, home.Id, refusal);
            return pages.Problem(http, refusal);
        }
        return decision.Account is { } account ? await EnterAsync(http, home, identity, attempt, account, ct) : Prove(http, attempt, decision.ProveFirst!);
    }

    private async Task<IResult> EnterAsync(HttpContext http, FederatedProvider home, FederatedIdentity identity, AttemptContent attempt, Account account, CancellationToken ct)
    {
        var origin = new FederatedOrigin(home.Id, identity.Session, identity.AuthenticatedAt);
        var methods = identity.TwoFactors ? $"{Methods.Federated} {Methods.TwoFactors}" : Methods.Federated;
        if (attempt.Request is not { } request)
        {
            await sessions.BeginAsync(http, account, options.Value.Clients.FirstOrDefault()?.ClientId ?? "", methods, origin, ct);
            return pages.Form(http, new("invitation.title", "federation.linked", null, "") { LeadValues = [home.Name], Links = [new("back", options.Value.HomeUrl, Primary: true)] }, attempt.Language);
        }
        if (await authorize.FindClientAsync(request.ClientId, ct) is not { } client) { return pages.Problem(http, "error.expired"); }
        var more = identity.TwoFactors ? null : await logIn.AskMoreAsync(http, interactions.Seal(request, cookies.EnsureBrowser(http)), account, request.TwoSteps, attempt.Language, origin, ct);
        return more ?? await authorize.EnterAsync(http, request, client, account, methods, origin, ct);
    }

    /// <summary>Back to the log-in form, which now asks for the account's own credentials.</summary>
    private SeeOther Prove(HttpContext http, AttemptContent attempt, PendingLink wanted) => new(Address.With(
        options.Value.PathBase + Routes.LogIn,
        ("request", interactions.Seal(attempt.Request! with { Link = wanted, Again = true, HintedSubject = null, LoginHint = wanted.Email }, cookies.EnsureBrowser(http))), ("lang", attempt.Language)));

    /// <summary>OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8: ends what began by the provider's session, or all of that person's that began there.</summary>
    public async Task<IResult> LogoutAsync(HttpContext http, string provider)
    {
        var ct = http.RequestAborted;
        http.Response.Headers.CacheControl = "no-store";
        if (!Parameters.IsForm(http.Request)) { return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType); }
        var form = new Parameters(await http.Request.ReadFormAsync(ct));
        if (await FindAsync(provider, ct) is not { } home || form["logout_token"] is not { } token || await tokens.ReadLogoutAsync(home, token, ct) is not var (subject, session, message))
        {
            return JsonAnswer.Error("invalid_request", "The logout token is not valid.");
        }
        var now = clock.GetUtcNow();
        var hash = AuthorizationCode.HashOf($"{home.Id:N}\n{message}");
        await using (var write = await db.BeginWriteAsync(ct))
        {
            if (await db.UsedAssertions.AnyAsync(a => a.Hash == hash, ct)) { return JsonAnswer.Error("invalid_request", "The logout token was used before."); }
            db.UsedAssertions.Add(new UsedAssertion { Hash = hash, ExpiresAt = now + s_messagesKept });
            await db.SaveChangesAsync(ct);
            var begun = db.Sessions.Where(s => s.FederatedProviderId == home.Id && s.EndedAt == null && (session == null || s.FederatedSession == session)
                && (subject == null || db.FederatedLinks.Any(l => l.ProviderId == home.Id && l.Subject == subject && l.AccountId == s.AccountId)));
            foreach (var id in await begun.Select(s => s.Id).ToListAsync(ct)) { await db.EndSessionAsync(id, SessionEnd.LoggedOut, now, ct); }
            await write.CommitAsync(ct);
        }
        version.Move();
        return Results.Ok();
    }

    private async Task<FederatedProvider?> FindAsync(string? id, CancellationToken ct) => Guid.TryParseExact(id, "N", out var key) ? (await directory.ReadAsync(ct)).Find(key) : null;

    /// <summary>Takes the attempt away: an answer is read once. Another browser's or another provider's answer leaves it where it is.</summary>
    private async Task<AttemptContent?> TakeAsync(Guid provider, string? state, string browser, CancellationToken ct)
    {
        if (state is not { Length: 43 }) { return null; }
        var (hash, mark, now) = (AuthorizationCode.HashOf(state), AuthorizationCode.HashOf(browser), clock.GetUtcNow());
        var attempt = await db.FederationAttempts.AsNoTracking().FirstOrDefaultAsync(a => a.StateHash == hash && a.ProviderId == provider && a.BrowserHash == mark && a.ExpiresAt > now, ct);
        if (attempt is null) { return null; }
        await using var write = await db.BeginWriteAsync(ct);
        var taken = await db.FederationAttempts.Where(a => a.StateHash == hash).ExecuteDeleteAsync(ct);
        await write.CommitAsync(ct);
        return taken == 1 ? seals.OpenAttempt(attempt.SealedContent) : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider {Provider} cannot be used: {Fault}")]
    private static partial void LogUnreachable(ILogger log, Guid provider, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A log-in by the provider {Provider} was refused: {Fault}")]
    private static partial void LogRefused(ILogger log, Guid provider, string fault);
}
