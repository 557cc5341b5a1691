using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;
using SQLitePCL;

namespace Portal.Sqlite;

/// <summary>
/// Writes many rows with one prepared statement, bound without a parameter object for each value: half the time of a command. Rows of a table with triggers are gathered in a table of the
/// connection and taken over by one statement: SQLite keeps a copy of every page that such a statement changes until it ends, and the full-text index writes out what it holds before each.
/// </summary>
internal static class SqliteRows
{
    private const int BetweenLooks = 1_000;
    private const string Gathered = "temp.\"portal_gathered\"";

    /// <returns>How many they were.</returns>
    /// <exception cref="DbUpdateException">A rule of the database fired.</exception>
    public static int Insert(SqliteConnection connection, RecordTable table, IEnumerable<object> records, CancellationToken ct)
    {
        var columns = string.Join(',', table.Columns.Select(c => $"\"{c.Name}\""));
        var places = string.Join(',', table.Columns.Select(_ => "?"));
        if (!HasTriggers(connection, table))
        {
            return Write(connection, table, $"INSERT INTO \"{table.Name}\" ({columns}) VALUES ({places})", records, Bind, ct);
        }
        Run(connection, table, $"CREATE TEMP TABLE portal_gathered AS SELECT {columns} FROM \"{table.Name}\" LIMIT 0");
        Write(connection, table, $"INSERT INTO {Gathered} VALUES ({places})", records, Bind, ct);
        var written = Run(connection, table, $"INSERT INTO \"{table.Name}\" ({columns}) SELECT {columns} FROM {Gathered}");
        Run(connection, table, $"DROP TABLE {Gathered}");
        return written;

        void Bind(object record, object?[] row, Binder binder)
        {
            table.Read(record, row);
            foreach (var value in row) { binder.Next(value); }
        }
    }

    /// <returns>How many were still as they were read.</returns>
    /// <exception cref="DbUpdateException">A rule of the database fired.</exception>
    public static int Update(SqliteConnection connection, RecordChanges changes, CancellationToken ct)
    {
        var table = changes.Table;
        int[] held = table.VersionPlace < 0 ? [.. table.Keys] : [.. table.Keys, table.VersionPlace];
        if (!HasTriggers(connection, table))
        {
            var sql = $"UPDATE \"{table.Name}\" SET {string.Join(',', changes.Columns.Select(c => $"{Name(c)}=?"))} WHERE {string.Join(" AND ", held.Select(c => $"{Name(c)}=?"))}";
            return Write(connection, table, sql, changes.Records, Bind, ct);
        }
        var (now, was) = (changes.Columns.Select((_, n) => $"now{n}").ToArray(), held.Select((_, n) => $"was{n}").ToArray());
        Run(connection, table, $"CREATE TEMP TABLE portal_gathered ({string.Join(',', now.Concat(was))})");
        Write(connection, table, $"INSERT INTO {Gathered} VALUES ({string.Join(',', now.Concat(was).Select(_ => "?"))})", changes.Records, Bind, ct);
        var written = Run(connection, table, $"UPDATE \"{table.Name}\" AS record SET {string.Join(',', changes.Columns.Select((c, n) => $"{Name(c)}=gathered.{now[n]}"))} FROM {Gathered} AS gathered "
            + $"WHERE {string.Join(" AND ", held.Select((c, n) => $"record.{Name(c)}=gathered.{was[n]}"))}");
        Run(connection, table, $"DROP TABLE {Gathered}");
        return written;

        string Name(int column) => $"\"{table.Columns[column].Name}\"";

        void Bind((object Record, long Was) change, object?[] row, Binder binder)
        {
            table.Read(change.Record, row);
            foreach (var column in changes.Columns) { binder.Next(row[column]); }
            foreach (var key in table.Keys) { binder.Next(row[key]); }
            if (table.VersionPlace >= 0) { binder.Next(change.Was); }
        }
    }

    private static bool HasTriggers(SqliteConnection connection, RecordTable table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $table)";
        command.Parameters.AddWithValue("$table", table.Name);
        return command.ExecuteScalar() is 1L;
    }

    /// <returns>Rows that the statement changed.</returns>
    private static int Run(SqliteConnection connection, RecordTable table, string statement)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            return command.ExecuteNonQuery();
        }
        catch (SqliteException fault) { throw Misfit(table, fault); }
    }

    /// <returns>Rows that were written.</returns>
    private static int Write<T>(SqliteConnection connection, RecordTable table, string sql, IEnumerable<T> records, Action<T, object?[], Binder> bind, CancellationToken ct)
    {
        var database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement), database, table);
        using (statement)
        {
            var row = new object?[table.Columns.Count];
            var binder = new Binder(statement);
            var (written, looked) = (0, 0);
            foreach (var record in records)
            {
                if (looked++ % BetweenLooks == 0) { ct.ThrowIfCancellationRequested(); }
                binder.First();
                bind(record, row, binder);
                if (raw.sqlite3_step(statement) is var step and not raw.SQLITE_DONE)
                {
                    raw.sqlite3_reset(statement);
                    Check(step, database, table);
                }
                written += raw.sqlite3_changes(database);
                raw.sqlite3_reset(statement);
            }
            return written;
        }
    }

    private static void Check(int result, sqlite3 database, RecordTable table)
    {
        try { SqliteException.ThrowExceptionForRC(result, database); }
        catch (SqliteException fault) { throw Misfit(table, fault); }
    }

    private static DbUpdateException Misfit(RecordTable table, SqliteException fault) => new($"Records do not fit into {table.Name}.", fault);

    /// <summary>Values for the places of one statement, as the provider's own parameters store each type.</summary>
    private sealed class Binder(sqlite3_stmt statement)
    {
        private byte[] _text = new byte[1024];
        private int _place;

        public void First() => _place = 0;

        public void Next(object? value)
        {
            _place++;
            switch (value)
            {
                case null: raw.sqlite3_bind_null(statement, _place); break;
                case long number: raw.sqlite3_bind_int64(statement, _place, number); break;
                case int number: raw.sqlite3_bind_int(statement, _place, number); break;
                case bool truth: raw.sqlite3_bind_int(statement, _place, truth ? 1 : 0); break;
                case double number: raw.sqlite3_bind_double(statement, _place, number); break;
                case "": raw.sqlite3_bind_text(statement, _place, ""); break;
                case string words: Text(words); break;
                case DateOnly day: Text(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
                case byte[] bytes: raw.sqlite3_bind_blob(statement, _place, bytes); break;
                default: throw new NotSupportedException($"No way to store a {value.GetType().Name}.");
            }
        }

        private void Text(string words)
        {
            if (words.Length * 3 > _text.Length) { _text = new byte[words.Length * 3]; }
            raw.sqlite3_bind_text(statement, _place, _text.AsSpan(0, Encoding.UTF8.GetBytes(words, _text)));
        }
    }
}
