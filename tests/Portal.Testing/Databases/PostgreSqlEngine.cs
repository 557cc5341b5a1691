using Npgsql;

namespace Portal.Testing.Databases;

/// <summary>One database per test on the server that PORTAL_TEST_POSTGRES points at; its account must be allowed to create databases.</summary>
internal sealed class PostgreSqlEngine : ITestEngine
{
    private const string Variable = "PORTAL_TEST_POSTGRES";
    private static readonly string? Server = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;
    private static int _made;

    public string Name => Engines.PostgreSql;

    public string? Missing => Server is null ? $"not run: {Variable}" : null;

    public async Task<string> CreateAsync(string? template, CancellationToken ct)
    {
        var name = $"portal_test_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}";
        var source = template is null ? "template0" : NameOf(template);
        await OnServerAsync($"CREATE DATABASE {name} TEMPLATE {source}", ct);
        // Many small pools stand beside each other on one server: few connections each, and idle ones leave soon.
        return new NpgsqlConnectionStringBuilder(Server) { Database = name, MaxPoolSize = 20, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 }.ToString();
    }

    public async Task DropAsync(string connectionString)
    {
        await CloseAsync(connectionString, CancellationToken.None);
        await OnServerAsync($"DROP DATABASE IF EXISTS {NameOf(connectionString)} WITH (FORCE)", CancellationToken.None);
    }

    public Task CloseAsync(string connectionString, CancellationToken ct)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
        return OnServerAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NameOf(connectionString)}'", ct);
    }

    private static string NameOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    // Every name in these commands was made above.
    private static async Task OnServerAsync(string command, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(Server ?? throw new InvalidOperationException($"not run: {Variable} holds no connection string to a PostgreSQL server; test.sh starts one.")) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ToString());
        await connection.OpenAsync(ct);
        await using var sql = new NpgsqlCommand(command, connection);
        await sql.ExecuteNonQueryAsync(ct);
    }
}
