using Portal.Domain.Common;

namespace Portal.Domain.Access;

/// <summary>Somebody who may work here. Who the person is, Identity says by issuer and subject; what the person may see, this record says.</summary>
public sealed class Person : Aggregate
{
    public required string Name { get; set => field = value.Trim(); }
    /// <summary>Lower case; unique among active people.</summary>
    public required string Email { get; set => field = value.Trim().ToLowerInvariant(); }
    /// <summary>The identity provider's issuer and subject; null until the first log-in is linked by invitation or command.</summary>
    public string? Issuer { get; private set; }
    public string? Subject { get; private set; }
    /// <summary>The partner company; null for staff. Never changes: who moves gets a new record, so that no right moves along.</summary>
    public long? CompanyId { get; init; }
    public long? TeamId { get; set; }
    public string? JobTitle { get; set; }
    public string? Phone { get; set; }
    /// <summary>The person above, for organisation charts and reports by manager.</summary>
    public long? ManagerId { get; set; }
    /// <summary><c>en</c> or <c>zh-Hans</c>.</summary>
    public string Language { get; set; } = "en";
    /// <summary>IANA name.</summary>
    public string TimeZone { get; set; } = "Etc/UTC";
    public bool Active { get; set; } = true;
    public List<PersonFunction> Functions { get; } = [];
    public List<PersonTerritory> Territories { get; } = [];

    public bool IsStaff => CompanyId is null;

    public void LinkAccount(string issuer, string subject) => (Issuer, Subject) = (issuer, subject);

    public void UnlinkAccount() => (Issuer, Subject) = (null, null);

    /// <summary>Whether this would change who may do what, or come in at all.</summary>
    public bool RightsWouldChange(bool active, IEnumerable<string> functions) => active != Active || !Functions.Select(f => f.Function).ToHashSet().SetEquals(functions);

    /// <returns>Null, or a refusal for a function that does not exist or belongs to the other side.</returns>
    public Refusal? Assign(IReadOnlyCollection<string> functions)
    {
        foreach (var name in functions)
        {
            if (!Access.Functions.All.TryGetValue(name, out var function)) { return new Refusal("person.unknown-function", Field: nameof(Functions), Values: [name]); }
            if (function.IsStaff != IsStaff) { return new Refusal("person.function-of-other-side", Field: nameof(Functions), Values: [name]); }
        }
        Functions.RemoveAll(f => !functions.Contains(f.Function));
        foreach (var name in functions.Where(n => Functions.All(f => f.Function != n)).Distinct().ToArray())
        {
            Functions.Add(new PersonFunction { PersonId = Id, Function = name });
        }
        return null;
    }
}

public sealed class PersonFunction
{
    public required long PersonId { get; init; }
    public required string Function { get; init; }
}

public sealed class PersonTerritory
{
    public required long PersonId { get; init; }
    public required long TerritoryId { get; init; }
}

/// <summary>A sales or service team; its members' records are the team's.</summary>
public sealed class Team : Aggregate
{
    public const int NameLength = 120;

    public required string Name { get; set => field = value.Trim(); }
    public long? LeaderId { get; set; }
}
