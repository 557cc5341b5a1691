using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;

namespace Portal.Web.Demo;

/// <summary>The demo house while it is being built: its clock, its contexts (one per acting person, all in one transaction) and what stands already.</summary>
internal sealed class DemoHouse : IAsyncDisposable
{
    private const string Door = "command:demo";

    private readonly PortalDb _portal;
    private readonly Dictionary<long, PortalDbContext> _acting = [];

    /// <param name="now">Nothing in the house is later, except what is planned.</param>
    public DemoHouse(PortalDb portal, DateTimeOffset now, int scale)
    {
        (Now, Today, Scale) = (now, DateOnly.FromDateTime(now.UtcDateTime), scale);
        Clock = new DemoClock(DayAgo(430));
        _portal = new PortalDb(portal.Engine, Clock, new IdSource(Clock), portal.AccessVersion);
        Db = _portal.For(AccessScope.System("demo data"), Door);
    }

    public DateTimeOffset Now { get; }
    public DateOnly Today { get; }
    public int Scale { get; }
    public DemoClock Clock { get; }

    /// <summary>Acts for nobody in particular.</summary>
    public PortalDbContext Db { get; }

    public Dictionary<string, Person> People { get; } = [];
    public Dictionary<string, Territory> Territories { get; } = [];
    public Dictionary<string, SalesStage> Stages { get; } = [];
    public Dictionary<string, Company> Partners { get; } = [];
    public List<Company> Competitors { get; } = [];
    public List<Company> Customers { get; } = [];
    public Dictionary<long, List<Contact>> Contacts { get; } = [];
    public List<Product> Products { get; } = [];
    public Dictionary<string, List<Product>> ProductsBySupplier { get; } = [];
    public List<OpportunityPlan> Opportunities { get; } = [];

    public long NewId() => Db.Ids.Next();

    public DateTimeOffset DayAgo(int days, int hour = 9, int minute = 0) => new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-days).AddHours(hour).AddMinutes(minute);

    /// <summary>The context in which the person acts.</summary>
    public async Task<PortalDbContext> AsAsync(Person person, CancellationToken ct)
    {
        if (_acting.TryGetValue(person.Id, out var known)) { return known; }
        var db = _portal.For(AccessScope.System("demo data", person.Id, person.Name), Door);
        db.Database.SetDbConnection(Db.Database.GetDbConnection());
        await db.Database.UseTransactionAsync(Db.Database.CurrentTransaction!.GetDbTransaction(), ct);
        return _acting[person.Id] = db;
    }

    /// <summary>Saves what the person did at that time.</summary>
    public async Task SaveAsync(Person person, DateTimeOffset at, IEnumerable<object> made, CancellationToken ct)
    {
        Clock.MoveTo(at);
        var db = await AsAsync(person, ct);
        db.AddRange(made);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    public async Task SaveAsync(CancellationToken ct)
    {
        await Db.SaveChangesAsync(ct);
        Db.ChangeTracker.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var db in _acting.Values) { await db.DisposeAsync(); }
        await Db.DisposeAsync();
    }
}

/// <summary>A sale as it went or goes; made before it is written, so that who acts first also writes first.</summary>
internal sealed record OpportunityPlan(int Index, Company Customer, Person Owner, Company? Partner, bool Chinese)
{
    public Opportunity? Written { get; set; }
}
