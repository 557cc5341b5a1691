using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Identity.Accounts;
using Portal.Web.Access;
using Portal.Web.Host;

namespace Portal.Bench.Data;

/// <summary>The bench data in a portal's own SQLite database: the product's tables, indexes, triggers and search lines, with people who log in.</summary>
internal static class PortalHouse
{
    public const string Password = "Portal-Bench-2026!";

    /// <summary>Partner 1 owns a tenth of the opportunities, partner 7 about 650 of 100,000, partner 1500 about 40; staff see all.</summary>
    public const string Large = "large@bench.example", Middle = "middle@bench.example", Small = "small@bench.example", Staff = "staff@bench.example";

    private const long CustomerIds = 1_000_000;

    /// <param name="csv">Where the bench data lie.</param>
    /// <param name="folder">The portal's data folder; what it held is gone.</param>
    /// <param name="url">The address that the portal will have: accounts belong to it.</param>
    public static async Task LoadAsync(string csv, string folder, string url, CancellationToken ct)
    {
        if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
        await using var app = PortalHost.Build([$"--Portal:DataFolder={folder}", $"--urls={url}", "--environment=Production"], PortalHost.AsCommand);
        if ((await app.Services.GetRequiredService<Schema>().MigrateAsync(ct)).Refusal is { } refusal) { throw new InvalidOperationException(refusal.Code); }
        await using var db = app.Services.GetRequiredService<PortalDb>().For(AccessScope.System("bench data"), "bench");
        await using (var rows = await Rows.OpenAsync(db, ct))
        {
            var now = db.Now;
            var stages = await db.Stages.AsNoTracking().ToDictionaryAsync(s => s.Code, ct);
            var names = new string[BenchData.Customers + 1];
            foreach (var cells in Read(csv, "partners"))
            {
                rows.Add(new Company { Id = Id(cells[0]), Code = cells[1], Name = cells[2], City = cells[3], IsChannelPartner = true, Status = cells[4] == "active" || cells[0] == "1500" ? CompanyStatus.Active : CompanyStatus.Paused, CreatedAt = now });
            }
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
                rows.Add(opportunity);
            }
            rows.Commit();
        }
        foreach (var (email, function, company) in new[] { (Large, Functions.ResellerPerson, "P00001"), (Middle, Functions.ResellerPerson, "P00007"), (Small, Functions.ResellerPerson, "P01500"), (Staff, Functions.Manager, null) })
        {
            await AddPersonAsync(app, db, email, function, company, ct);
        }
    }

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
        added.Value.LinkAccount(SignInAddresses.From(app.Configuration).Authority, account.Subject!);
        await db.SaveChangesAsync(ct);
    }

    private static IEnumerable<string[]> Read(string folder, string table) => File.ReadLines(Path.Combine(folder, table + ".csv")).Skip(1).Select(line => line.Split(','));

    private static long Id(string cell) => long.Parse(cell, CultureInfo.InvariantCulture);

    /// <summary>Rows written as the model maps them, in one transaction, with their search lines.</summary>
    private sealed class Rows(PortalDbContext db, IDisposable turn, SqliteConnection connection, SqliteTransaction transaction) : IAsyncDisposable
    {
        private readonly Dictionary<Type, (SqliteCommand Command, IProperty[] Properties)> _inserts = [];

        public static async Task<Rows> OpenAsync(PortalDbContext db, CancellationToken ct)
        {
            var turn = await db.Engine.EnterWriteAsync(ct);
            await db.Database.OpenConnectionAsync(ct);
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            return new(db, turn, connection, connection.BeginTransaction());
        }

        public void Add<T>(T record) where T : Aggregate, ISearchable
        {
            Insert(record);
            var text = SearchText.Normalize(record.SearchText);
            Insert(new SearchEntry { Id = record.Id, Entity = typeof(T).Name, Text = text, Grams = SearchText.Grams(text) });
        }

        public void Commit() => transaction.Commit();

        public async ValueTask DisposeAsync()
        {
            foreach (var (command, _) in _inserts.Values) { await command.DisposeAsync(); }
            await transaction.DisposeAsync();
            await db.Database.CloseConnectionAsync();
            turn.Dispose();
        }

        private void Insert(object record)
        {
            if (!_inserts.TryGetValue(record.GetType(), out var insert)) { _inserts.Add(record.GetType(), insert = Prepare(record.GetType())); }
            for (var n = 0; n < insert.Properties.Length; n++)
            {
                var (property, value) = (insert.Properties[n], insert.Properties[n].PropertyInfo!.GetValue(record));
                if (value is not null && property.GetTypeMapping().Converter is { } converter) { value = converter.ConvertToProvider(value); }
                insert.Command.Parameters[n].Value = value ?? DBNull.Value;
            }
            insert.Command.ExecuteNonQuery();
        }

        private (SqliteCommand, IProperty[]) Prepare(Type type)
        {
            var entity = db.Model.FindEntityType(type)!;
            var properties = entity.GetProperties().ToArray();
            var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"INSERT INTO {entity.GetTableName()} ({string.Join(',', properties.Select(p => $"\"{p.GetColumnName()}\""))}) VALUES ({string.Join(',', properties.Select((_, n) => $"@p{n}"))})";
            for (var n = 0; n < properties.Length; n++) { command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{n}" }); }
            return (command, properties);
        }
    }
}
