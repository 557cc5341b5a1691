using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Domain.Access;
using Portal.Domain.Common;

namespace Portal.Domain.Persistence;

/// <summary>Makes contexts over one engine.</summary>
public sealed class PortalDb : IPortalDb
{
    private readonly DbContextOptions<PortalDbContext> _options, _reading;
    private readonly TimeProvider _clock;
    private readonly IdSource _ids;
    private readonly KeptContexts _contexts = new();

    /// <param name="configure">Adds to the options: logging, interceptors of a test.</param>
    public PortalDb(IEngine engine, TimeProvider clock, IdSource ids, AccessVersion accessVersion, Action<DbContextOptionsBuilder>? configure = null)
    {
        (Engine, _clock, _ids, AccessVersion) = (engine, clock, ids, accessVersion);
        var commits = new CommitWatch();
        _options = Options();
        _reading = Options(new ReadingWatch());

        DbContextOptions<PortalDbContext> Options(params IInterceptor[] more)
        {
            var options = new DbContextOptionsBuilder<PortalDbContext>();
            engine.Configure(options);
            options.ReplaceService<IModelCacheKeyFactory, ScopedModelCacheKeyFactory>();
            options.AddInterceptors([commits, .. more]);
            // The checks cost more than the rows that they guard; the tests turn them on.
            options.EnableThreadSafetyChecks(enableChecks: false);
            configure?.Invoke(options);
            return options.Options;
        }
    }

    public IEngine Engine { get; }
    public AccessVersion AccessVersion { get; }

    public PortalDbContext For(AccessScope scope, string through = "system") =>
        Make(scope, through, keeper: null);

    /// <summary>The same for one question of somebody who will ask again with this very scope: a context that only read is used again then.</summary>
    public PortalDbContext ForAsker(AccessScope scope, string through) =>
        _contexts.Take(scope)?.Lent(through) ?? KeptContexts.Begin(Make(scope, through, _contexts));

    private PortalDbContext Make(AccessScope scope, string through, KeptContexts? keeper) =>
        new(scope.IsReadOnly ? _reading : _options, Engine, scope, _clock, _ids) { Through = through, AccessVersion = AccessVersion, Keeper = keeper };

    /// <summary>Equal to an earlier answer as long as nothing that scopes are built from was changed since, by whichever process. One question to the database where others write too, none otherwise.</summary>
    public async ValueTask<long> AccessVersionAsync(CancellationToken ct)
    {
        if (!Engine.IsShared) { return AccessVersion.Current; }
        await using var db = For(AccessScope.Rights("have rights changed"));
        return await db.Set<AccessMark>().Select(m => m.Number).SingleAsync(ct);
    }

    /// <summary>No way around the save: what changes rows without one, and what opens a transaction, is refused where somebody only reads.</summary>
    private sealed class ReadingWatch : DbCommandInterceptor, IDbTransactionInterceptor
    {
        public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => throw new ReadOnlyScopeException();

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            throw new ReadOnlyScopeException();

        public InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result) => throw new ReadOnlyScopeException();

        public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) => throw new ReadOnlyScopeException();
    }

    private sealed class CommitWatch : DbTransactionInterceptor
    {
        /// <remarks>The last thing before the commit: who moves the mark waits for nothing else then, so that two who move it cannot wait for each other.</remarks>
        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (eventData.Context is PortalDbContext { AccessMoves: true, Engine.IsShared: true } context) { await Upkeep.MoveAccessMarkAsync(context, cancellationToken); }
            return result;
        }

        public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Tell(eventData);

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Tell(eventData);
            return Task.CompletedTask;
        }

        private static void Tell(TransactionEndEventData ended)
        {
            if (ended.Context is PortalDbContext { AccessMoves: true } context) { context.TellAccessMoved(); }
        }
    }
}
