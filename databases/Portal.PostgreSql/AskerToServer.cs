#pragma warning disable RS0030 // Tells the server who asks: no rows of records are read here.
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Portal.Domain.Access;
using Portal.Domain.Persistence;

namespace Portal.PostgreSql;

/// <summary>
/// Tells the server with every question who asks, for <see cref="SecondWall"/>. Always for one transaction only, so that nothing stays on the connection: outside a
/// transaction in the same round trip as the question, inside one before its first command.
/// </summary>
internal sealed partial class AskerToServer(SecondWall wall) : DbCommandInterceptor, IDbTransactionInterceptor
{
    /// <summary>What a question begins with that carries its asker; the question itself follows after <see cref="End"/>.</summary>
    public const string Start = "SELECT set_config('role'";

    public const string End = ";\n";

    private static readonly object House = new();
    private readonly ConditionalWeakTable<DbConnection, Told> _told = [];

    private sealed record Told(IDbContextTransaction Transaction, object Asker);

    /// <summary>Before a command that passes no interceptor: in the open transaction.</summary>
    /// <returns>False where the second wall does not stand.</returns>
    public ValueTask<bool> TellAsync(PortalDbContext db, CancellationToken ct) => TellInTransactionAsync(db, async: true, ct);

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        AddAtOnce(command, eventData);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await AddAsync(command, eventData, async: true, cancellationToken);
        return result;
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (Carries(command)) { result.NextResult(); }
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (Carries(command)) { await result.NextResultAsync(cancellationToken); }
        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        AddAtOnce(command, eventData);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await AddAsync(command, eventData, async: true, cancellationToken);
        return result;
    }

    /// <remarks>What was told after the savepoint is undone with it.</remarks>
    public void RolledBackToSavepoint(DbTransaction transaction, TransactionEventData eventData) => Forget(eventData);

    public Task RolledBackToSavepointAsync(DbTransaction transaction, TransactionEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData);
        return Task.CompletedTask;
    }

    private void Forget(TransactionEventData ended)
    {
        if (ended.Context is { } context) { _told.Remove(context.Database.GetDbConnection()); }
    }

    private static bool Carries(DbCommand command) => command.CommandText.StartsWith(Start, StringComparison.Ordinal);

    private void AddAtOnce(DbCommand command, CommandEventData asked)
    {
        var done = AddAsync(command, asked, async: false, CancellationToken.None);
        if (!done.IsCompleted) { throw new InvalidOperationException("Asked at once, and yet waited."); }
        done.GetAwaiter().GetResult();
    }

    private async ValueTask AddAsync(DbCommand command, CommandEventData asked, bool async, CancellationToken ct)
    {
        if (asked.Context is not PortalDbContext db || command is not NpgsqlCommand { Connection: { } connection } question) { return; }
        if (db.Database.CurrentTransaction is not null)
        {
            if (asked.CommandSource is CommandSource.Migrations) { await TellOwnerAsync(db, connection, async, ct); }
            else { await TellInTransactionAsync(db, async, ct); }
        }
        else if (asked.CommandSource is not CommandSource.Migrations && await wall.RolesAsync(connection, async, ct) is { } roles)
        {
            if (asked.CommandSource is CommandSource.SaveChanges) { throw new InvalidOperationException("A save without a transaction cannot say who asks."); }
            question.CommandText = Telling(db, roles, question.Parameters, Words(question)) + question.CommandText;
        }
    }

    private async ValueTask<bool> TellInTransactionAsync(PortalDbContext db, bool async, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (await wall.RolesAsync(connection, async, ct) is not { } roles) { return false; }
        var asker = IsPartner(db) ? db.Scope : House;
        if (IsTold(db, connection, asker)) { return true; }
        await using var command = new NpgsqlCommand { Connection = connection };
        command.CommandText = Telling(db, roles, command.Parameters, "'{}'");
        await RunAsync(command, async, ct);
        _told.AddOrUpdate(connection, new(db.Database.CurrentTransaction!, asker));
        return true;
    }

    /// <summary>A migration acts as the owner of the tables, who sees rows only when it says so.</summary>
    private async ValueTask TellOwnerAsync(PortalDbContext db, NpgsqlConnection connection, bool async, CancellationToken ct)
    {
        if (IsTold(db, connection, wall)) { return; }
        await using var command = new NpgsqlCommand($"SELECT set_config('{SecondWall.OwnerMark}', '{SecondWall.OwnerMarked}', true)", connection);
        await RunAsync(command, async, ct);
        _told.AddOrUpdate(connection, new(db.Database.CurrentTransaction!, wall));
    }

    private bool IsTold(PortalDbContext db, NpgsqlConnection connection, object asker) =>
        _told.TryGetValue(connection, out var told) && told.Transaction == db.Database.CurrentTransaction && told.Asker == asker;

    private static async ValueTask RunAsync(NpgsqlCommand command, bool async, CancellationToken ct)
    {
        if (async) { await command.ExecuteNonQueryAsync(ct); }
        else { command.ExecuteNonQuery(); }
    }

    private static bool IsPartner(PortalDbContext db) => db.Scope.Kind is ScopeKind.Partner && !db.IsPastAsker;

    private static string Telling(PortalDbContext db, WallRoles roles, NpgsqlParameterCollection parameters, string words)
    {
        if (!IsPartner(db)) { return roles.ToHouse; }
        Add("asker_company", NpgsqlDbType.Bigint, db.Scope.CompanyId);
        Add("asker_person", NpgsqlDbType.Bigint, db.Scope.PersonId);
        Add("asker_keys", NpgsqlDbType.Array | NpgsqlDbType.Text, db.Scope.Keys);
        Add("asker_rules", NpgsqlDbType.Array | NpgsqlDbType.Text, db.Scope.Rules);
        Add("asker_now", NpgsqlDbType.TimestampTz, db.Now.UtcDateTime);
        return $"{roles.ToPartner}, set_config('portal.words', {words}, true){End}";

        void Add(string name, NpgsqlDbType type, object value) => parameters.Add(new NpgsqlParameter(name, type) { Value = value });
    }

    /// <summary>The parts of words that the question searches for, or none where it searches twice: the wall goes through the same index with them. See <see cref="SecondWall"/>.</summary>
    private static string Words(NpgsqlCommand question)
    {
        var searched = SearchedFor().Matches(question.CommandText);
        return searched.Count > 0 && searched.Select(m => m.Groups["words"].Value).Distinct().Count() == 1 ? $"{searched[0].Groups["words"].Value}::text" : "'{}'";
    }

    [GeneratedRegex("""' '\) @> (?<words>@\w+)""")]
    private static partial Regex SearchedFor();
}
