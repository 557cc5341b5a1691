using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Testing.Databases;

namespace Portal.Databases.Tests.Sales;

/// <summary>A small house: two sellers of one team and their leader, a seller elsewhere, two rival channel partners, one customer, stages, products.</summary>
internal sealed class SalesHouse : IAsyncDisposable
{
    private readonly PortalTestDb _test;

    private SalesHouse(PortalTestDb test) => _test = test;

    public PortalDb Portal => _test.Portal;
    public long Id() => _test.Ids.Next();

    public required Company Cascade { get; init; }
    public required Company Dune { get; init; }
    public required Company Customer { get; init; }
    public required Company Competitor { get; init; }
    public required Contact Buyer { get; init; }
    public required Territory North { get; init; }
    public required Territory South { get; init; }
    public required Product Pump { get; init; }
    public required Product Valve { get; init; }
    public required SalesStage Lead { get; init; }
    public required SalesStage Proposal { get; init; }
    public required SalesStage Won { get; init; }
    public required SalesStage Lost { get; init; }
    /// <summary>Sellers with an own reach.</summary>
    public required Person Ann { get; init; }
    public required Person Ben { get; init; }
    /// <summary>Leads Ann and Ben.</summary>
    public required Person Lea { get; init; }
    /// <summary>Of no team.</summary>
    public required Person Max { get; init; }
    /// <summary>Sees every opportunity.</summary>
    public required Person Channel { get; init; }

    public static async Task<SalesHouse> OnAsync(string engine)
    {
        var test = await PortalTestDb.OnAsync(engine);
        var id = test.Ids.Next;
        var team = new Team { Id = id(), Name = "North" };
        var customer = new Company { Id = id(), Code = "ACME", Name = "Acme", IsCustomer = true };
        var house = new SalesHouse(test)
        {
            Cascade = new Company { Id = id(), Code = "CASCADE", Name = "Cascade", IsChannelPartner = true },
            Dune = new Company { Id = id(), Code = "DUNE", Name = "Dune", IsChannelPartner = true },
            Customer = customer,
            Competitor = new Company { Id = id(), Code = "RIVAL", Name = "Rival", IsCompetitor = true },
            Buyer = new Contact { Id = id(), CompanyId = customer.Id, FirstName = "Bo", LastName = "Buyer" },
            North = new Territory { Id = id(), Code = "N", Name = "North" }, South = new Territory { Id = id(), Code = "S", Name = "South" },
            Pump = new Product { Id = id(), Code = "P1", Name = "Pump" }, Valve = new Product { Id = id(), Code = "V1", Name = "Valve" },
            Lead = new SalesStage { Id = id(), Code = "lead", Name = "Lead", Position = 1, Probability = 10, Kind = StageKind.Open },
            Proposal = new SalesStage { Id = id(), Code = "proposal", Name = "Proposal", Position = 2, Probability = 50, Kind = StageKind.Open },
            Won = new SalesStage { Id = id(), Code = "won", Name = "Won", Position = 3, Probability = 100, Kind = StageKind.Won },
            Lost = new SalesStage { Id = id(), Code = "lost", Name = "Lost", Position = 4, Probability = 0, Kind = StageKind.Lost },
            Ann = Staff("Ann", Functions.Sales), Ben = Staff("Ben", Functions.Sales), Lea = Staff("Lea", Functions.SalesManager), Max = Staff("Max", Functions.Sales),
            Channel = Staff("Channel", Functions.ChannelManager),
        };
        (house.Ann.TeamId, house.Ben.TeamId, team.LeaderId) = (team.Id, team.Id, house.Lea.Id);
        await using var db = test.System();
        db.AddRange(team, house.Cascade, house.Dune, house.Customer, house.Competitor, house.North, house.South, house.Pump, house.Valve, house.Lead, house.Proposal, house.Won, house.Lost,
            house.Ann, house.Ben, house.Lea, house.Max, house.Channel, house.Buyer);
        await db.SaveChangesAsync();
        return house;

        Person Staff(string name, string function)
        {
            var person = new Person { Id = id(), Name = name, Email = $"{name}@portal.example" };
            person.Functions.Add(new PersonFunction { PersonId = person.Id, Function = function });
            return person;
        }
    }

    public PortalDbContext System() => _test.System();

    public async Task<PortalDbContext> AsAsync(Person person) => Portal.For((await new ScopeBuilder(Portal).ForAsync(person.Id, default))!, "test");

    public async Task<PortalDbContext> AsAsync(Company partner)
    {
        await using var system = System();
        return Portal.For((await ScopeBuilder.ForPartnerAsync(system, 77, $"Somebody of {partner.Name}", partner.Id, [Functions.ResellerPerson], default))!, "test");
    }

    public OpportunityDraft Draft(string title = "Pumps") => new(title) { CustomerId = Customer.Id, Amount = 1_000m };

    public async Task<Opportunity> OpenAsync(Person owner, OpportunityDraft? draft = null, SalesStage? stage = null)
    {
        await using var db = await AsAsync(owner);
        return (await new CreateOpportunity(db).ExecuteAsync(new(draft ?? Draft(), stage?.Id, "Price"), default)).Value;
    }

    public async Task ShareAsync(long opportunity, string key, FieldSet fields, GrantActions actions, TimeSpan? time = null)
    {
        await using var db = System();
        db.Add(new Share
        {
            Id = Id(), Key = key, RecordClass = RecordClass.Opportunity, RecordId = opportunity, Fields = fields, Actions = actions, Reason = "test",
            Until = db.Now + (time ?? TimeSpan.FromDays(1)), SharedBy = Ann.Id, SharedAt = db.Now,
        });
        await db.SaveChangesAsync();
    }

    public async Task GrantAsync(Company partner, FieldSet fields, GrantActions actions)
    {
        await using var db = System();
        db.Add(new AccessGrant
        {
            Id = Id(), Key = ScopeKeys.Company(partner.Id), Relationship = Relationship.RegisteredOn, RecordClass = RecordClass.Opportunity, Fields = fields,
            Actions = actions, From = db.Now.AddDays(-1), Until = db.Now.AddDays(1), Reason = "test", GrantedBy = Ann.Id,
        });
        await db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();
}
