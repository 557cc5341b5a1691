using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Portal.Identity.Credentials;
using Portal.Identity.Keys;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>What a client may know before it asks: metadata (OpenID Connect Discovery 1.0, RFC 8414) and public keys.</summary>
internal sealed class DiscoveryEndpoints(IOptions<PortalIdentityOptions> options, SigningKeys keys)
{
    private readonly byte[] _metadata = Encoding.UTF8.GetBytes(Describe(options.Value.Issuer).ToJsonString());

    private static readonly StringValues s_metadataKept = "public, max-age=300", s_keysKept = "public, max-age=900", s_everybody = "*", s_noSniff = "nosniff", s_json = "application/json", s_keySet = "application/jwk-set+json";

    public Task MetadataAsync(HttpContext http) => OpenAsync(http, _metadata, s_json, s_metadataKept);

    public Task JwksAsync(HttpContext http)
    {
        var ring = keys.RingAsync(http.RequestAborted);
        return ring.IsCompletedSuccessfully ? OpenAsync(http, ring.Result.Document, s_keySet, s_keysKept) : LaterAsync(http, ring.AsTask());

        static async Task LaterAsync(HttpContext http, Task<KeyRing> ring) => await OpenAsync(http, (await ring).Document, s_keySet, s_keysKept);
    }

    private static Task OpenAsync(HttpContext http, byte[] body, StringValues type, StringValues kept)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = kept;
        headers.AccessControlAllowOrigin = s_everybody;
        headers.XContentTypeOptions = s_noSniff;
        headers.ContentType = type;
        headers.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static JsonArray AssertionAlgorithms() => new("ES256", "PS256", "RS256");

    private static JsonObject Describe(string issuer) => new()
    {
        ["issuer"] = issuer,
        ["authorization_endpoint"] = issuer + Routes.Authorize,
        ["token_endpoint"] = issuer + Routes.Token,
        ["userinfo_endpoint"] = issuer + Routes.UserInfo,
        ["jwks_uri"] = issuer + Routes.Jwks,
        ["end_session_endpoint"] = issuer + Routes.EndSession,
        ["revocation_endpoint"] = issuer + Routes.Revocation,
        ["introspection_endpoint"] = issuer + Routes.Introspection,
        ["pushed_authorization_request_endpoint"] = issuer + Routes.PushedRequests,
        ["require_pushed_authorization_requests"] = false,
        ["scopes_supported"] = new JsonArray([.. Scopes.All.Select(scope => JsonValue.Create(scope))]),
        ["response_types_supported"] = new JsonArray("code"),
        ["response_modes_supported"] = new JsonArray(ResponseMode.Query, ResponseMode.FormPost),
        ["grant_types_supported"] = new JsonArray("authorization_code", "refresh_token", "client_credentials"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256", "RS256"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "private_key_jwt", "none"),
        ["token_endpoint_auth_signing_alg_values_supported"] = AssertionAlgorithms(),
        ["revocation_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "private_key_jwt", "none"),
        ["revocation_endpoint_auth_signing_alg_values_supported"] = AssertionAlgorithms(),
        ["introspection_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "private_key_jwt"),
        ["introspection_endpoint_auth_signing_alg_values_supported"] = AssertionAlgorithms(),
        ["code_challenge_methods_supported"] = new JsonArray(Pkce.Method),
        ["acr_values_supported"] = new JsonArray(Methods.OneLevel, Methods.TwoLevel),
        ["prompt_values_supported"] = new JsonArray("none", "login", "consent", "select_account"),
        ["claims_supported"] = new JsonArray("sub", "iss", "aud", "azp", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid", "email", "email_verified", "locale", "zoneinfo"),
        ["ui_locales_supported"] = new JsonArray("en", "zh-Hans"),
        ["authorization_response_iss_parameter_supported"] = true,
        ["claims_parameter_supported"] = false,
        ["request_parameter_supported"] = false,
        ["request_uri_parameter_supported"] = false,
        ["backchannel_logout_supported"] = true,
        ["backchannel_logout_session_supported"] = true,
        ["frontchannel_logout_supported"] = false,
    };
}

internal static class Routes
{
    public const string Metadata = "/.well-known/openid-configuration";
    public const string OAuthMetadata = "/.well-known/oauth-authorization-server";
    public const string Jwks = "/jwks";
    public const string Authorize = "/authorize";
    public const string Token = "/token";
    public const string UserInfo = "/userinfo";
    public const string Revocation = "/revoke";
    public const string Introspection = "/introspect";
    public const string PushedRequests = "/par";
    public const string Consent = "/consent";
    public const string EndSession = "/end-session";
    public const string EndSessionAnswer = "/end-session/answer";
    public const string LogIn = "/log-in";
    public const string SecondFactor = "/log-in/second";
    public const string Enrol = "/log-in/set-up";
    public const string PasskeyLogIn = "/log-in/passkey";
    public const string PasskeyScript = "/passkey.js";
    public const string FederationStart = "/federation/start";
    public const string FederationCallback = "/federation/{provider}/callback";
    public const string FederationLogout = "/federation/{provider}/logout";
    public const string Forgot = "/forgot";
    public const string Reset = "/reset";
    public const string Invitation = "/invitation";
    public const string Email = "/email";
    public const string Account = "/account";
    public const string AccountPassword = "/account/password";
    public const string AccountEmail = "/account/email";
    public const string Authenticator = "/account/authenticator";
    public const string AuthenticatorRemoval = "/account/authenticator/remove";
    public const string RecoveryCodes = "/account/recovery-codes";
    public const string AccountPasskeys = "/account/passkeys";
    public const string PasskeyRemoval = "/account/passkeys/remove";
}
