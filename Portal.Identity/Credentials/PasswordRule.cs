using Microsoft.AspNetCore.Identity;
using Portal.Identity.Accounts;

namespace Portal.Identity.Credentials;

/// <summary>12 to 128 characters (Unicode code points), whatever they are, compared exactly as typed. Source: OWASP ASVS 5.0, V6.2.</summary>
public sealed class PasswordRule : IPasswordValidator<Account>
{
    public const int Shortest = 12;
    public const int Longest = 128;

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(Judge(password));

    internal static IdentityResult Judge(string? password) => (password ?? "").EnumerateRunes().Count() switch
    {
        < Shortest => IdentityResult.Failed(new IdentityError { Code = "password.too-short" }),
        > Longest => IdentityResult.Failed(new IdentityError { Code = "password.too-long" }),
        _ => IdentityResult.Success,
    };
}
