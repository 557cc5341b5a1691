#pragma warning disable RS0030 // Full-text search has no form in LINQ; the fragment holds one parameter and yields ids only.
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql;

/// <summary>The server engine, for more than one web node.</summary>
public sealed class PostgreSqlEngine : IEngine, IAsyncDisposable
{
    public const string ProviderName = "PostgreSql";

    private readonly NpgsqlDataSource _source;
    private readonly AskerToServer _asker;

    /// <remarks>Plans are made for the values asked with: a generic plan is several times slower for a partner with many rows.</remarks>
    public PostgreSqlEngine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_custom_plan".Trim();
        _source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
        _asker = new(Wall);
    }

    internal SecondWall Wall { get; } = new();

    public string Name => ProviderName;
    public bool IsShared => true;
    public bool IsInProcess => false;

    public void Configure(DbContextOptionsBuilder options) => options
        .UseNpgsql(_source, npgsql => npgsql.MigrationsAssembly(typeof(PostgreSqlEngine).Assembly.GetName().Name).MigrationsHistoryTable(SecondWall.MigrationsTable))
        .AddInterceptors(_asker)
        .UseAsyncSeeding((db, _, ct) => Wall.RaiseAsync((NpgsqlConnection)db.Database.GetDbConnection(), ct));

    public void Shape(ModelBuilder model)
    {
        // Names sort by code point on every engine, so that key paging means the same everywhere.
        foreach (var property in model.Model.GetEntityTypes().SelectMany(t => t.GetProperties()).Where(p => p.ClrType == typeof(string))) { property.SetCollation("C"); }
    }

    public ValueTask<IDisposable> EnterWriteAsync(CancellationToken ct) => ValueTask.FromResult<IDisposable>(NoTurn.Instance);

    public async ValueTask<IAsyncDisposable> EnterBulkAsync(PortalDbContext db, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        return new OpenConnection(db);
    }

    /// <remarks>
    /// As a binary copy: statement triggers fire once for the lot. The server takes no copy into a table with policies, so behind the second wall it goes into a table of the
    /// transaction and from there on in one statement.
    /// </remarks>
    public async Task<int> InsertAsync(PortalDbContext db, RecordTable table, IEnumerable<object> records, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var columns = string.Join(',', table.Columns.Select(c => $"\"{c.Name}\""));
        try
        {
            if (!await _asker.TellAsync(db, ct))
            {
                return await CopyAsync(connection, table.Name, columns, table, records, ct);
            }
            var passing = $"new_{table.Name}";
            await RunAsync(connection, $"CREATE TEMPORARY TABLE \"{passing}\" (LIKE \"{table.Name}\") ON COMMIT DROP", ct);
            var written = await CopyAsync(connection, passing, columns, table, records, ct);
            await RunAsync(connection, $"INSERT INTO \"{table.Name}\" ({columns}) SELECT {columns} FROM \"{passing}\"; DROP TABLE \"{passing}\"", ct);
            return written;
        }
        catch (PostgresException fault)
        {
            throw new DbUpdateException($"New records do not fit into {table.Name}.", fault);
        }
    }

    /// <remarks>What changed is copied into a table of this transaction, and one statement takes it from there: statement triggers fire once for the lot.</remarks>
    public async Task<int> UpdateAsync(PortalDbContext db, RecordChanges changes, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var (table, hasVersion) = (changes.Table, changes.Table.VersionPlace >= 0);
        RecordColumn[] keys = [.. table.Keys.Select(k => table.Columns[k])], columns = [.. changes.Columns.Select(c => table.Columns[c])];
        try
        {
            await _asker.TellAsync(db, ct);
            await RunAsync(connection, $"CREATE TEMP TABLE portal_changed ON COMMIT DROP AS SELECT {string.Join(',', keys.Select((k, n) => $"\"{k.Name}\" AS k{n}"))}{(hasVersion ? $", \"{nameof(Aggregate.Version)}\" AS was" : "")}, "
                + $"{string.Join(',', columns.Select((c, n) => $"\"{c.Name}\" AS c{n}"))} FROM \"{table.Name}\" WITH NO DATA", ct);
            await using (var copy = await connection.BeginBinaryImportAsync("COPY portal_changed FROM STDIN (FORMAT BINARY)", ct))
            {
                var row = new object?[table.Columns.Count];
                foreach (var (record, was) in changes.Records)
                {
                    table.Read(record, row);
                    await copy.StartRowAsync(ct);
                    foreach (var key in table.Keys) { await WriteAsync(copy, row[key], table.Columns[key].StoreType, ct); }
                    if (hasVersion) { await WriteAsync(copy, was, "bigint", ct); }
                    foreach (var column in changes.Columns) { await WriteAsync(copy, row[column], table.Columns[column].StoreType, ct); }
                }
                await copy.CompleteAsync(ct);
            }
            var written = await RunAsync(connection, $"UPDATE \"{table.Name}\" AS record SET {string.Join(',', columns.Select((c, n) => $"\"{c.Name}\"=changed.c{n}"))} FROM portal_changed AS changed "
                + $"WHERE {string.Join(" AND ", keys.Select((k, n) => $"record.\"{k.Name}\"=changed.k{n}"))}{(hasVersion ? $" AND record.\"{nameof(Aggregate.Version)}\"=changed.was" : "")}", ct);
            await RunAsync(connection, "DROP TABLE portal_changed", ct);
            return written;
        }
        catch (PostgresException fault)
        {
            throw new DbUpdateException($"Changed records do not fit into {table.Name}.", fault);
        }
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, string storeType, CancellationToken ct) =>
        value is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(value, storeType, ct);

    /// <returns>How many they were.</returns>
    private static async Task<int> CopyAsync(NpgsqlConnection connection, string into, string columns, RecordTable table, IEnumerable<object> records, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY \"{into}\" ({columns}) FROM STDIN (FORMAT BINARY)", ct);
        var row = new object?[table.Columns.Count];
        foreach (var record in records)
        {
            table.Read(record, row);
            await copy.StartRowAsync(ct);
            for (var n = 0; n < row.Length; n++) { await WriteAsync(copy, row[n], table.Columns[n].StoreType, ct); }
        }
        return (int)await copy.CompleteAsync(ct);
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public string Terms(string kind, string text) => SearchGrams.Of(text);

    public IQueryable<long> Match(PortalDbContext db, string kind, string text)
    {
        string[] grams = [.. SearchGrams.Query(text), SearchGrams.OfKind(kind)];
        var lines = db.Set<SearchEntry>().FromSqlInterpolated($"SELECT e.* FROM search_entries AS e WHERE string_to_array(e.\"Grams\" || ' __' || lower(e.\"Entity\"), ' ') @> {grams}");
        foreach (var word in SearchText.Words(text).Distinct()) { lines = lines.Where(l => l.Text.Contains(word)); }
        return lines.Select(l => l.Id);
    }

    public bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public async Task<string?> MissingWallAsync(PortalDbContext db, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        return await Wall.MissingAsync(connection, ct);
    }

    /// <remarks>The server keeps its own pages and keys; an index that a failed build left invalid is what it can tell of, and a table that the second wall leaves open.</remarks>
    public async Task<IReadOnlyList<string>> ProblemsAsync(PortalDbContext db, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        return
        [
            .. (await SecondWall.NamesAsync(connection, "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid", ct)).Select(index => $"the index {index} is not valid"),
            .. await Wall.HolesAsync(connection, ct),
        ];
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private sealed class OpenConnection(PortalDbContext db) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(db.Database.CloseConnectionAsync());
    }

    private sealed class NoTurn : IDisposable
    {
        public static readonly NoTurn Instance = new();

        public void Dispose() { }
    }
}
