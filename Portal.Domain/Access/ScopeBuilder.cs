using Microsoft.EntityFrameworkCore;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Makes contexts, each for one asker.</summary>
public interface IPortalDb
{
    PortalDbContext For(AccessScope scope, string through = "system");
}

/// <summary>From a person record to what the person is entitled to now.</summary>
public sealed class ScopeBuilder(IPortalDb portal)
{
    /// <returns>Null where there is no such active person, or the person's company is closed.</returns>
    public async Task<AccessScope?> ForAsync(long personId, CancellationToken ct)
    {
        await using var db = portal.For(AccessScope.Rights("build a person's scope"));
        var person = await db.People.AsNoTracking().AsSingleQuery().Include(p => p.Functions).Include(p => p.Territories).FirstOrDefaultAsync(p => p.Id == personId && p.Active, ct);
        if (person is null) { return null; }
        var functions = person.Functions.Select(f => f.Function).ToArray();
        return person.CompanyId is { } company
            ? await ForPartnerAsync(db, person.Id, person.Name, company, functions, ct)
            : await ForStaffAsync(db, person, functions, ct);
    }

    /// <summary>What any person of the company with these functions would see; <paramref name="personId"/> 0 stands for nobody in particular.</summary>
    public static async Task<AccessScope?> ForPartnerAsync(PortalDbContext db, long personId, string name, long companyId, IReadOnlyCollection<string> functions, CancellationToken ct)
    {
        var company = await db.Companies.AsNoTracking().FirstOrDefaultAsync(c => c.Id == companyId && c.Status != CompanyStatus.Closed, ct);
        if (company is null) { return null; }
        var keys = KeysOf(company).ToArray();
        string[] all = [ScopeKeys.Person(personId), ScopeKeys.Company(companyId), .. keys];
        var now = db.Now;
        var grants = await db.Grants.AsNoTracking().Where(g => all.Contains(g.Key) && g.Until > now)
            .Select(g => new { g.From, g.Until, Held = new HeldGrant(g.RecordClass, g.Relationship, g.Fields, g.Actions) }).ToListAsync(ct);
        var nextChange = grants.Select(g => g.From > now ? g.From : g.Until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var classes = Enum.GetValues<RecordClass>();
        var shared = await db.Shares.AsNoTracking().Where(s => classes.Contains(s.RecordClass) && all.Contains(s.Key) && s.Until > now).Select(s => s.RecordClass).Distinct().ToListAsync(ct);
        return AccessScope.ForPartner(personId, name, companyId, functions, keys, grants.Where(g => g.From <= now).Select(g => g.Held), nextChange, shared);
    }

    /// <summary>Keys that come with the company beyond its own: all partners, tier, region, kinds.</summary>
    public static IEnumerable<string> KeysOf(Company company)
    {
        yield return ScopeKeys.AllPartners;
        if (company.Tier is not PartnerTier.None) { yield return ScopeKeys.Tier(company.Tier); }
        if (!string.IsNullOrEmpty(company.Region)) { yield return ScopeKeys.Region(company.Region); }
        foreach (var role in company.Roles.Where(r => r is CompanyRole.Supplier or CompanyRole.Distributor or CompanyRole.ChannelPartner)) { yield return ScopeKeys.Kind(role); }
    }

    private static async Task<AccessScope> ForStaffAsync(PortalDbContext db, Person person, string[] functions, CancellationToken ct)
    {
        var teams = await db.Teams.AsNoTracking().Where(t => t.Id == person.TeamId || t.LeaderId == person.Id).Select(t => t.Id).ToListAsync(ct);
        var people = teams.Count == 0 ? [] : await db.People.AsNoTracking().Where(p => p.TeamId != null && teams.Contains(p.TeamId.Value)).Select(p => p.Id).ToListAsync(ct);
        long[] territories = [.. person.Territories.Select(t => t.TerritoryId)];
        return AccessScope.ForStaff(person.Id, person.Name, functions, [.. people], territories, [.. teams.Select(ScopeKeys.Team), .. territories.Select(ScopeKeys.Territory)]);
    }
}
