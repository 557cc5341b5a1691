using System.Globalization;
using Portal.Identity.Clients;
using Portal.Identity.Credentials;
using Portal.Identity.Tokens;

namespace Portal.Identity.Endpoints;

/// <summary>A validated request to log someone in. Travels, sealed, with the log-in form: nothing in it can be edited on the way.</summary>
internal sealed record AuthorizeRequest
{
    /// <summary>VSCHAR, in characters. Long states pass (fapi2-*-long-state); the sealed request must still fit into an address.</summary>
    public const int LongestState = 2048;
    public const int LongestNonce = 512;

    public required string ClientId { get; init; }
    public required string RedirectUri { get; init; }
    public required string Scope { get; init; }
    public required string CodeChallenge { get; init; }
    public string? State { get; init; }
    public string? Nonce { get; init; }
    public bool Silent { get; init; }

    /// <summary>The person proves who they are once more, and may be somebody else.</summary>
    public bool Again { get; init; }

    /// <summary>A client that is not ours asks for consent although it has it.</summary>
    public bool ConsentAgain { get; init; }

    /// <summary>The answer comes as a form that the browser posts, not in the address.</summary>
    public bool ByForm { get; init; }

    /// <summary>Of the pushed request that this one came from.</summary>
    public string? PushedHash { get; init; }

    /// <summary>The client wants two steps (acr_values): who has proved one only proves both now.</summary>
    public bool TwoSteps { get; init; }

    /// <summary>Seconds.</summary>
    public long? MaxAge { get; init; }
    public string? HintedSubject { get; init; }
    public string? LoginHint { get; init; }
    public string? UiLocales { get; init; }

    /// <summary>Set where the log-in proves that an account and somebody at a company's provider are the same person.</summary>
    public PendingLink? Link { get; init; }

    /// <summary>Set where no client asks but a page of the provider itself: the way leads there, and no code is made.</summary>
    public string? OwnPage { get; init; }
}

/// <summary>Whom a company's provider has named a moment ago, waiting for the proof that the account with this address is theirs.</summary>
internal sealed record PendingLink(Guid Provider, string Subject, string Email, DateTimeOffset At);

/// <summary>Why a request is refused, in the words of the protocol.</summary>
internal sealed record ProtocolError(string Error, string Description);

internal static class ResponseMode
{
    public const string Query = "query";
    public const string FormPost = "form_post";
}

internal static class AuthorizeRules
{
    private static readonly (string Name, int Longest)[] s_limits =
    [
        ("scope", 500), ("nonce", AuthorizeRequest.LongestNonce), ("prompt", 100), ("max_age", 20), ("login_hint", 320), ("ui_locales", 100),
        ("claims_locales", 100), ("display", 20), ("acr_values", 500), ("claims", 4000), ("id_token_hint", 6000), ("response_type", 100), ("response_mode", 100),
        ("code_challenge_method", 20),
    ];

    /// <summary>Everything after client and redirect address are proven, so that every refusal may go back to the client.</summary>
    /// <param name="hintedSubject">The subject of a valid id_token_hint.</param>
    public static (AuthorizeRequest? Request, ProtocolError? Error) Judge(Client client, string redirectUri, Parameters given, string? hintedSubject)
    {
        if (given.AnyRepeated)
        {
            return Refuse("invalid_request", "A parameter is repeated.");
        }
        if (given["state"] is { } state && (state.Length > AuthorizeRequest.LongestState || state.Any(c => c is < ' ' or > '~')))
        {
            return Refuse("invalid_request", "state is longer than 2048 characters or not printable ASCII.");
        }
        foreach (var (name, longest) in s_limits)
        {
            if (given[name]?.Length > longest)
            {
                return Refuse("invalid_request", $"{name} is too long.");
            }
        }
        if (given["request"] is not null)
        {
            return Refuse("request_not_supported", "Request objects are not supported.");
        }
        if (given["request_uri"] is not null)
        {
            return Refuse("request_uri_not_supported", "Request objects are not supported.");
        }
        if (given["registration"] is not null)
        {
            return Refuse("registration_not_supported", "Registration is not supported.");
        }
        switch (given["response_type"])
        {
            case null: return Refuse("invalid_request", "response_type is missing.");
            case not "code": return Refuse("unsupported_response_type", "The only response_type is code.");
        }
        if (given["response_mode"] is not (null or ResponseMode.Query or ResponseMode.FormPost))
        {
            return Refuse("invalid_request", "response_mode is query or form_post.");
        }
        if (given["scope"] is not { } asked)
        {
            return Refuse("invalid_scope", "scope must contain openid.");
        }
        var scopes = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (!scopes.Contains(Scopes.OpenId) || scopes.Except(client.Scopes).Any())
        {
            return Refuse("invalid_scope", "scope must contain openid and only what the client is allowed.");
        }
        if (given["code_challenge_method"] is not Pkce.Method || given["code_challenge"] is not { } challenge || !Pkce.IsWellFormed(challenge))
        {
            return Refuse("invalid_request", "PKCE with S256 is required.");
        }
        var prompts = given["prompt"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (prompts.Any(prompt => prompt is not ("none" or "login" or "consent" or "select_account")) || (prompts.Contains("none") && prompts.Length > 1))
        {
            return Refuse("invalid_request", "prompt is none alone, or of login, consent and select_account.");
        }
        long? maxAge = null;
        if (given["max_age"] is { } age)
        {
            if (!long.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Refuse("invalid_request", "max_age is a whole number of seconds.");
            }
            maxAge = seconds;
        }
        if (given["id_token_hint"] is not null && hintedSubject is null)
        {
            return Refuse("invalid_request", "id_token_hint is not an id token of this provider.");
        }
        return (new AuthorizeRequest
        {
            ClientId = client.ClientId,
            RedirectUri = redirectUri,
            Scope = string.Join(' ', scopes),
            CodeChallenge = challenge,
            State = given["state"],
            Nonce = given["nonce"],
            Silent = prompts is ["none"],
            Again = prompts.Contains("login") || prompts.Contains("select_account"),
            ConsentAgain = prompts.Contains("consent"),
            ByForm = given["response_mode"] is ResponseMode.FormPost,
            // In order of preference; what is not known is only a wish (OpenID Connect Core 1.0, 3.1.2.1).
            TwoSteps = given["acr_values"]?.Split(' ').FirstOrDefault(level => level is Methods.OneLevel or Methods.TwoLevel) is Methods.TwoLevel,
            MaxAge = maxAge,
            HintedSubject = hintedSubject,
            LoginHint = given["login_hint"],
            UiLocales = given["ui_locales"],
        }, null);

        static (AuthorizeRequest?, ProtocolError?) Refuse(string error, string description) => (null, new(error, description));
    }
}
