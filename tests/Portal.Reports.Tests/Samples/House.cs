using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

[assembly: AssemblyFixture(typeof(Portal.Reports.Tests.Samples.SharedHouse))]

namespace Portal.Reports.Tests.Samples;

/// <summary>
/// A small house on a real database: channel partners Cascade and Dune, suppliers Alpine and Elm, distributor Bayside. What belongs to one
/// of them alone carries its name in every text.
/// </summary>
public sealed class House : IAsyncDisposable
{
    private static readonly TestTemplate Filled = new(async (database, ct) =>
    {
        await using var house = new House(database, owned: false);
        await using var db = house.System();
        await db.Database.MigrateAsync(ct);
        Fill(db);
        await db.SaveChangesAsync(ct);
    });

    private readonly TestDatabase? _owned;
    private readonly IEngine _engine;
    private readonly PortalDb _portal;

    private House(TestDatabase database, bool owned)
    {
        _owned = owned ? database : null;
        _engine = database.Engine == Engines.Sqlite ? new Sqlite.SqliteEngine(database.ConnectionString) : new PostgreSql.PostgreSqlEngine(database.ConnectionString);
        var clock = new StoppedClock(Any.Now);
        _portal = new PortalDb(_engine, clock, new IdSource(TimeProvider.System), new AccessVersion());
    }

    public const long Bayside = 7, Cascade = 8, Dune = 9, Alpine = 10, Elm = 11, Customer = 12, Seller = 20, OtherSeller = 21, Lead = 31, Proposal = 32, Won = 33;

    /// <summary>For tests that need any database and write nothing.</summary>
    public static Task<House> SharedAsync() => SharedHouse.One.Value;

    public static async Task<House> OnAsync(string engine) => new(await TestDatabases.CreateAsync(engine, Filled), owned: true);

    public PortalDbContext System() => _portal.For(AccessScope.System("test"));

    public PortalDbContext Staff(params string[] functions) => _portal.For(AccessScope.ForStaff(Seller, "Li Na", functions, [], [], []));

    public async Task<PortalDbContext> PartnerAsync(long company, params string[] functions)
    {
        await using var system = System();
        return _portal.For((await ScopeBuilder.ForPartnerAsync(system, 900 + company, "Partner person", company, functions, default))!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is IAsyncDisposable asynchronous) { await asynchronous.DisposeAsync(); }
        else { (_engine as IDisposable)?.Dispose(); }
        if (_owned is not null) { await _owned.DisposeAsync(); }
    }

    private static void Fill(PortalDbContext db)
    {
        var day = new DateOnly(2026, 3, 9);
        db.AddRange(
            new Company { Id = Bayside, Code = "BAYSIDE", Name = "Bayside & Sons <Ltd>", IsDistributor = true },
            new Company { Id = Cascade, Code = "CASCADE", Name = "Cascade", IsChannelPartner = true },
            new Company { Id = Dune, Code = "DUNE", Name = "Dune", IsChannelPartner = true },
            new Company { Id = Alpine, Code = "ALPINE", Name = "Alpine", IsSupplier = true },
            new Company { Id = Elm, Code = "ELM", Name = "Elm", IsSupplier = true },
            new Company { Id = Customer, Code = "SHENTONG", Name = "上海申通机电", IsCustomer = true, City = "上海", Country = "CN", Status = CompanyStatus.Active, Size = CompanySize.Medium, OwnerId = Seller, PartnerId = Cascade },
            new Company { Id = 13, Code = "ZINC", Name = "Zinc Works", IsCustomer = true, Status = CompanyStatus.Paused },
            new Contact { Id = 41, CompanyId = Customer, FirstName = "芳", LastName = "王", Email = "wang@shentong.example" },
            new Contact { Id = 42, CompanyId = Customer, FirstName = "Late", LastName = "Comer", Email = "late@shentong.example" },
            new Person { Id = Seller, Name = "Li Na", Email = "sales@portal.example" },
            new Person { Id = OtherSeller, Name = "Ada", Email = "other@portal.example" },
            new SalesStage { Id = Lead, Code = "lead", Name = "Lead", NameZh = "线索", Position = 1, Probability = 10, Kind = StageKind.Open },
            new SalesStage { Id = Proposal, Code = "proposal", Name = "Proposal", NameZh = "方案报价", Position = 2, Probability = 40, Kind = StageKind.Open },
            new SalesStage { Id = Won, Code = "won", Name = "Won", NameZh = "赢单", Position = 3, Probability = 100, Kind = StageKind.Won });
        Opportunity(101, "Pumps for cascade", Lead, 10, 1000m, "EUR", Cascade, Seller, day.AddDays(30));
        Opportunity(102, "Valves for cascade", Proposal, 40, 500.25m, "EUR", Cascade, OtherSeller, day.AddDays(10));
        Opportunity(103, "Motors for dune", Proposal, 40, 8000m, "CNY", Dune, OtherSeller, day.AddDays(20));
        Opportunity(104, "Fans without partner", Lead, 10, 70m, "EUR", null, Seller, null);
        Opportunity(105, "Done with dune", Won, 100, 99m, "EUR", Dune, Seller, day.AddDays(-5));

        Product(201, "P-1", "Alpine pump", Alpine, 12.5m);
        Product(202, "P-2", "Alpine 水泵", Alpine, 20m);
        Product(203, "P-3", "Elm motor", Elm, 33m);
        var batch = new DemandBatch { Id = 300, Source = DemandSource.Order, Origin = "test", ReporterId = Bayside };
        db.Add(batch);
        // Three days of one week and the Monday after.
        Signal(301, 201, DemandSource.Order, day, DemandPeriod.Day, 5, Customer);
        Signal(302, 201, DemandSource.Order, day.AddDays(2), DemandPeriod.Day, 7.5m, Customer);
        Signal(303, 201, DemandSource.Order, day.AddDays(6), DemandPeriod.Day, 1, Customer);
        Signal(304, 201, DemandSource.Order, day.AddDays(7), DemandPeriod.Week, 20, Customer);
        Signal(305, 203, DemandSource.SellThrough, day, DemandPeriod.Week, 11, Bayside);
        Signal(306, 201, DemandSource.StockOnHand, day, DemandPeriod.Week, 100, Bayside);

        db.AddRange(
            new Document { Id = 400, Title = "Price list", OwnerId = Seller, Status = DocumentStatus.Published, CurrentVersionId = 401 },
            new DocumentVersion { Id = 401, DocumentId = 400, Number = 1, FileName = "prices.pdf", ContentType = "application/pdf", Size = 1, Sha256 = new string('0', 64), UploadedAt = Any.Now, UploadedBy = Seller });
        Receipt(411, Cascade, "Cascade person", ReceiptKind.Downloaded, new(2026, 3, 8, 15, 59, 0, TimeSpan.Zero));
        Receipt(412, Cascade, "Cascade person", ReceiptKind.Confirmed, new(2026, 3, 8, 16, 1, 0, TimeSpan.Zero));
        Receipt(413, Dune, "Dune person", ReceiptKind.Downloaded, Any.Now);

        Grant(501, ScopeKeys.Kind(CompanyRole.ChannelPartner), Relationship.RegisteredOn, RecordClass.Opportunity);
        foreach (var (kind, i) in new[] { RecordClass.Product, RecordClass.SupplierItem, RecordClass.DemandSignal }.Select((k, i) => (k, i)))
        {
            Grant(510 + i, ScopeKeys.Kind(CompanyRole.Supplier), Relationship.SupplierOf, kind);
        }
        Grant(520, ScopeKeys.Kind(CompanyRole.Distributor), Relationship.ParticipantIn, RecordClass.Product);
        Grant(521, ScopeKeys.Kind(CompanyRole.Distributor), Relationship.DistributorOf, RecordClass.DemandSignal);
        Share(601, RecordClass.Document, 400, ScopeKeys.AllPartners);
        Share(602, RecordClass.Opportunity, 103, ScopeKeys.Company(Cascade));

        void Opportunity(long id, string title, long stage, int chance, decimal amount, string currency, long? partner, long owner, DateOnly? closes) => db.Add(new Opportunity
        {
            Id = id, Number = $"OP-{id}", Title = title, StageId = stage, Probability = chance, Amount = amount, Currency = currency, PartnerId = partner, OwnerId = owner,
            OwnerName = owner == Seller ? "Li Na" : "Ada", CustomerId = Customer, CustomerName = $"Customer of {title}", CloseDate = closes, OpenedOn = new(2026, 1, 5),
        }.In(stage));

        void Product(long id, string code, string name, long supplier, decimal price) => db.AddRange(
            new Product { Id = id, Code = code, Name = name, Unit = "PCE" },
            new SupplierItem { Id = id + 50, SupplierId = supplier, ProductId = id, SupplierCode = $"{name} code", LeadTimeDays = 14, MinimumQuantity = 10, MultipleQuantity = 5, StandardPrice = price, Preferred = true });

        void Signal(long id, long product, DemandSource source, DateOnly period, DemandPeriod granularity, decimal quantity, long company) => db.Add(new DemandSignal
        {
            Id = id, BatchId = 300, ProductId = product, Source = source, Period = period, Granularity = granularity, Quantity = quantity, CompanyId = company, Site = "secret site",
        });

        void Receipt(long id, long company, string person, ReceiptKind kind, DateTimeOffset at) => db.Add(new DocumentReceipt
        {
            Id = id, DocumentId = 400, VersionId = 401, PersonId = Seller, PersonName = person, CompanyId = company, Kind = kind, At = at,
        });

        void Grant(long id, string key, Relationship relationship, RecordClass kind) => db.Add(new AccessGrant
        {
            Id = id, Key = key, Relationship = relationship, RecordClass = kind, Fields = FieldSet.Full, Actions = GrantActions.Read,
            From = Any.Now.AddDays(-1), Until = Any.Now.AddDays(30), Reason = "test", GrantedBy = Seller,
        });

        void Share(long id, RecordClass kind, long record, string key) => db.Add(new Share
        {
            Id = id, Key = key, RecordClass = kind, RecordId = record, Fields = FieldSet.Summary, Actions = GrantActions.Read, Reason = "test",
            Until = Any.Now.AddDays(30), SharedBy = Seller, SharedAt = Any.Now,
        });
    }
}

/// <summary>Ends the shared house after the last test.</summary>
public sealed class SharedHouse : IAsyncLifetime
{
    internal static readonly Lazy<Task<House>> One = new(() => House.OnAsync(Engines.Sqlite));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (One.IsValueCreated) { await (await One.Value).DisposeAsync(); }
    }
}

internal static class Stages
{
    /// <summary>In the stage as its history tells it.</summary>
    public static Opportunity In(this Opportunity opportunity, long stage)
    {
        var kind = stage == House.Won ? StageKind.Won : StageKind.Open;
        opportunity.Enter(new SalesStage { Id = stage, Code = "x", Name = "x", Position = 1, Probability = opportunity.Probability, Kind = kind }, null, Any.Now, House.Seller, opportunity.Id + 1000);
        return opportunity;
    }
}
