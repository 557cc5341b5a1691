#pragma warning disable RS0030 // Full-text search has no form in LINQ; the fragment holds one parameter and yields ids only.
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Domain.Persistence;

namespace Portal.Sqlite;

/// <summary>
/// The embedded engine. One process owns the file: writes take turns at one gate, checkpoints run only while holding it
/// (docs/decisions/sqlite-write-gate.md).
/// </summary>
public sealed class SqliteEngine : IEngine, IDisposable
{
    /// <summary>Pages of 4 KiB after which the write-ahead log is folded back.</summary>
    private const int CheckpointPages = 16_000;

    /// <summary>
    /// Counts samples of the indexes of tables that were never counted or have grown much since. Without counts the planner takes the index that promises an
    /// order before the one that finds the asker's few records.
    /// </summary>
    public const string KeepStatistics = "PRAGMA analysis_limit=1000; PRAGMA optimize=0x10002";

    /// <summary>One row for each count that <see cref="KeepStatistics"/> would take.</summary>
    private const string StaleStatistics = "PRAGMA optimize=0x10003";

    /// <summary>KiB of pages, and no mapping.</summary>
    private const string BulkPragmas = "PRAGMA cache_size=-60000";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SqliteSetup _setup = new();
    private readonly OpenConnections _connections;
    private SqliteOwner? _owner;

    /// <remarks>
    /// https://sqlite.org/threadsafe.html, "multi-thread": a connection is used by one context at a time, so the lock around each of its calls guards nothing. It must be said before
    /// SQLite begins; where something else began it, it stays as it was.
    /// </remarks>
    static SqliteEngine()
    {
        SQLitePCL.Batteries_V2.Init();
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
    }

    public SqliteEngine(string connectionString)
    {
        ConnectionString = new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true, Pooling = true, DefaultTimeout = 30 }.ToString();
        _connections = new(ConnectionString);
    }

    public const string ProviderName = "Sqlite";

    public string Name => ProviderName;
    public bool IsShared => false;
    public bool IsInProcess => true;
    public string ConnectionString { get; }

    public void Configure(DbContextOptionsBuilder options) => options
        .UseSqlite(ConnectionString, sqlite => sqlite.MigrationsAssembly(typeof(SqliteEngine).Assembly.GetName().Name).MigrationsHistoryTable("portal_migrations"))
        .AddInterceptors(_setup, _connections);

    public void Shape(ModelBuilder model) => SqliteConventions.Apply(model);

    /// <exception cref="DatabaseOwnedException">Another process writes to the file.</exception>
    public async ValueTask<IDisposable> EnterWriteAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            _owner ??= SqliteOwner.Take(new SqliteConnectionStringBuilder(ConnectionString).DataSource);
        }
        catch
        {
            _gate.Release();
            throw;
        }
        return new Turn(this);
    }

    /// <remarks>
    /// Rows in random order of a dozen indexes touch more pages than a connection usually keeps; it would write them to the log and read them back many
    /// times.
    /// </remarks>
    public async ValueTask<IAsyncDisposable> EnterBulkAsync(PortalDbContext db, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        Run(BulkPragmas);
        return new Bulk(async () =>
        {
            Run(SqliteSetup.Pragmas + "PRAGMA shrink_memory");
            await db.Database.CloseConnectionAsync();
        });

        void Run(string pragmas)
        {
            using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
        }
    }

    public Task<int> InsertAsync(PortalDbContext db, RecordTable table, IEnumerable<object> records, CancellationToken ct) =>
        Task.FromResult(SqliteRows.Insert((SqliteConnection)db.Database.GetDbConnection(), table, records, ct));

    public Task<int> UpdateAsync(PortalDbContext db, RecordChanges changes, CancellationToken ct) =>
        Task.FromResult(SqliteRows.Update((SqliteConnection)db.Database.GetDbConnection(), changes, ct));

    public string Terms(string kind, string text) => SearchEndings.Of(kind, text);

    /// <remarks>The index is an external-content FTS5 table over search_entries, kept by triggers of the migration.</remarks>
    public IQueryable<long> Match(PortalDbContext db, string kind, string text)
    {
        var query = SearchEndings.Query(kind, text);
        var hits = db.Database.SqlQuery<long>($"SELECT rowid AS \"Value\" FROM search_index WHERE search_index MATCH {query}");
        IQueryable<SearchEntry> lines = db.Set<SearchEntry>();
        foreach (var word in SearchText.Words(text).Where(SearchEndings.IsCut).Distinct()) { hits = hits.Where(id => lines.Any(l => l.Id == id && l.Text.Contains(word))); }
        return hits;
    }

    /// <summary>Closes every connection that no context uses now.</summary>
    public void LetGo() => _connections.Renew();

    public bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };

    /// <remarks>The file is this process's own: nobody else asks it.</remarks>
    public Task<string?> MissingWallAsync(PortalDbContext db, CancellationToken ct) => Task.FromResult<string?>(null);

    /// <remarks>The check of a table's pages includes the full-text index.</remarks>
    public async Task<IReadOnlyList<string>> ProblemsAsync(PortalDbContext db, CancellationToken ct)
    {
        var problems = new List<string>();
        await db.Database.OpenConnectionAsync(ct);
        await foreach (var row in RowsAsync("PRAGMA integrity_check(20)")) { if (row[0] is not "ok") { problems.Add($"{row[0]}"); } }
        await foreach (var row in RowsAsync("PRAGMA foreign_key_check")) { problems.Add($"{row[0]} row {row[1]} points at a row of {row[2]} that does not exist"); }
        return problems;

        async IAsyncEnumerable<object[]> RowsAsync(string question)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = question;
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                yield return row;
            }
        }
    }

    public void Dispose()
    {
        _connections.Dispose();
        _owner?.Dispose();
        _gate.Dispose();
    }

    private void Leave()
    {
        try
        {
            Checkpoint();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Folds the log back when it has grown, while nobody writes: two checkpoints never race, and none races a commit.</summary>
    private void Checkpoint()
    {
        var log = new FileInfo(new SqliteConnectionStringBuilder(ConnectionString).DataSource + "-wal");
        if (!log.Exists || log.Length < CheckpointPages * 4096L) { return; }
        using (var connection = new SqliteConnection(ConnectionString))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            command.ExecuteNonQuery();
            command.CommandText = StaleStatistics;
            using (var stale = command.ExecuteReader()) { if (!stale.Read()) { return; } }
            command.CommandText = KeepStatistics;
            command.ExecuteNonQuery();
        }
        // A connection reads the counts when it is opened and never again.
        _connections.Renew();
    }

    private sealed class Bulk(Func<ValueTask> end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => end();
    }

    private sealed class Turn(SqliteEngine engine) : IDisposable
    {
        private SqliteEngine? _engine = engine;

        public void Dispose() => Interlocked.Exchange(ref _engine, null)?.Leave();
    }
}
