using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>
/// Takes in somebody whom a partner company's own log-in provider vouches for. Who came so before is brought to the functions given: the company's groups decide
/// anew at each log-in.
/// </summary>
public static class AdmitPerson
{
    /// <summary>The account belongs to somebody of another company, or who may not come in any more.</summary>
    public static readonly Refusal NotOfCompany = new("person.not-of-company");

    /// <param name="said">Its <see cref="NewPerson.CompanyCode"/> is not read.</param>
    /// <returns>Null once saved, or the first thing that is wrong.</returns>
    public static async Task<Refusal?> ExecuteAsync(PortalDbContext db, long companyId, NewPerson said, string issuer, string subject, CancellationToken ct)
    {
        if (await db.Companies.AsNoTracking().FirstOrDefaultAsync(c => c.Id == companyId, ct) is not { } company) { return NotOfCompany; }
        var person = await db.People.Include(p => p.Functions).FirstOrDefaultAsync(p => p.Issuer == issuer && p.Subject == subject, ct);
        if (person is null)
        {
            var added = await AddPerson.AddAsync(db, said with { CompanyCode = company.Code }, ct);
            if (added.Refusal is { } refusal) { return refusal; }
            added.Value.LinkAccount(issuer, subject);
        }
        else
        {
            if (!person.Active || person.CompanyId != companyId) { return NotOfCompany; }
            if (person.Functions.Select(f => f.Function).ToHashSet().SetEquals(said.Functions)) { return null; }
            if (AddPerson.Assign(person, company, said.Functions) is { } refusal)
            {
                db.ChangeTracker.Clear();
                return refusal;
            }
        }
        await db.SaveChangesAsync(ct);
        return null;
    }
}
