#pragma warning disable RS0030 // Full-text search has no form in LINQ; the fragment holds one parameter and yields ids only.
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql;

/// <summary>The server engine, for more than one web node.</summary>
public sealed class PostgreSqlEngine : IEngine, IAsyncDisposable
{
    public const string ProviderName = "PostgreSql";

    private readonly NpgsqlDataSource _source;

    /// <remarks>Plans are made for the values asked with: a generic plan is several times slower for a partner with many rows.</remarks>
    public PostgreSqlEngine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_custom_plan".Trim();
        _source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
    }

    public string Name => ProviderName;
    public bool IsShared => true;
    public bool IsInProcess => false;

    public void Configure(DbContextOptionsBuilder options) => options
        .UseNpgsql(_source, npgsql => npgsql.MigrationsAssembly(typeof(PostgreSqlEngine).Assembly.GetName().Name).MigrationsHistoryTable("portal_migrations"));

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

    /// <remarks>As a binary copy: statement triggers fire once for the lot.</remarks>
    public async Task InsertAsync(PortalDbContext db, RecordTable table, IReadOnlyList<object> records, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        try
        {
            await using var copy = await connection.BeginBinaryImportAsync($"COPY \"{table.Name}\" ({string.Join(',', table.Columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN (FORMAT BINARY)", ct);
            var row = new object?[table.Columns.Count];
            foreach (var record in records)
            {
                table.Read(record, row);
                await copy.StartRowAsync(ct);
                for (var n = 0; n < row.Length; n++)
                {
                    if (row[n] is { } value) { await copy.WriteAsync(value, table.Columns[n].StoreType, ct); }
                    else { await copy.WriteNullAsync(ct); }
                }
            }
            await copy.CompleteAsync(ct);
        }
        catch (PostgresException fault)
        {
            throw new DbUpdateException($"New records do not fit into {table.Name}.", fault);
        }
    }

    public IQueryable<SearchEntry> Match(DbSet<SearchEntry> entries, IReadOnlyList<string> grams)
    {
        var all = grams.ToArray();
        return entries.FromSqlInterpolated($"SELECT e.* FROM search_entries AS e WHERE string_to_array(e.\"Grams\" || ' __' || lower(e.\"Entity\"), ' ') @> {all}");
    }

    public bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <remarks>The server keeps its own pages and keys; an index that a failed build left invalid is what it can tell of.</remarks>
    public async Task<IReadOnlyList<string>> ProblemsAsync(PortalDbContext db, CancellationToken ct)
    {
        var problems = new List<string>();
        await using var command = _source.CreateCommand("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) { problems.Add($"the index {reader.GetString(0)} is not valid"); }
        return problems;
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
