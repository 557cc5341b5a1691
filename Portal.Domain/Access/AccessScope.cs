using System.Collections.Frozen;

namespace Portal.Domain.Access;

public enum ScopeKind { System, Rights, LogIn, Staff, Partner }

/// <summary>What a rule grant gives the holder's company in one record class through one relationship.</summary>
public sealed record HeldGrant(RecordClass Class, Relationship Relationship, FieldSet Fields, GrantActions Actions);

/// <summary>
/// Who asks, and what that entitles to: immutable, built once from the signed-in person (<see cref="ScopeBuilder"/>) and handed to the context,
/// whose query filters read nothing else. A job carries the scope of whoever asked for it.
/// </summary>
public sealed class AccessScope
{
    /// <summary>Answers for a company that holds no grant: no record has the id 0, so the column rule finds nothing and still uses its index.</summary>
    private const long Nobody = 0;

    private readonly FrozenDictionary<RecordClass, Reach> _reaches;
    private readonly FrozenDictionary<(RecordClass, Relationship, FieldSet), GrantActions> _grants;

    private readonly FrozenSet<RecordClass> _shared;

    private AccessScope(
        ScopeKind kind, FrozenDictionary<RecordClass, Reach> reaches, IEnumerable<HeldGrant> grants, IEnumerable<RecordClass>? shared = null, (RecordClass Class, long Id)? explained = null)
    {
        (Kind, Explained) = (kind, explained);
        _shared = (shared ?? Enum.GetValues<RecordClass>()).ToFrozenSet();
        _reaches = reaches;
        _grants = grants
            .SelectMany(g => Enumerable.Range(1, (int)g.Fields).Select(f => (Key: (g.Class, g.Relationship, (FieldSet)f), g.Actions)))
            .GroupBy(g => g.Key)
            .ToFrozenDictionary(g => g.Key, g => g.Aggregate(default(GrantActions), (sum, one) => sum | one.Actions));
        Rules = [.. _grants.Keys.Select(g => RuleName(g.Item1, g.Item2)).Distinct().Order(StringComparer.Ordinal)];
        Shape = kind is ScopeKind.Staff
            ? $"staff:{string.Join(',', Enum.GetValues<RecordClass>().Select(c => (int)ReachIn(c)))}"
            : kind is ScopeKind.Partner ? $"partner:{string.Join(',', _shared.Select(c => (int)c).Order())}"
            : kind is ScopeKind.Rights ? $"rights:{(int?)Explained?.Class}"
            : kind is ScopeKind.LogIn ? "log-in" : "system";
    }

    public ScopeKind Kind { get; }

    /// <summary>Which model answers: scopes of one shape differ only in parameters.</summary>
    public string Shape { get; }

    /// <summary>The rules that the asker's company holds a grant for, as <see cref="RuleName"/> writes them: what an engine's own wall goes by.</summary>
    public string[] Rules { get; }

    public static string RuleName(RecordClass recordClass, Relationship relationship) => $"{recordClass}:{relationship}";

    /// <summary>The one record that a scope of rights reads besides what rights are built from.</summary>
    public (RecordClass Class, long Id)? Explained { get; }

    /// <summary>0 where no record is explained, which no record has.</summary>
    internal long ExplainedId => Explained?.Id ?? 0;

    /// <summary>The account of the one person whom a step of logging in is about, and the address that the person has or gets.</summary>
    internal string LogInIssuer { get; private init; } = "";
    internal string LogInSubject { get; private init; } = "";
    internal string LogInEmail { get; private init; } = "";

    /// <summary>Why the system asks, for the log; null for a person.</summary>
    public string? Reason { get; private init; }

    /// <summary>0 for the system.</summary>
    public long PersonId { get; private init; }
    public string PersonName { get; private init; } = "";

    /// <summary>The partner company; 0 for staff and the system.</summary>
    public long CompanyId { get; private init; }

    /// <summary>What shares are addressed to: self, company, teams, territories, tier, region, kinds of partner. See <see cref="ScopeKeys"/>.</summary>
    public string[] Keys { get; private init; } = [];
    public FrozenSet<string> Permissions { get; private set; } = FrozenSet<string>.Empty;
    public FrozenSet<string> Functions { get; private init; } = FrozenSet<string>.Empty;

    /// <summary>The people whose records count as the team's, the person included.</summary>
    public long[] TeamPeople { get; private init; } = [];
    public long[] Territories { get; private init; } = [];

    /// <summary>When a grant of the person next begins or ends: a scope kept longer than that would be wrong.</summary>
    public DateTimeOffset ValidUntil { get; private init; } = DateTimeOffset.MaxValue;

    /// <summary>Somebody else, or a program that may only read, stands in the person's place: the same sight, and nothing is written.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>The scope of a colleague who looks at the portal as this person sees it.</summary>
    public AccessScope ToRead()
    {
        var copy = (AccessScope)MemberwiseClone();
        copy.IsReadOnly = true;
        return copy;
    }

    /// <summary>The scope of a program that acts for this person: the same sight, at most these of the person's permissions, and nothing written where it only reads.</summary>
    public AccessScope Narrowed(IReadOnlySet<string> permissions, bool reads)
    {
        var copy = (AccessScope)MemberwiseClone();
        copy.Permissions = Permissions.Where(permissions.Contains).ToFrozenSet();
        copy.IsReadOnly |= reads;
        return copy;
    }

    public bool IsSystem => Kind is ScopeKind.System;

    public bool May(string permission) => Kind is ScopeKind.System || Permissions.Contains(permission);

    public Reach ReachIn(RecordClass recordClass) =>
        Kind is ScopeKind.System ? Reach.All : _reaches.GetValueOrDefault(recordClass, Reach.None);

    /// <summary>Whether any share of the class may be addressed to the asker. Where none is, the question is left out and the owner column's index answers alone.</summary>
    public bool HoldsShares(RecordClass recordClass) => _shared.Contains(recordClass);

    /// <returns>The person's company where it holds a grant over this class, relationship and field set; otherwise 0, which matches nothing.</returns>
    public long CompanyAs(RecordClass recordClass, Relationship relationship, FieldSet fields) =>
        _grants.ContainsKey((recordClass, relationship, fields)) ? CompanyId : Nobody;

    /// <summary>What the rule grant allows beyond sight; none where no grant is held.</summary>
    public GrantActions ActionsAs(RecordClass recordClass, Relationship relationship) =>
        _grants.GetValueOrDefault((recordClass, relationship, FieldSet.Summary));

    /// <exception cref="InvalidOperationException">The asker is not a person of a partner company.</exception>
    public long RequireCompany() =>
        CompanyId != Nobody ? CompanyId : throw new InvalidOperationException("Only a partner company's person may ask this.");

    /// <summary>Sees everything. For housekeeping; never built from a request.</summary>
    /// <param name="reason">Goes to the log and the audit trail.</param>
    /// <param name="personId">The person on whose behalf the system writes; 0 for nobody.</param>
    /// <param name="personName">The audit trail then names the person.</param>
    public static AccessScope System(string reason, long personId = 0, string personName = "") =>
        new(ScopeKind.System, FrozenDictionary<RecordClass, Reach>.Empty, []) { Reason = reason, PersonId = personId, PersonName = personName };

    /// <summary>
    /// Reads what rights are built from (<see cref="Persistence.RightsSources"/>) and nothing else, and writes nothing: to find out what a person may, before
    /// there is a scope of the person's own.
    /// </summary>
    /// <param name="explained">A record whose onlookers are asked for; the caller has made sure that the asker sees it.</param>
    public static AccessScope Rights(string reason, (RecordClass Class, long Id)? explained = null) =>
        new(ScopeKind.Rights, FrozenDictionary<RecordClass, Reach>.Empty, [], explained: explained) { Reason = reason };

    /// <summary>
    /// For a step of logging in, when there is nobody yet whose scope could hold. It sees the one person with this account, whoever has this address (so that it is not
    /// given twice), and companies, teams and territories to point at; it writes that person with functions and territories, and nothing else.
    /// </summary>
    /// <param name="subject">Empty: no person at all; only a line of the audit trail can be written.</param>
    public static AccessScope LogIn(string reason, string issuer = "", string subject = "", string email = "") =>
        new(ScopeKind.LogIn, FrozenDictionary<RecordClass, Reach>.Empty, []) { Reason = reason, LogInIssuer = issuer, LogInSubject = subject, LogInEmail = email.Trim().ToLowerInvariant() };

    public static AccessScope ForStaff(long personId, string name, IReadOnlyCollection<string> functions, long[] teamPeople, long[] territories, IEnumerable<string> moreKeys)
    {
        var held = functions.Select(f => Access.Functions.All.GetValueOrDefault(f)).OfType<Function>().Where(f => f.IsStaff).ToArray();
        var reaches = held.SelectMany(f => f.Reaches).GroupBy(r => r.Key).ToFrozenDictionary(g => g.Key, g => g.Max(r => r.Value));
        return new(ScopeKind.Staff, reaches, [])
        {
            PersonId = personId,
            PersonName = name,
            Permissions = held.SelectMany(f => f.Permissions).ToFrozenSet(),
            Functions = held.Select(f => f.Name).ToFrozenSet(),
            TeamPeople = [personId, .. teamPeople.Where(p => p != personId)],
            Territories = territories,
            Keys = [ScopeKeys.Person(personId), .. moreKeys],
        };
    }

    /// <param name="shared">Classes of which a share is addressed to the person; null: perhaps every class.</param>
    public static AccessScope ForPartner(long personId, string name, long companyId, IReadOnlyCollection<string> functions, IEnumerable<string> moreKeys, IEnumerable<HeldGrant> grants, DateTimeOffset? validUntil = null, IEnumerable<RecordClass>? shared = null)
    {
        var held = functions.Select(f => Access.Functions.All.GetValueOrDefault(f)).OfType<Function>().Where(f => !f.IsStaff).ToArray();
        return new(ScopeKind.Partner, FrozenDictionary<RecordClass, Reach>.Empty, grants, shared)
        {
            PersonId = personId,
            PersonName = name,
            CompanyId = companyId,
            ValidUntil = validUntil ?? DateTimeOffset.MaxValue,
            Permissions = held.SelectMany(f => f.Permissions).ToFrozenSet(),
            Functions = held.Select(f => f.Name).ToFrozenSet(),
            Keys = [ScopeKeys.Person(personId), ScopeKeys.Company(companyId), .. moreKeys],
        };
    }
}

/// <summary>The words that shares and grants are addressed by.</summary>
public static class ScopeKeys
{
    public const string AllPartners = "partners";

    public static string Person(long id) => $"person:{id}";
    public static string Company(long id) => $"company:{id}";
    public static string Team(long id) => $"team:{id}";
    public static string Territory(long id) => $"territory:{id}";
    public static string Tier(Companies.PartnerTier tier) => $"tier:{tier}";
    public static string Region(string region) => $"region:{region}";
    public static string Kind(Companies.CompanyRole role) => $"kind:{role}";

    /// <summary>Whether people outside the house hold the key: such a share or grant must have an end.</summary>
    public static bool IsExternal(string key) =>
        !key.StartsWith("team:", StringComparison.Ordinal) && !key.StartsWith("territory:", StringComparison.Ordinal);
}
