using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Portal.Bench.Yardsticks;

/// <summary>
/// The page Y and a bare hello: what Kestrel and SQLite can do on this machine when nothing stands between them. Y shows fifty opportunities of one partner in one stage,
/// newest close date first, the record's own columns, by a prepared statement on a pooled connection, written as HTML by hand.
/// </summary>
internal static class YardstickPage
{
    private const string Sql = "SELECT id, title, customer_id, stage, amount, close_date, opened FROM opportunities WHERE partner_id = @partner AND stage = @stage ORDER BY close_date DESC, id DESC LIMIT 50";

    /// <summary>Serves `/hello` and `/y?partner=1&amp;stage=proposal` until told to stop.</summary>
    public static async Task ServeAsync(string file, string url, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        var pool = new ConcurrentBag<Reader>();

        app.MapGet("/hello", () => "hello");
        app.MapGet("/y", async (long partner, string stage, HttpResponse response) =>
        {
            if (!pool.TryTake(out var reader)) { reader = new Reader(file); }
            var page = reader.Page(partner, stage);
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = page.Length;
            await response.BodyWriter.WriteAsync(page);
            pool.Add(reader);
        });

        await app.RunAsync(ct);
        foreach (var reader in pool) { reader.Dispose(); }
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _command;
        private readonly SqliteParameter _partner;
        private readonly SqliteParameter _stage;
        private readonly ArrayBufferWriter<byte> _page = new(16 * 1024);

        public Reader(string file)
        {
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            _connection.Open();
            _command = _connection.CreateCommand();
            _command.CommandText = Sql;
            _partner = _command.Parameters.Add("@partner", SqliteType.Integer);
            _stage = _command.Parameters.Add("@stage", SqliteType.Text);
            _command.Prepare();
        }

        /// <returns>The page, valid until the reader is asked again.</returns>
        public ReadOnlyMemory<byte> Page(long partner, string stage)
        {
            _page.ResetWrittenCount();
            _partner.Value = partner;
            _stage.Value = stage;
            Put("<!doctype html><html lang=en><title>Opportunities</title><table>");
            using var rows = _command.ExecuteReader();
            while (rows.Read())
            {
                Put(string.Create(CultureInfo.InvariantCulture, $"<tr><td><a href=\"/opportunities/{rows.GetInt64(0)}\">{rows.GetString(1)}</a><td>{rows.GetInt64(2)}<td>{rows.GetString(3)}<td>{rows.GetInt64(4) / 10_000m:N2}<td>{rows.GetString(5)}<td>{rows.GetString(6)}"));
            }
            Put("</table></html>");
            return _page.WrittenMemory;
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }

        private void Put(string text) => Encoding.UTF8.GetBytes(text, _page);
    }
}
