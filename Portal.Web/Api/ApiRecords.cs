using System.Buffers;
using System.Globalization;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api;

/// <summary>
/// One kind of record as programs read it: the rows of a page's list, with every column, and one row by its id. Filters, order and read model are the page's, and what is
/// seen is the scope's, so that a list of the API cannot tell more than the page. Everything that a program asks for and that is not understood is refused.
/// </summary>
public abstract class ApiRecords
{
    public const int UsualLimit = 50, LargestLimit = 200;
    private protected const string LimitName = "limit", AfterName = "after", SortName = "sort";

    private protected ApiRecords(string path, string permission, string scope, ListDefinition list)
    {
        (Path, Permission, Scope, List) = (path, permission, scope, list);
        // What a route asks of the person and what its scope leaves must go together, or nobody would ever be let in.
        if (!ApiScopes.Of(scope).Permissions.Contains(permission)) { throw new InvalidOperationException($"{path}: the scope {scope} leaves no {permission}."); }
    }

    public static ApiRecords<TEntity, TRow> Of<TEntity, TRow>(string path, string permission, string scope, ListDefinition<TEntity, TRow> list) where TEntity : class => new(path, permission, scope, list);

    /// <summary>Below <see cref="ApiAddresses.Current"/>.</summary>
    public string Path { get; }
    public string Permission { get; }
    public string Scope { get; }
    public ListDefinition List { get; }
    private protected Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal);
    private protected List<ListColumn> More { get; } = [];

    /// <summary>What stands in a row of the list.</summary>
    internal IEnumerable<(string Name, ListColumn Column)> Fields => List.Columns.Select(column => (NameOf(column), column));

    /// <summary>What stands in one record besides.</summary>
    internal IEnumerable<(string Name, ListColumn Column)> MoreFields => More.Select(column => (NameOf(column), column));

    /// <summary>The lists that stand within one record.</summary>
    internal abstract IEnumerable<(string Name, IEnumerable<(string Name, ListColumn Column)> Fields)> Below { get; }

    public abstract void Map(IEndpointRouteBuilder api);

    /// <summary>The filters of the list, each by the names that it has in an address.</summary>
    internal IEnumerable<(string Name, ListFilter Filter)> Filters => List.Filters.SelectMany(filter => filter.Names.Where(name => !name.EndsWith(".words", StringComparison.Ordinal)).Select(name => (name, filter)));

    private protected string NameOf(ListColumn column) => Names.GetValueOrDefault(column.Key) ?? Camel(column.Key);

    private static string Camel(string key)
    {
        var name = new StringBuilder(key.Length);
        foreach (var part in key.Split('-', '.')) { name.Append(name.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]); }
        return name.ToString();
    }
}

/// <inheritdoc/>
public sealed class ApiRecords<TEntity, TRow> : ApiRecords where TEntity : class
{
    // Told as JSON and never sniffed, so signs of HTML need no escape.
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ListDefinition<TEntity, TRow> _list;
    private readonly List<(string Name, Func<PortalDbContext, long, CancellationToken, Task<Action<Utf8JsonWriter>>> Read, IEnumerable<(string, ListColumn)> Fields)> _below = [];
    private readonly GivenFilter _byId;
    private ListColumn? _version;
    private Func<AccessScope, bool> _isOffered = _ => true;
    private bool _isListOnly;

    internal ApiRecords(string path, string permission, string scope, ListDefinition<TEntity, TRow> list) : base(path, permission, scope, list)
    {
        _list = list;
        var id = Expression.Parameter(typeof(long), "id");
        _byId = new("=id", Expression.Lambda(Expression.Equal(list.IdOf.Body, id), list.IdOf.Parameters[0], id));
    }

    /// <summary>The trade's name of a field, where the column's key is a short one.</summary>
    public ApiRecords<TEntity, TRow> Called(string key, string name) { Names.Add(key, name); return this; }

    /// <summary>What only one record by itself tells.</summary>
    public ApiRecords<TEntity, TRow> With(Action<ListDefinition<TEntity, TRow>> declare)
    {
        var beside = _list.Beside();
        declare(beside);
        More.AddRange(beside.Columns);
        return this;
    }

    /// <summary>The concurrency version is the record's entity tag. Without one, the tag is worked out of what is told: who sees less must not learn that something else changed.</summary>
    public ApiRecords<TEntity, TRow> Versioned(Expression<Func<TRow, long>> version)
    {
        _version = _list.Beside().Number("=version", version).Columns[0];
        return this;
    }

    /// <summary>For rows that say all there is, or whose record has an address of its own.</summary>
    public ApiRecords<TEntity, TRow> ListOnly() { _isListOnly = true; return this; }

    /// <summary>For lists that a page shows to some of those who may open it.</summary>
    public ApiRecords<TEntity, TRow> OfferedTo(Func<AccessScope, bool> isOffered) { _isOffered = isOffered; return this; }

    /// <summary>Rows that belong to the record, as an array within it.</summary>
    /// <param name="list">With one Given condition: the id of the record.</param>
    public ApiRecords<TEntity, TRow> Lines<TLine, TLineRow>(string name, ListDefinition<TLine, TLineRow> list) where TLine : class
    {
        var fields = list.Columns.Select(column => (NameOf(column), column)).ToList();
        _below.Add((name, async (db, id, ct) =>
        {
            var columns = Placed(list.Columns);
            var given = (GivenFilter)list.Filters[0];
            var rows = await ListQuery.PageAsync(list, db, new(columns, [(given, given.Use(id))], new("", list.IdOf), false, null, null, Most: list.PageSize), ct);
            return json =>
            {
                json.WriteStartArray(name);
                foreach (var row in rows)
                {
                    json.WriteStartObject();
                    for (var i = 0; i < columns.Count; i++)
                    {
                        json.WritePropertyName(fields[i].Item1);
                        ApiValues.Write(json, columns[i].Column, row, columns[i].At);
                    }
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            };
        }, fields));
        return this;
    }

    internal override IEnumerable<(string Name, IEnumerable<(string Name, ListColumn Column)> Fields)> Below => _below.Select(below => (below.Name, below.Fields));

    public override void Map(IEndpointRouteBuilder api)
    {
        var needs = new NeedsScope(Scope);
        api.MapGet(Path, Answered(ListAsync)).RequireAuthorization(Permission).WithMetadata(needs, new ApiOperation(document => ApiDescription.OfList(document, this)));
        if (_isListOnly) { return; }
        api.MapGet(Path + "/{id:long}", Answered(OneAsync)).RequireAuthorization(Permission).WithMetadata(needs, new ApiOperation(document => ApiDescription.OfOne(document, this)));
    }

    /// <remarks>Not a delegate with parameters: the framework would write a program for each of these routes while it starts.</remarks>
    private static RequestDelegate Answered(Func<HttpContext, PortalDbContext, CancellationToken, Task<IResult>> answer) => async http =>
        await (await answer(http, http.RequestServices.GetRequiredService<PortalDbContext>(), http.RequestAborted)).ExecuteAsync(http);

    private async Task<IResult> ListAsync(HttpContext http, PortalDbContext db, CancellationToken ct)
    {
        if (!_isOffered(db.Scope)) { return Results.NotFound(); }
        var query = http.Request.Query;
        var viewer = Viewer.Of(http);
        if (Unreadable(query, viewer) is { } refused) { return refused; }
        var sorted = query[SortName] is [{ } asked] ? asked : List.DefaultSort;
        var descending = sorted.StartsWith('-');
        var sort = List.Sorts.GetValueOrDefault(descending ? sorted[1..] : sorted) ?? new("", _list.IdOf);
        var order = (descending ? "-" : "") + sort.Key;
        object? placeValue = null;
        var place = query.ContainsKey(AfterName) ? KeyCursor.Decode(query[AfterName]) : null;
        if (query.ContainsKey(AfterName) && (place is null or { Backward: true } || place.Sort != order || place.Value is not null && !KeyPaging.TryRead(sort.Value.ReturnType, place.Value, out placeValue)))
        {
            return ApiProblems.OfParameter("api.parameter-wrong", AfterName);
        }
        var limit = query[LimitName] is [{ } most] ? int.Parse(most, CultureInfo.InvariantCulture) : UsualLimit;
        var filters = List.Filters.Select(filter => (filter, Use: filter.Read(query, viewer))).Where(used => used.Use is not null).Select(used => (used.filter, used.Use!)).ToList();
        var request = new ListRequest(Placed(List.Columns), filters, sort, descending, place, placeValue, limit);
        var rows = await ListQuery.PageAsync(_list, db, request, ct);

        var more = rows.Count > limit;
        if (more) { rows.RemoveAt(limit); }
        var next = more ? NextAddress(http, new KeyCursor(false, order, KeyPaging.Write(rows[^1][request.SortAt]), (long)rows[^1][ListQuery.IdAt]!)) : null;
        if (next is not null) { http.Response.Headers.Link = $"<{next}>; rel=\"next\""; }
        return Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                WriteRow(json, row, request.Columns);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("next", next);
            json.WriteEndObject();
        });
    }

    private async Task<IResult> OneAsync(HttpContext http, PortalDbContext db, CancellationToken ct)
    {
        var id = long.Parse((string)http.GetRouteValue("id")!, CultureInfo.InvariantCulture);
        if (http.Request.Query.FirstOrDefault() is { Key: { } unknown }) { return ApiProblems.OfParameter("api.parameter-unknown", unknown); }
        if (!_isOffered(db.Scope) || await TellAsync(id, db, ct) is not var (body, tag)) { return Results.NotFound(); }
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.Any(known => known == tag)) { return Results.StatusCode(StatusCodes.Status304NotModified); }
        return new ApiBody(body);
    }

    /// <returns>The record with its entity tag; null where none is seen.</returns>
    internal async Task<(ReadOnlyMemory<byte> Body, string Tag)?> TellAsync(long id, PortalDbContext db, CancellationToken ct)
    {
        var columns = Placed([.. List.Columns, .. More, .. _version is null ? Array.Empty<ListColumn>() : [_version]]);
        var rows = await ListQuery.PageAsync(_list, db, new(columns, [(_byId, _byId.Use(id))], new("", _list.IdOf), false, null, null, Most: 1), ct);
        if (rows is not [var row]) { return null; }
        List<Action<Utf8JsonWriter>> below = [];
        foreach (var (_, read, _) in _below) { below.Add(await read(db, id, ct)); }
        var body = Bytes(json =>
        {
            json.WriteStartObject();
            WriteRow(json, row, columns);
            foreach (var write in below) { write(json); }
            json.WriteEndObject();
        });
        var tag = _version is null ? Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 12)) : Convert.ToString(row[columns[^1].At], CultureInfo.InvariantCulture);
        return (body, $"\"{tag}\"");
    }

    private void WriteRow(Utf8JsonWriter json, object?[] row, IReadOnlyList<(ListColumn Column, int At)> columns)
    {
        json.WriteString("id", ApiValues.Text((long)row[ListQuery.IdAt]!));
        foreach (var (column, at) in columns)
        {
            if (column == _version) { continue; }
            json.WritePropertyName(NameOf(column));
            ApiValues.Write(json, column, row, at);
        }
    }

    /// <summary>A page may ignore what it cannot read; a program that misspells a filter must not take everything for what it asked for.</summary>
    private IResult? Unreadable(IQueryCollection query, Viewer viewer)
    {
        foreach (var (name, values) in query)
        {
            var filter = Filters.FirstOrDefault(f => f.Name == name).Filter;
            if (filter is null && name is not (LimitName or AfterName or SortName)) { return ApiProblems.OfParameter("api.parameter-unknown", name); }
            if (values.Count > 1 && filter is not ChoiceFilter) { return ApiProblems.OfParameter("api.parameter-repeated", name); }
            if (!values.All(value => IsReadable(name, value, filter, viewer))) { return ApiProblems.OfParameter("api.parameter-wrong", name); }
        }
        return null;
    }

    private bool IsReadable(string name, string? value, ListFilter? filter, Viewer viewer) => name switch
    {
        _ when string.IsNullOrEmpty(value) => false,
        _ when filter is not null => filter.Read(new QueryCollection(new Dictionary<string, StringValues> { [name] = value }), viewer) is not null,
        LimitName => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LargestLimit,
        SortName => List.Sorts.ContainsKey(value.StartsWith('-') ? value[1..] : value),
        _ => true,
    };

    private static string NextAddress(HttpContext http, KeyCursor place)
    {
        var query = new QueryBuilder(http.Request.Query.Where(parameter => parameter.Key != AfterName)) { { AfterName, place.Encode() } };
        return http.RequestServices.GetRequiredService<ApiAddresses>().PublicUrl + http.Request.Path + query;
    }

    private static List<(ListColumn Column, int At)> Placed(IReadOnlyList<ListColumn> columns)
    {
        List<(ListColumn, int)> placed = [];
        var at = ListQuery.FirstColumnAt;
        foreach (var column in columns)
        {
            placed.Add((column, at));
            at += column.Slots.Length;
        }
        return placed;
    }

    private static ApiBody Json(Action<Utf8JsonWriter> write) => new(Bytes(write));

    private static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body, s_json)) { write(json); }
        return body.WrittenMemory;
    }
}

/// <summary>JSON that stands written.</summary>
internal sealed class ApiBody(ReadOnlyMemory<byte> body, int status = StatusCodes.Status200OK) : IResult
{
    public const string ContentType = "application/json; charset=utf-8";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, ContentType, body.Length);
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
