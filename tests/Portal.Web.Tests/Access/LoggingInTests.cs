using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Portal.Domain.Access;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>Before there is anybody whose scope could hold, a step of logging in reaches the one person whose log-in it is.</summary>
public sealed class LoggingInTests
{
    [Fact, Trait("asvs", "V6.3.3")]
    public async Task A_second_step_is_asked_of_the_functions_and_companies_that_the_settings_name_and_a_longer_password_of_staff()
    {
        await using var test = await PortalTestDb.OnAsync(Engines.Sqlite);
        await using (var db = test.System())
        {
            var company = new Company { Id = db.Ids.Next(), Code = "DUNE", Name = "Dune", IsChannelPartner = true };
            db.Add(company);
            foreach (var (name, function) in new[] { ("sales", Functions.Sales), ("admin", Functions.Administrator), ("reseller", Functions.ResellerPerson), ("head", Functions.PartnerAdmin) })
            {
                var person = new Person { Id = db.Ids.Next(), Name = name, Email = $"{name}@portal.example", CompanyId = name is "reseller" or "head" ? company.Id : null };
                person.LinkAccount("own", name);
                person.Assign([function]);
                db.Add(person);
            }
            await db.SaveChangesAsync();
        }
        async Task<string> AskedAsync(params (string Name, string Value)[] settings)
        {
            var rules = new SecondFactorRules(test.Portal, new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
            List<string> asked = [];
            foreach (var subject in new[] { "sales", "admin", "reseller", "head", "nobody" }) { if (await rules.AskAsync(subject, default)) { asked.Add(subject); } }
            return string.Join(' ', asked);
        }
        Assert.Equal("", await AskedAsync());
        Assert.Equal("sales admin", await AskedAsync(("Identity:SecondFactor:Functions:0", "staff")));
        Assert.Equal("admin head", await AskedAsync(("Identity:SecondFactor:Functions:0", Functions.Administrator), ("Identity:SecondFactor:Functions:1", Functions.PartnerAdmin)));
        Assert.Equal("reseller head", await AskedAsync(("Identity:SecondFactor:Companies:0", "dune")));
        Assert.Equal("", await AskedAsync(("Identity:SecondFactor:Companies:0", "ALPINE")));

        var lengths = new PasswordLengths(test.Portal);
        foreach (var (subject, shortest) in new[] { ("sales", 15), ("admin", 15), ("reseller", 12), ("head", 12), ("nobody", 15) }) { Assert.Equal(shortest, await lengths.ShortestAsync(subject, default)); }
    }

    [Theory, OnEachEngine]
    public async Task A_step_of_logging_in_sees_and_writes_one_person_and_nothing_else(string engine)
    {
        await using var test = await PortalTestDb.OnAsync(engine);
        var (kim, lee, company) = (0L, 0L, 0L);
        await using (var db = test.System())
        {
            db.Add(new Company { Id = company = db.Ids.Next(), Code = "DUNE", Name = "Dune", IsChannelPartner = true });
            foreach (var name in new[] { "kim", "lee" })
            {
                var person = new Person { Id = db.Ids.Next(), Name = name, Email = $"{name}@portal.example" };
                person.LinkAccount("own", name);
                person.Assign([Functions.Sales]);
                db.Add(person);
                (kim, lee) = name == "kim" ? (person.Id, lee) : (kim, person.Id);
            }
            await db.SaveChangesAsync();
        }
        PortalDbContext OfKim(string email = "") => test.Portal.For(AccessScope.LogIn("test", "own", "kim", email));
        await using (var db = OfKim())
        {
            Assert.Equal([kim], await db.People.Select(p => p.Id).ToListAsync());
            Assert.Equal([kim], await db.Set<PersonFunction>().Select(f => f.PersonId).ToListAsync());
            // Not even the trail of what was just written.
            Assert.False(await db.Audit.AnyAsync() || await db.Timeline.AnyAsync() || await db.Grants.AnyAsync() || await db.Shares.AnyAsync() || await db.Opportunities.AnyAsync() || await db.Documents.AnyAsync());
        }
        await using (var db = OfKim("LEE@portal.example")) { Assert.Equal(2, await db.People.CountAsync()); }
        await using (var db = test.Portal.For(AccessScope.LogIn("test"))) { Assert.Equal(0, await db.People.CountAsync()); }

        await using (var db = OfKim("new@portal.example"))
        {
            (await db.People.SingleAsync()).Email = "new@portal.example";
            await db.SaveChangesAsync();
        }
        async Task RefusedAsync(Func<PortalDbContext, Task> write)
        {
            await using var db = OfKim();
            await write(db);
            await Assert.ThrowsAsync<ScopeViolationException>(() => db.SaveChangesAsync());
        }
        await RefusedAsync(async db => (await db.Companies.SingleAsync()).Name = "Mine");
        await RefusedAsync(db => { db.Add(new Team { Id = db.Ids.Next(), Name = "Mine" }); return Task.CompletedTask; });
        await RefusedAsync(db => { db.Add(new PersonFunction { PersonId = lee, Function = Functions.Administrator }); return Task.CompletedTask; });
        await RefusedAsync(db =>
        {
            var other = new Person { Id = db.Ids.Next(), Name = "Max", Email = "max@portal.example" };
            other.LinkAccount("own", "max");
            db.Add(other);
            return Task.CompletedTask;
        });
        await using var after = test.System();
        Assert.Equal((2, 1, "Dune"), (await after.People.CountAsync(), await after.Set<PersonFunction>().CountAsync(f => f.PersonId == lee), await after.Companies.Where(c => c.Id == company).Select(c => c.Name).SingleAsync()));
    }
}
