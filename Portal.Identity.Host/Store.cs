using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Identity.Persistence;
using Portal.PostgreSql;
using Portal.Sqlite;

namespace Portal.Identity.Host;

/// <summary>The provider's own database, by the settings <c>Database:Provider</c> and <c>Database:ConnectionString</c>: a file in the data folder unless they say otherwise.</summary>
public sealed class Store : IDisposable
{
    private readonly SqliteEngine? _file;
    private readonly string _connection;

    /// <exception cref="StartRefusedException">The settings name no engine that there is.</exception>
    public Store(IConfiguration settings, DataFolder folder)
    {
        _connection = settings["Database:ConnectionString"] ?? "";
        switch (settings["Database:Provider"] ?? SqliteEngine.ProviderName)
        {
            case SqliteEngine.ProviderName:
                _file = new SqliteEngine(_connection.Length > 0 ? _connection : new SqliteConnectionStringBuilder { DataSource = folder.File("identity.db") }.ToString());
                break;
            case PostgreSqlEngine.ProviderName when _connection.Length > 0: break;
            case PostgreSqlEngine.ProviderName: throw new StartRefusedException("Database:ConnectionString is needed for PostgreSql.");
            case var other: throw new StartRefusedException($"Database:Provider '{other}' is not supported. Choose Sqlite or PostgreSql.");
        }
    }

    /// <summary>Whether other nodes may write to it too.</summary>
    public bool IsShared => _file is null;

    public void Use(DbContextOptionsBuilder options)
    {
        if (_file is { } file) { options.UseIdentitySqlite(file.ConnectionString); }
        else { options.UseIdentityPostgreSql(_connection); }
    }

    public async ValueTask<IDisposable> EnterWriteAsync(CancellationToken ct) => _file is { } file ? await file.EnterWriteAsync(ct) : NoTurn.Instance;

    public void Dispose() => _file?.Dispose();

    /// <summary>A busy, locked or full file: a later try may succeed.</summary>
    public static bool IsUnreachable(Exception fault) => fault is SqliteException { SqliteErrorCode: 5 or 6 or 13 };

    private sealed class NoTurn : IDisposable
    {
        public static readonly NoTurn Instance = new();

        public void Dispose() { }
    }
}

/// <summary>Where the database file, the master key and the development certificate lie: the setting <c>Portal:DataFolder</c>, else <c>data</c> beside the program.</summary>
public sealed class DataFolder
{
    private readonly string _path;

    public DataFolder(IConfiguration settings, IHostEnvironment environment)
    {
        _path = Path.GetFullPath(settings["Portal:DataFolder"] is { Length: > 0 } set ? set : "data", environment.ContentRootPath);
        Directory.CreateDirectory(_path);
    }

    public string File(string name) => Path.Combine(_path, name);
}

/// <summary>The provider cannot serve, and says why in words for whoever started it.</summary>
public sealed class StartRefusedException(string message) : Exception(message);

/// <summary>The tables: looked at, and brought up to what this program knows. Forward only.</summary>
public sealed class Schema(IServiceScopeFactory scopes, Store store)
{
    /// <returns>Why this program must leave the database alone; null where it need not.</returns>
    public async Task<string?> RefusalAsync(CancellationToken ct) => await LookAsync(ct) switch
    {
        { Newer: [.., var last] } => $"The database was written by a newer version of this program (it has the migration {last}). Start that version, or restore a backup from before.",
        { Pending: { Count: > 0 } pending } => $"The database lacks {pending.Count} migrations of this program. Run the command migrate, or set Database:MigrateAtStart to true.",
        _ => null,
    };

    /// <returns>The migrations applied; null where the database is newer than this program.</returns>
    public async Task<IReadOnlyList<string>?> MigrateAsync(CancellationToken ct)
    {
        var (pending, newer) = await LookAsync(ct);
        if (newer.Count > 0) { return null; }
        if (pending.Count == 0) { return []; }
        await using var scope = scopes.CreateAsyncScope();
        using var turn = await store.EnterWriteAsync(ct);
        await scope.ServiceProvider.GetRequiredService<IdentityStoreContext>().Database.MigrateAsync(ct);
        return pending;
    }

    private async Task<(IReadOnlyList<string> Pending, IReadOnlyList<string> Newer)> LookAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityStoreContext>().Database;
        var (known, applied) = (database.GetMigrations().ToArray(), (await database.GetAppliedMigrationsAsync(ct)).ToArray());
        return ([.. known.Except(applied)], [.. applied.Except(known)]);
    }
}

/// <summary>Before anything else starts: a newer schema is refused, an older one brought up where <c>Database:MigrateAtStart</c> allows; by default on SQLite, which no other node shares, and in Development.</summary>
public sealed class StoreStart(Schema schema, Store store, IConfiguration settings, IHostEnvironment environment) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.GetValue("Database:MigrateAtStart", environment.IsDevelopment() || !store.IsShared)) { await schema.MigrateAsync(cancellationToken); }
        if (await schema.RefusalAsync(cancellationToken) is { } refusal) { throw new StartRefusedException(refusal); }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
