using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Identity.Accounts;
using Portal.Identity.Federation;

namespace Portal.Web.Access;

/// <summary>Tells Identity which company an account's person belongs to. Identity knows companies by their ids, as words.</summary>
public sealed partial class CompanyPeople(IPortalDb portal, ILogger<CompanyPeople> log) : IFederatedPeople
{
    public static string OwnerOf(long company) => company.ToString(CultureInfo.InvariantCulture);

    /// <returns>0 for what is no company's word.</returns>
    public static long CompanyOf(string owner) => long.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var company) ? company : 0;

    public async ValueTask<string?> OwnerOfAsync(string subject, CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.Rights("find the company of an account"));
        return await db.People.Where(p => p.Issuer == Account.OwnIssuer && p.Subject == subject).Select(p => p.CompanyId).FirstOrDefaultAsync(ct) is { } company ? OwnerOf(company) : null;
    }

    public async ValueTask<IReadOnlyList<string>> SubjectsOfAsync(string owner, CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.Rights("find the people of a company"));
        var company = CompanyOf(owner);
        return await db.People.Where(p => p.CompanyId == company && p.Issuer == Account.OwnIssuer && p.Subject != null).Select(p => p.Subject!).ToListAsync(ct);
    }

    public async ValueTask<bool> AdmitAsync(FederatedNewcomer person, CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.LogIn($"log-in through {person.Provider}", Account.OwnIssuer, person.Subject, person.Email));
        var refusal = await AdmitPerson.ExecuteAsync(db, CompanyOf(person.Owner), new NewPerson(person.Email, person.Functions, null, person.Name, person.Language), Account.OwnIssuer, person.Subject, ct);
        if (refusal is not null) { LogRefused(log, person.Provider, refusal.Code); }
        return refusal is null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody whom {Provider} named was not taken in: {Refusal}")]
    private static partial void LogRefused(ILogger log, string provider, string refusal);
}
