using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;
using Portal.Identity.Clients;
using Portal.Identity.Endpoints;
using Portal.Identity.Federation;
using Portal.Identity.Pages;
using Portal.Identity.Persistence;
using Portal.Identity.Sessions;
using QRCoder;

namespace Portal.Identity.Credentials;

/// <summary>The steps of a log-in after the password, and the way in by passkey.</summary>
internal sealed class LogInEndpoints(
    IdentityStoreContext db, AuthorizeEndpoints authorize, Interactions interactions, ProviderCookies cookies, Sessions.Sessions sessions, SecondFactor second, Passkeys passkeys, FormRenderer pages, HomeRule homes, FederationDirectory directory, IDataProtectionProvider protection,
    IOptions<PortalIdentityOptions> options)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("Portal.Identity.FirstFactor.v2").ToTimeLimitedDataProtector();

    /// <summary>What was proved first, sealed into the form that asks for more.</summary>
    private sealed record FirstFactor(Guid Account, string Stamp, string Method, FederatedOrigin? Origin);

    /// <summary>The password was right, or a company's provider vouched with one factor. Who has a second factor is asked for it; who must have one and has none sets it up now.</summary>
    /// <returns>The page that asks; null where nothing more is needed.</returns>
    /// <param name="demanded">Whether the client wants two steps, whatever the rules of the house.</param>
    /// <param name="origin">Null where the password was the first factor.</param>
    public async Task<IResult?> AskMoreAsync(HttpContext http, string sealedRequest, Account account, bool demanded, string? language, FederatedOrigin? origin, CancellationToken ct)
    {
        var first = SealFirst(account, origin);
        if (account.AuthenticatorSecret is not null) { return pages.Form(http, SecondView(sealedRequest, first, null), language); }
        var required = demanded || (await directory.ReadAsync(ct)).IsEmergency(account.Id) || options.Value.NeedsSecondFactor is { } needs && await needs(http.RequestServices, account.Subject, ct);
        if (!required) { return null; }
        // A passkey is a whole log-in of its own, which whoever comes by the company's provider may not be allowed.
        return origin is null && await db.Set<Microsoft.AspNetCore.Identity.IdentityUserPasskey<Guid>>().AnyAsync(p => p.UserId == account.Id, ct)
            ? new SeeOther(Address.With(options.Value.PathBase + Routes.PasskeyLogIn, ("request", sealedRequest), ("lang", language)))
            : pages.Form(http, EnrolView(sealedRequest, first, second.Seal(Totp.NewSecret()), account, null), language);
    }

    public async Task<IResult> SecondAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await ReadAsync(http, ct) is not var (form, interaction, client, account, first)) { return pages.Problem(http, "error.expired"); }
        var (address, device) = (http.Connection.RemoteIpAddress?.ToString(), Device.Of(http.Request.Headers.UserAgent));
        var (method, fault) = await second.CheckAsync(account, form["code"] ?? "", address, device, ct);
        return method is null
            ? pages.Form(http, SecondView(form["request"]!, form["first"]!, fault), form["lang"], StatusCodes.Status422UnprocessableEntity)
            : await authorize.EnterAsync(http, interaction.Request, client, account, $"{first.Method} {method} {Methods.TwoFactors}", first.Origin, ct);
    }

    public async Task<IResult> EnrolAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (await ReadAsync(http, ct) is not var (form, interaction, client, account, first) || second.Open(form["secret"]) is not { } secret || account.AuthenticatorSecret is not null) { return pages.Problem(http, "error.expired"); }
        var (address, device) = (http.Connection.RemoteIpAddress?.ToString(), Device.Of(http.Request.Headers.UserAgent));
        if (await second.EnrolAsync(account.Id, secret, form["code"] ?? "", null, address, device, ct) is not { } codes)
        {
            return pages.Form(http, EnrolView(form["request"]!, form["first"]!, form["secret"]!, account, "second.wrong"), form["lang"], StatusCodes.Status422UnprocessableEntity);
        }
        if (await authorize.LinkAsync(http, interaction.Request, account, ct) is { } fault) { return pages.Problem(http, fault); }
        var fresh = await db.Users.AsNoTracking().FirstAsync(a => a.Id == account.Id, ct);
        await sessions.EnterAsync(http, fresh, client.ClientId, $"{first.Method} {Methods.OneTimeCode} {Methods.TwoFactors}", first.Origin, ct);
        // The way goes on where it began, once the codes are written down.
        return pages.Form(http, AccountEndpoints.CodesView(codes, Address.With(options.Value.PathBase + Routes.LogIn, ("request", form["request"]))), form["lang"]);
    }

    public async Task<IResult> PasskeyFormAsync(HttpContext http)
    {
        var sealedRequest = http.Request.Query["request"] is [var only] ? only : null;
        if (interactions.Open(sealedRequest, cookies.ReadBrowser(http)) is null) { return pages.Problem(http, "error.expired"); }
        return pages.Form(http, await PasskeyViewAsync(http, sealedRequest!, null), http.Request.Query["lang"]);
    }

    public async Task<IResult> PasskeyAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        if (!Parameters.IsForm(http.Request)) { return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType); }
        var form = new Parameters(await http.Request.ReadFormAsync(ct));
        if (interactions.Open(form["request"], cookies.ReadBrowser(http)) is not { } interaction || await authorize.FindClientAsync(interaction.Request.ClientId, ct) is not { } client) { return pages.Problem(http, "error.expired"); }
        var account = await passkeys.CheckAsync(http, form["state"], form["credential"], ct);
        var fault = account is null ? "passkey.refused" : interaction.Request.Link is null && await homes.BarsAsync(account, ct) ? "passkey.home" : null;
        return fault is null
            ? await authorize.EnterAsync(http, interaction.Request, client, account!, $"{Methods.Passkey} {Methods.TwoFactors}", null, ct)
            : pages.Form(http, await PasskeyViewAsync(http, form["request"]!, fault), form["lang"], StatusCodes.Status422UnprocessableEntity);
    }

    /// <returns>Null where the request is another browser's or too old, or the first factor was proved too long ago or before a change of credentials.</returns>
    private async Task<(Parameters Form, Interaction Interaction, Client Client, Account Account, FirstFactor First)?> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (!Parameters.IsForm(http.Request)) { return null; }
        var form = new Parameters(await http.Request.ReadFormAsync(ct));
        if (interactions.Open(form["request"], cookies.ReadBrowser(http)) is not { } interaction || await authorize.FindClientAsync(interaction.Request.ClientId, ct) is not { } client || OpenFirst(form["first"]) is not { } first) { return null; }
        var account = await db.Users.AsNoTracking().FirstOrDefaultAsync(a => a.Id == first.Account && a.State == AccountState.Active && a.SecurityStamp == first.Stamp, ct);
        return account is null ? null : (form, interaction, client, account, first);
    }

    private string SealFirst(Account account, FederatedOrigin? origin) =>
        _seal.Protect(JsonSerializer.Serialize(new FirstFactor(account.Id, account.SecurityStamp ?? "", origin is null ? Methods.Password : Methods.Federated, origin)), s_patience);

    private FirstFactor? OpenFirst(string? value)
    {
        try
        {
            return value is null ? null : JsonSerializer.Deserialize<FirstFactor>(_seal.Unprotect(value));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private FormView SecondView(string request, string first, string? fault) => new("second.title", "second.lead", Routes.SecondFactor, "login.submit")
    {
        Fault = fault, Hidden = [("request", request), ("first", first)], Fields = [new("code", "second.code", "text", "one-time-code", MaxLength: 40)], Links = [new("login.again", Address.With(options.Value.PathBase + Routes.LogIn, ("request", request)))],
    };

    private FormView EnrolView(string request, string first, string secret, Account account, string? fault) =>
        AuthenticatorView(Routes.Enrol, "second.required", second.Open(secret)!, account, fault) with { Hidden = [("request", request), ("first", first), ("secret", secret)] };

    /// <summary>QR code and secret of an app, and a field for its first code.</summary>
    internal FormView AuthenticatorView(string action, string lead, byte[] secret, Account account, string? fault)
    {
        using var code = QRCodeGenerator.GenerateQrCode(Totp.Uri(options.Value.ProductName, account.Email!, secret), QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(code);
        return new("authenticator.title", lead, action, "authenticator.submit")
        {
            Fault = fault, Picture = ($"data:image/png;base64,{Convert.ToBase64String(picture.GetGraphic(6))}", "authenticator.picture"),
            Codes = [string.Join(' ', Totp.ToBase32(secret).Chunk(4).Select(part => new string(part)))], Fields = [new("code", "second.code", "text", "one-time-code", MaxLength: 30)],
        };
    }

    private async Task<FormView> PasskeyViewAsync(HttpContext http, string request, string? fault)
    {
        var (asked, state) = await passkeys.AskAsync(http);
        return new("passkey.title", "passkey.lead", Routes.PasskeyLogIn, "passkey.submit")
        {
            Fault = fault, Hidden = [("request", request), ("state", state)], Passkey = (asked, false), Links = [new("login.with-password", Address.With(options.Value.PathBase + Routes.LogIn, ("request", request)))],
        };
    }
}
