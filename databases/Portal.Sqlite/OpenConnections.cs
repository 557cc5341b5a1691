using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Domain.Persistence;

namespace Portal.Sqlite;

/// <summary>
/// Lends each context an open connection when it first needs one and takes it back when the context ends, with the functions that Entity Framework gave it and the
/// statements of its queries prepared: opening one, even out of the provider's pool, costs as much as several queries (docs/decisions/speed-of-lists.md).
/// </summary>
internal sealed class OpenConnections(string connectionString) : DbConnectionInterceptor, IDbCommandInterceptor, IDisposable
{
    /// <summary>
    /// More contexts than this are seldom in use at once: questions run on the processors and wait for nothing. A connection holds the pages that it read, up to
    /// <see cref="SqliteSetup.Pragmas">8 MB</see>.
    /// </summary>
    private static readonly int MostKept = Math.Clamp(4 * Environment.ProcessorCount, 8, 32);

    private readonly DbContextOptions _making = new DbContextOptionsBuilder().UseSqlite(connectionString).Options;
    private readonly ConcurrentStack<OpenConnection> _free = [];
    private readonly ConditionalWeakTable<SqliteConnection, OpenConnection> _byConnection = [];
    private int _count;
    private int _generation;
    private volatile bool _ended;

    public override InterceptionResult<DbConnection> ConnectionCreating(ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result)
    {
        if (_ended || eventData.Context is not PortalDbContext context || (eventData.ConnectionString ?? connectionString) != connectionString) { return result; }
        var lent = Take();
        // What a context does not own it neither closes nor disposes of.
        context.Database.SetDbConnection(lent.Connection, contextOwnsConnection: false);
        context.AtEnd += () => GiveBack(lent);
        return InterceptionResult<DbConnection>.SuppressWithResult(lent.Connection);
    }

    public DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result) =>
        eventData.CommandSource is CommandSource.LinqQuery or CommandSource.FromSqlQuery && result is SqliteCommand { Connection: { } connection } asked && _byConnection.TryGetValue(connection, out var lent)
            ? lent.InsteadOf(asked)
            : result;

    /// <summary>Lets go of every connection: what is opened from now on plans its queries by the counts that the database holds now.</summary>
    public void Renew()
    {
        Interlocked.Increment(ref _generation);
        while (_free.TryPop(out var kept))
        {
            Interlocked.Decrement(ref _count);
            kept.Dispose();
        }
        using var pool = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pool);
    }

    public void Dispose()
    {
        _ended = true;
        Renew();
    }

    private OpenConnection Take()
    {
        while (_free.TryPop(out var kept))
        {
            Interlocked.Decrement(ref _count);
            if (kept.Generation == Volatile.Read(ref _generation)) { return kept; }
            kept.Dispose();
        }
        var made = new OpenConnection(new DbContext(_making), Volatile.Read(ref _generation));
        _byConnection.Add(made.Connection, made);
        return made;
    }

    private void GiveBack(OpenConnection lent)
    {
        if (!_ended && lent.IsAtRest && lent.Generation == Volatile.Read(ref _generation))
        {
            if (Interlocked.Increment(ref _count) <= MostKept)
            {
                _free.Push(lent);
                return;
            }
            Interlocked.Decrement(ref _count);
        }
        lent.Dispose();
    }
}

/// <summary>One open connection and the statements prepared on it.</summary>
internal sealed class OpenConnection : IDisposable
{
    /// <summary>Texts are as many as forms of lists and pages; beyond this they start anew.</summary>
    private const int MostPrepared = 100;

    private readonly DbContext _maker;
    private readonly Dictionary<string, KeptCommand> _prepared = new(StringComparer.Ordinal);

    /// <param name="maker">Gives the connection what Entity Framework's own connections have, and owns it.</param>
    /// <param name="generation">Of the counts by which its statements are planned.</param>
    public OpenConnection(DbContext maker, int generation)
    {
        (_maker, Generation, Connection) = (maker, generation, (SqliteConnection)maker.Database.GetDbConnection());
        Connection.Open();
        SqliteSetup.Run(Connection);
    }

    public SqliteConnection Connection { get; }
    public int Generation { get; }

    /// <summary>False for one with an open transaction, or with a reader that nobody ended: it would show the next asker an old state.</summary>
    public bool IsAtRest => Connection is { State: ConnectionState.Open, Handle: { } handle } && SQLitePCL.raw.sqlite3_get_autocommit(handle) != 0 && TransactionState(handle, 0) == 0;

    /// <returns>A prepared command with the parameters of the one asked for; that one itself while its prepared form is being read.</returns>
    public SqliteCommand InsteadOf(SqliteCommand asked)
    {
        if (!_prepared.TryGetValue(asked.CommandText, out var kept))
        {
            if (_prepared.Count >= MostPrepared) { Forget(command => !command.IsTaken); }
            _prepared.Add(asked.CommandText, kept = new KeptCommand { CommandText = asked.CommandText, Connection = Connection });
        }
        if (kept.IsTaken) { return asked; }
        kept.Take();
        (kept.Transaction, kept.CommandTimeout) = (asked.Transaction, asked.CommandTimeout);
        kept.Parameters.Clear();
        foreach (SqliteParameter parameter in asked.Parameters) { kept.Parameters.Add(parameter); }
        asked.Dispose();
        return kept;
    }

    /// <summary>A statement must not outlive its connection.</summary>
    public void Dispose()
    {
        Forget(_ => true);
        _maker.Dispose();
    }

    private void Forget(Func<KeptCommand, bool> which)
    {
        foreach (var (text, command) in _prepared.Where(p => which(p.Value)).ToArray())
        {
            _prepared.Remove(text);
            command.End();
        }
    }

    /// <remarks>https://sqlite.org/c3ref/txn_state.html: 0 for none in any of the schemas.</remarks>
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_txn_state")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TransactionState(SafeHandle connection, nint schema);

    /// <summary>Whoever disposes of it gives it back.</summary>
    private sealed class KeptCommand : SqliteCommand
    {
        private bool _ended;

        public bool IsTaken { get; private set; }

        public void Take() => IsTaken = true;

        public void End()
        {
            _ended = true;
            Dispose();
        }

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => new QuickReader(ExecuteReader(behavior));

        protected override void Dispose(bool disposing)
        {
            IsTaken = false;
            if (_ended || !disposing) { base.Dispose(disposing); }
        }
    }
}
