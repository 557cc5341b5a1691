using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Portal.Web.Exchange;
using Xunit;

namespace Portal.Web.Tests.Exchange;

/// <summary>A migrated database with an administrator and the partner companies that profiles name, and imports into it.</summary>
internal sealed class ImportWorld : IAsyncDisposable
{
    private static readonly TestTemplate Migrated = new(async (database, ct) =>
    {
        await using var engine = Engine(database);
        await using var db = Portal(engine).For(AccessScope.System("test"));
        await db.Database.MigrateAsync(ct);
        db.Add(new Company { Id = 1, Code = "CASCADE", Name = "Cascade", IsChannelPartner = true });
        db.Add(new Company { Id = 2, Code = "DUNE", Name = "Dune", IsChannelPartner = true });
        db.Add(new Company { Id = 3, Code = "BAYSIDE", Name = "Bayside", IsDistributor = true });
        db.Add(new Person { Id = 4, Name = "Administrator", Email = "admin@portal.example" });
        await db.SaveChangesAsync(ct);
    });

    private readonly TestDatabase _database;
    private readonly DisposableEngine _engine;
    private readonly PortalDb _portal;

    private ImportWorld(TestDatabase database)
    {
        (_database, _engine) = (database, Engine(database));
        _portal = Portal(_engine);
    }

    public static async Task<ImportWorld> OnAsync(string engine) => new(await TestDatabases.CreateAsync(engine, Migrated, TestContext.Current.CancellationToken));

    /// <summary>With a stage that is open and one that is lost.</summary>
    public static async Task<ImportWorld> WithStagesAsync(string engine)
    {
        var world = await OnAsync(engine);
        await using var db = world.Db();
        db.Add(new SalesStage { Id = 97, Code = "lead", Name = "Lead", Position = 1, Probability = 10, Kind = StageKind.Open });
        db.Add(new SalesStage { Id = 98, Code = "lost", Name = "Lost", Position = 2, Probability = 0, Kind = StageKind.Lost });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return world;
    }

    /// <summary>Smaller than in use, so that a few thousand rows are several batches.</summary>
    public const int BatchSize = 1_000;

    public Importer Importer { get; } = new(ImportTargets.All, BatchSize);
    public List<ImportRefusal> Refusals { get; } = [];

    public AccessScope Scope { get; set; } = AccessScope.ForStaff(4, "Administrator", [Functions.Administrator], [], [], []);

    /// <summary>What the importing person sees.</summary>
    public PortalDbContext Db() => _portal.For(Scope, "test");

    public async Task<ImportProfile> ProfileAsync(string name)
    {
        var (profile, problems) = await new ImportProfiles(Importer).ReadAsync(name, TestContext.Current.CancellationToken);
        Assert.Empty(problems);
        return profile!;
    }

    public ImportProfile Profile(string json)
    {
        var (profile, problems) = ProfileReader.Read("test", json, Importer.Schemas);
        Assert.Empty(problems);
        return profile!;
    }

    /// <summary>One of the shipped profiles over the real files.</summary>
    public async Task<ImportResult> RealAsync(string name, ImportOptions? options = null)
    {
        var profile = await ProfileAsync(name);
        return await RunAsync(profile, ImportFolder.At(SharedData.Folder(name), profile).Value, options);
    }

    public async Task<ImportResult> RunAsync(ImportProfile profile, IImportFiles files, ImportOptions? options = null, Func<ImportProgress, Task>? progress = null, CancellationToken ct = default)
    {
        Refusals.Clear();
        await using var db = _portal.For(Scope, $"import:{profile.Name}");
        return await Importer.RunAsync(profile, files, options ?? new(), db, Refusals.Add, progress, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static PortalDb Portal(DisposableEngine engine) => new(engine.Inner, TimeProvider.System, new IdSource(TimeProvider.System), new AccessVersion());

    private static DisposableEngine Engine(TestDatabase database) => new(database.Engine == Engines.Sqlite
        ? new Sqlite.SqliteEngine(database.ConnectionString)
        : new PostgreSql.PostgreSqlEngine(database.ConnectionString));

    private sealed record DisposableEngine(IEngine Inner) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Inner is IAsyncDisposable several) { await several.DisposeAsync(); }
            (Inner as IDisposable)?.Dispose();
        }
    }
}

internal static class ImportCounts
{
    /// <summary>read, created, updated, unchanged, refused, ignored of one record set.</summary>
    public static (long Read, long Created, long Updated, long Unchanged, long Refused, long Ignored) Of(this ImportResult result, string set)
    {
        var count = result.Records.Single(r => r.Name == set);
        return (count.Read, count.Created, count.Updated, count.Unchanged, count.Refused, count.Ignored);
    }
}
