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
    /// Pragmas of one connection; how long it waits for another's lock stands first, since the provider waits 150 ms before it tries again. The journal mode is kept by the file, the rest is per connection. No page is mapped: a mapped one is parsed anew at every use, one in the
    /// connection's own cache is parsed once; and a mapping counts against the process once for each connection. A cache of up to 8 MB holds what a search of
    /// twenty thousand names reads; a connection that reads less keeps less.
    /// What is sorted is sorted in a temporary file beyond a few megabytes: memory does not grow with the rows of an export.
    /// </summary>
    public const string Pragmas = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192;";

    /// <summary>What the index of words holds of a line of a kind, for migrations that change it: <c>search_terms(kind, text)</c>.</summary>
    internal const string TermsFunction = "search_terms";

    private static readonly ConditionalWeakTable<sqlite3, object?> SetUp = [];
    private static readonly delegate_function_scalar Terms = static (context, _, values) =>
        raw.sqlite3_result_text(context, SearchEndings.Of(raw.sqlite3_value_text(values[0]).utf8_to_string(), raw.sqlite3_value_text(values[1]).utf8_to_string()));

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Run(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Run(connection);
        return Task.CompletedTask;
    }

    internal static void Run(DbConnection connection)
    {
        // The pool hands the same physical connection out again and again, and it keeps what was set.
        if (connection is SqliteConnection { Handle: { } handle })
        {
            if (!SetUp.TryAdd(handle, null)) { return; }
            raw.sqlite3_create_function(handle, TermsFunction, 2, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Terms);
        }
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }
}
