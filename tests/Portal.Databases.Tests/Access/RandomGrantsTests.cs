using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Access;

/// <summary>
/// Whatever is granted and shared, every way of asking gives the same records: those that a model written apart from the product allows.
/// </summary>
public sealed class RandomGrantsTests
{
    private const int Worlds = 5;

    [Theory, OnEachEngine, Trait("asvs", "V8.2.2")]
    public async Task Every_way_of_asking_gives_what_the_model_allows(string engine)
    {
        await using var portal = await PortalTestDb.OnAsync(engine);
        var unfiltered = portal.WithoutFilters();
        foreach (var seed in Enumerable.Range(1, Worlds))
        {
            var world = World.Random(portal.Ids, portal.Clock.GetUtcNow(), new Random(seed));
            await using (var db = portal.System())
            {
                world.AddTo(db);
                await db.SaveChangesAsync();
            }
            var seen = new Dictionary<(RecordClass Class, long Id), Dictionary<long, FieldSet>>();
            foreach (var person in world.People)
            {
                var scope = await new ScopeBuilder(portal.Portal).ForAsync(person.Id, default);
                Assert.NotNull(scope);
                await using var db = portal.Portal.For(scope);
                await CompareAsync(world, person, db, $"{engine}, seed {seed}, {person.Name}");
                if (engine == Engines.PostgreSql && !person.IsStaff)
                {
                    await using var open = unfiltered.For(scope);
                    await CompareWallAsync(world, person, open, $"second wall, seed {seed}, {person.Name}");
                }
                await NoteAsync<Opportunity>(RecordClass.Opportunity, world.Opportunities.Select(o => o.Id));
                await NoteAsync<Document>(RecordClass.Document, world.Documents.Select(d => d.Id));
                await NoteAsync<DemandSignal>(RecordClass.DemandSignal, world.Signals.Select(s => s.Id));
                await NoteAsync<Product>(RecordClass.Product, world.Products.Select(p => p.Id));
                await NoteAsync<SupplierItem>(RecordClass.SupplierItem, world.Items.Select(i => i.Id));
                await NoteAsync<Company>(RecordClass.Company, world.Companies.Select(c => c.Id));

                async Task NoteAsync<T>(RecordClass recordClass, IEnumerable<long> records) where T : class
                {
                    long[] ids = [.. records];
                    var full = await db.SeenIn<T>(FieldSet.Full).Select(r => EF.Property<long>(r, "Id")).Where(i => ids.Contains(i)).ToListAsync();
                    var all = await db.SeenIn<T>(FieldSet.Summary).Select(r => EF.Property<long>(r, "Id")).Where(i => ids.Contains(i)).ToListAsync();
                    foreach (var id in ids)
                    {
                        if (!seen.TryGetValue((recordClass, id), out var people)) { seen[(recordClass, id)] = people = []; }
                        if (all.Contains(id)) { people[person.Id] = full.Contains(id) ? FieldSet.Full : FieldSet.Summary; }
                    }
                }
            }
            await CompareOnlookersAsync(portal, world, seen, $"{engine}, seed {seed}");
        }
    }

    /// <summary>Asked the other way round, from the record to the people, the answer is the same; and whoever does not see a company learns no name of its people.</summary>
    private static async Task CompareOnlookersAsync(PortalTestDb portal, World world, Dictionary<(RecordClass Class, long Id), Dictionary<long, FieldSet>> seen, string where)
    {
        var onlookers = new Onlookers(portal.Portal);
        var people = world.People.Select(p => p.Id).ToHashSet();
        await using var system = portal.System();
        await using var stranger = portal.Portal.For(AccessScope.ForStaff(1, "Stranger", [], [], [], []));
        var outsiders = 0;
        foreach (var (record, expected) in seen)
        {
            var found = (await onlookers.OfAsync(system, record.Class, record.Id, default)).People.Where(o => people.Contains(o.PersonId)).ToDictionary(o => o.PersonId, o => o.Fields);
            string Said(Dictionary<long, FieldSet> who) => string.Join(", ", who.OrderBy(p => p.Key).Select(p => $"{world.People.Single(x => x.Id == p.Key).Name} {p.Value}"));
            Assert.True(Said(expected) == Said(found), $"who sees {record}: {where}\n{Said(expected)}\n{Said(found)}");
            foreach (var outsider in (await onlookers.OfAsync(stranger, record.Class, record.Id, default)).People.Where(o => o.CompanyId is not null))
            {
                Assert.Equal(("", "", "", "", false), (outsider.PersonName, outsider.CompanyName, outsider.Detail, outsider.Note, outsider.IsNamed));
                outsiders++;
            }
        }
        Assert.True(outsiders > 0, where);
    }

    private static async Task CompareAsync(World world, Person person, PortalDbContext db, string where)
    {
        var own = world.Opportunities.Select(o => o.Id).ToArray();
        var expected = world.Opportunities.Where(o => world.Sees(person, o, FieldSet.Summary)).ToArray();
        var ids = expected.Select(o => o.Id).Order().ToArray();
        var mine = db.Opportunities.AsNoTracking().Where(o => own.Contains(o.Id));

        Assert.True(ids.SequenceEqual(await mine.OrderBy(o => o.Id).Select(o => o.Id).ToListAsync()), $"list: {where}");
        Assert.True(ids.Length == await mine.CountAsync(), $"count: {where}");
        Assert.True(expected.Sum(o => o.Amount) == await mine.SumAsync(o => o.Amount), $"sum: {where}");
        Assert.True(ids.SequenceEqual(await mine.Matching(db, world.Word).OrderBy(o => o.Id).Select(o => o.Id).ToListAsync()), $"search: {where}");
        Assert.True(ids.SequenceEqual(await PagesAsync(mine)), $"pages: {where}");
        foreach (var opportunity in world.Opportunities)
        {
            Assert.True(ids.Contains(opportunity.Id) == (await db.Opportunities.AsNoTracking().FirstOrDefaultAsync(o => o.Id == opportunity.Id) is not null), $"detail: {where}");
            Assert.True(ids.Contains(opportunity.Id) == (await db.Opportunities.FindAsync(opportunity.Id) is not null), $"find: {where}");
        }

        var full = world.Opportunities.Where(o => world.Sees(person, o, FieldSet.Full)).Select(o => o.Id).Order().ToArray();
        Assert.True(full.SequenceEqual(await db.SeenIn<Opportunity>(FieldSet.Full).Where(o => own.Contains(o.Id)).OrderBy(o => o.Id).Select(o => o.Id).ToListAsync()), $"full: {where}");
        var lines = await db.OpportunityLines.Where(l => own.Contains(l.OpportunityId)).Select(l => l.OpportunityId).Distinct().OrderBy(o => o).ToListAsync();
        Assert.True(full.SequenceEqual(lines), $"lines: {where}");
        var comments = await db.Comments.Where(c => own.Contains(c.RecordId)).Select(c => new { c.RecordId, c.Internal }).ToListAsync();
        Assert.True(person.IsStaff || comments.All(c => !c.Internal), $"internal comments: {where}");
        Assert.True(ids.SequenceEqual(comments.Select(c => c.RecordId).Distinct().Order()), $"comments: {where}");

        var documents = world.Documents.Where(d => world.Sees(person, d)).Select(d => d.Id).Order().ToArray();
        var all = world.Documents.Select(d => d.Id).ToArray();
        Assert.True(documents.SequenceEqual(await db.Documents.Where(d => all.Contains(d.Id)).OrderBy(d => d.Id).Select(d => d.Id).ToListAsync()), $"documents: {where}");
        var files = await db.DocumentVersions.Where(v => all.Contains(v.DocumentId)).Select(v => v.DocumentId).Distinct().OrderBy(d => d).ToListAsync();
        Assert.True(documents.SequenceEqual(files), $"files: {where}");

        var signals = world.Signals.Where(s => world.Sees(person, s)).Select(s => s.Id).Order().ToArray();
        var every = world.Signals.Select(s => s.Id).ToArray();
        Assert.True(signals.SequenceEqual(await db.DemandSignals.Where(s => every.Contains(s.Id)).OrderBy(s => s.Id).Select(s => s.Id).ToListAsync()), $"signals: {where}");
    }

    /// <summary>The first wall taken away: the second one lets through what some field set of a grant or share shows, and no other row.</summary>
    private static async Task CompareWallAsync(World world, Person person, PortalDbContext open, string where)
    {
        long[] opportunities = [.. world.Opportunities.Where(o => world.Sees(person, o, FieldSet.Summary)).Select(o => o.Id).Order()];
        await SameAsync(opportunities, open.Opportunities.Select(o => o.Id), world.Opportunities.Select(o => o.Id));
        await SameAsync(opportunities, open.OpportunityLines.Select(l => l.OpportunityId), world.Opportunities.Select(o => o.Id));
        await SameAsync(opportunities, open.Comments.Select(c => c.RecordId), world.Opportunities.Select(o => o.Id));
        await SameAsync(opportunities, open.Opportunities.Matching(open, world.Word).Select(o => o.Id), world.Opportunities.Select(o => o.Id));
        await SameAsync(opportunities, open.Set<SearchEntry>().Where(e => e.Entity == nameof(Opportunity)).Select(e => e.Id), world.Opportunities.Select(o => o.Id));
        await SameAsync([.. world.Signals.Where(s => world.Sees(person, s)).Select(s => s.Id).Order()], open.DemandSignals.Select(s => s.Id), world.Signals.Select(s => s.Id));
        // When a document holds, the first wall asks alone.
        long[] documents = [.. world.Documents.Where(d => d.Status is DocumentStatus.Published && world.IsShared(person, d)).Select(d => d.Id).Order()];
        await SameAsync(documents, open.Documents.Select(d => d.Id), world.Documents.Select(d => d.Id));
        await SameAsync(documents, open.DocumentVersions.Select(v => v.DocumentId), world.Documents.Select(d => d.Id));
        long[] people = [.. world.People.Where(p => p.CompanyId == person.CompanyId).Select(p => p.Id).Order()];
        await SameAsync(people, open.People.Select(p => p.Id), world.People.Select(p => p.Id));

        async Task SameAsync(long[] expected, IQueryable<long> found, IEnumerable<long> of)
        {
            long[] own = [.. of];
            Assert.True(expected.SequenceEqual(await found.Where(i => own.Contains(i)).Distinct().OrderBy(i => i).ToListAsync()), where);
        }
    }

    private static async Task<List<long>> PagesAsync(IQueryable<Opportunity> mine)
    {
        var all = new List<long>();
        long after = 0;
        while (true)
        {
            var last = after;
            var page = await mine.Where(o => o.Id > last).OrderBy(o => o.Id).Select(o => o.Id).Take(3).ToListAsync();
            all.AddRange(page);
            if (page.Count < 3) { return all; }
            after = page[^1];
        }
    }

    /// <summary>A random portal, and the model of who sees what: plain loops over plain lists.</summary>
    private sealed class World
    {
        public required string Word { get; init; }
        public required DateTimeOffset Now { get; init; }
        public List<Company> Companies { get; } = [];
        public List<Team> Teams { get; } = [];
        public List<Territory> Territories { get; } = [];
        public List<Person> People { get; } = [];
        public List<SalesStage> Stages { get; } = [];
        public List<Product> Products { get; } = [];
        public List<SupplierItem> Items { get; } = [];
        public List<Opportunity> Opportunities { get; } = [];
        public List<Comment> Comments { get; } = [];
        public List<Document> Documents { get; } = [];
        public List<DocumentVersion> Versions { get; } = [];
        public List<DemandBatch> Batches { get; } = [];
        public List<DemandSignal> Signals { get; } = [];
        public List<AccessGrant> Grants { get; } = [];
        public List<Share> Shares { get; } = [];

        public void AddTo(PortalDbContext db)
        {
            db.AddRange(Companies);
            db.AddRange(Teams);
            db.AddRange(Territories);
            db.AddRange(People);
            db.AddRange(Stages);
            db.AddRange(Products);
            db.AddRange(Items);
            db.AddRange(Opportunities);
            db.AddRange(Comments);
            db.AddRange(Documents);
            db.AddRange(Versions);
            db.AddRange(Batches);
            db.AddRange(Signals);
            db.AddRange(Grants);
            db.AddRange(Shares);
        }

        public static World Random(IdSource ids, DateTimeOffset now, Random random)
        {
            var world = new World { Word = $"w{ids.Next():x}", Now = now };
            string[] regions = ["north", "south"];
            T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
            for (var i = 0; i < 5; i++)
            {
                var company = new Company { Id = ids.Next(), Code = $"{world.Word}-{i}", Name = $"Company {i}", Tier = (PartnerTier)random.Next(5), Region = random.Next(3) == 0 ? null : Pick(regions) };
                company.SetRoles(Enum.GetValues<CompanyRole>().Where(_ => random.Next(2) == 0));
                world.Companies.Add(company);
            }
            for (var i = 0; i < 2; i++)
            {
                world.Teams.Add(new Team { Id = ids.Next(), Name = $"{world.Word} team {i}" });
                world.Territories.Add(new Territory { Id = ids.Next(), Code = $"{world.Word}-t{i}", Name = $"Territory {i}" });
                world.Stages.Add(new SalesStage { Id = ids.Next(), Code = $"{world.Word}-s{i}", Name = "x", Position = i, Probability = 50, Kind = StageKind.Open });
            }
            foreach (var function in Functions.All.Values.Where(f => f.IsStaff))
            {
                var person = new Person { Id = ids.Next(), Name = function.Name, Email = $"{function.Name}@{world.Word}.example", TeamId = random.Next(3) == 0 ? null : Pick(world.Teams).Id };
                person.Assign([function.Name]);
                if (random.Next(2) == 0) { person.Territories.Add(new PersonTerritory { PersonId = person.Id, TerritoryId = Pick(world.Territories).Id }); }
                world.People.Add(person);
            }
            foreach (var company in world.Companies)
            {
                for (var i = 0; i < 2; i++)
                {
                    var person = new Person { Id = ids.Next(), Name = $"{company.Name} {i}", Email = $"p{i}@{company.Code}.example", CompanyId = company.Id };
                    person.Assign([Functions.SupplierPerson, Functions.DistributorPerson]);
                    world.People.Add(person);
                }
            }
            var staff = world.People.Where(p => p.IsStaff).ToArray();
            foreach (var team in world.Teams) { team.LeaderId = random.Next(2) == 0 ? Pick(staff).Id : null; }
            for (var i = 0; i < 6; i++)
            {
                world.Products.Add(new Product { Id = ids.Next(), Code = $"{world.Word}-p{i}", Name = $"Product {i}" });
                foreach (var supplier in world.Companies.Where(_ => random.Next(3) == 0))
                {
                    world.Items.Add(new SupplierItem { Id = ids.Next(), SupplierId = supplier.Id, ProductId = world.Products[i].Id, Active = random.Next(4) != 0 });
                }
            }
            for (var i = 0; i < 14; i++)
            {
                var opportunity = new Opportunity
                {
                    Id = ids.Next(), Number = $"{world.Word}-{i}", Title = $"{world.Word} deal {i}", StageId = Pick(world.Stages).Id, Amount = random.Next(1, 100_000) / 100m,
                    OwnerId = random.Next(5) == 0 ? null : Pick(staff).Id, TerritoryId = random.Next(3) == 0 ? null : Pick(world.Territories).Id,
                    PartnerId = random.Next(3) == 0 ? null : Pick(world.Companies).Id, CustomerId = Pick(world.Companies).Id,
                };
                opportunity.Lines.Add(OpportunityLine.Of(ids.Next(), opportunity.Id, Pick(world.Products).Id, 1, 1));
                world.Opportunities.Add(opportunity);
                foreach (var hidden in new[] { true, false })
                {
                    world.Comments.Add(new Comment { Id = ids.Next(), RecordClass = RecordClass.Opportunity, RecordId = opportunity.Id, AuthorId = staff[0].Id, AuthorName = "x", Body = "x", Internal = hidden, At = now });
                }
                var document = new Document
                {
                    Id = ids.Next(), Title = $"{world.Word} paper {i}", OwnerId = Pick(staff).Id, Status = (DocumentStatus)random.Next(3),
                    ValidFrom = random.Next(4) == 0 ? DateOnly.FromDateTime(now.UtcDateTime).AddDays(random.Next(-2, 3)) : null,
                    ValidUntil = random.Next(4) == 0 ? DateOnly.FromDateTime(now.UtcDateTime).AddDays(random.Next(-2, 3)) : null,
                };
                var version = new DocumentVersion { Id = ids.Next(), DocumentId = document.Id, Number = 1, FileName = "x.pdf", ContentType = "application/pdf", Size = 1, Sha256 = "0", UploadedAt = now, UploadedBy = document.OwnerId };
                document.CurrentVersionId = version.Id;
                world.Documents.Add(document);
                world.Versions.Add(version);
            }
            var batch = new DemandBatch { Id = ids.Next(), Source = DemandSource.Order, Origin = world.Word };
            world.Batches.Add(batch);
            for (var i = 0; i < 25; i++)
            {
                world.Signals.Add(new DemandSignal
                {
                    Id = ids.Next(), BatchId = batch.Id, ProductId = Pick(world.Products).Id, CompanyId = random.Next(4) == 0 ? null : Pick(world.Companies).Id,
                    Period = new DateOnly(2026, 1, 5), Source = Pick(Enum.GetValues<DemandSource>()), Quantity = 1,
                });
            }
            string Key() => random.Next(7) switch
            {
                0 => ScopeKeys.AllPartners,
                1 => ScopeKeys.Company(Pick(world.Companies).Id),
                2 => ScopeKeys.Person(Pick(world.People).Id),
                3 => ScopeKeys.Tier(Pick(new[] { PartnerTier.Silver, PartnerTier.Gold })),
                4 => ScopeKeys.Region(Pick(regions)),
                5 => ScopeKeys.Kind(Pick(new[] { CompanyRole.Supplier, CompanyRole.Distributor, CompanyRole.ChannelPartner })),
                _ => random.Next(2) == 0 ? ScopeKeys.Team(Pick(world.Teams).Id) : ScopeKeys.Territory(Pick(world.Territories).Id),
            };
            DateTimeOffset Around() => now.AddHours(random.Next(3) == 0 ? -1 : 1);
            // Rule grants address kinds of partner that this world alone cannot keep apart from other worlds, so they name its companies and people.
            for (var i = 0; i < 24; i++)
            {
                world.Grants.Add(new AccessGrant
                {
                    Id = ids.Next(), Key = random.Next(2) == 0 ? ScopeKeys.Company(Pick(world.Companies).Id) : ScopeKeys.Person(Pick(world.People).Id),
                    Relationship = Pick(Enum.GetValues<Relationship>()),
                    RecordClass = Pick(new[] { RecordClass.Opportunity, RecordClass.DemandSignal, RecordClass.Product, RecordClass.Company }), Fields = (FieldSet)random.Next(1, 3), Actions = GrantActions.Read,
                    From = random.Next(5) == 0 ? now.AddHours(1) : now.AddHours(-2), Until = Around().AddHours(1), Reason = "x", GrantedBy = staff[0].Id,
                });
            }
            for (var i = 0; i < 40; i++)
            {
                var (recordClass, recordId) = random.Next(10) switch
                {
                    < 4 => (RecordClass.Document, Pick(world.Documents).Id),
                    < 7 => (RecordClass.Opportunity, Pick(world.Opportunities).Id),
                    7 => (RecordClass.Company, Pick(world.Companies).Id),
                    8 => (RecordClass.Product, Pick(world.Products).Id),
                    _ => (RecordClass.DemandSignal, Pick(world.Signals).Id),
                };
                world.Shares.Add(new Share
                {
                    Id = ids.Next(), Key = Key(), RecordClass = recordClass, RecordId = recordId, Fields = (FieldSet)random.Next(1, 3), Actions = GrantActions.Read,
                    Reason = "x", Until = Around(), SharedBy = staff[0].Id, SharedAt = now,
                });
            }
            return world;
        }

        public bool Sees(Person person, Opportunity opportunity, FieldSet fields)
        {
            if (Shares.Any(s => s.RecordId == opportunity.Id && s.RecordClass is RecordClass.Opportunity && s.Until > Now && s.Fields >= fields && Holds(person, s.Key))) { return true; }
            if (person.CompanyId is { } company)
            {
                return opportunity.PartnerId == company && Granted(person, RecordClass.Opportunity, Relationship.RegisteredOn, fields);
            }
            var reach = person.Functions.Select(f => f.Function).Select(f => f switch
            {
                Functions.Administrator or Functions.ChannelManager or Functions.Manager => 4,
                Functions.SalesManager => 2,
                Functions.Sales => 1,
                _ => 0,
            }).Max();
            return reach == 4 || reach >= 1 && opportunity.OwnerId == person.Id
                || reach >= 2 && People.Any(p => p.Id == opportunity.OwnerId && p.TeamId is { } team && TeamsOf(person).Contains(team));
        }

        public bool Sees(Person person, Document document) =>
            person.IsStaff
            || document.Status is DocumentStatus.Published
            && (document.ValidFrom is null || document.ValidFrom <= DateOnly.FromDateTime(Now.UtcDateTime))
            && (document.ValidUntil is null || document.ValidUntil >= DateOnly.FromDateTime(Now.UtcDateTime))
            && IsShared(person, document);

        public bool IsShared(Person person, Document document) =>
            Shares.Any(s => s.RecordId == document.Id && s.RecordClass is RecordClass.Document && s.Until > Now && Holds(person, s.Key));

        public bool Sees(Person person, DemandSignal signal)
        {
            if (Shares.Any(s => s.RecordId == signal.Id && s.Until > Now && Holds(person, s.Key))) { return true; }
            if (person.CompanyId is not { } company)
            {
                return person.Functions.Any(f => f.Function is Functions.Administrator or Functions.SalesManager or Functions.Procurement or Functions.ChannelManager or Functions.Manager);
            }
            var supplies = Items.Any(i => i.SupplierId == company && i.ProductId == signal.ProductId && i.Active) && Granted(person, RecordClass.DemandSignal, Relationship.SupplierOf, FieldSet.Summary);
            var reported = signal.CompanyId == company && signal.Source is DemandSource.SellThrough or DemandSource.StockOnHand or DemandSource.Forecast;
            return supplies || signal.CompanyId == company && reported && Granted(person, RecordClass.DemandSignal, Relationship.DistributorOf, FieldSet.Summary);
        }

        private bool Granted(Person person, RecordClass recordClass, Relationship relationship, FieldSet fields) =>
            Grants.Any(g => g.RecordClass == recordClass && g.Relationship == relationship && g.Fields >= fields && g.From <= Now && g.Until > Now && Holds(person, g.Key));

        private IEnumerable<long> TeamsOf(Person person) => Teams.Where(t => t.Id == person.TeamId || t.LeaderId == person.Id).Select(t => t.Id);

        private bool Holds(Person person, string key)
        {
            if (key == $"person:{person.Id}") { return true; }
            if (Companies.FirstOrDefault(c => c.Id == person.CompanyId) is not { } company)
            {
                return TeamsOf(person).Any(t => key == $"team:{t}") || person.Territories.Any(t => key == $"territory:{t.TerritoryId}");
            }
            return key == "partners" || key == $"company:{company.Id}" || company.Tier is not PartnerTier.None && key == $"tier:{company.Tier}" || company.Region is { } region && key == $"region:{region}"
                || company.IsSupplier && key == "kind:Supplier" || company.IsDistributor && key == "kind:Distributor" || company.IsChannelPartner && key == "kind:ChannelPartner";
        }
    }
}
