using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;

namespace Portal.Databases.Tests.Supply;

/// <summary>Two suppliers, a distributor and its rival, three products: Alpine makes the first two, Elm the third.</summary>
internal sealed class SupplyWorld : IAsyncDisposable
{
    public static readonly DateOnly Monday = new(2026, 11, 23);

    private static readonly IdSource Ids = new(TimeProvider.System);
    private static readonly TestTemplate Migrated = new(async (database, ct) =>
    {
        await using var world = new SupplyWorld(database);
        await using var db = world.System();
        await db.Database.MigrateAsync(ct);
    });

    private readonly TestDatabase? _owned;
    private readonly IEngine _engine;
    private readonly PortalDb _portal;

    private SupplyWorld(TestDatabase database, bool owned = false)
    {
        _owned = owned ? database : null;
        _engine = database.Engine == Engines.Sqlite ? new Portal.Sqlite.SqliteEngine(database.ConnectionString) : new Portal.PostgreSql.PostgreSqlEngine(database.ConnectionString);
        _portal = new PortalDb(_engine, TimeProvider.System, Ids, new AccessVersion(), options => options.LogTo(
            (_, level) => level >= Microsoft.Extensions.Logging.LogLevel.Information, e => Statements.Enqueue(e.ToString())));
    }

    public Company Alpine { get; } = new() { Id = Ids.Next(), Code = "ALPINE", Name = "Alpine", IsSupplier = true };
    public Company Elm { get; } = new() { Id = Ids.Next(), Code = "ELM", Name = "Elm", IsSupplier = true };
    public Company Bayside { get; } = new() { Id = Ids.Next(), Code = "BAYSIDE", Name = "Bayside", IsDistributor = true };
    public Company Harbour { get; } = new() { Id = Ids.Next(), Code = "HARBOUR", Name = "Harbour", IsDistributor = true };
    public Product Pump { get; } = new() { Id = Ids.Next(), Code = "P1", Name = "Pump" };
    public Product Valve { get; } = new() { Id = Ids.Next(), Code = "P2", Name = "Valve" };
    public Product Motor { get; } = new() { Id = Ids.Next(), Code = "P3", Name = "Motor" };
    public Person Seller { get; } = new() { Id = Ids.Next(), Name = "Seller", Email = "sales@portal.example" };
    public SalesStage Open { get; } = new() { Id = Ids.Next(), Code = "proposal", Name = "Proposal", Position = 1, Probability = 40, Kind = StageKind.Open };
    public SalesStage Won { get; } = new() { Id = Ids.Next(), Code = "won", Name = "Won", Position = 2, Probability = 100, Kind = StageKind.Won };

    /// <summary>The SQL that ran, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Statements { get; } = new();

    public static async Task<SupplyWorld> OnAsync(string engine)
    {
        var world = new SupplyWorld(await TestDatabases.CreateAsync(engine, Migrated), owned: true);
        await using var db = world.System();
        db.AddRange(world.Alpine, world.Elm, world.Bayside, world.Harbour, world.Pump, world.Valve, world.Motor, world.Seller, world.Open, world.Won);
        foreach (var (supplier, product) in new[] { (world.Alpine, world.Pump), (world.Alpine, world.Valve), (world.Elm, world.Motor) })
        {
            db.Add(new SupplierItem { Id = Ids.Next(), SupplierId = supplier.Id, ProductId = product.Id });
        }
        foreach (var kind in new[] { RecordClass.Product, RecordClass.SupplierItem, RecordClass.DemandSignal })
        {
            db.Add(Grant(db, world, ScopeKeys.Kind(CompanyRole.Supplier), Relationship.SupplierOf, kind, GrantActions.Read));
        }
        db.Add(Grant(db, world, ScopeKeys.Kind(CompanyRole.Distributor), Relationship.ParticipantIn, RecordClass.Product, GrantActions.Read));
        db.Add(Grant(db, world, ScopeKeys.Kind(CompanyRole.Distributor), Relationship.DistributorOf, RecordClass.DemandSignal, GrantActions.Read | GrantActions.Edit));
        await db.SaveChangesAsync();
        world.Statements.Clear();
        return world;
    }

    public PortalDbContext System() => _portal.For(AccessScope.System("test"));

    public PortalDbContext Staff(params string[] functions) => _portal.For(AccessScope.ForStaff(Seller.Id, Seller.Name, functions, [], [], []));

    public async Task<PortalDbContext> AsAsync(Company company)
    {
        await using var system = System();
        string[] functions = [company.IsSupplier ? Functions.SupplierPerson : Functions.DistributorPerson];
        return _portal.For((await ScopeBuilder.ForPartnerAsync(system, Ids.Next(), "Partner", company.Id, functions, default))!);
    }

    public async Task<ReplaceDemandBatch.Outcome> DeliverAsync(DemandSource source, string origin, params DemandFigure[] figures)
    {
        await using var db = Staff(Functions.Procurement);
        return (await new ReplaceDemandBatch(db).ExecuteAsync(new(source, origin), figures.ToAsyncEnumerable(), default)).Value;
    }

    public async Task<Opportunity> OpportunityAsync(int quantity, DateOnly? closes)
    {
        await using var db = Staff(Functions.Sales);
        var opportunity = new Opportunity { Id = Ids.Next(), Number = $"OP-{Ids.Next()}", Title = "Pumps", CustomerId = Harbour.Id, OwnerId = Seller.Id, StageId = Open.Id, CloseDate = closes };
        opportunity.Enter(Open, null, db.Now, Seller.Id, Ids.Next());
        opportunity.Lines.Add(OpportunityLine.Of(Ids.Next(), opportunity.Id, Pump.Id, quantity, 10));
        db.Add(opportunity);
        await db.SaveChangesAsync();
        return opportunity;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is IAsyncDisposable asynchronous) { await asynchronous.DisposeAsync(); }
        else { ((IDisposable)_engine).Dispose(); }
        if (_owned is not null) { await _owned.DisposeAsync(); }
    }

    private static AccessGrant Grant(PortalDbContext db, SupplyWorld world, string key, Relationship relationship, RecordClass kind, GrantActions actions) => new()
    {
        Id = Ids.Next(), Key = key, Relationship = relationship, RecordClass = kind, Fields = FieldSet.Full, Actions = actions,
        From = db.Now.AddDays(-1), Until = db.Now.AddDays(1), Reason = "test", GrantedBy = world.Seller.Id,
    };
}
