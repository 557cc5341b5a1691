using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Web.Ui.Lists;

/// <summary>What of a list is asked for: columns, filters in use, order, place.</summary>
/// <param name="Most">Rows at most, one more to know whether there are more; null for a page as the list declares it.</param>
internal sealed record ListRequest(
    IReadOnlyList<(ListColumn Column, int At)> Columns, IReadOnlyList<(ListFilter Filter, FilterUse Use)> Filters,
    ListSort Sort, bool Descending, KeyCursor? Place, object? PlaceValue, int? Most = null)
{
    /// <summary>What the address says for filters and cannot be read.</summary>
    public IReadOnlyList<(ListFilter Filter, string Text)> Unread { get; init; } = [];

    /// <summary>Where a row holds the value that it is sorted by.</summary>
    public int SortAt { get; } = Sort.IsShown && Columns.FirstOrDefault(c => c.Column.Key == Sort.Key) is { Column: not null, At: var at } ? at : ListQuery.SortAt;
}

/// <summary>
/// Turns requests into compiled queries. Two requests of the same form (columns, filters set, order, kind of place) share one, so that a page costs
/// the database's work and not the translation's. Rows come as arrays: id, sort value (absent where a column shows it), then the slots of the columns shown. Where the engine runs in this process
/// there is nothing to wait for, and the queries are compiled for synchronous reading, which is cheaper by half.
/// </summary>
internal static class ListQuery
{
    internal const int IdAt = 0, SortAt = 1, FirstColumnAt = 2;

    /// <summary>A count stops here and is shown as "10,000+".</summary>
    internal const int CountBound = 10_000;

    /// <summary>The compiler takes a context and up to 14 values with certainty on every overload.</summary>
    private const int MostParameters = 14;

    /// <summary>Readers choose columns freely, so forms are many; beyond this the store starts anew.</summary>
    private const int MostForms = 2_000;

    private enum Purpose { Page, All, Count }

    private sealed record Form(IModel Model, ListDefinition List, Purpose Purpose, string Shape);

    private static readonly ConcurrentDictionary<Form, Delegate> Compiled = new();

    public static async Task<List<object?[]>> PageAsync<TEntity, TRow>(ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request, CancellationToken ct)
        where TEntity : class
    {
        var rows = new List<object?[]>(list.PageSize + 1);
        var asked = Rows(list, db, request, Purpose.Page);
        if (asked is AtOnce here)
        {
            foreach (var row in here.Rows) { rows.Add(row); }
            return rows;
        }
        await foreach (var row in asked.WithCancellation(ct)) { rows.Add(row); }
        return rows;
    }

    /// <summary>Every row of the filters in order, streamed.</summary>
    public static IAsyncEnumerable<object?[]> All<TEntity, TRow>(ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request) where TEntity : class =>
        Rows(list, db, request with { Place = null, PlaceValue = null }, Purpose.All);

    public static Task<int> CountAsync<TEntity, TRow>(ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request, CancellationToken ct) where TEntity : class
    {
        var values = Values(request with { Place = null }, db, out var types, out var source);
        if (MustBeDirect(types)) { return Direct<TEntity, TRow, object?[]>(list, db, request, Purpose.Count, values, types, source).CountAsync(ct); }
        var run = (Func<DbContext, object?[], CancellationToken, Task<int>>)Compiled.GetOrAdd(FormOf(db, list, request, Purpose.Count, source), static (_, arg) =>
        {
            var (body, parameters) = Build(arg.list, arg.db, arg.request, Purpose.Count, arg.types, arg.source);
            var counted = Expression.Call(typeof(Queryable), nameof(Queryable.Count), [typeof(object[])], body);
            return IsInProcess(arg.db) ? CompileCountAtOnce(counted, parameters) : CompileCount(counted, parameters);
        }, (list, db, request, types, source));
        return run(db, values, ct);
    }

    private static IAsyncEnumerable<object?[]> Rows<TEntity, TRow>(ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request, Purpose purpose)
        where TEntity : class
    {
        var values = Values(request, db, out var types, out var source);
        if (MustBeDirect(types))
        {
            var direct = Direct<TEntity, TRow, object?[]>(list, db, request, purpose, values, types, source);
            return IsInProcess(db) ? new AtOnce(direct) : direct.AsAsyncEnumerable();
        }
        if (Compiled.Count > MostForms) { Compiled.Clear(); }
        var run = (Func<DbContext, object?[], IAsyncEnumerable<object?[]>>)Compiled.GetOrAdd(FormOf(db, list, request, purpose, source), static (_, arg) =>
        {
            var (body, parameters) = Build(arg.list, arg.db, arg.request, arg.purpose, arg.types, arg.source);
            return IsInProcess(arg.db) ? CompileRowsAtOnce(body, parameters) : CompileRows(body, parameters);
        }, (list, db, request, purpose, types, source));
        return run(db, values);
    }

    /// <summary>What has more values than the compiler takes is translated each time.</summary>
    private static bool MustBeDirect(Type[] types) => types.Length > MostParameters;

    private static bool IsInProcess(DbContext db) => db is PortalDbContext { Engine.IsInProcess: true };

    private static Form FormOf(DbContext db, ListDefinition list, ListRequest request, Purpose purpose, Expression? source)
    {
        var shape = new System.Text.StringBuilder(64);
        if (purpose != Purpose.Count)
        {
            foreach (var (column, _) in request.Columns) { shape.Append(column.Key).Append(','); }
            shape.Append('/').Append(request.Sort.Key).Append(request.Descending ? '-' : '+');
            shape.Append(request.Place is null ? '0' : request.Place.Backward ? '<' : '>').Append(request.PlaceValue is null ? 'n' : 'v').Append(request.Most is null ? 'p' : 'm');
        }
        foreach (var (filter, use) in request.Filters) { shape.Append('/').Append(filter.Key).Append(use.Form); }
        if (source is not null) { shape.Append('=').Append(TakenOut.From(source).Values.Count); }
        return new(db.Model, list, purpose, shape.ToString());
    }

    /// <param name="source">What the query begins with where that is the engine's own search; its values come first.</param>
    private static object?[] Values(ListRequest request, DbContext db, out Type[] types, out Expression? source)
    {
        List<object?> values = [];
        List<Type> kinds = [];
        source = null;
        foreach (var (_, use) in request.Filters) { source ??= use.Source?.Invoke(db).Expression; }
        if (source is not null)
        {
            var found = TakenOut.From(source);
            values.AddRange(found.Values);
            kinds.AddRange(found.Types);
        }
        foreach (var (_, use) in request.Filters) { values.AddRange(use.Values); kinds.AddRange(use.Types); }
        if (request.Place is { } place)
        {
            if (request.PlaceValue is not null) { values.Add(request.PlaceValue); kinds.Add(request.PlaceValue.GetType()); }
            values.Add(place.Id);
            kinds.Add(typeof(long));
        }
        if (request.Most is { } most)
        {
            values.Add(most + 1);
            kinds.Add(typeof(int));
        }
        types = [.. kinds];
        return [.. values];
    }

    private static (Expression Body, ParameterExpression[] Parameters) Build<TEntity, TRow>(
        ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request, Purpose purpose, Type[] types, Expression? searched) where TEntity : class
    {
        var context = Expression.Parameter(typeof(DbContext), "db");
        var values = types.Select((type, i) => Expression.Parameter(type, $"p{i}")).ToArray();
        var (source, used) = Begin(Expression.Call(context, nameof(DbContext.Set), [typeof(TEntity)]), searched, values);
        return (new SeenSets(context).Visit(Shape(list, db, request, purpose, source, values, used)), [context, .. values]);
    }

    /// <returns>What the query begins with, and how many of the values stand in it.</returns>
    private static (Expression Source, int Used) Begin(Expression all, Expression? searched, Expression[] values)
    {
        if (searched is null) { return (all, 0); }
        var placing = new TakenOut(values);
        return (placing.Visit(searched), placing.Values.Count);
    }

    /// <summary>The same query with its values as captured variables.</summary>
    private static IQueryable<TResult> Direct<TEntity, TRow, TResult>(
        ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request, Purpose purpose, object?[] values, Type[] types, Expression? searched) where TEntity : class
    {
        IQueryable<TEntity> all = db.Set<TEntity>();
        Expression[] captured = [.. values.Select((value, i) =>
        {
            var box = Activator.CreateInstance(typeof(System.Runtime.CompilerServices.StrongBox<>).MakeGenericType(types[i]), value)!;
            return Expression.Field(Expression.Constant(box), "Value");
        })];
        var (source, used) = searched is null ? (all.Expression, 0) : (searched, TakenOut.From(searched).Values.Count);
        return (IQueryable<TResult>)all.Provider.CreateQuery(new SeenSets(Expression.Constant(db)).Visit(Shape(list, db, request, purpose, source, captured, used)));
    }

    private static Expression Shape<TEntity, TRow>(
        ListDefinition<TEntity, TRow> list, DbContext db, ListRequest request, Purpose purpose, Expression source, Expression[] values, int next) where TEntity : class
    {
        var entity = Expression.Parameter(typeof(TEntity), "e");
        Expression Over(LambdaExpression row, params Expression[] more) => list.Over(entity, row, more);
        MethodCallExpression Queried(string method, Expression body) =>
            Expression.Call(typeof(Queryable), method, method == nameof(Queryable.Where) ? [typeof(TEntity)] : [typeof(TEntity), body.Type],
                source, Expression.Quote(Expression.Lambda(body, entity)));

        source = Expression.Call(typeof(EntityFrameworkQueryableExtensions), nameof(EntityFrameworkQueryableExtensions.AsNoTracking), [typeof(TEntity)], source);
        foreach (var condition in list.Conditions) { source = Queried(nameof(Queryable.Where), list.OverEntity(entity, condition)); }
        foreach (var (_, use) in request.Filters)
        {
            if (use.Source is not null) { continue; }
            var own = values[next..(next += use.Values.Length)];
            source = Queried(nameof(Queryable.Where), use.Condition(own, Over));
        }
        if (purpose == Purpose.Count)
        {
            source = Expression.Call(typeof(Queryable), nameof(Queryable.Take), [typeof(TEntity)], source, Expression.Constant(CountBound + 1));
            return Queried(nameof(Queryable.Select), Expression.NewArrayInit(typeof(object), Expression.Convert(Over(list.IdOf), typeof(object))));
        }

        Expression key = Over(request.Sort.Value), id = Over(list.IdOf);
        var descending = request.Descending;
        if (request.Place is { } place)
        {
            descending ^= place.Backward;
            var placeValue = request.PlaceValue is null ? null : values[next++];
            // Absent values are the smallest for SQLite and SQL Server, the largest for PostgreSQL.
            var nullsAreLargest = db.Database.ProviderName?.Contains("Npgsql", StringComparison.Ordinal) is true;
            source = Queried(nameof(Queryable.Where), KeyPaging.After(key, id, placeValue, values[next], descending, nullsFirst: descending == nullsAreLargest));
        }
        source = Queried(descending ? nameof(Queryable.OrderByDescending) : nameof(Queryable.OrderBy), key);
        source = Queried(descending ? nameof(Queryable.ThenByDescending) : nameof(Queryable.ThenBy), id);
        if (purpose == Purpose.Page)
        {
            source = Expression.Call(typeof(Queryable), nameof(Queryable.Take), [typeof(TEntity)], source, request.Most is null ? Expression.Constant(list.PageSize + 1) : values[^1]);
        }
        IEnumerable<Expression> slots = [id, request.SortAt == SortAt ? key : Expression.Constant(null), .. request.Columns.SelectMany(c => c.Column.Slots).Select(slot => Over(slot))];
        return Queried(nameof(Queryable.Select), Expression.NewArrayInit(typeof(object), slots.Select(slot => Expression.Convert(slot, typeof(object)))));
    }

    private static Func<DbContext, object?[], IAsyncEnumerable<object?[]>> CompileRows(Expression body, ParameterExpression[] parameters) =>
        Unpacking<Func<DbContext, object?[], IAsyncEnumerable<object?[]>>>(Compile(nameof(EF.CompileAsyncQuery), typeof(IQueryable<>), withToken: false, body, parameters, typeof(object[])), parameters);

    private static Func<DbContext, object?[], IAsyncEnumerable<object?[]>> CompileRowsAtOnce(Expression body, ParameterExpression[] parameters)
    {
        var run = Unpacking<Func<DbContext, object?[], IEnumerable<object?[]>>>(Compile(nameof(EF.CompileQuery), typeof(IQueryable<>), withToken: false, body, parameters, typeof(object[])), parameters);
        return (db, values) => new AtOnce(run(db, values));
    }

    private static Func<DbContext, object?[], CancellationToken, Task<int>> CompileCount(Expression body, ParameterExpression[] parameters) =>
        Unpacking<Func<DbContext, object?[], CancellationToken, Task<int>>>(Compile(nameof(EF.CompileAsyncQuery), null, withToken: true, body, parameters, typeof(int)), parameters, Expression.Parameter(typeof(CancellationToken)));

    private static Func<DbContext, object?[], CancellationToken, Task<int>> CompileCountAtOnce(Expression body, ParameterExpression[] parameters)
    {
        var run = Unpacking<Func<DbContext, object?[], int>>(Compile(nameof(EF.CompileQuery), null, withToken: false, body, parameters, typeof(int)), parameters);
        return (db, values, _) => Task.FromResult(run(db, values));
    }

    /// <summary>Calls a compiled query with its values out of an array.</summary>
    private static TRun Unpacking<TRun>(object compiled, ParameterExpression[] parameters, params ParameterExpression[] more)
    {
        var (db, values) = (Expression.Parameter(typeof(DbContext)), Expression.Parameter(typeof(object[])));
        return Expression.Lambda<TRun>(Expression.Invoke(Expression.Constant(compiled), [db, .. Unpacked(values, parameters), .. more]), [db, values, .. more]).Compile();
    }

    private static IEnumerable<Expression> Unpacked(ParameterExpression values, ParameterExpression[] parameters) =>
        parameters.Skip(1).Select((p, i) => Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(i)), p.Type));

    /// <summary>Calls the overload that has this many values and this kind of result.</summary>
    private static object Compile(string name, Type? resultKind, bool withToken, Expression body, ParameterExpression[] parameters, Type result)
    {
        var token = Expression.Parameter(typeof(CancellationToken), "ct");
        ParameterExpression[] all = withToken ? [.. parameters, token] : parameters;
        var method = typeof(EF).GetMethods(BindingFlags.Public | BindingFlags.Static).Single(m =>
        {
            if (m.Name != name || m.GetGenericArguments().Length != parameters.Length + 1) { return false; }
            var func = m.GetParameters()[0].ParameterType.GetGenericArguments()[0].GetGenericArguments();
            if (func.Length != all.Length + 1) { return false; }
            var hasToken = func[^2] == typeof(CancellationToken);
            var returns = func[^1];
            return hasToken == withToken && (resultKind is null ? returns.IsGenericMethodParameter : returns.IsGenericType && returns.GetGenericTypeDefinition() == resultKind);
        });
        var lambda = resultKind is null ? Expression.Lambda(body, all) : Expression.Lambda(
            Expression.GetFuncType([.. all.Select(p => p.Type), resultKind.MakeGenericType(result)]), body, all);
        return method.MakeGenericMethod([.. parameters.Select(p => p.Type), result]).Invoke(null, [lambda])!;
    }

    /// <summary>Rows of a database in this process: nothing is waited for between them.</summary>
    private sealed class AtOnce(IEnumerable<object?[]> rows) : IAsyncEnumerable<object?[]>
    {
        public IEnumerable<object?[]> Rows => rows;

        public IAsyncEnumerator<object?[]> GetAsyncEnumerator(CancellationToken cancellationToken = default) => rows.ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>The values in a search for words, in their order; with places for them, the same search for any words.</summary>
    private sealed class TakenOut(Expression[]? places) : ExpressionVisitor
    {
        public List<object?> Values { get; } = [];
        public List<Type> Types { get; } = [];

        public static TakenOut From(Expression search)
        {
            var taken = new TakenOut(null);
            taken.Visit(search);
            return taken;
        }

        protected override Expression VisitConstant(ConstantExpression node) => node.Value is object?[] ? Take(node, node.Value) : node;

        protected override Expression VisitMember(MemberExpression node) => node switch
        {
            { Expression: ConstantExpression { Value: var closure }, Member: FieldInfo field } => field.GetValue(closure) is IQueryable query ? Visit(query.Expression) : Take(node, field.GetValue(closure)),
            _ when typeof(IQueryable).IsAssignableFrom(node.Type) => VisitMadeFrom(node),
            _ => base.VisitMember(node),
        };

        /// <remarks>A search within the search, over records of another kind.</remarks>
        protected override Expression VisitMethodCall(MethodCallExpression node) => node.Method.DeclaringType == typeof(Search) ? VisitMadeFrom(node) : base.VisitMethodCall(node);

        private Expression VisitMadeFrom(Expression queryable) => Visit(Expression.Lambda<Func<IQueryable>>(queryable).Compile(preferInterpretation: true)().Expression);

        /// <remarks>A compiled query must not hold the context of the one who asked first.</remarks>
        protected override Expression VisitExtension(Expression node) => base.VisitExtension(node is QueryRootExpression { QueryProvider: not null } root ? root.DetachQueryProvider() : node);

        private Expression Take(Expression node, object? value)
        {
            Values.Add(value);
            Types.Add(node.Type);
            return places is null ? node : places[Values.Count - 1];
        }
    }

    private sealed class SeenSets(Expression context) : ExpressionVisitor
    {
        protected override Expression VisitMethodCall(MethodCallExpression node) => node.Method.DeclaringType == typeof(Seen)
            ? Expression.Call(context, nameof(DbContext.Set), node.Method.GetGenericArguments())
            : base.VisitMethodCall(node);
    }
}
