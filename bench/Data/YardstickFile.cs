using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Portal.Bench.Data;

/// <summary>The bench data in a SQLite file as lean as it can be: three tables, the one index that the list needs, the names of customers in a full-text index, one transaction per table.</summary>
internal static class YardstickFile
{
    /// <returns>How long the opportunities took: the bare indexed insert that imports are measured against.</returns>
    public static TimeSpan Load(string folder, string file)
    {
        File.Delete(file);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA journal_mode=WAL");
        Run(connection, "CREATE TABLE partners (id INTEGER PRIMARY KEY, code TEXT, name TEXT, city TEXT, status TEXT)");
        Run(connection, "CREATE TABLE customers (id INTEGER PRIMARY KEY, code TEXT, name TEXT, city TEXT, email TEXT, partner_id INTEGER)");
        Run(connection, "CREATE TABLE opportunities (id INTEGER PRIMARY KEY, title TEXT, partner_id INTEGER, customer_id INTEGER, stage TEXT, amount INTEGER, close_date TEXT, opened TEXT)");
        Run(connection, "CREATE INDEX opportunities_list ON opportunities (partner_id, stage, close_date DESC, id DESC)");
        Insert(connection, folder, "partners", 5, amount: -1);
        Insert(connection, folder, "customers", 6, amount: -1);
        var watch = Stopwatch.StartNew();
        Insert(connection, folder, "opportunities", 8, amount: 5);
        watch.Stop();
        Run(connection, "CREATE VIRTUAL TABLE customer_names USING fts5(name, content='customers', content_rowid='id', tokenize='trigram')");
        Run(connection, "INSERT INTO customer_names(customer_names) VALUES ('rebuild')");
        Run(connection, "ANALYZE");
        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return watch.Elapsed;
    }

    private static void Insert(SqliteConnection connection, string folder, string table, int columns, int amount)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO {table} VALUES ({string.Join(',', Enumerable.Range(0, columns).Select(n => $"@{n}"))})";
        var parameters = Enumerable.Range(0, columns).Select(n => command.Parameters.Add($"@{n}", SqliteType.Text)).ToArray();
        foreach (var line in File.ReadLines(Path.Combine(folder, table + ".csv")).Skip(1))
        {
            var cells = line.Split(',');
            for (var n = 0; n < columns; n++)
            {
                parameters[n].Value = n == amount ? (object)(long)(decimal.Parse(cells[n], CultureInfo.InvariantCulture) * 10_000) : cells[n];
            }
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
