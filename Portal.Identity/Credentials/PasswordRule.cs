using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Identity.Accounts;

namespace Portal.Identity.Credentials;

/// <summary>
/// 12 to 128 characters (Unicode code points), more where the host's rule says so, whatever they are, compared exactly as typed, and not one of those that are tried
/// first. No rule about kinds of characters, no end. Sources: NIST SP 800-63B, 3.1.1; OWASP ASVS 5.0, V6.2.
/// </summary>
internal sealed class PasswordRule(ObviousPasswords obvious, IServiceProvider services, IOptions<PortalIdentityOptions> options) : IPasswordValidator<Account>
{
    public const int Shortest = 12;
    public const int Longest = 128;

    /// <returns>How many characters a new password of this account must have. What it has already stays good.</returns>
    public async ValueTask<int> ShortestAsync(string subject, CancellationToken ct) =>
        options.Value.ShortestPassword is { } ask ? Math.Clamp(await ask(services, subject, ct), Shortest, Longest) : Shortest;

    /// <returns>Null, or the key of what is wrong; its sentence names <paramref name="shortest"/>.</returns>
    public string? Judge(string password, string? email, int shortest)
    {
        var length = password.EnumerateRunes().Count();
        return length < shortest ? "password.too-short"
            : length > Longest ? "password.too-long"
            : obvious.Contains(password, email ?? "") ? "password.obvious" : null;
    }

    public async Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Judge(password ?? "", user.Email, await ShortestAsync(user.Subject, default)) is { } code ? IdentityResult.Failed(new IdentityError { Code = code }) : IdentityResult.Success;
}
