#pragma warning disable RS0030 // What a migration does to rows that are there is asked of its own statement.
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

/// <summary>Saves past every page and use case: what the context itself refuses, and what it does not read out.</summary>
public sealed class GuardingSavesTests
{
    [Theory, OnEachEngine]
    public async Task What_has_left_sight_since_it_was_read_is_not_changed(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann);
        await using var ann = await house.AsAsync(house.Ann);
        var read = await ann.Opportunities.SingleAsync(o => o.Id == opened.Id);
        await using (var system = house.System()) { await system.Opportunities.Where(o => o.Id == opened.Id).ExecuteUpdateAsync(o => o.SetProperty(x => x.OwnerId, house.Ben.Id)); }
        read.Title = "Still mine";

        await Assert.ThrowsAsync<ScopeViolationException>(() => ann.SaveChangesAsync());

        await using var db = house.System();
        Assert.Equal("Pumps", await db.Opportunities.Select(o => o.Title).SingleAsync());
    }

    [Theory, OnEachEngine]
    public async Task Nobody_makes_what_they_could_not_see(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await using var ann = await house.AsAsync(house.Ann);
        ann.Add(new Opportunity { Id = house.Id(), Number = "OP-1", Title = "For Ben", StageId = house.Lead.Id, OwnerId = house.Ben.Id, OpenedOn = ann.Today });

        await Assert.ThrowsAsync<ScopeViolationException>(() => ann.SaveChangesAsync());

        await using var db = house.System();
        Assert.Equal((0, 0), (await db.Opportunities.CountAsync(), await db.Audit.CountAsync(a => a.Entity == nameof(Opportunity))));
    }

    [Theory, OnEachEngine]
    public async Task A_companys_story_tells_of_an_opportunity_to_those_alone_who_see_it(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        foreach (var (person, reads) in new[] { (house.Ann, true), (house.Lea, true), (house.Channel, true), (house.Ben, false), (house.Max, false) })
        {
            await using var db = await house.AsAsync(person);
            Assert.Equal((person.Name, reads), (person.Name, (await db.TimelineOfCompanyAsync(house.Customer.Id, null, 50, default)).Entries.Any(e => e.RecordId == opened.Id)));
        }
        await using var cascade = await house.AsAsync(house.Cascade);
        Assert.Empty(await cascade.Timeline.ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_partners_story_tells_of_what_was_registered_on_it_then_to_those_alone_who_see_it(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var opened = await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.OpenAsync(house.Ann, house.Draft() with { CustomerId = null, PartnerId = house.Cascade.Id });
        await using (var ann = await house.AsAsync(house.Ann))
        {
            Assert.True((await new AddComment(ann).ExecuteAsync(new(opened.Id, "Called them", Internal: true), default)).Succeeded);
            Assert.True((await new EditOpportunity(ann).ExecuteAsync(new(opened.Id, opened.Version, house.Draft() with { OwnerId = house.Ann.Id, PartnerId = house.Dune.Id }), default)).Succeeded);
        }
        foreach (var (person, reads) in new[] { (house.Ann, true), (house.Lea, true), (house.Channel, true), (house.Ben, false), (house.Max, false) })
        {
            await using var db = await house.AsAsync(person);
            Assert.Equal((person.Name, reads ? "opportunity.created, opportunity.created, comment.created" : ""), (person.Name, await ToldAsync(db, house.Cascade.Id)));
            Assert.Equal((person.Name, reads ? "opportunity.changed" : ""), (person.Name, await ToldAsync(db, house.Dune.Id)));
        }
        // The house's memory: whom it is about does not read it.
        foreach (var partner in new[] { house.Cascade, house.Dune })
        {
            await house.GrantAsync(partner, FieldSet.Full, GrantActions.Read);
            await using var db = await house.AsAsync(partner);
            Assert.Equal("", await ToldAsync(db, house.Cascade.Id) + await ToldAsync(db, house.Dune.Id));
        }

        async Task<string> ToldAsync(PortalDbContext db, long company)
        {
            List<TimelineEntry> told = [];
            for (long? before = null; ;)
            {
                var page = await db.TimelineOfCompanyAsync(company, before, 1, default);
                told.AddRange(page.Entries);
                if ((before = page.Before) is null) { break; }
            }
            return string.Join(", ", told.Where(e => e.RecordClass is not null).Reverse().Select(e => e.Kind));
        }
    }

    [Theory, OnEachEngine]
    public async Task What_was_told_before_partners_had_a_story_is_theirs_after_the_migration(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await house.OpenAsync(house.Ann, house.Draft() with { PartnerId = house.Cascade.Id });
        await house.OpenAsync(house.Ann, house.Draft() with { CustomerId = null, PartnerId = house.Cascade.Id });
        await house.OpenAsync(house.Ann);
        await using var db = house.System();
        var told = await db.Timeline.OrderBy(e => e.Id).Select(e => e.PartnerId).ToListAsync();
        Assert.Equal(1, told.Count(p => p == house.Cascade.Id));
        await db.Timeline.ExecuteUpdateAsync(e => e.SetProperty(x => x.PartnerId, (long?)null));

        var migrations = db.GetService<IMigrationsAssembly>();
        var filling = migrations.CreateMigration(migrations.Migrations.Single(m => m.Key.EndsWith("_PartnersTimeline", StringComparison.Ordinal)).Value, db.Database.ProviderName!)
            .UpOperations.OfType<SqlOperation>().Single(o => o.Sql.StartsWith("UPDATE", StringComparison.Ordinal));
        await db.Database.ExecuteSqlRawAsync(filling.Sql);

        Assert.Equal(told, await db.Timeline.OrderBy(e => e.Id).Select(e => e.PartnerId).ToListAsync());
    }
}
