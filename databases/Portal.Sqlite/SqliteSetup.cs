using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Portal.Sqlite;

/// <summary>Sets every connection up the same way: write-ahead log, full synchronization, no checkpoints behind our back.</summary>
public sealed class SqliteSetup : DbConnectionInterceptor
{
    /// <summary>
    /// Pragmas of one connection; the journal mode is kept by the file, the rest is per connection. No page is mapped: a mapped one is parsed anew at every use, one in the
    /// connection's own cache is parsed once; and a mapping counts against the process once for each connection. A cache of up to 8 MB holds what a search of
    /// twenty thousand names reads; a connection that reads less keeps less.
    /// What is sorted is sorted in a temporary file beyond a few megabytes: memory does not grow with the rows of an export.
    /// </summary>
    public const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192;";

    private static readonly ConditionalWeakTable<sqlite3, object?> SetUp = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Run(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Run(connection);
        return Task.CompletedTask;
    }

    internal static void Run(DbConnection connection)
    {
        // The pool hands the same physical connection out again and again, and it keeps what was set.
        if (connection is SqliteConnection { Handle: { } handle } && !SetUp.TryAdd(handle, null)) { return; }
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }
}
