using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

/// <param name="StoreType">The engine's name of the type, without length.</param>
public sealed record RecordColumn(string Name, string StoreType);

/// <summary>How records of one type lie in their table, read off the model once: what writing many at a time needs.</summary>
public sealed class RecordTable
{
    private static readonly ConditionalWeakTable<IEntityType, RecordTable> Known = [];

    private readonly Action<object, object?[]> _stored;
    private readonly Action<object, object?[]> _told;
    private readonly Dictionary<IProperty, int> _places;

    private RecordTable(IEntityType type)
    {
        var properties = type.GetProperties().ToArray();
        (Type, Name, _stored) = (type, type.GetTableName()!, Reader(type, properties, stored: true));
        Columns = [.. properties.Select(p => new RecordColumn(p.GetColumnName(), p.GetRelationalTypeMapping().StoreTypeNameBase))];
        _places = properties.Index().ToDictionary(p => p.Item, p => p.Index);
        Keys = [.. type.FindPrimaryKey()!.Properties.Select(PlaceOf)];
        VersionPlace = Array.FindIndex(properties, p => p.Name is nameof(Aggregate.Version) && p.IsConcurrencyToken);
        IProperty[] told = [.. properties.Where(SaveTrail.IsTold)];
        (Told, _told) = ([.. told.Select(p => JsonEncodedText.Encode(p.Name))], Reader(type, told, stored: false));
        var first = type.FindPrimaryKey()!.Properties[0];
        FirstKey = first.ClrType == typeof(long) ? KeyReader(type, first) : _ => 0;
        Id = type.FindPrimaryKey()!.Properties is [{ Name: "Id" }] && first.ClrType == typeof(long) ? FirstKey : null;
        Pointers = [.. type.GetForeignKeys().Where(k => k.Properties is [{ } p] && (p.ClrType == typeof(long) || p.ClrType == typeof(long?))).Select(k => (k.PrincipalEntityType.ClrType, KeyReader(type, k.Properties[0])))];
        Parts = [.. type.GetNavigations().Where(n => n.IsCollection && !n.IsOnDependent).Select(n => (Func<object, System.Collections.IEnumerable>)(record => (System.Collections.IEnumerable)n.PropertyInfo!.GetValue(record)!))];
    }

    public string Name { get; }
    public IReadOnlyList<RecordColumn> Columns { get; }
    /// <summary>Places of the key's columns.</summary>
    public IReadOnlyList<int> Keys { get; }
    /// <summary>Place of the version that a change is checked against; -1 where there is none.</summary>
    public int VersionPlace { get; }

    internal IEntityType Type { get; }
    /// <summary>The key, or what it begins with; 0 for words.</summary>
    internal Func<object, long> FirstKey { get; }
    /// <summary>Null for a record without a key of its own.</summary>
    internal Func<object, long>? Id { get; }
    /// <summary>What it points at; 0 for nothing.</summary>
    internal IReadOnlyList<(Type Principal, Func<object, long> Key)> Pointers { get; }
    /// <summary>What belongs to the record and is written with it.</summary>
    internal IReadOnlyList<Func<object, System.Collections.IEnumerable>> Parts { get; }
    /// <summary>The fields that the audit trail tells of.</summary>
    internal JsonEncodedText[] Told { get; }

    public static RecordTable Of(IEntityType type) => Known.GetValue(type, static t => new RecordTable(t));

    /// <summary>The values as the engine stores them, in the order of <see cref="Columns"/>.</summary>
    public void Read(object record, object?[] row) => _stored(record, row);

    internal int PlaceOf(IProperty property) => _places[property];

    /// <summary>The values in the order of <see cref="Told"/>.</summary>
    internal void Tell(object record, object?[] values) => _told(record, values);

    private static Action<object, object?[]> Reader(IEntityType type, IProperty[] properties, bool stored)
    {
        ParameterExpression record = Expression.Parameter(typeof(object)), row = Expression.Parameter(typeof(object?[]));
        var typed = Expression.Variable(type.ClrType);
        List<Expression> steps = [Expression.Assign(typed, Expression.Convert(record, type.ClrType))];
        for (var n = 0; n < properties.Length; n++)
        {
            Expression value = Member(typed, properties[n]);
            if (stored && properties[n].GetTypeMapping().Converter is { } converter) { value = Stored(value, converter.ConvertToProviderExpression); }
            steps.Add(Expression.Assign(Expression.ArrayAccess(row, Expression.Constant(n)), Expression.Convert(value, typeof(object))));
        }
        return Expression.Lambda<Action<object, object?[]>>(Expression.Block([typed], steps), record, row).Compile();
    }

    /// <summary>The converter's own expression; nothing stays nothing.</summary>
    private static Expression Stored(Expression value, LambdaExpression converter)
    {
        var given = converter.Parameters[0];
        if (given.Type == value.Type) { return SightFilter.Replace(converter.Body, given, value); }
        var converted = Expression.Convert(SightFilter.Replace(converter.Body, given, Expression.Convert(value, given.Type)), typeof(object));
        return Expression.Condition(Expression.Equal(value, Expression.Constant(null, value.Type)), Expression.Constant(null, typeof(object)), converted);
    }

    private static Func<object, long> KeyReader(IEntityType type, IProperty property)
    {
        var record = Expression.Parameter(typeof(object));
        Expression value = Member(Expression.Convert(record, type.ClrType), property);
        if (value.Type == typeof(long?)) { value = Expression.Coalesce(value, Expression.Constant(0L)); }
        return Expression.Lambda<Func<object, long>>(value, record).Compile();
    }

    private static MemberExpression Member(Expression record, IProperty property) =>
        Expression.MakeMemberAccess(record, (MemberInfo?)property.PropertyInfo ?? property.FieldInfo ?? throw new InvalidOperationException($"{property.DeclaringType.Name}.{property.Name} has no member."));
}

/// <summary>New records of one save that are written set by set and never tracked: for many at once. Guarded, audited and made findable as every other.</summary>
internal sealed class NewRecords
{
    private readonly Dictionary<IEntityType, (RecordTable Table, List<object> Records)> _byType = [];
    private readonly Dictionary<Type, (RecordTable Table, List<object> Records)> _byClass = [];
    private readonly Dictionary<IEntityType, IEnumerable<object>> _asWritten = [];

    public bool IsEmpty => _byType.Count == 0;

    public IReadOnlyList<(RecordTable Table, List<object> Records)> All => [.. _byType.Values];

    public IEnumerable<T> Of<T>() => _byClass.TryGetValue(typeof(T), out var set) ? set.Records.Cast<T>() : [];

    /// <summary>Adds the record with what belongs to it.</summary>
    public void Add(PortalDbContext db, object record)
    {
        if (!_byClass.TryGetValue(record.GetType(), out var set))
        {
            var type = db.Model.FindEntityType(record.GetType())!;
            _byClass[record.GetType()] = _byType[type] = set = (RecordTable.Of(type), []);
        }
        set.Records.Add(record);
        foreach (var parts in set.Table.Parts) { foreach (var part in parts(record)) { Add(db, part); } }
    }

    /// <summary>Records that are made one by one as they are written: what tells of many would weigh more than they do.</summary>
    public void AddAsWritten<T>(PortalDbContext db, IEnumerable<T> records) where T : class
    {
        var type = db.Model.FindEntityType(typeof(T))!;
        if (!_byType.ContainsKey(type)) { _byClass[typeof(T)] = _byType[type] = (RecordTable.Of(type), []); }
        _asWritten[type] = _asWritten.GetValueOrDefault(type, []).Concat(records);
    }

    /// <summary>Into the open transaction, what is pointed at before what points at it.</summary>
    /// <exception cref="DbUpdateException">A rule of the database fired.</exception>
    public async Task<int> WriteAsync(PortalDbContext db, CancellationToken ct)
    {
        var done = new HashSet<IEntityType>();
        var written = 0;
        foreach (var type in _byType.Keys) { await WriteAsync(type); }
        return written;

        async Task WriteAsync(IEntityType type)
        {
            if (!_byType.TryGetValue(type, out var set) || !done.Add(type)) { return; }
            foreach (var key in type.GetForeignKeys()) { await WriteAsync(key.PrincipalEntityType); }
            written += await db.Engine.InsertAsync(db, set.Table, set.Records.Concat(_asWritten.GetValueOrDefault(type, [])), ct);
        }
    }
}
