using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.PostgreSql;
using Portal.Sqlite;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Demo;
using Portal.Web.Documents;

namespace Portal.Web.Tests.Demo;

internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>A database with the demo house, opened for a test.</summary>
internal sealed class DemoDatabase : IAsyncDisposable
{
    private readonly IEngine _engine;

    private DemoDatabase(IEngine engine, TimeProvider clock)
    {
        _engine = engine;
        Portal = new PortalDb(engine, clock, new IdSource(clock), new AccessVersion());
    }

    public PortalDb Portal { get; }

    public static DemoDatabase Open(TestDatabase database, TimeProvider clock) =>
        new(database.Engine == Engines.Sqlite ? new SqliteEngine(database.ConnectionString) : new PostgreSqlEngine(database.ConnectionString), clock);

    public static async Task FillAsync(TestDatabase database, TimeProvider clock, int scale, CancellationToken ct)
    {
        await using var opened = Open(database, clock);
        await using (var db = opened.Portal.For(AccessScope.System("test"))) { await db.Database.MigrateAsync(ct); }
        var folder = Directory.CreateTempSubdirectory("portal-demo-files-").FullName;
        await new DemoData(opened.Portal, new FileStore(new DataFolder(folder, folder), clock), clock).FillAsync(scale, new Dictionary<string, DemoAccount>(), ct);
        Directory.Delete(folder, recursive: true);
    }

    public async Task<AccessScope> ScopeOfAsync(string email)
    {
        await using var db = Portal.For(AccessScope.System("test"));
        var id = await db.People.Where(p => p.Email == email).Select(p => p.Id).SingleAsync();
        return await new ScopeBuilder(Portal).ForAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"{email} has no scope.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is IAsyncDisposable later) { await later.DisposeAsync(); }
        else if (_engine is IDisposable now) { now.Dispose(); }
    }
}
