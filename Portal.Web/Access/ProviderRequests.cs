using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Portal.Identity.Sessions;

namespace Portal.Web.Access;

/// <summary>What the provider said at the log-in beyond who it is: how the session is renewed, and its claims, of the id token and of userinfo.</summary>
internal sealed record ProviderAnswer(SessionRenewal? Renewal, IReadOnlyList<JsonElement> Claims)
{
    public static ProviderAnswer? Of(HttpContext http) => http.Items.TryGetValue(typeof(ProviderAnswer), out var answer) ? (ProviderAnswer?)answer : null;

    /// <summary>For the rest of the request: tokens never go into a cookie.</summary>
    public void Keep(HttpContext http) => http.Items[typeof(ProviderAnswer)] = this;
}

/// <summary>The requests of the portal to its provider.</summary>
internal static class ProviderRequests
{
    /// <summary>Where the provider does not say how long its tokens live.</summary>
    private static readonly TimeSpan s_usualLife = TimeSpan.FromMinutes(10);

    /// <summary>How long a session outlives its tokens while the provider does not answer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>A form for the token endpoint with the client's proof: by header, or in the body where the provider takes that only.</summary>
    public static HttpRequestMessage ForTokens(SignInHandlerOptions options, OpenIdConnectConfiguration metadata, Dictionary<string, string?> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var methods = metadata.TokenEndpointAuthMethodsSupported;
        if (string.IsNullOrEmpty(options.ClientSecret) || (methods.Count > 0 && !methods.Contains("client_secret_basic")))
        {
            form["client_id"] = options.ClientId;
            if (!string.IsNullOrEmpty(options.ClientSecret)) { form["client_secret"] = options.ClientSecret; }
        }
        else
        {
            var pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}";
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        request.Content = new FormUrlEncodedContent(form!);
        return request;
    }

    /// <summary>Claims of the account; their subject must be the id token's (OpenID Connect Core 1.0, 5.3.2).</summary>
    public static async Task<JsonElement> UserInfoAsync(HttpClient backchannel, OpenIdConnectConfiguration metadata, string subject, string accessToken, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, metadata.UserInfoEndpoint);
        request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await backchannel.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode)
        {
            throw new AuthenticationFailureException($"The userinfo endpoint answered {(int)response.StatusCode}.");
        }
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
        return answer.RootElement.TryGetProperty("sub", out var sub) && sub.GetString() == subject
            ? answer.RootElement.Clone()
            : throw new AuthenticationFailureException("The userinfo endpoint speaks of another subject.");
    }

    public static JsonElement ClaimsOf(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(WebEncoders.Base64UrlDecode(token.EncodedPayload));
        return payload.RootElement.Clone();
    }

    /// <returns>Null where the answer holds no refresh token: the session then lives by its own limits.</returns>
    public static SessionRenewal? RenewalOf(JsonElement answer, DateTimeOffset now)
    {
        if (!answer.TryGetProperty("refresh_token", out var token) || token.GetString() is not { Length: > 0 } handle) { return null; }
        var life = answer.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var given) && given > 0 ? TimeSpan.FromSeconds(given) : s_usualLife;
        return new(handle, now + life * 0.8, now + life + s_patience);
    }
}
