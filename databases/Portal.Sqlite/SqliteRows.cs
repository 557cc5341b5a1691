using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;
using SQLitePCL;

namespace Portal.Sqlite;

/// <summary>Writes many rows with one prepared statement, bound without a parameter object for each value: half the time of a command.</summary>
internal static class SqliteRows
{
    private const int BetweenLooks = 1_000;

    /// <exception cref="DbUpdateException">A rule of the database fired.</exception>
    public static void Insert(SqliteConnection connection, RecordTable table, IReadOnlyList<object> records, CancellationToken ct)
    {
        var database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        var sql = $"INSERT INTO \"{table.Name}\" ({string.Join(',', table.Columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(',', table.Columns.Select(_ => "?"))})";
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement), database, table);
        using (statement)
        {
            var row = new object?[table.Columns.Count];
            var text = new byte[1024];
            for (var i = 0; i < records.Count; i++)
            {
                if (i % BetweenLooks == 0) { ct.ThrowIfCancellationRequested(); }
                table.Read(records[i], row);
                for (var n = 0; n < row.Length; n++) { Bind(statement, n + 1, row[n], ref text); }
                if (raw.sqlite3_step(statement) is var step and not raw.SQLITE_DONE)
                {
                    raw.sqlite3_reset(statement);
                    Check(step, database, table);
                }
                raw.sqlite3_reset(statement);
            }
        }
    }

    /// <returns>How many were still as they were read.</returns>
    /// <exception cref="DbUpdateException">A rule of the database fired.</exception>
    public static int Update(SqliteConnection connection, RecordChanges changes, CancellationToken ct)
    {
        var database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        var table = changes.Table;
        int[] held = table.VersionPlace < 0 ? [.. table.Keys] : [.. table.Keys, table.VersionPlace];
        var sql = $"UPDATE \"{table.Name}\" SET {string.Join(',', changes.Columns.Select(Is))} WHERE {string.Join(" AND ", held.Select(Is))}";
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement), database, table);
        using (statement)
        {
            var row = new object?[table.Columns.Count];
            var text = new byte[1024];
            var written = 0;
            for (var i = 0; i < changes.Records.Count; i++)
            {
                if (i % BetweenLooks == 0) { ct.ThrowIfCancellationRequested(); }
                var (record, was) = changes.Records[i];
                table.Read(record, row);
                var place = 0;
                foreach (var column in changes.Columns) { Bind(statement, ++place, row[column], ref text); }
                foreach (var key in table.Keys) { Bind(statement, ++place, row[key], ref text); }
                if (table.VersionPlace >= 0) { raw.sqlite3_bind_int64(statement, ++place, was); }
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

        string Is(int column) => $"\"{table.Columns[column].Name}\"=?";
    }

    /// <summary>As the provider's own parameters store each type.</summary>
    private static void Bind(sqlite3_stmt statement, int place, object? value, ref byte[] text)
    {
        switch (value)
        {
            case null: raw.sqlite3_bind_null(statement, place); break;
            case long number: raw.sqlite3_bind_int64(statement, place, number); break;
            case int number: raw.sqlite3_bind_int(statement, place, number); break;
            case bool truth: raw.sqlite3_bind_int(statement, place, truth ? 1 : 0); break;
            case double number: raw.sqlite3_bind_double(statement, place, number); break;
            case "": raw.sqlite3_bind_text(statement, place, ""); break;
            case string words: BindText(statement, place, words, ref text); break;
            case DateOnly day: BindText(statement, place, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ref text); break;
            case byte[] bytes: raw.sqlite3_bind_blob(statement, place, bytes); break;
            default: throw new NotSupportedException($"No way to store a {value.GetType().Name}.");
        }
    }

    private static void BindText(sqlite3_stmt statement, int place, string words, ref byte[] text)
    {
        if (words.Length * 3 > text.Length) { text = new byte[words.Length * 3]; }
        raw.sqlite3_bind_text(statement, place, text.AsSpan(0, Encoding.UTF8.GetBytes(words, text)));
    }

    private static void Check(int result, sqlite3 database, RecordTable table)
    {
        try { SqliteException.ThrowExceptionForRC(result, database); }
        catch (SqliteException fault) { throw new DbUpdateException($"Records do not fit into {table.Name}.", fault); }
    }
}
