using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Identity.Accounts;
using Portal.Identity.Commands;
using Portal.Sqlite;
using Portal.Web.Access;
using Portal.Web.Host;

namespace Portal.Bench.Data;

/// <summary>The bench data in a portal's own SQLite database: the product's tables, indexes, triggers and search lines, with people who log in.</summary>
internal static class PortalHouse
{
    public const string Password = "Portal-Bench-2026!";

    /// <summary>Partner 1 owns a tenth of the opportunities, partner 7 about 650 of 100,000, partner 1500 about 40; staff see all.</summary>
    public const string Large = "large@bench.example", Middle = "middle@bench.example", Small = "small@bench.example", Staff = "staff@bench.example";

    private const long CustomerIds = 5_000_000;

    /// <summary>Moved when what is loaded changes: houses of earlier runs are then loaded anew.</summary>
    private const int LoaderVersion = 2;

    /// <summary>More opportunities than this get no search lines: what is measured there does not search them, and the lines are most of the time that loading takes.</summary>
    private const long MostSearchable = 1_000_000;

    /// <summary>Loads the house, unless an earlier run left it as this program would load it.</summary>
    /// <param name="csv">Where the bench data lie.</param>
    /// <param name="folder">The portal's data folder.</param>
    /// <param name="address">The address that the portal will have: accounts belong to it.</param>
    public static async Task PrepareAsync(string csv, string folder, HouseSize size, Uri address, CancellationToken ct)
    {
        var mark = Path.Combine(folder, "loaded");
        var wanted = $"{size} {address} {LatestMigration()} {LoaderVersion}";
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark, ct) == wanted) { return; }
        var watch = Stopwatch.StartNew();
        await LoadAsync(csv, folder, size, address, ct);
        await File.WriteAllTextAsync(mark, wanted, ct);
        BenchRun.Say(string.Create(CultureInfo.InvariantCulture, $"loaded a portal with {size.Opportunities:N0} opportunities and {size.Customers:N0} customers in {watch.Elapsed.TotalSeconds:0} s"));
    }

    private static async Task LoadAsync(string csv, string folder, HouseSize size, Uri address, CancellationToken ct)
    {
        if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
        await using var app = PortalHost.Build([$"--Portal:DataFolder={folder}", $"--urls={address.GetLeftPart(UriPartial.Authority)}", "--environment=Production"], CommandHosting.AsCommand);
        if ((await app.Services.GetRequiredService<Schema>().MigrateAsync(ct)).Refusal is { } refusal) { throw new InvalidOperationException(refusal.Code); }
        await using var db = app.Services.GetRequiredService<PortalDb>().For(AccessScope.System("bench data"), "bench");
        Dictionary<string, SalesStage> stages;
        await using (var reading = app.Services.GetRequiredService<PortalDb>().For(db.Scope, "bench")) { stages = await reading.Stages.AsNoTracking().ToDictionaryAsync(s => s.Code, ct); }
        using (await db.Engine.EnterWriteAsync(ct))
        {
            ((SqliteEngine)db.Engine).LetGo();
            SqliteConnection.ClearAllPools();
            using var rows = new Rows(db, Path.Combine(folder, "portal.db"));
            Fill(rows, csv, size, stages, db.Now);
            rows.Complete();
        }
        foreach (var (email, function, company) in new[] { (Large, Functions.ResellerPerson, "P00001"), (Middle, Functions.ResellerPerson, "P00007"), (Small, Functions.ResellerPerson, "P01500"), (Staff, Functions.Manager, null) })
        {
            await AddPersonAsync(app, db, email, function, company, ct);
        }
    }

    private static void Fill(Rows rows, string csv, HouseSize size, Dictionary<string, SalesStage> stages, DateTimeOffset now)
    {
        foreach (var cells in Read(csv, "partners"))
        {
            rows.Add(new Company { Id = Id(cells[0]), Code = cells[1], Name = cells[2], City = cells[3], IsChannelPartner = true, Status = cells[4] == "active" || cells[0] == "1500" ? CompanyStatus.Active : CompanyStatus.Paused, CreatedAt = now });
        }
        var names = new string[size.Customers + 1];
        foreach (var cells in Read(csv, "customers"))
        {
            names[Id(cells[0])] = cells[2];
            rows.Add(new Company { Id = CustomerIds + Id(cells[0]), Code = cells[1], Name = cells[2], City = cells[3], Email = cells[4], PartnerId = Id(cells[5]), IsCustomer = true, CreatedAt = now });
        }
        foreach (var cells in Read(csv, "opportunities"))
        {
            var id = Id(cells[0]);
            var opportunity = new Opportunity
            {
                Id = 10_000_000 + id, Number = $"O-{id}", Title = cells[1], PartnerId = Id(cells[2]), CustomerId = CustomerIds + Id(cells[3]), CustomerName = names[Id(cells[3])], StageId = 0,
                Amount = decimal.Parse(cells[5], CultureInfo.InvariantCulture), CloseDate = DateOnly.ParseExact(cells[6], "yyyy-MM-dd", CultureInfo.InvariantCulture),
                OpenedOn = DateOnly.ParseExact(cells[7], "yyyy-MM-dd", CultureInfo.InvariantCulture),
            };
            opportunity.Enter(stages[cells[4]], reason: null, now, personId: 0, changeId: 0);
            rows.Add(opportunity, searchable: size.Opportunities <= MostSearchable);
        }
    }

    private static string LatestMigration() =>
        typeof(SqliteEngine).Assembly.GetTypes().Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id).Max(StringComparer.Ordinal)!;

    /// <summary>The id of a stage, as the list's address names it.</summary>
    public static async Task<long> StageAsync(string folder, string code, CancellationToken ct)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "portal.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Id\" FROM sales_stages WHERE \"Code\" = @code";
        command.Parameters.AddWithValue("@code", code);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task AddPersonAsync(WebApplication app, PortalDbContext db, string email, string function, string? company, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var account = await scope.ServiceProvider.GetRequiredService<Accounts>().CreateAccountAsync(email, Password, "en", ct: ct);
        var added = await AddPerson.AddAsync(db, new NewPerson(email, [function], company), ct);
        if (added.Refusal is { } refusal) { throw new InvalidOperationException(refusal.Code); }
        added.Value.LinkAccount(Account.OwnIssuer, account.Subject!);
        await db.SaveChangesAsync(ct);
    }

    private static IEnumerable<string[]> Read(string folder, string table) => File.ReadLines(Path.Combine(folder, table + ".csv")).Skip(1).Select(line => line.Split(','));

    private static long Id(string cell) => long.Parse(cell, CultureInfo.InvariantCulture);

    /// <summary>
    /// Rows written as the model maps them, in one transaction, with their search lines. The tables' indexes are dropped first and built at the end, and the full-text index
    /// is built by its own command: the same file as row by row, in a fraction of the time.
    /// </summary>
    private sealed class Rows : IDisposable
    {
        private readonly PortalDbContext _db;
        private readonly SqliteConnection _connection;
        private readonly SqliteTransaction _transaction;
        private readonly List<string> _later = [];
        private readonly Dictionary<Type, (SqliteCommand Command, (IClrPropertyGetter Getter, ValueConverter? Converter)[] Columns)> _inserts = [];

        /// <param name="file">Open nowhere else.</param>
        public Rows(PortalDbContext db, string file)
        {
            _db = db;
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            _connection.Open();
            // A file that is made anew needs no way back.
            Run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=MEMORY");
            PutOff("type = 'index' AND tbl_name IN ('companies', 'opportunities', 'search_entries')");
            PutOff("type = 'trigger' AND tbl_name = 'search_entries'");
            _transaction = _connection.BeginTransaction();
        }

        public void Add<T>(T record, bool searchable = true) where T : Aggregate, ISearchable
        {
            Insert(record);
            if (!searchable) { return; }
            var text = SearchText.Normalize(record.SearchText);
            Insert(new SearchEntry { Id = record.Id, Entity = typeof(T).Name, Text = text, Grams = _db.Engine.Terms(typeof(T).Name, text) });
        }

        /// <summary>Builds what was put off and gives the file back as the engine keeps it: write-ahead log, and statistics of the indexes.</summary>
        public void Complete()
        {
            _transaction.Commit();
            Run("INSERT INTO search_index(search_index) VALUES ('rebuild')");
            foreach (var made in _later) { Run(made); }
            Run(SqliteEngine.KeepStatistics);
            Run("PRAGMA journal_mode=WAL");
        }

        public void Dispose()
        {
            foreach (var (command, _) in _inserts.Values) { command.Dispose(); }
            _transaction.Dispose();
            _connection.Dispose();
        }

        private void PutOff(string which)
        {
            List<string> names = [];
            using (var command = _connection.CreateCommand())
            {
                command.CommandText = $"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND {which}";
                using var found = command.ExecuteReader();
                while (found.Read())
                {
                    names.Add($"{found.GetString(0)} \"{found.GetString(1)}\"");
                    _later.Add(found.GetString(2));
                }
            }
            foreach (var name in names) { Run($"DROP {name}"); }
        }

        private void Insert(object record)
        {
            if (!_inserts.TryGetValue(record.GetType(), out var insert)) { _inserts.Add(record.GetType(), insert = Prepare(record.GetType())); }
            for (var n = 0; n < insert.Columns.Length; n++)
            {
                var (getter, converter) = insert.Columns[n];
                var value = getter.GetClrValue(record);
                if (value is not null && converter is not null) { value = converter.ConvertToProvider(value); }
                insert.Command.Parameters[n].Value = value ?? DBNull.Value;
            }
            insert.Command.ExecuteNonQuery();
        }

        private (SqliteCommand, (IClrPropertyGetter, ValueConverter?)[]) Prepare(Type type)
        {
            var entity = _db.Model.FindEntityType(type)!;
            var properties = entity.GetProperties().ToArray();
            var command = _connection.CreateCommand();
            command.Transaction = _transaction;
            command.CommandText = $"INSERT INTO {entity.GetTableName()} ({string.Join(',', properties.Select(p => $"\"{p.GetColumnName()}\""))}) VALUES ({string.Join(',', properties.Select((_, n) => $"@p{n}"))})";
            for (var n = 0; n < properties.Length; n++) { command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{n}" }); }
            return (command, [.. properties.Select(p => (p.GetGetter(), p.GetTypeMapping().Converter))]);
        }

        private void Run(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
        }
    }
}
