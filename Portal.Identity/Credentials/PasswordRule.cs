using Microsoft.AspNetCore.Identity;
using Portal.Identity.Accounts;

namespace Portal.Identity.Credentials;

/// <summary>
/// 12 to 128 characters (Unicode code points), whatever they are, compared exactly as typed, and not one of those that are tried first. No rule about kinds of
/// characters, no end. Sources: NIST SP 800-63B, 3.1.1; OWASP ASVS 5.0, V6.2.
/// </summary>
internal sealed class PasswordRule(ObviousPasswords obvious) : IPasswordValidator<Account>
{
    public const int Shortest = 12;
    public const int Longest = 128;

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult((password ?? "").EnumerateRunes().Count() switch
    {
        < Shortest => Refused("password.too-short"),
        > Longest => Refused("password.too-long"),
        _ => obvious.Contains(password!, user.Email ?? "") ? Refused("password.obvious") : IdentityResult.Success,
    });

    private static IdentityResult Refused(string code) => IdentityResult.Failed(new IdentityError { Code = code });
}
