#pragma warning disable RS0030 // The wall is about what raw SQL shows.
#pragma warning disable EF1002 // The names of tables come from the catalog.
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Companies;
using Portal.Domain.Documents;
using Portal.Domain.Operations;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Identity;
using Portal.Identity.Persistence;
using Portal.PostgreSql;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Databases.Tests.Access;

/// <summary>Row-level security of PostgreSQL, asked past every query filter: docs/decisions/row-level-security.md.</summary>
public sealed class SecondWallTests
{
    /// <summary>Tables without a policy, and why.</summary>
    private static readonly Dictionary<string, string> Open = new()
    {
        ["portal_migrations"] = "names of migrations; the partner's role may not read it",
        ["identity_*"] = "the log-in provider's store, which is asked through a context and connections of its own; the roles of the portal have no right to it",
    };

    /// <summary>Tables in which partners see nothing, and why.</summary>
    private static readonly Dictionary<string, string> HouseOnly = new()
    {
        ["access_grants"] = "rules are staff's business",
        ["access_marks"] = "read while rights are built, which the house does",
        ["audit_entries"] = "partners add lines and read none",
        ["external_keys"] = "imports, which are staff's",
        ["opportunity_contacts"] = "the customer's people",
        ["person_territories"] = "of staff",
        ["teams"] = "of staff",
        ["territories"] = "of staff",
        ["timeline_entries"] = "the house's own memory: partners add lines and read none",
    };

    /// <summary>Tables that hold nothing of any partner: read whole.</summary>
    private static readonly string[] Common = ["sales_stages", "product_categories"];

    [Theory, OnEachEngine(Only = Engines.PostgreSql), Trait("asvs", "V8.1.1")]
    public async Task Every_table_has_its_policies_or_a_reason(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using (var services = new ServiceCollection().AddPortalIdentity(identity =>
        {
            identity.Issuer = "https://login.example/identity";
            identity.Database = (_, options) => options.UseIdentityPostgreSql(house.ConnectionString);
        }).BuildServiceProvider())
        {
            await services.GetRequiredService<IdentityStoreContext>().Database.MigrateAsync();
        }
        await using var owner = await house.OwnerAsync();
        var tables = await ReadAsync(owner, """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
              (SELECT string_agg(p.polname::text, ' ' ORDER BY p.polname) FROM pg_policy AS p WHERE p.polrelid = c.oid),
              has_table_privilege(@partner, c.oid, 'SELECT,INSERT,UPDATE,DELETE') OR c.relname <> 'portal_migrations' AND has_table_privilege(@house, c.oid, 'SELECT,INSERT,UPDATE,DELETE')
            FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
            """, ("partner", $"{house.User}_partner"), ("house", $"{house.User}_house"));
        Assert.Contains(tables, t => t[0] is "identity_accounts");
        foreach (var table in tables)
        {
            var name = (string)table[0]!;
            if (Open.ContainsKey(name) || name.StartsWith("identity_", StringComparison.Ordinal))
            {
                Assert.Equal((name, false), (name, (bool)table[3]!));
                continue;
            }
            Assert.Equal((name, true), (name, (bool)table[1]!));
            var policies = ((string)table[2]!).Split(' ');
            Assert.Contains("house", policies);
            Assert.Contains("owner", policies);
            Assert.True(policies.Contains("partner_select") || policies.Contains("partner_all") || HouseOnly.ContainsKey(name), $"{name} has no policy for partners and no reason here.");
            Assert.False(HouseOnly.ContainsKey(name) && (policies.Contains("partner_select") || policies.Contains("partner_all")), name);
        }
        var roles = await ReadAsync(owner, "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname IN (@partner, @house)", ("partner", $"{house.User}_partner"), ("house", $"{house.User}_house"));
        Assert.Equal(2, roles.Count);
        Assert.All(roles, role => Assert.Equal([false, false, false, false], role));
        Assert.Equal(0L, (await ReadAsync(owner, "SELECT count(*) FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner WHERE r.rolname IN (@partner, @house)", ("partner", $"{house.User}_partner"), ("house", $"{house.User}_house")))[0][0]);
        // Nothing passes the wall with the rights of somebody else.
        Assert.Equal(0L, (await ReadAsync(owner, "SELECT count(*) FROM pg_proc AS p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"))[0][0]);
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql), Trait("asvs", "V8.4.1")]
    public async Task A_partner_gets_no_row_of_another_by_raw_SQL(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var owner = await house.OwnerAsync();
        var tables = (await ReadAsync(owner, "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1")).Select(t => (string)t[0]!).ToArray();
        foreach (var (asker, rival) in new[] { (house.Alpine, house.Bayside), (house.Bayside, house.Alpine) })
        {
            var scope = (await new ScopeBuilder(house.Portal.Portal).ForAsync(asker.Person.Id, default))!;
            await using var db = house.Portal.Portal.For(scope);
            foreach (var table in tables)
            {
                var found = await db.Database.SqlQueryRaw<string>($"SELECT row_to_json(t)::text AS \"Value\" FROM {table} AS t").ToListAsync();
                var foreign = found.Where(row => rival.Marks.Any(mark => row.Contains(mark, StringComparison.Ordinal))).ToList();
                Assert.True(foreign.Count == 0, $"{table}: {string.Join('\n', foreign)}");
                if (HouseOnly.ContainsKey(table)) { Assert.Empty(found); }
                else if (!Common.Contains(table)) { Assert.True(found.Exists(row => asker.Marks.Any(mark => row.Contains(mark, StringComparison.Ordinal))), $"{table} holds nothing of the asker."); }
            }
        }
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql)]
    public async Task Whoever_does_not_say_who_asks_gets_nothing_and_nothing_stays_on_a_connection(string engine)
    {
        await using var house = await House.OnAsync(engine);
        const string seen = "SELECT (SELECT count(*) FROM opportunities), (SELECT count(*) FROM people), (SELECT count(*) FROM companies), current_setting('role'), coalesce(current_setting('portal.company', true), '')";
        object[] nothing = [0L, 0L, 0L, "none", ""];
        await using (var fresh = await house.OwnerAsync()) { Assert.Equal(nothing, (await ReadAsync(fresh, seen))[0]); }
        // One connection in the pool: each of these gets what the one before gave back, and the last looks at it unasked.
        foreach (var asker in new[] { house.Alpine, house.Bayside })
        {
            var scope = (await new ScopeBuilder(house.Portal.Portal).ForAsync(asker.Person.Id, default))!;
            await using var db = house.Portal.Portal.For(scope);
            await using (await db.Database.BeginTransactionAsync()) { Assert.Equal([asker.Opportunity.Id], await db.Database.SqlQueryRaw<long>("SELECT \"Id\" AS \"Value\" FROM opportunities").ToListAsync()); }
            Assert.Equal([asker.Opportunity.Id], await db.Database.SqlQueryRaw<long>("SELECT \"Id\" AS \"Value\" FROM opportunities").ToListAsync());
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await connection.OpenAsync();
            Assert.Equal(nothing, (await ReadAsync(connection, seen))[0]);
            await connection.CloseAsync();
        }
        await using var system = house.Portal.System();
        Assert.Equal(2, await system.Opportunities.CountAsync());
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql), Trait("asvs", "V8.4.1")]
    public async Task What_is_not_ones_own_cannot_be_written(string engine)
    {
        await using var house = await House.OnAsync(engine);
        var (asker, rival) = (house.Alpine, house.Bayside);
        var scope = (await new ScopeBuilder(house.Portal.Portal).ForAsync(asker.Person.Id, default))!;
        await using var db = house.Portal.Portal.For(scope);
        foreach (var refused in new[]
        {
            $"""INSERT INTO contacts SELECT (json_populate_record(c, '{Json(("Id", 1), ("CompanyId", rival.Company.Id))}')).* FROM contacts AS c""",
            $"""UPDATE opportunities SET "PartnerId" = {rival.Company.Id}""",
            $"""UPDATE people SET "CompanyId" = NULL""",
            $"""INSERT INTO shares SELECT (json_populate_record(s, '{Json(("Id", 1), ("RecordId", rival.Opportunity.Id))}')).* FROM shares AS s LIMIT 1""",
            $"""INSERT INTO demand_batches SELECT (json_populate_record(b, '{Json(("Id", 1), ("ReporterId", rival.Company.Id))}')).* FROM demand_batches AS b""",
            $"""INSERT INTO comments SELECT (json_populate_record(c, '{Json(("Id", 1), ("RecordId", rival.Opportunity.Id))}')).* FROM comments AS c""",
            """UPDATE comments SET "Internal" = true""",
        })
        {
            var fault = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(refused.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)));
            Assert.Equal((refused, PostgresErrorCodes.InsufficientPrivilege), (refused, fault.SqlState));
        }
        foreach (var untouched in new[]
        {
            $"""UPDATE opportunities SET "Title" = 'mine' WHERE "Id" = {rival.Opportunity.Id}""", $"""DELETE FROM people WHERE "Id" = {rival.Person.Id}""", "UPDATE companies SET \"Name\" = 'x'", "UPDATE contacts SET \"LastName\" = 'x'",
            "UPDATE opportunity_totals SET \"Count\" = 0", "DELETE FROM shares", "UPDATE documents SET \"Title\" = 'x'", "DELETE FROM audit_entries",
        })
        {
            Assert.True(0 == await CountAsync(untouched), untouched);
        }

        async Task<int> CountAsync(string statement)
        {
            // A total that a partner sees may be read by it, never written.
            try { return await db.Database.ExecuteSqlRawAsync(statement); }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InsufficientPrivilege) { return 0; }
        }

        static string Json(params (string Name, long Value)[] values) => $"{{{string.Join(',', values.Select(v => string.Create(CultureInfo.InvariantCulture, $"\"{v.Name}\":{v.Value}")))}}}";
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql)]
    public async Task A_save_keeps_totals_and_demand_of_the_house_in_step_whoever_saves(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using (var db = house.Portal.Portal.For((await new ScopeBuilder(house.Portal.Portal).ForAsync(house.Alpine.Person.Id, default))!))
        {
            var opportunity = await db.Opportunities.SingleAsync();
            Assert.Null(opportunity.MoveTo(house.Won, null, db.Now, db.Scope.PersonId, db.Ids.Next()));
            await db.SaveChangesAsync();
        }
        await using var system = house.Portal.System();
        Assert.Equal(1, await system.OpportunityTotals.Where(t => t.Dimension == TotalDimension.House && t.StageId == house.Won.Id).Select(t => t.Count).SingleAsync());
        Assert.Equal(house.Alpine.Opportunity.Id, await system.Audit.Where(a => a.PersonId == house.Alpine.Person.Id && a.Action == "changed").Select(a => a.RecordId).SingleAsync());
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql)]
    public async Task A_partners_search_goes_through_the_index_of_words(string engine)
    {
        await using var house = await House.OnAsync(engine);
        await using var db = house.Portal.Portal.For((await new ScopeBuilder(house.Portal.Portal).ForAsync(house.Alpine.Person.Id, default))!);
        Assert.Equal([house.Alpine.Opportunity.Id], await db.Opportunities.Matching(db, "deal").Select(o => o.Id).ToListAsync());
        var asked = db.Set<SearchEntry>().FromSqlRaw("SELECT e.* FROM search_entries AS e WHERE string_to_array(e.\"Grams\" || ' __' || lower(e.\"Entity\"), ' ') @> {0}", [new[] { "dea", "eal", "__opportunity" }]).Select(e => e.Id);
        Assert.Equal([house.Alpine.Opportunity.Id], await asked.ToListAsync());
        await using var connection = await house.OwnerAsync();
        foreach (var (setting, value) in new[]
        {
            ("role", $"{house.User}_partner"), ("portal.words", "{dea,eal,__opportunity}"), ("portal.company", "1"), ("portal.rules", "{}"), ("portal.keys", "{}"), ("portal.now", "2026-01-01Z"), ("enable_seqscan", "off"),
        })
        {
            await ReadAsync(connection, "SELECT set_config(@setting, @value, false)", ("setting", setting), ("value", value));
        }
        var plan = string.Join('\n', (await ReadAsync(connection, "EXPLAIN SELECT e.\"Id\" FROM search_entries AS e WHERE string_to_array(e.\"Grams\" || ' __' || lower(e.\"Entity\"), ' ') @> '{dea,eal,__opportunity}'")).Select(row => row[0]));
        Assert.Contains("Bitmap Index Scan on search_entries_grams", plan, StringComparison.Ordinal);
    }

    [Theory, OnEachEngine(Only = Engines.PostgreSql)]
    public async Task Where_the_user_may_not_make_roles_the_portal_says_so_and_stands_behind_its_first_wall(string engine)
    {
        Assert.NotEmpty(engine);
        var (database, user) = await Engines.CreateOwnedAsync(makesRoles: false);
        await using var portal = await PortalTestDb.OverAsync(database);
        await using (var db = portal.System())
        {
            db.Add(new Company { Id = portal.Ids.Next(), Code = "A", Name = "A" });
            await db.SaveChangesAsync();
            var finding = Assert.Single(await IntegrityCheck.RunAsync(db, default), f => f.Code == "database.second-wall");
            Assert.False(finding.IsFault);
            Assert.Contains($"the database's user {user} may not make roles", finding.Text, StringComparison.Ordinal);
            // The administrator does what was said, to the letter.
            await Engines.OnServerAsync(finding.Text[finding.Text.IndexOf("CREATE ROLE", StringComparison.Ordinal)..(finding.Text.LastIndexOf(';') + 1)]);
        }
        await using (var db = portal.System()) { await db.Database.MigrateAsync(); }
        await using var after = portal.System();
        Assert.DoesNotContain(await IntegrityCheck.RunAsync(after, default), f => f.Code == "database.second-wall");
        Assert.Equal(1, await after.Companies.CountAsync());
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        Assert.Equal(0L, (await ReadAsync(connection, "SELECT count(*) FROM companies"))[0][0]);
        await ReadAsync(connection, "ALTER TABLE companies NO FORCE ROW LEVEL SECURITY");
        await Engines.OnServerAsync($"GRANT {user}_house TO {user}");
        var holes = (await IntegrityCheck.RunAsync(after, default)).Where(f => f.Code == "database.damaged").Select(f => f.Text).ToArray();
        Assert.Equal(2, holes.Length);
        Assert.Contains("the table companies is open", holes[1], StringComparison.Ordinal);
        Assert.Contains($"inherits the role {user}_house", holes[0], StringComparison.Ordinal);
    }

    private static async Task<List<object?[]>> ReadAsync(NpgsqlConnection connection, string question, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(question, connection);
        foreach (var (name, value) in parameters) { command.Parameters.Add(new(name, value)); }
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            for (var n = 0; n < row.Length; n++) { row[n] = reader.IsDBNull(n) ? null : reader.GetValue(n); }
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>What one partner has in every table that it sees, and by which marks a row of it is known.</summary>
    private sealed record Belongings(Company Company, Person Person, Opportunity Opportunity, string[] Marks);

    /// <summary>Two partners that do everything in one house, in a database whose user is no more than its owner.</summary>
    private sealed class House : IAsyncDisposable
    {
        public required PortalTestDb Portal { get; init; }
        public required string ConnectionString { get; init; }
        public required string User { get; init; }
        public required SalesStage Won { get; init; }
        public required Belongings Alpine { get; init; }
        public required Belongings Bayside { get; init; }

        public static async Task<House> OnAsync(string engine)
        {
            Assert.Equal(Engines.PostgreSql, engine);
            var (database, user) = await Engines.CreateOwnedAsync(makesRoles: true);
            var portal = await PortalTestDb.OverAsync(database);
            await using var db = portal.System();
            var id = portal.Ids.Next;
            var lead = new SalesStage { Id = id(), Code = "lead", Name = "Lead", Position = 1, Probability = 10, Kind = StageKind.Open };
            var won = new SalesStage { Id = id(), Code = "won", Name = "Won", Position = 2, Probability = 100, Kind = StageKind.Won };
            var staff = new Person { Id = id(), Name = "Channel", Email = "channel@portal.example" };
            staff.Assign([Functions.ChannelManager]);
            var category = new ProductCategory { Id = id(), Code = "all", Name = "All" };
            var team = new Team { Id = id(), Name = "North" };
            db.AddRange(lead, won, staff, category, team, new Territory { Id = id(), Code = "N", Name = "North" });
            var house = new House
            {
                Portal = portal, ConnectionString = database.ConnectionString, User = user, Won = won,
                Alpine = await AddAsync(db, "alpine", lead, staff, category), Bayside = await AddAsync(db, "bayside", lead, staff, category),
            };
            await db.SaveChangesAsync();
            return house;
        }

        private static async Task<Belongings> AddAsync(PortalDbContext db, string mark, SalesStage lead, Person staff, ProductCategory category)
        {
            var id = db.Ids.Next;
            var now = db.Now;
            var company = new Company { Id = id(), Code = mark, Name = $"{mark} company", IsSupplier = true, IsDistributor = true, IsChannelPartner = true };
            var customer = new Company { Id = id(), Code = $"{mark}-customer", Name = $"{mark} customer", IsCustomer = true, PartnerId = company.Id };
            var person = new Person { Id = id(), Name = $"{mark} person", Email = $"person@{mark}.example", CompanyId = company.Id };
            person.Assign([Functions.SupplierPerson]);
            var product = new Product { Id = id(), Code = $"{mark}-p", Name = $"{mark} product", CategoryId = category.Id, Lifecycle = Lifecycle.Planned };
            var opportunity = new Opportunity { Id = id(), Number = $"{mark}-1", Title = $"{mark} deal", StageId = lead.Id, Amount = 10, CustomerId = customer.Id, PartnerId = company.Id, OwnerId = staff.Id };
            opportunity.Lines.Add(OpportunityLine.Of(id(), opportunity.Id, product.Id, 1, 1));
            var folder = new DocumentFolder { Id = id(), Name = $"{mark} folder" };
            var document = new Document { Id = id(), Title = $"{mark} paper", OwnerId = staff.Id, FolderId = folder.Id, Status = DocumentStatus.Published };
            var version = new DocumentVersion { Id = id(), DocumentId = document.Id, Number = 1, FileName = $"{mark}.pdf", ContentType = "application/pdf", Size = 1, Sha256 = "0", UploadedAt = now, UploadedBy = staff.Id };
            document.CurrentVersionId = version.Id;
            var batch = new DemandBatch { Id = id(), Source = DemandSource.Forecast, Origin = mark, ReporterId = company.Id };
            db.AddRange(company, customer, person, product, opportunity, folder, document, version, batch);
            db.AddRange(
                new Site { Id = id(), CompanyId = company.Id, Name = $"{mark} site" }, new Contact { Id = id(), CompanyId = company.Id, FirstName = mark, LastName = "Contact" },
                new SupplierItem { Id = id(), SupplierId = company.Id, ProductId = product.Id, SupplierCode = mark },
                new DemandSignal { Id = id(), BatchId = batch.Id, ProductId = product.Id, CompanyId = company.Id, Period = new DateOnly(2026, 1, 5), Source = DemandSource.Forecast, Quantity = 1, Site = mark },
                new StageChange { Id = id(), OpportunityId = opportunity.Id, ToStageId = lead.Id, At = now, PersonId = person.Id },
                new Comment { Id = id(), RecordClass = RecordClass.Opportunity, RecordId = opportunity.Id, AuthorId = person.Id, AuthorName = mark, Body = mark, Internal = false, At = now },
                new DocumentReceipt { Id = id(), DocumentId = document.Id, VersionId = version.Id, PersonId = person.Id, PersonName = mark, CompanyId = company.Id, Kind = ReceiptKind.Confirmed, At = now },
                new SavedView { Id = id(), List = "x", PersonId = person.Id, Name = mark, Query = "" },
                new BulkChange { Id = id(), PersonId = person.Id, At = now, Entity = "x", Field = "x", Items = "[]", Count = 0 },
                new Job { Id = id(), Kind = "report", Title = mark, PersonId = person.Id, Arguments = "{}", AskedAt = now },
                new IdempotencyKey { Key = mark, PersonId = person.Id, At = now },
                new SupportView { Id = id(), ViewerId = staff.Id, ViewerName = "x", PersonId = person.Id, PersonName = mark, CompanyId = company.Id, Reason = "x", StartedAt = now, Until = now.AddMinutes(1) },
                new Share { Id = id(), Key = ScopeKeys.Company(company.Id), RecordClass = RecordClass.Document, RecordId = document.Id, Fields = FieldSet.Full, Actions = GrantActions.Read, Reason = mark, Until = now.AddDays(1), SharedBy = staff.Id, SharedAt = now });
            foreach (var (relationship, recordClass) in new[]
            {
                (Relationship.RegisteredOn, RecordClass.Opportunity), (Relationship.RegisteredOn, RecordClass.Company), (Relationship.SupplierOf, RecordClass.Product), (Relationship.SupplierOf, RecordClass.DemandSignal),
                (Relationship.DistributorOf, RecordClass.DemandSignal),
            })
            {
                db.Add(new AccessGrant
                {
                    Id = id(), Key = ScopeKeys.Company(company.Id), Relationship = relationship, RecordClass = recordClass, Fields = FieldSet.Full, Actions = GrantActions.Read | GrantActions.Edit,
                    From = now.AddDays(-1), Until = now.AddDays(1), Reason = mark, GrantedBy = staff.Id,
                });
            }
            await db.SaveChangesAsync();
            return new(company, person, opportunity, [mark, .. new[] { company.Id, person.Id, opportunity.Id, document.Id, product.Id }.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        }

        public async Task<NpgsqlConnection> OwnerAsync()
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
            await connection.OpenAsync();
            return connection;
        }

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
