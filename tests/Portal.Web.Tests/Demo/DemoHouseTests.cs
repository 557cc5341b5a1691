using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Portal.Web.Demo;
using Xunit;

namespace Portal.Web.Tests.Demo;

public sealed class DemoHouseTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 14, 15, 30, 0, TimeSpan.Zero);

    private static readonly TestTemplate Filled = new(async (database, ct) => await DemoDatabase.FillAsync(database, new StoppedClock(Now), 1, ct));

    public static TheoryData<string> WhoLogsIn => [.. DemoPeople.WhoLogIn.Select(p => p.Email)];

    [Theory, OnEachEngine]
    public async Task It_has_what_a_house_needs(string engine)
    {
        await using var database = await TestDatabases.CreateAsync(engine, Filled, TestContext.Current.CancellationToken);
        await using var opened = DemoDatabase.Open(database, new StoppedClock(Now));
        await using var db = opened.Portal.For(AccessScope.System("test"));

        Assert.Equal(80, await db.Companies.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(60, await db.Products.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(250, await db.Opportunities.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["lead", "qualified", "opportunity", "proposal", "negotiation", "won", "lost", "cancelled"], await db.Stages.OrderBy(s => s.Position).Select(s => s.Code).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(7, await db.Grants.CountAsync(TestContext.Current.CancellationToken));
        Assert.All(await db.Shares.ToListAsync(TestContext.Current.CancellationToken), share => Assert.True(share.Until < Now.AddYears(1)));
        foreach (var source in Enum.GetValues<DemandSource>()) { Assert.True(await db.DemandSignals.AnyAsync(s => s.Source == source, TestContext.Current.CancellationToken), $"{source}"); }
        foreach (var kind in Enum.GetValues<StageKind>()) { Assert.InRange(await db.Opportunities.CountAsync(o => o.Outcome == kind, TestContext.Current.CancellationToken), 25, 200); }
    }

    [Fact]
    public async Task Two_runs_tell_the_same_story()
    {
        var first = await StoryAsync(1);
        Assert.Equal(first, await StoryAsync(1));
    }

    [Fact]
    public async Task A_larger_house_begins_like_the_usual_one()
    {
        var usual = await LinesAsync(1, db => db.Companies.Select(c => c.Code + c.Name));
        var larger = await LinesAsync(2, db => db.Companies.Select(c => c.Code + c.Name));
        Assert.Equal(DemoCompanies(2), larger.Count);
        Assert.Empty(usual.Except(larger));

        static int DemoCompanies(int scale) => 16 + 64 * scale;
    }

    [Theory, MemberData(nameof(WhoLogsIn))]
    public async Task Everybody_who_logs_in_is_somebody(string email)
    {
        await using var database = await TestDatabases.CreateAsync(Engines.Sqlite, Filled, TestContext.Current.CancellationToken);
        await using var opened = DemoDatabase.Open(database, new StoppedClock(Now));
        var scope = await opened.ScopeOfAsync(email);

        var demo = DemoPeople.All.Single(p => p.Email == email);
        Assert.Equal(demo.Company is null ? ScopeKind.Staff : ScopeKind.Partner, scope.Kind);
        Assert.Equal(demo.Functions.Order(), scope.Functions.Order());
    }

    [Theory, OnEachEngine]
    public async Task A_supplier_sees_the_products_it_supplies_and_no_more(string engine)
    {
        await using var database = await TestDatabases.CreateAsync(engine, Filled, TestContext.Current.CancellationToken);
        await using var opened = DemoDatabase.Open(database, new StoppedClock(Now));
        await using var all = opened.Portal.For(AccessScope.System("test"));
        var supplied = await all.SupplierItems.Where(i => i.Active && all.Companies.Any(c => c.Id == i.SupplierId && c.Code == "ALPINE")).Select(i => i.ProductId).OrderBy(i => i).ToListAsync(TestContext.Current.CancellationToken);
        var rivals = await all.SupplierItems.CountAsync(i => supplied.Contains(i.ProductId) && !all.Companies.Any(c => c.Id == i.SupplierId && c.Code == "ALPINE"), TestContext.Current.CancellationToken);

        await using var alpine = opened.Portal.For(await opened.ScopeOfAsync("supplier@alpine.example"));
        Assert.Equal(supplied, await alpine.Products.Select(p => p.Id).OrderBy(i => i).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(supplied.Count, await alpine.SupplierItems.CountAsync(i => i.Active, TestContext.Current.CancellationToken));
        Assert.Empty((await alpine.DemandSignals.Select(s => s.ProductId).Distinct().ToListAsync(TestContext.Current.CancellationToken)).Except(supplied));
        Assert.InRange(supplied.Count, 10, 40);
        Assert.True(rivals > 5, "Suppliers compete.");
    }

    [Theory, OnEachEngine]
    public async Task Rival_channel_partners_see_no_opportunity_of_each_other_unless_it_was_shared(string engine)
    {
        await using var database = await TestDatabases.CreateAsync(engine, Filled, TestContext.Current.CancellationToken);
        await using var opened = DemoDatabase.Open(database, new StoppedClock(Now));
        await using var cascade = opened.Portal.For(await opened.ScopeOfAsync("reseller@cascade.example"));
        await using var dune = opened.Portal.For(await opened.ScopeOfAsync("reseller@dune.example"));
        var ofCascade = await cascade.Opportunities.Select(o => new { o.Id, Own = o.PartnerId == cascade.Scope.CompanyId }).ToListAsync(TestContext.Current.CancellationToken);
        var ofDune = await dune.Opportunities.Select(o => new { o.Id, Own = o.PartnerId == dune.Scope.CompanyId }).ToListAsync(TestContext.Current.CancellationToken);

        Assert.InRange(ofCascade.Count(o => o.Own), 25, 90);
        Assert.InRange(ofDune.Count(o => o.Own), 5, 50);
        await using var all = opened.Portal.For(AccessScope.System("test"));
        var shared = await all.Shares.Where(s => s.RecordClass == RecordClass.Opportunity && s.Until > all.Now).Select(s => s.RecordId).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Empty(ofCascade.Select(o => o.Id).Intersect(ofDune.Select(o => o.Id)).Except(shared));
        Assert.Empty(ofCascade.Where(o => !o.Own).Select(o => o.Id).Except(shared));
        Assert.Empty(ofDune.Where(o => !o.Own).Select(o => o.Id).Except(shared));
        Assert.Contains(ofDune, o => !o.Own);
    }

    [Fact]
    public async Task Deliveries_of_demand_figures_are_called_by_words_and_not_by_keys_of_a_program()
    {
        var deliveries = await LinesAsync(1, db => db.DemandBatches.Select(b => b.Origin));
        Assert.NotEmpty(deliveries);
        Assert.All(deliveries.Where(d => !d.StartsWith("opportunity:", StringComparison.Ordinal)), d => Assert.DoesNotContain(':', d));
    }

    [Fact]
    public async Task The_past_is_told_in_order_and_by_those_who_acted()
    {
        await using var database = await TestDatabases.CreateAsync(Engines.Sqlite, Filled, TestContext.Current.CancellationToken);
        await using var opened = DemoDatabase.Open(database, new StoppedClock(Now));
        await using var db = opened.Portal.For(AccessScope.System("test"));
        var timeline = await db.Timeline.OrderBy(t => t.Id).Select(t => new { t.At, t.PersonName, t.Kind }).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(timeline.Select(t => t.At).Order(), timeline.Select(t => t.At));
        Assert.All(timeline, t => Assert.True(t.At < Now));
        var sellers = DemoPeople.All.Where(p => p.Email.StartsWith("sales", StringComparison.Ordinal)).Select(p => p.Name).ToHashSet();
        Assert.All(timeline.Where(t => t.Kind.StartsWith("opportunity.", StringComparison.Ordinal)), t => Assert.Contains(t.PersonName, sellers));
        Assert.False(await db.StageChanges.AnyAsync(c => c.At > Now, TestContext.Current.CancellationToken));
    }

    private static async Task<string> StoryAsync(int scale)
    {
        var lines = await LinesAsync(scale,
            db => db.Companies.Select(c => $"{c.Code}|{c.Name}|{c.LegalName}|{c.TaxId}|{c.WebDomain}|{c.Status}|{c.EmployeeCount}"),
            db => db.Contacts.Select(c => $"{c.FirstName}|{c.LastName}|{c.Email}|{c.JobTitle}|{c.Consent}|{db.Contacts.Where(m => m.Id == c.ManagerId).Select(m => m.Email).FirstOrDefault()}"),
            db => db.Products.Select(p => $"{p.Code}|{p.Name}|{p.ListPrice}|{p.StandardCost}|{p.Lifecycle}"),
            db => db.Opportunities.Select(o => $"{o.Title}|{o.CustomerName}|{o.OwnerName}|{o.Amount}|{o.CloseDate}|{o.Outcome}|{o.Probability}|{o.NextStep}|{o.OutcomeReason}|{o.StageSince}"),
            db => db.Comments.Select(c => $"{c.AuthorName}|{c.Body}|{c.At}|{c.Internal}"),
            db => db.DemandSignals.Select(s => $"{db.Products.First(p => p.Id == s.ProductId).Code}|{s.Period}|{s.Source}|{s.Quantity}|{s.Site}"));
        return string.Join('\n', lines);
    }

    private static async Task<List<string>> LinesAsync(int scale, params Func<PortalDbContext, IQueryable<string>>[] questions)
    {
        await using var database = await TestDatabases.CreateAsync(Engines.Sqlite, ct: TestContext.Current.CancellationToken);
        await DemoDatabase.FillAsync(database, new StoppedClock(Now), scale, TestContext.Current.CancellationToken);
        await using var opened = DemoDatabase.Open(database, new StoppedClock(Now));
        await using var db = opened.Portal.For(AccessScope.System("test"));
        var lines = new List<string>();
        foreach (var ask in questions) { lines.AddRange((await ask(db).ToListAsync(TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal)); }
        return lines;
    }
}
