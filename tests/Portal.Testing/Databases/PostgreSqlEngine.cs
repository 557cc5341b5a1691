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

    /// <summary>A database whose user is no more than its owner, as companies have it; the user and the roles named after it go with it.</summary>
    /// <param name="makesRoles">Whether the user may make roles.</param>
    public static async Task<(TestDatabase Database, string User)> CreateOwnedAsync(bool makesRoles)
    {
        var engine = (PostgreSqlEngine)Engines.Named(Engines.PostgreSql);
        var name = $"portal_test_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}";
        var password = Guid.NewGuid().ToString("N");
        await OnServerAsync($"CREATE ROLE {name} LOGIN {(makesRoles ? "CREATEROLE" : "")} PASSWORD '{password}'", CancellationToken.None);
        await OnServerAsync($"CREATE DATABASE {name} TEMPLATE template0 OWNER {name}", CancellationToken.None);
        var connection = new NpgsqlConnectionStringBuilder(Server) { Database = name, Username = name, Password = password, MaxPoolSize = 1, Timeout = 60 };
        return (new TestDatabase(new Owned(engine, name), connection.ToString()), name);
    }

    /// <summary>As an administrator of the server.</summary>
    public static Task OnServerAsync(string command) => OnServerAsync(command, CancellationToken.None);

    private sealed class Owned(PostgreSqlEngine engine, string user) : ITestEngine
    {
        public string Name => engine.Name;
        public string? Missing => engine.Missing;
        public Task<string> CreateAsync(string? template, CancellationToken ct) => engine.CreateAsync(template, ct);
        public Task CloseAsync(string connectionString, CancellationToken ct) => engine.CloseAsync(connectionString, ct);

        public async Task DropAsync(string connectionString)
        {
            await engine.DropAsync(connectionString);
            foreach (var role in (string[])[$"{user}_house", $"{user}_partner", $"{user}_asker", user]) { await OnServerAsync($"DROP ROLE IF EXISTS {role}"); }
        }
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
