namespace Portal.Identity.Tokens;

internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";

    public static readonly string[] All = [OpenId, Profile, Email];
}
