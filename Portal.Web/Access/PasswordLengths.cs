using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;

namespace Portal.Web.Access;

/// <summary>How many characters a new password must have. Whoever sees more than one partner's records needs a longer one.</summary>
public sealed class PasswordLengths(IPortalDb portal)
{
    public const int OfStaff = 15, OfPartners = 12;

    public static int For(Person person) => person.IsStaff ? OfStaff : OfPartners;

    /// <summary>An account that no person has is taken for one of the house.</summary>
    public async ValueTask<int> ShortestAsync(string subject, CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.Rights("look for the rule of passwords"));
        return await db.People.AnyAsync(p => p.Issuer == Account.OwnIssuer && p.Subject == subject && p.CompanyId != null, ct) ? OfPartners : OfStaff;
    }
}
