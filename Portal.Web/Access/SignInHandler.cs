using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Portal.Web.Access;

/// <summary>Settings of the portal as a client of its provider.</summary>
public sealed class SignInHandlerOptions : OAuthOptions
{
    public SignInAddresses Addresses { get; set; } = null!;
    public ProviderMetadata Provider { get; set; } = null!;

    public override void Validate()
    {
        // The base class asks for fixed endpoint addresses; here they come from discovery.
        ArgumentException.ThrowIfNullOrEmpty(ClientId);
        ArgumentNullException.ThrowIfNull(Addresses);
        ArgumentNullException.ThrowIfNull(Provider);
    }
}

/// <summary>
/// OpenID Connect on the framework's OAuth handler, which brings state, correlation, PKCE and the order of events. Added here: discovery, nonce,
/// the issuer check of RFC 9207, and the rules for id tokens of OpenID Connect Core 1.0, 3.1.3.7.
/// </summary>
public sealed class SignInHandler(IOptionsMonitor<SignInHandlerOptions> options, ILoggerFactory logger, UrlEncoder encoder) : OAuthHandler<SignInHandlerOptions>(options, logger, encoder)
{
    public const string IdTokenItem = "id_token";
    /// <summary>How old the proof may be, in seconds, where the person is asked once more.</summary>
    public const string ProofItem = "max_age";
    private const string NonceItem = "nonce";
    private const string IssuerItem = "issuer";
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);
    private static readonly JsonWebTokenHandler s_reader = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>Public-key algorithms only: a secret that the attacker knows (the published key) can never verify.</summary>
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSsaPssSha256,
    ];

    private OpenIdConnectConfiguration? _metadata;

    private async Task<OpenIdConnectConfiguration> MetadataAsync() => _metadata ??= await Options.Provider.GetAsync(Context.RequestAborted);

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await MetadataAsync();
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var nonce = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        properties.Items[OAuthConstants.CodeVerifierKey] = verifier;
        properties.Items[NonceItem] = nonce;
        properties.Items[IssuerItem] = _metadata!.Issuer;
        var proof = properties.Items.TryGetValue(ProofItem, out var seconds) ? seconds : null;
        return QueryHelpers.AddQueryString(_metadata.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["client_id"] = Options.ClientId,
            ["redirect_uri"] = Options.Addresses.RedirectUri,
            ["response_type"] = "code",
            ["scope"] = FormatScope(),
            ["nonce"] = nonce,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
            ["ui_locales"] = CultureInfo.CurrentUICulture.Name,
            ["prompt"] = proof is null ? null : "login",
            ["max_age"] = proof,
            ["state"] = Options.StateDataFormat.Protect(properties),
        });
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        if (Request.Query.Any(parameter => parameter.Value.Count > 1))
        {
            return HandleRequestResult.Fail("A parameter of the answer is repeated.");
        }
        var metadata = await MetadataAsync();
        var started = Options.StateDataFormat.Unprotect(Request.Query["state"]);
        if (started is null || !started.Items.TryGetValue(IssuerItem, out var asked) || asked != metadata.Issuer)
        {
            return HandleRequestResult.Fail("The state is not one that was sent to this provider.");
        }
        var answered = Request.Query["iss"].ToString();
        if (answered.Length > 0 ? answered != metadata.Issuer : metadata.AuthorizationResponseIssParameterSupported)
        {
            return HandleRequestResult.Fail("The answer comes from another issuer than the one that was asked.");
        }
        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        var metadata = await MetadataAsync();
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = context.Code,
            ["redirect_uri"] = Options.Addresses.RedirectUri,
            ["code_verifier"] = context.Properties.Items[OAuthConstants.CodeVerifierKey],
        };
        context.Properties.Items.Remove(OAuthConstants.CodeVerifierKey);
        using var request = ProviderRequests.ForTokens(Options, metadata, form);
        using var response = await Backchannel.SendAsync(request, Context.RequestAborted);
        var body = await response.Content.ReadAsStringAsync(Context.RequestAborted);
        if (!response.IsSuccessStatusCode)
        {
            return OAuthTokenResponse.Failed(new AuthenticationFailureException($"The token endpoint answered {(int)response.StatusCode}."));
        }
        try
        {
            return OAuthTokenResponse.Success(JsonDocument.Parse(body));
        }
        catch (JsonException fault)
        {
            return OAuthTokenResponse.Failed(new AuthenticationFailureException("The token endpoint did not answer in JSON.", fault));
        }
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        if (!"Bearer".Equals(tokens.TokenType, StringComparison.OrdinalIgnoreCase)
            || tokens.Response?.RootElement is not { ValueKind: JsonValueKind.Object } answer || !answer.TryGetProperty("id_token", out var member) || member.GetString() is not { } idToken)
        {
            throw new AuthenticationFailureException("The token endpoint sent no id token.");
        }
        var read = await ValidateAsync(idToken, properties.Items.TryGetValue(NonceItem, out var nonce) ? nonce : null, tokens.AccessToken!);
        var claims = string.IsNullOrEmpty((await MetadataAsync()).UserInfoEndpoint) ? default : await UserInfoAsync(read.Subject, tokens.AccessToken!);

        identity.AddClaim(new Claim(PortalClaims.Subject, read.Subject));
        identity.AddClaim(new Claim(PortalClaims.Issuer, Options.Addresses.LinkIssuer));
        identity.AddClaim(new Claim(PortalClaims.Session, read.TryGetPayloadValue<string>("sid", out var sid) ? sid : WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16))));
        if (claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty("locale", out var locale) && locale.ValueKind == JsonValueKind.String && Ui.Language.Find(locale.GetString()) is { } language)
        {
            identity.AddClaim(new Claim(PortalClaims.Language, language.Name));
        }
        identity.AddClaim(new Claim(PortalClaims.Methods, string.Join(' ', read.Claims.Where(c => c.Type == "amr").Select(c => c.Value).Where(IsMethod).Take(8))));
        var said = read.TryGetPayloadValue<long>("auth_time", out var seconds);
        var proven = said ? DateTimeOffset.FromUnixTimeSeconds(seconds) : TimeProvider.GetUtcNow();
        // Who asked for a proof believes no provider that does not say when it was given (OpenID Connect Core 1.0, 3.1.2.1).
        if (properties.Items.TryGetValue(ProofItem, out var most) && (!said || TimeProvider.GetUtcNow() - proven > TimeSpan.FromSeconds(long.Parse(most!, CultureInfo.InvariantCulture)) + s_skew))
        {
            throw new AuthenticationFailureException("The provider did not ask the person once more.");
        }
        identity.AddClaim(new Claim(PortalClaims.AuthenticatedAt, proven.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        properties.Items[IdTokenItem] = idToken;
        new ProviderAnswer(ProviderRequests.RenewalOf(answer, TimeProvider.GetUtcNow()), [ProviderRequests.ClaimsOf(read), claims]).Keep(Context);
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }

    private static bool IsMethod(string value) => value.Length is > 0 and <= 7 && value.All(char.IsAsciiLetterLower);

    private async Task<JsonWebToken> ValidateAsync(string idToken, string? nonce, string accessToken)
    {
        var result = await ReadAsync(idToken);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have changed its keys since its document was read.
            Options.Provider.Refresh();
            _metadata = null;
            result = await ReadAsync(idToken);
        }
        if (!result.IsValid)
        {
            throw new AuthenticationFailureException("The id token is not valid.", result.Exception);
        }
        var token = (JsonWebToken)result.SecurityToken;
        var audiences = token.Audiences.ToArray();
        var fault = token switch
        {
            _ when token.TryGetHeaderValue<object>("crit", out _) => "has an extension that is not understood",
            _ when string.IsNullOrEmpty(token.Subject) || token.Subject.Length > 255 => "has no proper subject",
            _ when nonce is null || !token.TryGetPayloadValue<string>("nonce", out var own) || own != nonce => "has another nonce",
            _ when audiences.Length > 1 && token.Azp != Options.ClientId => "was made for another party",
            _ when !string.IsNullOrEmpty(token.Azp) && token.Azp != Options.ClientId => "was made for another party",
            _ when !token.TryGetPayloadValue<long>("iat", out _) => "does not say when it was issued",
            _ when token.TryGetPayloadValue<string>("at_hash", out var hash) && !Belongs(hash, token.Alg, accessToken) => "belongs to another access token",
            _ => null,
        };
        return fault is null ? token : throw new AuthenticationFailureException($"The id token {fault}.");
    }

    private async Task<TokenValidationResult> ReadAsync(string idToken) => await ReadAsync(idToken, await MetadataAsync(), Options.ClientId, TimeProvider.GetUtcNow());

    /// <summary>Signature, issuer, audience, kind and times; what a flow adds is its caller's.</summary>
    internal static Task<TokenValidationResult> ReadAsync(string idToken, OpenIdConnectConfiguration metadata, string clientId, DateTimeOffset at) => s_reader.ValidateTokenAsync(idToken, new TokenValidationParameters
    {
        ValidIssuer = metadata.Issuer,
        ValidAudience = clientId,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        IssuerSigningKeys = metadata.SigningKeys,
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = Algorithms,
        TypeValidator = (type, _, _) => string.IsNullOrEmpty(type) || type.Equals("JWT", StringComparison.OrdinalIgnoreCase) ? type : throw new SecurityTokenInvalidTypeException("The token is of another kind.") { InvalidType = type },
        LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = at.UtcDateTime;
            return expires is { } end && end > now - s_skew && (notBefore is not { } start || start <= now + s_skew);
        },
    });

    private static bool Belongs(string hash, string algorithm, string accessToken)
    {
        var whole = algorithm.EndsWith("384", StringComparison.Ordinal) ? SHA384.HashData(Encoding.ASCII.GetBytes(accessToken)) : SHA256.HashData(Encoding.ASCII.GetBytes(accessToken));
        return WebEncoders.Base64UrlEncode(whole.AsSpan(0, whole.Length / 2)) == hash;
    }

    private async Task<JsonElement> UserInfoAsync(string subject, string accessToken) =>
        await ProviderRequests.UserInfoAsync(Backchannel, await MetadataAsync(), subject, accessToken, Context.RequestAborted);
}

/// <summary>What the sign-in learns, and what the session's row gives back at each request.</summary>
public static class PortalClaims
{
    public const string Subject = "sub";
    public const string Issuer = "iss";
    public const string Session = "sid";
    public const string Language = "lang";
    public const string Methods = "amr";
    public const string AuthenticatedAt = "auth_time";

    /// <summary>All that the cookie holds: the key of the session.</summary>
    public const string SessionKey = "key";
}
