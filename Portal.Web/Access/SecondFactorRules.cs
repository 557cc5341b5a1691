using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;

namespace Portal.Web.Access;

/// <summary>
/// Who must have a second step at log-in: the settings <c>Identity:SecondFactor:Functions</c> and <c>Identity:SecondFactor:Companies</c> (codes) list functions and partner
/// companies; the word <c>staff</c> among the functions means everybody of the house.
/// </summary>
public sealed class SecondFactorRules(IPortalDb portal, IConfiguration settings)
{
    public const string AllStaff = "staff";

    public async ValueTask<bool> AskAsync(string subject, CancellationToken ct)
    {
        var functions = settings.GetSection("Identity:SecondFactor:Functions").Get<string[]>() ?? [];
        var companies = settings.GetSection("Identity:SecondFactor:Companies").Get<string[]>() ?? [];
        if (functions.Length == 0 && companies.Length == 0) { return false; }
        await using var db = portal.For(AccessScope.Rights("look for the rule of the second step"));
        var person = await db.People.AsNoTracking().Where(p => p.Issuer == Account.OwnIssuer && p.Subject == subject)
            .Select(p => new { p.CompanyId, Functions = p.Functions.Select(f => f.Function).ToList(), Code = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Code).FirstOrDefault() }).FirstOrDefaultAsync(ct);
        return person is not null
            && (person.Functions.Any(functions.Contains) || (person.CompanyId is null && functions.Contains(AllStaff)) || (person.Code is not null && companies.Contains(person.Code, StringComparer.OrdinalIgnoreCase)));
    }
}
