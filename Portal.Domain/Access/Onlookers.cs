using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;

namespace Portal.Domain.Access;

/// <summary>Why somebody sees a record.</summary>
public enum SightReason { Reach, Own, Relationship, Share }

/// <summary>Somebody who sees a record, and by what.</summary>
/// <param name="CompanyId">Null for staff.</param>
/// <param name="Detail">The function, relationship or share key that gives sight.</param>
/// <param name="Until">When it ends; null where it has no end.</param>
public sealed record Onlooker(long PersonId, string PersonName, long? CompanyId, string CompanyName, FieldSet Fields, SightReason Reason, string Detail, string Note, DateTimeOffset? Until);

/// <summary>
/// Who can see a record, and why: each candidate's own scope is put to the engine, so that this answer cannot differ from what the
/// person gets. The reasons are found by the same two sources, columns and shares.
/// </summary>
public sealed class Onlookers(IPortalDb portal)
{
    private static readonly MethodInfo OfMethod = typeof(Onlookers).GetMethod(nameof(OfAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <param name="db">A context of the system, perhaps within a transaction whose changes count.</param>
    /// <returns>Active people who see the record, staff first, then by company and name.</returns>
    public Task<IReadOnlyList<Onlooker>> OfAsync(PortalDbContext db, RecordClass recordClass, long recordId, CancellationToken ct) =>
        (Task<IReadOnlyList<Onlooker>>)OfMethod.MakeGenericMethod(Sights.Shareable[recordClass]).Invoke(this, [db, recordClass, recordId, ct])!;

    private async Task<IReadOnlyList<Onlooker>> OfAsync<T>(PortalDbContext db, RecordClass recordClass, long recordId, CancellationToken ct) where T : class
    {
        var sight = Sights.Of<T>()!;
        var now = db.Now;
        var shares = await db.Shares.AsNoTracking().Where(s => s.RecordClass == recordClass && s.RecordId == recordId && s.Until > now).ToListAsync(ct);
        var byRule = new List<(Relationship Relationship, long Company)>();
        var only = ById(sight, recordId);
        foreach (var rule in sight.PartnerRules)
        {
            var companies = SightFilter.Bind(rule.Companies, db);
            byRule.AddRange((await db.Set<T>().Where(only).SelectMany(companies).Distinct().ToListAsync(ct)).Select(c => (rule.Relationship, c)));
        }
        var found = new List<Onlooker>();
        found.AddRange(await StaffAsync<T>(db, recordClass, only, shares, ct));
        found.AddRange(await PartnersAsync<T>(db, recordClass, recordId, only, shares, byRule, ct));
        return found;
    }

    private async Task<IReadOnlyList<Onlooker>> StaffAsync<T>(PortalDbContext db, RecordClass recordClass, Expression<Func<T, bool>> only, List<Share> shares, CancellationToken ct) where T : class
    {
        var found = new List<Onlooker>();
        var staff = await db.People.AsNoTracking().Where(p => p.CompanyId == null && p.Active && p.Functions.Any()).OrderBy(p => p.Name).ThenBy(p => p.Id).Select(p => p.Id).ToListAsync(ct);
        foreach (var personId in staff)
        {
            if (await new ScopeBuilder(new SameConnection(portal, db)).ForAsync(personId, ct) is not { } scope || !await SeesAsync(db, scope, only, FieldSet.Summary, ct)) { continue; }
            var reach = scope.ReachIn(recordClass);
            var share = reach is Reach.All ? null : Best(shares, scope);
            found.Add(share is { } s
                ? new Onlooker(scope.PersonId, scope.PersonName, null, "", s.Fields, SightReason.Share, s.Key, s.Reason, End(s.Until))
                : new Onlooker(scope.PersonId, scope.PersonName, null, "", FieldSet.Full, SightReason.Reach, reach.ToString(), string.Join(", ", scope.Functions.Order()), null));
        }
        return found;
    }

    private async Task<IReadOnlyList<Onlooker>> PartnersAsync<T>(
        PortalDbContext db, RecordClass recordClass, long recordId, Expression<Func<T, bool>> only, List<Share> shares, List<(Relationship Relationship, long Company)> byRule, CancellationToken ct) where T : class
    {
        var found = new List<Onlooker>();
        var companies = await CandidatesAsync(db, recordClass, recordId, shares, byRule, ct);
        foreach (var company in companies)
        {
            var people = await db.People.AsNoTracking().Where(p => p.CompanyId == company.Id && p.Active && p.Functions.Any()).OrderBy(p => p.Name)
                .Select(p => new { p.Id, p.Name, Functions = p.Functions.Select(f => f.Function).ToList() }).ToListAsync(ct);
            foreach (var person in people)
            {
                if (await ScopeBuilder.ForPartnerAsync(db, person.Id, person.Name, company.Id, person.Functions, ct) is not { } scope || !await SeesAsync(db, scope, only, FieldSet.Summary, ct)) { continue; }
                var fields = await SeesAsync(db, scope, only, FieldSet.Full, ct) ? FieldSet.Full : FieldSet.Summary;
                var rule = byRule.Where(r => r.Company == company.Id && scope.CompanyAs(recordClass, r.Relationship, FieldSet.Summary) != 0).Select(r => (Relationship?)r.Relationship).FirstOrDefault();
                var share = rule is null ? Best(shares, scope) : null;
                var (reason, detail, note, until) = rule is { } relationship
                    ? (SightReason.Relationship, relationship.ToString(), "", scope.ValidUntil == DateTimeOffset.MaxValue ? (DateTimeOffset?)null : scope.ValidUntil)
                    : share is { } s ? (SightReason.Share, s.Key, s.Reason, End(s.Until)) : (SightReason.Own, "", "", null);
                found.Add(new(person.Id, person.Name, company.Id, company.Name, fields, reason, detail, note, until));
            }
        }
        return found;
    }

    private static async Task<List<Company>> CandidatesAsync(PortalDbContext db, RecordClass recordClass, long recordId, List<Share> shares, List<(Relationship, long Company)> byRule, CancellationToken ct)
    {
        var ids = byRule.Select(r => r.Company).ToHashSet();
        if (recordClass is RecordClass.Company) { ids.Add(recordId); }
        var keys = shares.Select(s => s.Key).ToHashSet();
        foreach (var key in keys)
        {
            if (Tail(key, "company:") is { } company) { ids.Add(company); }
            if (Tail(key, "person:") is { } person && await db.People.Where(p => p.Id == person).Select(p => p.CompanyId).FirstOrDefaultAsync(ct) is { } of) { ids.Add(of); }
        }
        var wide = keys.Any(k => k == ScopeKeys.AllPartners || k.StartsWith("tier:", StringComparison.Ordinal) || k.StartsWith("region:", StringComparison.Ordinal) || k.StartsWith("kind:", StringComparison.Ordinal));
        var list = ids.ToArray();
        var companies = await db.Companies.AsNoTracking()
            .Where(c => (list.Contains(c.Id) || wide) && db.People.Any(p => p.CompanyId == c.Id && p.Active)).OrderBy(c => c.Name).ToListAsync(ct);
        return [.. companies.Where(c => ids.Contains(c.Id) || ScopeBuilder.KeysOf(c).Any(keys.Contains))];
    }

    private async Task<bool> SeesAsync<T>(PortalDbContext db, AccessScope scope, Expression<Func<T, bool>> only, FieldSet fields, CancellationToken ct) where T : class
    {
        await using var theirs = new SameConnection(portal, db).For(scope);
        return await theirs.SeenIn<T>(fields).AnyAsync(only, ct);
    }

    private static Share? Best(List<Share> shares, AccessScope scope) =>
        shares.Where(s => scope.Keys.Contains(s.Key)).OrderByDescending(s => s.Fields).ThenByDescending(s => s.Until).FirstOrDefault();

    private static DateTimeOffset? End(DateTimeOffset until) => until.Year >= 9999 ? null : until;

    private static long? Tail(string key, string head) =>
        key.StartsWith(head, StringComparison.Ordinal) && long.TryParse(key.AsSpan(head.Length), out var id) ? id : null;

    private static Expression<Func<T, bool>> ById<T>(Sight<T> sight, long id) where T : class =>
        Expression.Lambda<Func<T, bool>>(Expression.Equal(sight.Id!.Body, Expression.Constant(id)), sight.Id.Parameters[0]);

    /// <summary>Asks within the connection and transaction of another context, so that a preview sees what is not committed.</summary>
    private sealed class SameConnection(IPortalDb portal, PortalDbContext db) : IPortalDb
    {
        public PortalDbContext For(AccessScope scope, string through = "system")
        {
            var context = portal.For(scope, through);
            context.Join(db);
            return context;
        }
    }
}
