namespace Portal.Identity.Tokens;

/// <summary>The scopes about a person. Those of APIs are <see cref="Clients.ApiScope"/>.</summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";

    /// <summary>A refresh token that outlives the session's time (OpenID Connect Core 1.0, 11). Logging out still ends it.</summary>
    public const string OfflineAccess = "offline_access";

    public static readonly string[] All = [OpenId, Profile, Email, OfflineAccess];
}
