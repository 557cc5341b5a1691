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
/// <param name="Detail">The reach, relationship or share key that gives sight.</param>
/// <param name="Note">The functions that bring a reach, or the reason that a share was given for.</param>
/// <param name="Until">When it ends; null where it has no end.</param>
/// <param name="IsNamed">False where the asker does not see the person's company: names, key and note are left out then.</param>
public sealed record Onlooker(
    long PersonId, string PersonName, long? CompanyId, string CompanyName, FieldSet Fields, SightReason Reason, string Detail, string Note, DateTimeOffset? Until, bool IsNamed = true);

/// <summary>Everybody who sees a record.</summary>
/// <param name="People">Active people, staff first, then by company and name.</param>
/// <param name="KeyNames">Names of single companies, people, teams and territories among the keys of shares that are reasons.</param>
/// <param name="IsCut">There are more than <see cref="Onlookers.Most"/> to be looked at.</param>
public sealed record OnlookersOf(IReadOnlyList<Onlooker> People, IReadOnlyDictionary<string, string> KeyNames, bool IsCut);

/// <summary>What gives sight of one record: a share of it, or a rule grant over its class.</summary>
/// <param name="Relationship">What a rule grant names; empty for a share.</param>
public sealed record SightGround(long Id, string Key, FieldSet Fields, string Reason, DateTimeOffset Until, string Relationship = "")
{
    public bool IsShare => Relationship.Length == 0;
}

/// <summary>
/// Who can see a record, and why. The engine asks, for a person, which records; this asks, for a record, which people, from the same sources: the record's
/// own columns as its <see cref="Sight{T}"/> states them, rule grants, and shares. Four questions to the database, however large the house. A
/// property test holds this answer and what each person gets together.
/// </summary>
public sealed class Onlookers(IPortalDb portal)
{
    /// <summary>People who are looked at, staff first.</summary>
    public const int Most = 4_000;

    private static readonly MethodInfo OfMethod = typeof(Onlookers).GetMethod(nameof(CompareAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <param name="asker">Whoever asks, and sees the record; names are left out where this context does not see the company.</param>
    public async Task<OnlookersOf> OfAsync(PortalDbContext asker, RecordClass recordClass, long recordId, CancellationToken ct) =>
        (await CompareAsync(asker, recordClass, recordId, grounds => grounds, ct)).Before;

    /// <summary>As it is, and as it would be with other shares of the record. Nothing is written.</summary>
    /// <param name="asker">As in <see cref="OfAsync"/>.</param>
    /// <param name="change">From the grounds that stand to those that would.</param>
    public Task<(OnlookersOf Before, OnlookersOf After)> CompareAsync(
        PortalDbContext asker, RecordClass recordClass, long recordId, Func<IReadOnlyList<SightGround>, IReadOnlyList<SightGround>> change, CancellationToken ct) =>
        (Task<(OnlookersOf, OnlookersOf)>)OfMethod.MakeGenericMethod(Sights.Shareable[recordClass]).Invoke(this, [asker, recordClass, recordId, change, ct])!;

    private async Task<(OnlookersOf Before, OnlookersOf After)> CompareAsync<T>(
        PortalDbContext asker, RecordClass recordClass, long recordId, Func<IReadOnlyList<SightGround>, IReadOnlyList<SightGround>> change, CancellationToken ct) where T : class
    {
        await using var db = portal.For(AccessScope.Rights("who sees a record", (recordClass, recordId)));
        if (await FactsAsync<T>(db, ct) is not { } facts) { return (Nobody, Nobody); }
        facts.Related.UnionWith(await RelatedAsync<T>(db, ct));
        var now = await GroundsAsync(db, recordClass, recordId, ct);
        var after = change(now);
        var people = await PeopleAsync(db, facts, [.. now, .. after], ct);
        var seen = await SeenCompaniesAsync(asker, people, ct);
        return (Put(now), Put(after));

        OnlookersOf Put(IReadOnlyList<SightGround> grounds)
        {
            var found = people.Take(Most).Select(p => p.Company is null ? OfStaff(p, recordClass, facts, grounds) : OfPartner(p, p.Company, facts, grounds, seen)).OfType<Onlooker>()
                .OrderBy(o => o.CompanyId is not null).ThenBy(o => !o.IsNamed).ThenBy(o => o.CompanyName, StringComparer.Ordinal).ThenBy(o => o.PersonName, StringComparer.Ordinal).ToList();
            var keys = found.Where(o => o.Reason is SightReason.Share).Select(o => o.Detail).ToHashSet();
            var names = people.SelectMany(NamesOf).Where(n => keys.Contains(n.Key)).DistinctBy(n => n.Key).ToDictionary(n => n.Key, n => n.Name);
            return new(found, names, people.Count > Most);
        }
    }

    private static readonly OnlookersOf Nobody = new([], new Dictionary<string, string>(), IsCut: false);

    /// <summary>The record's columns that decide.</summary>
    private sealed record Facts
    {
        public long? OwnerId { get; init; }
        public long? OwnersTeam { get; init; }
        public long? TerritoryId { get; init; }
        public long? CompanyId { get; init; }
        /// <summary>Partners may see it at all: what is neither published nor valid, they do not, whatever is shared.</summary>
        public bool IsOpen { get; init; }
        /// <summary>Every holder of a grant through the relationship that names no companies sees it.</summary>
        public bool IsForEveryHolder { get; init; }
        public HashSet<(string Relationship, long Company)> Related { get; } = [];
    }

    private sealed record Somebody(long Id, string Name, Company? Company, List<string> Functions, long? TeamId, string? TeamName, List<Named> Leads, List<Named> Territories)
    {
        public IEnumerable<Named> Teams => TeamId is { } team ? Leads.Append(new(team, TeamName!)) : Leads;
    }

    private sealed record Named(long Id, string Name);

    private static Expression<Func<T, bool>> Only<T>(Sight<T> sight, PortalDbContext db) where T : class =>
        Expression.Lambda<Func<T, bool>>(Expression.Equal(sight.Id!.Body, Expression.Constant(db.Scope.ExplainedId)), sight.Id.Parameters[0]);

    private static Task<Facts?> FactsAsync<T>(PortalDbContext db, CancellationToken ct) where T : class
    {
        var sight = Sights.Of<T>()!;
        var record = sight.Id!.Parameters[0];
        Expression<Func<long?, long?>> teamOf = owner => db.People.Where(p => p.Id == owner).Select(p => p.TeamId).FirstOrDefault();
        List<MemberBinding> columns = [Set(nameof(Facts.IsOpen), sight.PartnerOnlyWhen is { } when ? Of(SightFilter.Bind(when, db)) : Expression.Constant(true))];
        if (sight.Owner is { } owner)
        {
            columns.Add(Set(nameof(Facts.OwnerId), Of(owner)));
            columns.Add(Set(nameof(Facts.OwnersTeam), SightFilter.Replace(teamOf.Body, teamOf.Parameters[0], Of(owner))));
        }
        if (sight.Territory is { } territory) { columns.Add(Set(nameof(Facts.TerritoryId), Of(territory))); }
        if (sight.PartnerCompany is { } company) { columns.Add(Set(nameof(Facts.CompanyId), Of(company))); }
        if (sight.PartnerRules.SingleOrDefault(r => r.Companies is null) is { } open)
        {
            // Whoever holds the grant: any company stands for all of them.
            var holds = SightFilter.Replace(SightFilter.Replace(open.Rule.Body, open.Rule.Parameters[1], Expression.Constant(db)), open.Rule.Parameters[2], Expression.Constant(long.MaxValue));
            columns.Add(Set(nameof(Facts.IsForEveryHolder), SightFilter.Replace(holds, open.Rule.Parameters[0], record)));
        }
        var facts = Expression.Lambda<Func<T, Facts>>(Expression.MemberInit(Expression.New(typeof(Facts)), columns), record);
        return db.Set<T>().AsNoTracking().Where(Only(sight, db)).Select(facts).FirstOrDefaultAsync(ct);

        MemberAssignment Set(string name, Expression value) => Expression.Bind(typeof(Facts).GetProperty(name)!, value);
        Expression Of(LambdaExpression of) => SightFilter.Replace(of.Body, of.Parameters[0], record);
    }

    /// <summary>Which companies stand to the record in which relationship.</summary>
    private static async Task<IEnumerable<(string, long)>> RelatedAsync<T>(PortalDbContext db, CancellationToken ct) where T : class
    {
        var sight = Sights.Of<T>()!;
        IQueryable<Standing>? related = null;
        foreach (var rule in sight.PartnerRules.Where(r => r.Companies is not null))
        {
            var relationship = rule.Relationship.ToString();
            var companies = db.Set<T>().Where(Only(sight, db)).SelectMany(SightFilter.Bind(rule.Companies!, db)).Select(c => new Standing { Relationship = relationship, Company = c });
            related = related is null ? companies : related.Concat(companies);
        }
        return related is null ? [] : (await related.ToListAsync(ct)).Select(r => (r.Relationship, r.Company));
    }

    private sealed record Standing
    {
        public required string Relationship { get; init; }
        public required long Company { get; init; }
    }

    private static Task<List<SightGround>> GroundsAsync(PortalDbContext db, RecordClass recordClass, long recordId, CancellationToken ct) =>
        db.Shares.Where(s => s.RecordClass == recordClass && s.RecordId == recordId && s.Until > db.Now).Select(s => new { s.Id, s.Key, s.Fields, s.Reason, s.Until, Relationship = "" })
            .Concat(db.Grants.Where(g => g.RecordClass == recordClass && g.From <= db.Now && g.Until > db.Now).Select(g => new { g.Id, g.Key, g.Fields, g.Reason, g.Until, Relationship = g.Relationship.ToString() }))
            .Select(g => new SightGround(g.Id, g.Key, g.Fields, g.Reason, g.Until, g.Relationship)).ToListAsync(ct);

    /// <summary>All staff, and the people of companies that may stand to the record in any way; whether they see it, is worked out for each.</summary>
    private static async Task<List<Somebody>> PeopleAsync(PortalDbContext db, Facts facts, IReadOnlyList<SightGround> grounds, CancellationToken ct)
    {
        var keys = !facts.IsOpen ? [] : grounds.Where(g => g.IsShare || facts.IsForEveryHolder && IsForHolders(g)).Select(g => g.Key).ToHashSet();
        long[] companies = facts.IsOpen ? [.. facts.Related.Select(r => r.Company).Append(facts.CompanyId ?? 0).Concat(Ids("company:")).Distinct()] : [];
        long[] people = [.. Ids("person:")];
        PartnerTier[] tiers = [.. Words("tier:").Select(Enum.Parse<PartnerTier>)];
        string[] regions = [.. Words("region:")];
        var kinds = Words("kind:").Select(Enum.Parse<CompanyRole>).ToHashSet();
        var (all, suppliers, distributors, resellers) = (keys.Contains(ScopeKeys.AllPartners), kinds.Contains(CompanyRole.Supplier), kinds.Contains(CompanyRole.Distributor), kinds.Contains(CompanyRole.ChannelPartner));
        var active = db.People.AsNoTracking().AsSingleQuery().Where(p => p.Active);
        // What is given to a kind of partner is seen by many, who are gone through; what is given to some is found by their ids.
        active = all || suppliers || distributors || resellers || tiers.Length > 0 || regions.Length > 0
            ? active.Where(p => p.CompanyId == null || people.Contains(p.Id) || db.Companies.Any(c => c.Id == p.CompanyId && (all || companies.Contains(c.Id) || tiers.Contains(c.Tier)
                || c.Region != null && regions.Contains(c.Region) || suppliers && c.IsSupplier || distributors && c.IsDistributor || resellers && c.IsChannelPartner)))
            : active.Where(p => p.CompanyId == null || companies.Contains(p.CompanyId.Value) || people.Contains(p.Id));
        var found = await (
            from person in active.OrderBy(p => p.CompanyId != null).ThenBy(p => p.CompanyId).ThenBy(p => p.Name).ThenBy(p => p.Id).Take(Most + 1)
            join company in db.Companies on person.CompanyId equals company.Id into known
            from company in known.DefaultIfEmpty()
            select new Somebody(
                person.Id, person.Name, company, person.Functions.Select(f => f.Function).ToList(),
                person.TeamId, db.Teams.Where(t => t.Id == person.TeamId).Select(t => t.Name).FirstOrDefault(), db.Teams.Where(t => t.LeaderId == person.Id).Select(t => new Named(t.Id, t.Name)).ToList(),
                db.Set<PersonTerritory>().Where(t => t.PersonId == person.Id).Join(db.Territories, t => t.TerritoryId, t => t.Id, (_, t) => new Named(t.Id, t.Name)).ToList())).ToListAsync(ct);
        return found.FindAll(p => p.Functions.Count > 0 && p.Company is not { Status: CompanyStatus.Closed });

        IEnumerable<string> Words(string head) => keys.Where(k => k.StartsWith(head, StringComparison.Ordinal)).Select(k => k[head.Length..]);
        IEnumerable<long> Ids(string head) => Words(head).Select(w => long.TryParse(w, out var id) ? id : 0).Where(id => id != 0);
    }

    private static async Task<HashSet<long>> SeenCompaniesAsync(PortalDbContext asker, List<Somebody> people, CancellationToken ct)
    {
        long[] companies = [.. people.Where(p => p.Company is not null).Select(p => p.Company!.Id).Distinct()];
        // Whoever sees every company need not ask which of them.
        return asker.Scope.ReachIn(RecordClass.Company) is Reach.All || companies.Length == 0 ? [.. companies] : [.. await asker.Companies.Where(c => companies.Contains(c.Id)).Select(c => c.Id).ToListAsync(ct)];
    }

    private static Onlooker? OfStaff(Somebody person, RecordClass recordClass, Facts facts, IReadOnlyList<SightGround> grounds)
    {
        var keys = person.Teams.Select(t => ScopeKeys.Team(t.Id)).Concat(person.Territories.Select(t => ScopeKeys.Territory(t.Id)));
        var scope = AccessScope.ForStaff(person.Id, person.Name, person.Functions, [], [.. person.Territories.Select(t => t.Id)], keys);
        var reach = scope.ReachIn(recordClass);
        var covers = reach is Reach.All
            || reach >= Reach.Own && facts.OwnerId == person.Id
            || reach >= Reach.Team && facts.OwnersTeam is { } team && person.Teams.Any(t => t.Id == team)
            || reach >= Reach.Territory && facts.TerritoryId is { } territory && scope.Territories.Contains(territory);
        if (covers) { return new(person.Id, person.Name, null, "", FieldSet.Full, SightReason.Reach, reach.ToString(), string.Join(", ", scope.Functions.Order()), null); }
        return Best(grounds, g => g.IsShare && scope.Keys.Contains(g.Key)) is { } share ? new(person.Id, person.Name, null, "", share.Fields, SightReason.Share, share.Key, share.Reason, End(share.Until)) : null;
    }

    private static Onlooker? OfPartner(Somebody person, Company company, Facts facts, IReadOnlyList<SightGround> grounds, HashSet<long> seenCompanies)
    {
        if (!facts.IsOpen) { return null; }
        string[] keys = [ScopeKeys.Person(person.Id), ScopeKeys.Company(company.Id), .. ScopeBuilder.KeysOf(company)];
        var rule = Best(grounds, g => !g.IsShare && keys.Contains(g.Key) && (facts.IsForEveryHolder && IsForHolders(g) || facts.Related.Contains((g.Relationship, company.Id))));
        var share = Best(grounds, g => g.IsShare && keys.Contains(g.Key));
        var found = facts.CompanyId == company.Id ? With(FieldSet.Full, SightReason.Own, "", "", null)
            : rule is not null && (share is null || share.Fields <= rule.Fields) ? With(rule.Fields, SightReason.Relationship, rule.Relationship, "", rule.Until)
            : share is not null ? With(share.Fields, SightReason.Share, share.Key, share.Reason, End(share.Until)) : null;
        return found is null || seenCompanies.Contains(company.Id) ? found : found with { PersonName = "", CompanyName = "", Detail = "", Note = "", IsNamed = false };

        Onlooker With(FieldSet fields, SightReason reason, string detail, string note, DateTimeOffset? until) => new(person.Id, person.Name, company.Id, company.Name, fields, reason, detail, note, until);
    }

    private static bool IsForHolders(SightGround ground) => ground.Relationship == nameof(Relationship.ParticipantIn);

    private static SightGround? Best(IReadOnlyList<SightGround> grounds, Func<SightGround, bool> gives) => grounds.Where(gives).OrderByDescending(g => g.Fields).ThenByDescending(g => g.Until).FirstOrDefault();

    private static DateTimeOffset? End(DateTimeOffset until) => until.Year >= 9998 ? null : until;

    private static IEnumerable<(string Key, string Name)> NamesOf(Somebody person) =>
    [
        (ScopeKeys.Person(person.Id), person.Name), .. person.Company is { } company ? [(ScopeKeys.Company(company.Id), company.Name)] : Array.Empty<(string, string)>(),
        .. person.Teams.Select(t => (ScopeKeys.Team(t.Id), t.Name)), .. person.Territories.Select(t => (ScopeKeys.Territory(t.Id), t.Name)),
    ];
}
