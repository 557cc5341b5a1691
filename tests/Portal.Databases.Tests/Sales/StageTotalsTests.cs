using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Sales;

public sealed class StageTotalsTests
{
    [Theory, OnEachEngine]
    public async Task Whatever_is_written_the_totals_are_what_adding_up_gives_for_every_asker(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await house.GrantAsync(house.Cascade, FieldSet.Full, GrantActions.Read);
        await house.GrantAsync(house.Dune, FieldSet.Summary, GrantActions.Read);
        var random = new Random(20261122);
        Person?[] owners = [house.Ann, house.Ben, house.Lea, house.Max, null];
        SalesStage[] stages = [house.Lead, house.Proposal, house.Won, house.Lost];
        long?[] partners = [house.Cascade.Id, house.Dune.Id, null], territories = [house.North.Id, house.South.Id, null];
        string[] currencies = ["EUR", "USD", "CNY"];
        for (var round = 0; round < 12; round++)
        {
            await WriteAsync();
            await CheckAsync();
        }

        async Task WriteAsync()
        {
            await using var db = house.System();
            var all = await db.Opportunities.ToListAsync();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                if (all.Count == 0 || random.Next(3) == 0)
                {
                    var opportunity = new Opportunity { Id = house.Id(), Number = $"T-{house.Id()}", Title = "x", StageId = house.Lead.Id };
                    Change(opportunity);
                    db.Add(opportunity);
                }
                else if (random.Next(6) == 0)
                {
                    db.RemoveRange(all[^1]);
                    all.RemoveAt(all.Count - 1);
                }
                else { Change(all[random.Next(all.Count)]); }
            }
            await db.SaveChangesAsync();
            // A write that no entity carries.
            if (random.Next(3) == 0)
            {
                await db.Opportunities.Where(o => o.StageId == house.Proposal.Id).ExecuteUpdateAsync(o => o.SetProperty(x => x.TerritoryId, territories[random.Next(3)]).SetProperty(x => x.Amount, 7.25m));
            }
            if (random.Next(2) == 0 && all.Count > 0)
            {
                string[] keys = [ScopeKeys.Company(house.Cascade.Id), ScopeKeys.Company(house.Dune.Id), ScopeKeys.Person(house.Max.Id)];
                await house.ShareAsync(all[random.Next(all.Count)].Id, keys[random.Next(3)], random.Next(2) == 0 ? FieldSet.Full : FieldSet.Summary, GrantActions.Read);
            }
        }

        void Change(Opportunity opportunity)
        {
            var (owner, stage) = (owners[random.Next(5)], stages[random.Next(4)]);
            (opportunity.OwnerId, opportunity.PartnerId, opportunity.TerritoryId) = (owner?.Id, partners[random.Next(3)], territories[random.Next(3)]);
            (opportunity.Amount, opportunity.Currency) = (random.Next(0, 1_000_000) / 100m, currencies[random.Next(3)]);
            opportunity.Enter(stage, "x", DateTimeOffset.UnixEpoch, 1, house.Id());
        }

        async Task CheckAsync()
        {
            foreach (var person in new[] { house.Ann, house.Lea, house.Max, house.Channel })
            {
                await using var db = await house.AsAsync(person);
                await SameAsync(db, db.Opportunities, null);
                await SameAsync(db, db.Opportunities.Where(o => o.OwnerId == house.Ben.Id), house.Ben.Id);
            }
            foreach (var partner in new[] { house.Cascade, house.Dune })
            {
                await using var db = await house.AsAsync(partner);
                await SameAsync(db, db.SeenIn<Opportunity>(FieldSet.Full), null);
            }
        }

        static async Task SameAsync(PortalDbContext db, IQueryable<Opportunity> seen, long? owner)
        {
            var counted = (await seen.Select(o => new { o.StageId, o.Currency, o.Amount }).ToListAsync()).GroupBy(o => (o.StageId, o.Currency))
                .Select(g => new StageTotal(g.Key.StageId, g.Key.Currency, g.Count(), g.Sum(o => o.Amount))).OrderBy(t => t.StageId).ThenByDescending(t => t.Amount).ThenBy(t => t.Currency);
            Assert.Equal(counted, await db.StageTotalsAsync(owner, default));
        }
    }
}
