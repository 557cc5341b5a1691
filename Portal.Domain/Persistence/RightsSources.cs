using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Supply;

namespace Portal.Domain.Persistence;

/// <summary>What rights are built from.</summary>
internal static class RightsSources
{
    /// <summary>A change of any row moves the version of rights.</summary>
    public static readonly IReadOnlySet<Type> Moving = new HashSet<Type> { typeof(Person), typeof(PersonFunction), typeof(PersonTerritory), typeof(Team), typeof(AccessGrant), typeof(Share) };

    /// <summary>What a step of logging in writes: one person with what hangs on it.</summary>
    public static readonly IReadOnlySet<Type> OfPerson = new HashSet<Type> { typeof(Person), typeof(PersonFunction), typeof(PersonTerritory) };

    /// <summary>What the person points at. A step of logging in reads it all, shows none of it, and finds no other person in it.</summary>
    public static readonly IReadOnlySet<Type> AroundPerson = new HashSet<Type> { typeof(Company), typeof(Team), typeof(Territory), typeof(AccessMark) };

    /// <summary>What a scope of rights reads. Companies carry keys by tier, region and kind, territories name keys, and who supplies what is a relationship that rules rest on.</summary>
    public static readonly IReadOnlySet<Type> Read = new HashSet<Type>(Moving) { typeof(AccessMark), typeof(Company), typeof(Territory), typeof(SupplierItem) };
}
