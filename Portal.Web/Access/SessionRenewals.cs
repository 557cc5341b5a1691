using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Portal.Identity.Sessions;

namespace Portal.Web.Access;

/// <summary>
/// Asks another provider, each time its tokens are about to end, whether the session goes on (OpenID Connect Core 1.0, 12), and takes the roles that it now gives. One
/// request of one node asks; the others go on meanwhile.
/// </summary>
internal sealed partial class SessionRenewals(HostSessions sessions, IOptionsMonitor<SignInHandlerOptions> client, IServiceProvider services, TimeProvider clock, ILogger<SessionRenewals> log)
{
    /// <summary>For so long nobody else asks, and after so long a provider that did not answer is asked again.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    /// <returns>Whether the session goes on.</returns>
    public async Task<bool> LookAsync(string key, LiveHostSession live, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (live.RenewAt > now) { return true; }
        if (await sessions.ClaimRenewalAsync(key, now + s_pause, ct) is not { } handle) { return live.GoodUntil > now; }
        try
        {
            // Whoever asked goes away perhaps, but the token that was sent is spent.
            return await RenewAsync(key, live, handle, CancellationToken.None);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or InvalidOperationException or JsonException or IOException)
        {
            LogUnanswered(log, fault);
            return live.GoodUntil > now;
        }
    }

    private async Task<bool> RenewAsync(string key, LiveHostSession live, string handle, CancellationToken ct)
    {
        var options = client.Get(PortalSignIn.ProviderScheme);
        var metadata = await options.Provider.GetAsync(ct);
        using var request = ProviderRequests.ForTokens(options, metadata, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = handle });
        using var response = await options.Backchannel.SendAsync(request, ct);
        var status = (int)response.StatusCode;
        if (status >= 500 || status == StatusCodes.Status429TooManyRequests) { throw new HttpRequestException($"The token endpoint answered {status}."); }
        if (response.IsSuccessStatusCode)
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
            if (await ClaimsAsync(answer.RootElement, live, options, metadata, ct) is { } claims)
            {
                // Without a new handle the old one goes on (RFC 6749, 6).
                var renewal = ProviderRequests.RenewalOf(answer.RootElement, clock.GetUtcNow()) ?? ProviderRequests.RenewalOf(With(answer.RootElement, handle), clock.GetUtcNow())!;
                await sessions.RenewAsync(key, renewal, ct);
                if (services.GetService<RoleMapping>() is { } roles) { await roles.ApplyAsync(live.Issuer, live.Subject, claims, ct); }
                return true;
            }
        }
        LogEnded(log, status);
        await sessions.EndAsync(key, SessionEnd.EndedByProvider, ct);
        return false;
    }

    /// <returns>Null where the answer is about somebody else or its id token is not valid.</returns>
    private async Task<IReadOnlyList<JsonElement>?> ClaimsAsync(JsonElement answer, LiveHostSession live, SignInHandlerOptions options, OpenIdConnectConfiguration metadata, CancellationToken ct)
    {
        if (!answer.TryGetProperty("access_token", out var access) || access.GetString() is not { Length: > 0 } accessToken) { return null; }
        List<JsonElement> claims = [];
        if (answer.TryGetProperty("id_token", out var member) && member.GetString() is { } idToken)
        {
            var result = await SignInHandler.ReadAsync(idToken, metadata, options.ClientId, clock.GetUtcNow());
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            {
                options.Provider.Refresh();
                result = await SignInHandler.ReadAsync(idToken, await options.Provider.GetAsync(ct), options.ClientId, clock.GetUtcNow());
            }
            if (result is not { IsValid: true, SecurityToken: JsonWebToken read } || read.Subject != live.Subject) { return null; }
            claims.Add(ProviderRequests.ClaimsOf(read));
        }
        if (string.IsNullOrEmpty(metadata.UserInfoEndpoint)) { return claims; }
        try
        {
            claims.Add(await ProviderRequests.UserInfoAsync(options.Backchannel, metadata, live.Subject, accessToken, ct));
            return claims;
        }
        catch (AuthenticationFailureException)
        {
            return null;
        }
    }

    private static JsonElement With(JsonElement answer, string handle)
    {
        var all = answer.EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        all["refresh_token"] = handle;
        return JsonSerializer.SerializeToElement(all);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log-in provider did not answer whether a session goes on; it is asked again in half a minute")]
    private static partial void LogUnanswered(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The log-in provider ended a session (answer {Status})")]
    private static partial void LogEnded(ILogger log, int status);
}
