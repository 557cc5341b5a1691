using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Domain.Access;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Xunit;

namespace Portal.Web.Tests.Access;

/// <summary>What is taken away is gone with the next request, also where another node took it.</summary>
public sealed class LosingRightsTests
{
    [Theory, OnEachEngine]
    public async Task What_has_not_changed_costs_one_question_at_most(string engine)
    {
        await using var house = await House.OnAsync(engine);
        Assert.NotNull(await house.FindAsync());
        var before = house.Here.Questions;
        Assert.NotNull(await house.FindAsync());
        Assert.Equal(engine == Engines.Sqlite ? 0 : 1, house.Here.Questions - before);
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.3.2")]
    public async Task A_grant_that_was_ended_is_gone(string engine)
    {
        await using var house = await House.OnAsync(engine);
        Assert.NotEqual(0, (await house.FindAsync())!.Scope.CompanyAs(RecordClass.Opportunity, Relationship.RegisteredOn, FieldSet.Full));
        await house.ChangeAsync(async db => (await db.Grants.SingleAsync(g => g.Id == house.GrantId)).Until = db.Now);
        Assert.Equal(0, (await house.FindAsync())!.Scope.CompanyAs(RecordClass.Opportunity, Relationship.RegisteredOn, FieldSet.Full));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.3.2")]
    public async Task A_function_that_was_taken_is_gone(string engine)
    {
        await using var house = await House.OnAsync(engine);
        Assert.True((await house.FindAsync())!.Scope.May(Permissions.PartnerOpportunities));
        await house.ChangeAsync(async db => (await db.People.Include(p => p.Functions).SingleAsync(p => p.Id == house.PersonId)).Assign([Functions.PartnerAdmin]));
        Assert.False((await house.FindAsync())!.Scope.May(Permissions.PartnerOpportunities));
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.3.2")]
    public async Task A_person_who_was_closed_out_is_gone(string engine)
    {
        await using var house = await House.OnAsync(engine);
        Assert.NotNull(await house.FindAsync());
        await house.ChangeAsync(async db => (await db.People.SingleAsync(p => p.Id == house.PersonId)).Active = false);
        Assert.Null(await house.FindAsync());
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.3.2")]
    public async Task A_company_that_was_closed_takes_its_people_along(string engine)
    {
        await using var house = await House.OnAsync(engine);
        Assert.NotNull(await house.FindAsync());
        await house.ChangeAsync(async db => (await db.Companies.SingleAsync()).Status = CompanyStatus.Closed);
        Assert.Null(await house.FindAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_change_that_was_taken_back_changes_nothing(string engine)
    {
        await using var house = await House.OnAsync(engine);
        var before = await house.Here.Portal.AccessVersionAsync(default);
        await using (var db = house.There.Portal.For(AccessScope.System("test")))
        {
            await db.InOneTransactionAsync(async () =>
            {
                (await db.People.SingleAsync()).Active = false;
                await db.SaveChangesAsync();
                return false;
            }, default);
        }
        Assert.Equal(before, await house.Here.Portal.AccessVersionAsync(default));
        Assert.NotNull(await house.FindAsync());
    }

    [Theory, OnEachEngine]
    public async Task Who_reads_rights_reads_nothing_else_and_writes_nothing(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await house.ChangeAsync(db => { db.Add(new Contact { Id = db.Ids.Next(), CompanyId = house.CompanyId, FirstName = "Kim", LastName = "Lee" }); return Task.CompletedTask; });
        await using var db = house.Here.Portal.For(AccessScope.Rights("test"));
        Assert.Equal(1, await db.People.CountAsync());
        Assert.Equal(0, await db.Contacts.CountAsync());
        Assert.Equal(0, await db.Audit.CountAsync());
        (await db.People.SingleAsync()).Name = "Other";
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    private sealed class House : IAsyncDisposable
    {
        private const string Issuer = "https://portal.example", Subject = "s1";

        private readonly PortalTestDb _test;

        private House(PortalTestDb test)
        {
            _test = test;
            // One process owns an embedded file; a server has many, each with a memory of its own.
            var version = new AccessVersion();
            Here = new(test, version);
            There = new(test, test.Portal.Engine.IsShared ? new AccessVersion() : version);
        }

        public Node Here { get; }
        public Node There { get; }
        public long CompanyId { get; private set; }
        public long PersonId { get; private set; }
        public long GrantId { get; private set; }

        public static async Task<House> OnAsync(string engine)
        {
            var house = new House(await PortalTestDb.OnAsync(engine));
            await house.ChangeAsync(db =>
            {
                var company = new Company { Id = db.Ids.Next(), Code = "CASCADE", Name = "Cascade", IsChannelPartner = true };
                var person = new Person { Id = db.Ids.Next(), Name = "Rae", Email = "rae@cascade.example", CompanyId = company.Id };
                person.Assign([Functions.ResellerPerson]);
                person.LinkAccount(Issuer, Subject);
                var grant = new AccessGrant
                {
                    Id = db.Ids.Next(), Key = ScopeKeys.Company(company.Id), Relationship = Relationship.RegisteredOn, RecordClass = RecordClass.Opportunity, Fields = FieldSet.Full,
                    Actions = GrantActions.Read, From = db.Now.AddDays(-1), Until = db.Now.AddDays(1), Reason = "test", GrantedBy = 1,
                };
                db.AddRange(company, person, grant);
                (house.CompanyId, house.PersonId, house.GrantId) = (company.Id, person.Id, grant.Id);
                return Task.CompletedTask;
            });
            return house;
        }

        public async Task<Asker?> FindAsync() => await Here.Askers.FindAsync(Issuer, Subject, default);

        /// <summary>On the other node.</summary>
        public async Task ChangeAsync(Func<PortalDbContext, Task> change)
        {
            await using var db = There.Portal.For(AccessScope.System("test"));
            await change(db);
            await db.SaveChangesAsync();
        }

        public ValueTask DisposeAsync() => _test.DisposeAsync();
    }

    /// <summary>What one process of the portal keeps in memory.</summary>
    private sealed class Node : DbCommandInterceptor
    {
        public Node(PortalTestDb test, AccessVersion version)
        {
            Portal = new PortalDb(test.Portal.Engine, test.Clock, test.Ids, version, options => options.AddInterceptors(this));
            Askers = new Askers(Portal, Portal, new ScopeBuilder(Portal), test.Clock);
        }

        public PortalDb Portal { get; }
        public Askers Askers { get; }
        public int Questions { get; private set; }

        public override ValueTask<InterceptionResult<System.Data.Common.DbDataReader>> ReaderExecutingAsync(
            System.Data.Common.DbCommand command, CommandEventData eventData, InterceptionResult<System.Data.Common.DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Questions++;
            return new(result);
        }
    }
}
