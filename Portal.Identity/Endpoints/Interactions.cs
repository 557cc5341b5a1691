using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>A log-in on its way: the request, the browser that began it, and when.</summary>
/// <param name="SessionId">Once somebody is logged in and asked for consent: who was asked. Null before.</param>
internal sealed record Interaction(AuthorizeRequest Request, string BrowserHash, DateTimeOffset BegunAt, string? SessionId = null);

/// <summary>A question whether to log out, put to one session.</summary>
internal sealed record SignOutQuestion(string SessionId, string? RedirectTo, DateTimeOffset AskedAt);

/// <summary>Seals what a form must bring back unchanged. Any node can open it; nobody outside can make or alter one.</summary>
internal sealed class Interactions(IDataProtectionProvider protection, IOptions<PortalIdentityOptions> options, TimeProvider clock)
{
    private static readonly JsonSerializerOptions s_json = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault };
    private readonly IDataProtector _logIn = protection.CreateProtector("Portal.Identity.Interaction.v1");
    private readonly IDataProtector _consent = protection.CreateProtector("Portal.Identity.ConsentQuestion.v1");
    private readonly IDataProtector _signOut = protection.CreateProtector("Portal.Identity.SignOutQuestion.v1");

    public string Seal(AuthorizeRequest request, string browser) => Seal(_logIn, new Interaction(request, AuthorizationCode.HashOf(browser), clock.GetUtcNow()));

    /// <summary>For the question of consent, put to one session. Of another kind than a log-in, so that neither passes for the other.</summary>
    public string SealConsent(AuthorizeRequest request, string browser, string sessionId) =>
        Seal(_consent, new Interaction(request, AuthorizationCode.HashOf(browser), clock.GetUtcNow(), sessionId));

    public string Seal(string sessionId, string? redirectTo) => Seal(_signOut, new SignOutQuestion(sessionId, redirectTo, clock.GetUtcNow()));

    /// <returns>Null where it is forged, too old or another browser's.</returns>
    public Interaction? Open(string? sealedRequest, string? browser) => Open(_logIn, sealedRequest, browser);

    /// <returns>Null where it is forged, too old or another browser's.</returns>
    public Interaction? OpenConsent(string? sealedRequest, string? browser) => Open(_consent, sealedRequest, browser);

    private Interaction? Open(IDataProtector protector, string? sealedRequest, string? browser) =>
        Open<Interaction>(protector, sealedRequest) is { } interaction && browser is not null
        && interaction.BrowserHash == AuthorizationCode.HashOf(browser) && IsFresh(interaction.BegunAt) ? interaction : null;

    public SignOutQuestion? OpenSignOut(string? sealedQuestion) =>
        Open<SignOutQuestion>(_signOut, sealedQuestion) is { } question && IsFresh(question.AskedAt) ? question : null;

    private bool IsFresh(DateTimeOffset from) => clock.GetUtcNow() - from <= options.Value.InteractionLifetime;

    private static string Seal<T>(IDataProtector protector, T value) =>
        WebEncoders.Base64UrlEncode(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(value, s_json)));

    private static T? Open<T>(IDataProtector protector, string? value) where T : class
    {
        try
        {
            return value is null ? null : JsonSerializer.Deserialize<T>(protector.Unprotect(WebEncoders.Base64UrlDecode(value)), s_json);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
