using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;

namespace Portal.Web.Tests.Access;

/// <summary>The tables behind the portal, looked at past every filter.</summary>
public sealed class Rows : IAsyncDisposable
{
    private readonly DbConnection _connection;
    private readonly bool _isSqlite;

    private Rows(DbConnection connection, bool isSqlite) => (_connection, _isSqlite) = (connection, isSqlite);

    public static async Task<Rows> OpenAsync(RunningPortal portal)
    {
        var isSqlite = portal.Engine == Engines.Sqlite;
        DbConnection connection = isSqlite
            ? new SqliteConnection(new SqliteConnectionStringBuilder(portal.ConnectionString) { Pooling = false }.ToString())
            : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(portal.ConnectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        return new(connection, isSqlite);
    }

    public async Task ExecuteAsync(string statement)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<object?[]>> ReadAsync(string question, IEnumerable<(string Name, object? Value)>? parameters = null)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = question;
        foreach (var (name, value) in parameters ?? [])
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        await using var reader = await command.ExecuteReaderAsync();
        List<object?[]> rows = [];
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add([.. row.Select(v => v is DBNull ? null : v)]);
        }
        return rows;
    }

    /// <summary>Moves with every change that anybody else commits. SQLite only.</summary>
    public async Task<long> ChangesAsync() => (long)(await ReadAsync("PRAGMA data_version"))[0][0]!;

    /// <summary>Number of rows and a sum over their contents, by table.</summary>
    public async Task<SortedDictionary<string, string>> SumsAsync()
    {
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var names = await ReadAsync(_isSqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%'"
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
        foreach (var table in names.Select(n => (string)n[0]!))
        {
            var rows = await ReadAsync($"SELECT * FROM \"{table}\"");
            ulong sum = 0;
            foreach (var row in rows) { sum += BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', row.Select(Text))))); }
            sums[table] = $"{rows.Count} rows, {sum:x}";
        }
        return sums;
    }

    private static string Text(object? value) => value switch
    {
        null => "\u0000",
        byte[] bytes => Convert.ToHexString(bytes),
        Array many => string.Join(',', many.Cast<object>()),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
