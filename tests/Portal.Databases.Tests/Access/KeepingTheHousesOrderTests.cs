using Microsoft.EntityFrameworkCore;
using Portal.Databases.Tests.Sales;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Access;

/// <summary>Stages, territories and teams: what an administrator sets up and everybody else points at.</summary>
public sealed class KeepingTheHousesOrderTests
{
    [Theory, OnEachEngine]
    public async Task A_new_stage_is_called_by_its_name_and_a_closed_one_has_no_chance_of_its_own(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await using var db = await AdministratorAsync(house);
        var save = new SaveStage(db);
        var trial = (await save.ExecuteAsync(new(null, null, null, " Trial run at the site ", "试运行", 2, 70, StageKind.Open), default)).Value;
        Assert.Equal(("trial-run-at-the-site", "Trial run at the site", "试运行", 70), (trial.Code, trial.Name, trial.NameZh, trial.Probability));
        Assert.Equal(0, (await save.ExecuteAsync(new(null, null, "gone", "Gone elsewhere", null, 9, 70, StageKind.Lost), default)).Value.Probability);
        Assert.Equal(100, (await save.ExecuteAsync(new(house.Won.Id, 1, null, "Ordered", "已下单", 3, 5, StageKind.Lost), default)).Value.Probability);
        var ordered = await db.Stages.AsNoTracking().SingleAsync(s => s.Id == house.Won.Id);
        Assert.Equal(("Ordered", "won", StageKind.Won), (ordered.Name, ordered.Code, ordered.Kind));

        Assert.Equal(SaveStage.CodeTaken("lead"), (await save.ExecuteAsync(new(null, null, "lead", "Enquiry", null, 1, 5, StageKind.Open), default)).Refusal);
        Assert.Equal(SaveStage.CodeMissing, (await save.ExecuteAsync(new(null, null, null, "试运行", null, 1, 5, StageKind.Open), default)).Refusal);
        Assert.Equal(SaveStage.NameMissing, (await save.ExecuteAsync(new(null, null, "x", " ", null, 1, 5, StageKind.Open), default)).Refusal);
        Assert.Equal(SaveStage.ProbabilityOutOfRange, (await save.ExecuteAsync(new(null, null, "x", "X", null, 1, 101, StageKind.Open), default)).Refusal);
        Assert.Equal(SaveStage.PositionOutOfRange, (await save.ExecuteAsync(new(null, null, "x", "X", null, -1, 5, StageKind.Open), default)).Refusal);
        Assert.Equal(SaveStage.KindUnknown, (await save.ExecuteAsync(new(null, null, "x", "X", null, 1, 5, (StageKind)7), default)).Refusal);
        Assert.Equal(SaveStage.Changed, (await save.ExecuteAsync(new(house.Won.Id, 1, null, "Won again", null, 3, 100, StageKind.Won), default)).Refusal);
    }

    [Theory, OnEachEngine]
    public async Task A_changed_chance_holds_for_what_enters_the_stage_afterwards(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var before = await house.OpenAsync(house.Ann, stage: house.Proposal);
        await using (var db = await AdministratorAsync(house)) { await new SaveStage(db).ExecuteAsync(new(house.Proposal.Id, 1, null, "Proposal", null, 2, 65, StageKind.Open), default); }
        var after = await house.OpenAsync(house.Ann, stage: house.Proposal);
        await using var system = house.System();
        Assert.Equal((50, 65), (await Chance(before.Id), await Chance(after.Id)));

        Task<int> Chance(long id) => system.Opportunities.Where(o => o.Id == id).Select(o => o.Probability).SingleAsync();
    }

    [Theory, OnEachEngine]
    public async Task A_stage_stays_while_history_tells_of_it_and_the_last_of_its_kind_stays(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var sale = await house.OpenAsync(house.Ann, stage: house.Lead);
        await using (var ann = await house.AsAsync(house.Ann)) { await new MoveOpportunity(ann).ExecuteAsync(new(sale.Id, house.Proposal.Id), default); }
        await using var db = await AdministratorAsync(house);
        var save = new SaveStage(db);
        Assert.Equal(SaveStage.InUse, await save.RemoveAsync(house.Proposal.Id, default));
        Assert.Equal(SaveStage.InUse, await save.RemoveAsync(house.Lead.Id, default));
        Assert.Equal(SaveStage.LastOfKind, await save.RemoveAsync(house.Won.Id, default));
        Assert.Equal(SaveStage.NotFound, await save.RemoveAsync(4711, default));
        var trial = (await save.ExecuteAsync(new(null, null, "trial", "Trial", null, 2, 70, StageKind.Open), default)).Value;
        Assert.Null(await save.RemoveAsync(trial.Id, default));
        Assert.False(await db.Stages.AnyAsync(s => s.Id == trial.Id));
    }

    [Theory, OnEachEngine]
    public async Task Territories_lie_within_larger_ones_and_stay_while_anything_names_them(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await using var db = await AdministratorAsync(house);
        var save = new SaveTerritory(db);
        var coast = (await save.ExecuteAsync(new(null, null, "COAST", "Coast", " Europe ", house.North.Id), default)).Value;
        Assert.Equal(("Europe", house.North.Id), (coast.Region, coast.ParentId));
        Assert.Equal(CompanyRefusals.TerritoryCircle, (await save.ExecuteAsync(new(house.North.Id, 1, "N", "North", null, coast.Id), default)).Refusal);
        Assert.Equal(SaveTerritory.ParentUnknown, (await save.ExecuteAsync(new(null, null, "X", "X", null, 4711), default)).Refusal);
        Assert.Equal(SaveTerritory.CodeTaken("COAST"), (await save.ExecuteAsync(new(house.South.Id, 1, "COAST", "South"), default)).Refusal);
        Assert.Equal(SaveTerritory.CodeMissing, (await save.ExecuteAsync(new(null, null, " ", "X"), default)).Refusal);
        Assert.Equal(SaveTerritory.NameMissing, (await save.ExecuteAsync(new(null, null, "X", ""), default)).Refusal);

        Assert.Equal(SaveTerritory.InUse, await save.RemoveAsync(house.North.Id, default));
        await using (var system = house.System())
        {
            var customer = await system.Companies.SingleAsync(c => c.Id == house.Customer.Id);
            customer.TerritoryId = coast.Id;
            await system.SaveChangesAsync();
            Assert.Equal(SaveTerritory.InUse, await save.RemoveAsync(coast.Id, default));
            customer.TerritoryId = null;
            var looksAfter = new PersonTerritory { PersonId = house.Max.Id, TerritoryId = coast.Id };
            system.Add(looksAfter);
            await system.SaveChangesAsync();
            Assert.Equal(SaveTerritory.InUse, await save.RemoveAsync(coast.Id, default));
            system.Remove(looksAfter);
            await system.SaveChangesAsync();
        }
        var sale = await house.OpenAsync(house.Ann);
        await house.ShareAsync(sale.Id, ScopeKeys.Territory(coast.Id), FieldSet.Summary, GrantActions.Read);
        Assert.Equal(SaveTerritory.InUse, await save.RemoveAsync(coast.Id, default));
        await using (var system = house.System()) { await system.Shares.ExecuteUpdateAsync(s => s.SetProperty(x => x.Until, system.Now)); }
        Assert.Null(await save.RemoveAsync(coast.Id, default));
        Assert.Null(await save.RemoveAsync(house.North.Id, default));
    }

    [Theory, OnEachEngine]
    public async Task Who_leads_a_team_sees_what_its_people_own_from_then_on(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        var sale = await house.OpenAsync(house.Ann);
        await using var db = await AdministratorAsync(house);
        var save = new SaveTeam(db);
        var north = await db.Teams.SingleAsync();
        Assert.True(await SeesAsync(house.Lea));
        Assert.True((await save.ExecuteAsync(new(north.Id, north.Version, "North and islands", house.Max.Id), default)).Succeeded);
        Assert.False(await SeesAsync(house.Lea));
        Assert.False(await SeesAsync(house.Max));
        await using (var system = house.System())
        {
            system.Add(new PersonFunction { PersonId = house.Max.Id, Function = Functions.SalesManager });
            await system.SaveChangesAsync();
        }
        Assert.True(await SeesAsync(house.Max));

        async Task<bool> SeesAsync(Person person)
        {
            await using var own = await house.AsAsync(person);
            return await own.Opportunities.AnyAsync(o => o.Id == sale.Id);
        }
    }

    [Theory, OnEachEngine]
    public async Task A_team_has_a_name_of_its_own_and_a_leader_of_the_house_and_stays_while_people_belong_to_it(string engine)
    {
        await using var house = await SalesHouse.OnAsync(engine);
        await using var db = await AdministratorAsync(house);
        var save = new SaveTeam(db);
        var north = await db.Teams.SingleAsync();
        Assert.Equal(SaveTeam.NameTaken("North"), (await save.ExecuteAsync(new(null, null, " North "), default)).Refusal);
        Assert.Equal(SaveTeam.NameMissing, (await save.ExecuteAsync(new(null, null, " "), default)).Refusal);
        Assert.Equal(SaveTeam.NameTooLong, (await save.ExecuteAsync(new(null, null, new string('n', Team.NameLength + 1)), default)).Refusal);
        Assert.Equal(SaveTeam.LeaderUnknown, (await save.ExecuteAsync(new(null, null, "East", 4711), default)).Refusal);
        await using (var system = house.System())
        {
            (await system.People.SingleAsync(p => p.Id == house.Max.Id)).Active = false;
            await system.SaveChangesAsync();
        }
        Assert.Equal(SaveTeam.LeaderUnknown, (await save.ExecuteAsync(new(null, null, "East", house.Max.Id), default)).Refusal);
        Assert.Equal(SaveTeam.InUse, await save.RemoveAsync(north.Id, default));
        var east = (await save.ExecuteAsync(new(null, null, "East", house.Ben.Id), default)).Value;
        Assert.Equal(SaveTeam.Changed, (await save.ExecuteAsync(new(east.Id, 4, "East"), default)).Refusal);
        var sale = await house.OpenAsync(house.Ann);
        await house.ShareAsync(sale.Id, ScopeKeys.Team(east.Id), FieldSet.Summary, GrantActions.Read);
        Assert.Equal(SaveTeam.InUse, await save.RemoveAsync(east.Id, default));
        await using (var system = house.System()) { await system.Shares.ExecuteUpdateAsync(s => s.SetProperty(x => x.Until, system.Now)); }
        Assert.Null(await save.RemoveAsync(east.Id, default));
        Assert.Equal(SaveTeam.NotFound, await save.RemoveAsync(east.Id, default));
    }

    private static async Task<PortalDbContext> AdministratorAsync(SalesHouse house)
    {
        var ada = new Person { Id = house.Id(), Name = "Ada", Email = "ada@portal.example" };
        ada.Functions.Add(new PersonFunction { PersonId = ada.Id, Function = Functions.Administrator });
        await using var system = house.System();
        system.Add(ada);
        await system.SaveChangesAsync();
        return await house.AsAsync(ada);
    }
}
