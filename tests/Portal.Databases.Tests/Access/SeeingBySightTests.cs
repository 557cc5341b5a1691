using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Sqlite;
using Xunit;

namespace Portal.Databases.Tests.Access;

public sealed class SeeingBySightTests : IAsyncLifetime
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"portal-{Guid.NewGuid():N}.db");
    private readonly SqliteEngine _engine;
    private readonly PortalDb _portal;
    private readonly IdSource _ids = new(TimeProvider.System);
    private Company _cascade = null!, _dune = null!, _supplier = null!;
    private Opportunity _opportunity = null!;
    private Person _owner = null!;

    public SeeingBySightTests()
    {
        _engine = new SqliteEngine($"Data Source={_file}");
        _portal = new PortalDb(_engine, TimeProvider.System, _ids, new AccessVersion());
    }

    public async ValueTask InitializeAsync()
    {
        await using var db = _portal.For(AccessScope.System("test"));
        await db.Database.MigrateAsync();
        _cascade = new Company { Id = _ids.Next(), Code = "CASCADE", Name = "Cascade", IsChannelPartner = true };
        _dune = new Company { Id = _ids.Next(), Code = "DUNE", Name = "Dune", IsChannelPartner = true };
        _supplier = new Company { Id = _ids.Next(), Code = "ALPINE", Name = "Alpine 高山", IsSupplier = true };
        _owner = new Person { Id = _ids.Next(), Name = "Sales", Email = "sales@portal.example" };
        var stage = new SalesStage { Id = _ids.Next(), Code = "lead", Name = "Lead", Position = 1, Probability = 10, Kind = StageKind.Open };
        var product = new Product { Id = _ids.Next(), Code = "P1", Name = "Pump" };
        _opportunity = new Opportunity { Id = _ids.Next(), Number = "OP-1", Title = "Pumps", CustomerId = _supplier.Id, PartnerId = _cascade.Id, OwnerId = _owner.Id, StageId = stage.Id };
        _opportunity.Lines.Add(OpportunityLine.Of(_ids.Next(), _opportunity.Id, product.Id, 3, 12.5m));
        db.AddRange(_cascade, _dune, _supplier, _owner, stage, product, _opportunity);
        foreach (var key in new[] { ScopeKeys.Kind(CompanyRole.ChannelPartner) })
        {
            db.Add(new AccessGrant
            {
                Id = _ids.Next(), Key = key, Relationship = Relationship.RegisteredOn, RecordClass = RecordClass.Opportunity, Fields = FieldSet.Full,
                Actions = GrantActions.Read, From = db.Now.AddDays(-1), Until = db.Now.AddDays(1), Reason = "test", GrantedBy = _owner.Id,
            });
        }
        await db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _engine.Dispose();
        File.Delete(_file);
        return ValueTask.CompletedTask;
    }

    private async Task<PortalDbContext> As(Company company)
    {
        await using var system = _portal.For(AccessScope.System("test"));
        return _portal.For((await ScopeBuilder.ForPartnerAsync(system, _ids.Next(), "x", company.Id, [Functions.ResellerPerson], default))!);
    }

    [Fact]
    public async Task The_partner_it_is_registered_on_sees_it_with_its_lines_and_a_rival_nothing()
    {
        await using var cascade = await As(_cascade);
        await using var dune = await As(_dune);
        Assert.Equal(1, await cascade.Opportunities.CountAsync());
        Assert.Equal(1, await cascade.OpportunityLines.CountAsync());
        Assert.Equal(0, await dune.Opportunities.CountAsync());
        Assert.Equal(0, await dune.OpportunityLines.CountAsync());
        Assert.Equal([_dune.Id], await dune.Companies.Select(c => c.Id).ToListAsync());
    }

    [Fact]
    public async Task A_summary_share_shows_the_opportunity_without_its_lines_until_it_ends()
    {
        await ShareAsync(FieldSet.Summary, TimeSpan.FromDays(1));
        await using var dune = await As(_dune);
        Assert.Equal(1, await dune.Opportunities.CountAsync());
        Assert.Equal(0, await dune.SeenIn<Opportunity>(FieldSet.Full).CountAsync());
        Assert.Equal(0, await dune.OpportunityLines.CountAsync());
    }

    [Fact]
    public async Task A_share_that_has_ended_shows_nothing()
    {
        await ShareAsync(FieldSet.Full, TimeSpan.FromDays(-1));
        await using var dune = await As(_dune);
        Assert.Equal(0, await dune.Opportunities.CountAsync());
    }

    [Fact, Trait("asvs", "V8.3.1")]
    public async Task What_is_out_of_sight_cannot_be_written_or_pointed_at()
    {
        await using var dune = await As(_dune);
        dune.Add(new Comment
        {
            Id = _ids.Next(), RecordClass = RecordClass.Opportunity, RecordId = _opportunity.Id, AuthorId = dune.Scope.PersonId, AuthorName = "x", Body = "x", Internal = false, At = dune.Now,
        });
        await Assert.ThrowsAsync<ScopeViolationException>(() => dune.SaveChangesAsync());
        await using var system = _portal.For(AccessScope.System("test"));
        Assert.Equal(0, await system.Comments.CountAsync());
    }

    [Fact]
    public async Task Two_Chinese_characters_and_a_part_of_a_word_find_a_company()
    {
        await using var db = _portal.For(AccessScope.System("test"));
        Assert.Equal(["ALPINE"], await db.Companies.Matching(db, "高山").Select(c => c.Code).ToListAsync());
        Assert.Equal(["ALPINE"], await db.Companies.Matching(db, "lpin").Select(c => c.Code).ToListAsync());
        Assert.Equal(["CASCADE"], await db.Companies.Matching(db, "ca").Select(c => c.Code).ToListAsync());
        Assert.Empty(await db.Companies.Matching(db, "高原").ToListAsync());
    }

    private async Task ShareAsync(FieldSet fields, TimeSpan time)
    {
        await using var db = _portal.For(AccessScope.System("test"));
        db.Add(new Share
        {
            Id = _ids.Next(), Key = ScopeKeys.Company(_dune.Id), RecordClass = RecordClass.Opportunity, RecordId = _opportunity.Id, Fields = fields,
            Actions = GrantActions.Read, Reason = "test", Until = db.Now + time, SharedBy = _owner.Id, SharedAt = db.Now,
        });
        await db.SaveChangesAsync();
    }
}
