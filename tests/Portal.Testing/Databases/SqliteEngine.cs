using Microsoft.Data.Sqlite;

namespace Portal.Testing.Databases;

/// <summary>One file per database, each in a folder of its own under the system's temporary folder.</summary>
internal sealed class SqliteEngine : ITestEngine
{
    public string Name => Engines.Sqlite;

    public string? Missing => null;

    public Task<string> CreateAsync(string? template, CancellationToken ct)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("portal-test-").FullName, "portal.db");
        if (template is not null) { File.Copy(FileOf(template), file); }
        return Task.FromResult(new SqliteConnectionStringBuilder { DataSource = file }.ToString());
    }

    public Task DropAsync(string connectionString)
    {
        ClearPool(connectionString);
        var folder = Path.GetDirectoryName(FileOf(connectionString))!;
        if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
        return Task.CompletedTask;
    }

    // Committed pages may still stand in the write-ahead log, which a copy of the file alone would lose.
    public async Task CloseAsync(string connectionString, CancellationToken ct)
    {
        ClearPool(connectionString);
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        if (reader.GetInt64(0) != 0) { throw new InvalidOperationException("The template is still in use: dispose every connection to it before the preparation ends."); }
    }

    private static string FileOf(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource;

    private static void ClearPool(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
