using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;

namespace Portal.Domain.Persistence;

/// <summary>Every <see cref="ISight{T}"/> of the assembly, found once.</summary>
public static class Sights
{
    public const string FilterName = "scope";

    private static readonly Dictionary<Type, object> ByType = typeof(Sights).Assembly.GetTypes()
        .SelectMany(t => t.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ISight<>)).Select(i => (Type: t, Entity: i.GetGenericArguments()[0], Interface: i)))
        .ToDictionary(x => x.Entity, x => x.Interface.GetProperty("Sight")!.GetValue(Activator.CreateInstance(x.Type, nonPublic: true))!);

    private static readonly MethodInfo HangMethod = typeof(Sights).GetMethod(nameof(Hang), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly MethodInfo HoldsMethod = typeof(Sights).GetMethod(nameof(HoldsOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static Sight<T>? Of<T>() where T : class => ByType.GetValueOrDefault(typeof(T)) as Sight<T>;

    /// <summary>The entity that each shareable class stands for.</summary>
    public static readonly IReadOnlyDictionary<RecordClass, Type> Shareable = ByType
        .Select(x => (Entity: x.Key, Class: (RecordClass?)Of(x.Value, nameof(Sight<Opportunity>.Class)), Fields: (FieldSet)Of(x.Value, nameof(Sight<Opportunity>.Fields))!))
        .Where(x => x.Class is not null && x.Fields is FieldSet.Summary)
        .ToDictionary(x => x.Class!.Value, x => x.Entity);

    /// <summary>Every class with every relationship that one of its rules is about.</summary>
    internal static HashSet<(RecordClass, Relationship)> Rules() =>
    [
        .. ByType.Values.Select(sight => (Class: (RecordClass?)sight.GetType().GetProperty("Class")!.GetValue(sight), Rules: (System.Collections.IEnumerable)sight.GetType().GetProperty("PartnerRules")!.GetValue(sight)!))
            .Where(x => x.Class is not null)
            .SelectMany(x => x.Rules.Cast<object>().Select(rule => (x.Class!.Value, (Relationship)rule.GetType().GetProperty("Relationship")!.GetValue(rule)!))),
    ];

    private static object? Of(object sight, string property) => sight.GetType().GetProperty(property)!.GetValue(sight);

    /// <summary>Whether a record is within a staff member's reach by its own owner and territory. What hangs below another record is judged with that one.</summary>
    internal static bool Holds(object record, AccessScope scope) =>
        scope.Kind is not ScopeKind.Staff || (bool)HoldsMethod.MakeGenericMethod(record.GetType()).Invoke(null, [record, scope])!;

    private static bool HoldsOf<T>(T record, AccessScope scope) where T : class
    {
        if (Of<T>() is not { Class: { } recordClass }) { return true; }
        var reach = scope.ReachIn(recordClass);
        return reach is Reach.All
            || (reach >= Reach.Own && Columns<T>.Owner?.Invoke(record) is { } owner && (reach is Reach.Own ? owner == scope.PersonId : scope.TeamPeople.Contains(owner)))
            || (reach >= Reach.Territory && Columns<T>.Territory?.Invoke(record) is { } territory && scope.Territories.Contains(territory));
    }

    private static class Columns<T> where T : class
    {
        public static readonly Func<T, long?>? Owner = Of<T>()!.Owner?.Compile();
        public static readonly Func<T, long?>? Territory = Of<T>()!.Territory?.Compile();
    }

    internal static void HangFilters(ModelBuilder model, PortalDbContext db)
    {
        foreach (var type in model.Model.GetEntityTypes().Where(t => !t.IsOwned()).Select(t => t.ClrType).ToArray())
        {
            if (!ByType.ContainsKey(type)) { throw new InvalidOperationException($"{type.Name} has no sight: say beside its configuration who sees it."); }
            HangMethod.MakeGenericMethod(type).Invoke(null, [model, db]);
        }
    }

    private static void Hang<T>(ModelBuilder model, PortalDbContext db) where T : class
    {
        if (SightFilter.For(Of<T>()!, db, Of<T>()!.Fields) is { } filter) { model.Entity<T>().HasQueryFilter(FilterName, filter); }
    }
}
