using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Sqlite;

/// <summary>
/// Keeps connections open from one context to the next, with the functions that Entity Framework gave them, and the statements of queries prepared on them:
/// opening one, even out of the provider's pool, costs as much as several queries (docs/decisions/speed-of-lists.md).
/// </summary>
/// <param name="connectionString">Only connections with exactly this one are kept.</param>
internal sealed class OpenConnections(string connectionString) : DbConnectionInterceptor, IDbCommandInterceptor, IDisposable
{
    /// <summary>Beyond what answers at once on the machine, a connection only holds memory.</summary>
    private static readonly int MostKept = Math.Max(8, 4 * Environment.ProcessorCount);

    private readonly ConcurrentStack<SqliteConnection> _free = [];
    private readonly ConditionalWeakTable<SqliteConnection, PreparedQueries> _prepared = [];
    private int _count;
    private int _generation;
    private volatile bool _ended;

    public override InterceptionResult<DbConnection> ConnectionCreating(ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result)
    {
        while (eventData.ConnectionString == connectionString && _free.TryPop(out var kept))
        {
            Interlocked.Decrement(ref _count);
            if (QueriesOf(kept).Generation == Volatile.Read(ref _generation)) { return InterceptionResult<DbConnection>.SuppressWithResult(kept); }
            End(kept);
        }
        return result;
    }

    /// <summary>A context closes its connection after every query; the next one finds it open.</summary>
    public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        IsOurs(connection) ? InterceptionResult.Suppress() : result;

    public override ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        ValueTask.FromResult(ConnectionClosing(connection, eventData, result));

    public override InterceptionResult ConnectionDisposing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        if (!IsOurs(connection)) { return result; }
        GiveBack((SqliteConnection)connection);
        return InterceptionResult.Suppress();
    }

    public override ValueTask<InterceptionResult> ConnectionDisposingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        ValueTask.FromResult(ConnectionDisposing(connection, eventData, result));

    public DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result) =>
        eventData.CommandSource is CommandSource.LinqQuery or CommandSource.FromSqlQuery && result is SqliteCommand { Connection: { State: ConnectionState.Open } connection } asked && IsOurs(connection)
            ? QueriesOf(connection).InsteadOf(asked)
            : result;

    /// <summary>Lets go of every connection: what is opened from now on plans its queries by the counts that the database holds now.</summary>
    public void Renew()
    {
        Interlocked.Increment(ref _generation);
        while (_free.TryPop(out var kept))
        {
            Interlocked.Decrement(ref _count);
            End(kept);
        }
        using var pool = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pool);
    }

    public void Dispose()
    {
        _ended = true;
        Renew();
    }

    private bool IsOurs(DbConnection connection) => connection is SqliteConnection sqlite && sqlite.ConnectionString == connectionString;

    private PreparedQueries QueriesOf(SqliteConnection connection) => _prepared.GetValue(connection, _ => new(Volatile.Read(ref _generation)));

    private void GiveBack(SqliteConnection connection)
    {
        var keep = !_ended && connection is { State: ConnectionState.Open, Handle: { } handle } && IsAtRest(handle) && QueriesOf(connection).Generation == Volatile.Read(ref _generation);
        if (keep && Interlocked.Increment(ref _count) <= MostKept)
        {
            _free.Push(connection);
            return;
        }
        if (keep) { Interlocked.Decrement(ref _count); }
        End(connection);
    }

    private void End(SqliteConnection connection)
    {
        if (_prepared.TryGetValue(connection, out var queries)) { queries.Forget(); }
        connection.Dispose();
    }

    /// <summary>An open transaction, or a reader that nobody ended, would show the next asker an old state.</summary>
    private static bool IsAtRest(SQLitePCL.sqlite3 connection) => SQLitePCL.raw.sqlite3_get_autocommit(connection) != 0 && TransactionState(connection, 0) == 0;

    /// <remarks>https://sqlite.org/c3ref/txn_state.html: 0 for none in any of the schemas.</remarks>
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_txn_state")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TransactionState(SafeHandle connection, nint schema);
}

/// <summary>The statements of queries, prepared on one connection.</summary>
/// <param name="generation">Of the counts by which they were planned.</param>
internal sealed class PreparedQueries(int generation)
{
    /// <summary>Texts are as many as forms of lists and pages; beyond this they start anew.</summary>
    private const int MostKept = 100;

    private readonly Dictionary<string, KeptCommand> _commands = new(StringComparer.Ordinal);

    public int Generation => generation;

    /// <returns>A prepared command with the parameters of the one asked for; the same one where its prepared form is being read.</returns>
    public SqliteCommand InsteadOf(SqliteCommand asked)
    {
        if (!_commands.TryGetValue(asked.CommandText, out var kept))
        {
            if (_commands.Count >= MostKept) { Forget(); }
            _commands.Add(asked.CommandText, kept = new KeptCommand { CommandText = asked.CommandText, Connection = asked.Connection });
        }
        if (!kept.Take()) { return asked; }
        (kept.Transaction, kept.CommandTimeout) = (asked.Transaction, asked.CommandTimeout);
        kept.Parameters.Clear();
        foreach (SqliteParameter parameter in asked.Parameters) { kept.Parameters.Add(parameter); }
        asked.Dispose();
        return kept;
    }

    /// <summary>Before the connection is closed: a statement must not outlive it.</summary>
    public void Forget()
    {
        foreach (var command in _commands.Values) { command.End(); }
        _commands.Clear();
    }

    /// <summary>Whoever disposes of it gives it back.</summary>
    private sealed class KeptCommand : SqliteCommand
    {
        private bool _taken, _ended;

        public bool Take() => !_taken && (_taken = true);

        public void End()
        {
            _ended = true;
            if (!_taken) { Dispose(); }
        }

        protected override void Dispose(bool disposing)
        {
            _taken = false;
            if (_ended || !disposing) { base.Dispose(disposing); }
        }
    }
}
