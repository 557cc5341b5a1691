using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Testing;

public sealed class TestDatabasesTests
{
    private static readonly TestTemplate OneRow = new(async (database, ct) =>
    {
        await ScalarAsync(database, "PRAGMA journal_mode=WAL", onlyOn: Engines.Sqlite, ct);
        await ScalarAsync(database, "CREATE TABLE things (id integer)", ct: ct);
        await ScalarAsync(database, "INSERT INTO things VALUES (7)", ct: ct);
    });

    [Theory, OnEachEngine]
    public async Task A_new_database_is_empty(string engine)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var database = await TestDatabases.CreateAsync(engine, ct: ct);

        await ScalarAsync(database, "CREATE TABLE things (id integer)", ct: ct);

        Assert.Equal(0L, await ScalarAsync(database, "SELECT count(*) FROM things", ct: ct));
    }

    [Theory, OnEachEngine]
    public async Task A_copy_holds_what_the_template_holds_and_is_its_own(string engine)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var first = await TestDatabases.CreateAsync(engine, OneRow, ct);
        await ScalarAsync(first, "INSERT INTO things VALUES (8)", ct: ct);
        await using var second = await TestDatabases.CreateAsync(engine, OneRow, ct);

        Assert.Equal(2L, await ScalarAsync(first, "SELECT count(*) FROM things", ct: ct));
        Assert.Equal(1L, await ScalarAsync(second, "SELECT count(*) FROM things", ct: ct));
    }

    [Theory, OnEachEngine]
    public async Task A_disposed_database_is_gone(string engine)
    {
        var ct = TestContext.Current.CancellationToken;
        var database = await TestDatabases.CreateAsync(engine, OneRow, ct);
        await ScalarAsync(database, "SELECT count(*) FROM things", ct: ct);

        await database.DisposeAsync();

        await Assert.ThrowsAnyAsync<DbException>(() => ScalarAsync(database, "SELECT count(*) FROM things", ct: ct));
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql, string? onlyOn = null, CancellationToken ct = default)
    {
        if (onlyOn is not null && onlyOn != database.Engine) { return null; }
        await using DbConnection connection = database.Engine == Engines.Sqlite
            ? new SqliteConnection(database.ConnectionString)
            : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(ct);
    }
}
