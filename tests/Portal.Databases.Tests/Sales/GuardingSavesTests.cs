using Microsoft.EntityFrameworkCore;
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
}
