using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Testing.Databases;

/// <summary>A migrated, empty portal database of one test, and contexts over it for whoever asks.</summary>
public sealed class PortalTestDb : IAsyncDisposable
{
    private static readonly TestTemplate Migrated = new(async (database, ct) =>
    {
        await using var portal = new PortalTestDb(database, ownsDatabase: false);
        await using var db = portal.System();
        await db.Database.MigrateAsync(ct);
    });

    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly IEngine _engine;

    private PortalTestDb(TestDatabase database, bool ownsDatabase, TimeProvider? clock = null)
    {
        (_database, _ownsDatabase, Clock) = (database, ownsDatabase, clock ?? TimeProvider.System);
        _engine = database.Engine == Engines.Sqlite ? new Portal.Sqlite.SqliteEngine(database.ConnectionString) : new Portal.PostgreSql.PostgreSqlEngine(database.ConnectionString);
        Ids = new IdSource(Clock);
        Portal = new PortalDb(_engine, Clock, Ids, new AccessVersion());
    }

    public PortalDb Portal { get; }
    public IdSource Ids { get; }
    public TimeProvider Clock { get; }

    public static async Task<PortalTestDb> OnAsync(string engine, TimeProvider? clock = null) =>
        new(await TestDatabases.CreateAsync(engine, Migrated), ownsDatabase: true, clock);

    /// <summary>Over a database that is no copy of the template, brought up to the schema here.</summary>
    public static async Task<PortalTestDb> OverAsync(TestDatabase database)
    {
        var portal = new PortalTestDb(database, ownsDatabase: true);
        await using var db = portal.System();
        await db.Database.MigrateAsync();
        return portal;
    }

    /// <summary>The same database with every query filter taken off: what is not seen then, the database itself keeps back.</summary>
    public PortalDb WithoutFilters() => new(_engine, Clock, Ids, new AccessVersion(), options => options.ReplaceService<IModelCustomizer, NoFilters>());

    public PortalDbContext System() => Portal.For(AccessScope.System("test"));

    public async ValueTask DisposeAsync()
    {
        switch (_engine)
        {
            case IAsyncDisposable engine: await engine.DisposeAsync(); break;
            case IDisposable engine: engine.Dispose(); break;
        }
        if (_ownsDatabase) { await _database.DisposeAsync(); }
    }
}

internal sealed class NoFilters(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
{
    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        foreach (var type in modelBuilder.Model.GetEntityTypes()) { type.SetQueryFilter(Sights.FilterName, null); }
    }
}
