namespace Portal.Identity.Credentials;

/// <summary>How somebody proved who they are (RFC 8176), and what that amounts to: the claims <c>amr</c> and <c>acr</c>.</summary>
public static class Methods
{
    public const string Password = "pwd";
    public const string OneTimeCode = "otp";
    /// <summary>A passkey: proof of possession of a key, held by the person's device.</summary>
    public const string Passkey = "swk";
    public const string RecoveryCode = "kba";
    public const string TwoFactors = "mfa";

    /// <summary>A company's own provider vouches for the person. No word of RFC 8176.</summary>
    public const string Federated = "fed";

    /// <summary>One factor.</summary>
    public const string OneLevel = "1";

    /// <summary>Two factors, or a passkey that checked its owner.</summary>
    public const string TwoLevel = "2";

    public static bool HasTwo(string methods) => methods.Split(' ').Contains(TwoFactors);

    public static string LevelOf(string methods) => HasTwo(methods) ? TwoLevel : OneLevel;
}
