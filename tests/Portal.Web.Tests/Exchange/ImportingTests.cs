using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Web.Tests.Exchange;

public sealed class ImportingTests
{
    private const string Companies = """
        {
          "title": "Test", "source": "test", "files": { "rows": "*" },
          "records": [ {
            "name": "companies", "kind": "company", "file": "rows", "key": "id", SET
            "fields": { "code": "code", "name": "name", "city": "city", "parent": "parent" }
          } ]
        }
        """;

    private static ImportProfile Profile(ImportWorld world, string more = "") => world.Profile(Companies.Replace("SET", more, StringComparison.Ordinal));

    private static readonly string Header = "id,code,name,city,parent\n";

    private static string Many(int count, int from = 0) => Header + string.Concat(Enumerable.Range(from, count).Select(i => $"{i},C{i},Company {i},City {i % 7},\n"));

    [Theory, OnEachEngine]
    public async Task A_changed_row_updates_its_record_and_the_others_stay_untouched(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var profile = Profile(world);
        await world.RunAsync(profile, new OneFile(Header + "1,A,Alpha,Turin,\n2,B,Beta,Graz,\n"));
        var again = await world.RunAsync(profile, new OneFile(Header + "1,A,Alpha,Brno,\n2,B,Beta,Graz,\n3,C,Gamma,,1\n"));
        Assert.Equal((3, 1, 1, 1, 0, 0), again.Of("companies"));
        await using var db = world.Db();
        Assert.Equal(["Brno", "Graz", null], await db.Companies.Where(c => c.Name == "Alpha" || c.Name == "Beta" || c.Name == "Gamma").OrderBy(c => c.Code).Select(c => c.City).ToListAsync());
        Assert.Equal(3, await db.Audit.CountAsync(a => a.Entity == "Company" && a.Action == "created" && a.Through == "import:test"));
        var change = await db.Audit.SingleAsync(a => a.Entity == "Company" && a.Action == "changed");
        Assert.Equal(("{\"City\":[\"Turin\",\"Brno\"]}", 4L, "import:test"), (change.Changes, change.PersonId, change.Through));
    }

    [Theory, OnEachEngine]
    public async Task Many_changed_rows_leave_what_single_ones_leave_and_meet_the_same_guards(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        static string Rows(string name, string city, string code = "C") => Header + string.Concat(Enumerable.Range(0, 1_500).Select(i => $"{i},{code}{i},{name} {i},{city} {i % 7},{(i > 0 ? "0" : "")}\n"));
        await world.RunAsync(Profile(world), new OneFile(Rows("Company", "City")));
        var again = await world.RunAsync(Profile(world), new OneFile(Rows("Zephyr", "Town")));
        Assert.Equal((1_500, 0, 1_500, 0, 0, 0), again.Of("companies"));

        await using (var db = world.Db())
        {
            Assert.Equal(1_500, await db.Audit.CountAsync(a => a.Entity == "Company" && a.Action == "changed" && a.Through == "import:test"));
            Assert.Equal("{\"City\":[\"City 1\",\"Town 1\"],\"Name\":[\"Company 8\",\"Zephyr 8\"]}", await db.Audit.Where(a => a.Action == "changed" && a.RecordId == db.Companies.First(c => c.Code == "C8").Id).Select(a => a.Changes).SingleAsync());
            Assert.Equal(1_500, await db.Timeline.CountAsync(t => t.Kind == "company.changed"));
            Assert.Equal(1_500, await db.Companies.CountAsync(c => c.Name.StartsWith("Zephyr") && c.Version == 2));
            Assert.Equal(["C8"], await db.Companies.Matching(db, "zephyr 8").Where(c => c.Name == "Zephyr 8").Select(c => c.Code).ToListAsync());
            Assert.Empty(await db.Companies.Matching(db, "company 8").ToListAsync());
        }

        await using var bulk = world.Db();
        bulk.SavesInBulk = true;
        foreach (var company in await bulk.Companies.Where(c => c.City == "Town 1").AsTracking().ToListAsync()) { company.City = "Village"; }
        await using (var other = world.Db())
        {
            (await other.Companies.AsTracking().SingleAsync(c => c.Code == "C8")).Phone = "+49 1";
            await other.SaveChangesAsync();
        }
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => bulk.SaveChangesAsync());
        await using (var db = world.Db()) { Assert.Equal(0, await db.Companies.CountAsync(c => c.City == "Village")); }
    }

    [Theory, OnEachEngine]
    public async Task Good_rows_stay_and_refused_ones_are_named_with_row_column_value_and_reason(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RunAsync(Profile(world), new OneFile(Header + "1,A,Alpha,,\n2,,Beta,,\n3,CASCADE,Gamma,,\n4,D,Delta,,99\n1,A,Other,,\n1,A,Alpha,,\n5,E,Epsilon,,1\n"));
        Assert.Equal((7, 2, 0, 1, 4, 0), result.Of("companies"));
        Assert.Equal(
            [(3L, "code", null, "import.required"), (4, "code", "CASCADE", "import.taken"), (5, "parent", "99", "import.reference-not-found"), (6, "id", "1", "import.key-twice")],
            world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Value, r.Reason.Code)));
    }

    /// <summary>Rows 1 to 3 name a partner that nobody has, as the shipped profiles do in a house without partners yet.</summary>
    [Theory, OnEachEngine]
    public async Task A_row_that_may_lack_a_company_does_not_keep_those_waiting_that_point_at_it(string engine)
    {
        const string Json = """
            {
              "title": "Test", "source": "test", "files": { "rows": "*" },
              "records": [ {
                "name": "companies", "kind": "company", "file": "rows", "key": "id",
                "fields": { "code": "code", "name": "name", "parent": "parent", "partner": { "column": "partner", "by": "code", "missing": "empty" } }
              } ]
            }
            """;
        const string Rows = "id,code,name,parent,partner\n3,C,Gamma,2,NOBODY\n2,B,Beta,1,NOBODY\n1,A,Alpha,,NOBODY\n4,D,Delta,99,NOBODY\n";
        await using var world = await ImportWorld.OnAsync(engine);
        var profile = world.Profile(Json);
        var (tried, result) = (await world.RunAsync(profile, new OneFile(Rows), new() { DryRun = true }), await world.RunAsync(profile, new OneFile(Rows)));
        Assert.Equal((4, 3, 0, 0, 1, 0), tried.Of("companies"));
        Assert.Equal((4, 3, 0, 0, 1, 0), result.Of("companies"));
        Assert.Equal((5L, "parent", "99"), world.Refusals.Select(r => (r.Place.Row, r.Column, r.Value)).Single());
        await using var db = world.Db();
        Assert.Equal(["A", "B"], await (from child in db.Companies join parent in db.Companies on child.ParentId equals parent.Id orderby child.Code select parent.Code).ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_record_may_point_at_one_further_down_in_any_depth_but_not_in_a_circle(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RunAsync(Profile(world), new OneFile(Header + "1,A,Alpha,,2\n2,B,Beta,,3\n3,C,Gamma,,\n4,D,Delta,,5\n5,E,Epsilon,,4\n"));
        Assert.Equal((5, 3, 0, 0, 2, 0), result.Of("companies"));
        await using var db = world.Db();
        Assert.Equal(2, await db.Companies.CountAsync(c => c.ParentId != null));
    }

    [Theory, OnEachEngine]
    public async Task A_dry_run_counts_everything_and_writes_nothing(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RunAsync(Profile(world), new OneFile(Many(2_500)), new() { DryRun = true });
        Assert.Equal((2_500, 2_500, 0, 0, 0, 0), result.Of("companies"));
        Assert.False(result.Kept);
        await using var db = world.Db();
        Assert.Equal(3, await db.Companies.CountAsync());
        Assert.Equal(0, await db.Set<ExternalKey>().CountAsync());
    }

    [Fact]
    public async Task A_dry_run_waits_for_nobody_who_writes()
    {
        await using var world = await ImportWorld.OnAsync(Engines.Sqlite);
        await using var other = world.Db();
        using (await other.Engine.EnterWriteAsync(TestContext.Current.CancellationToken))
        {
            var result = await world.RunAsync(Profile(world), new OneFile(Many(2_500)), new() { DryRun = true }).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Equal(2_500, result.Of("companies").Created);
        }
    }

    [Theory, OnEachEngine]
    public async Task A_supplier_has_one_item_for_a_product_and_a_dry_run_foresees_the_second(string engine)
    {
        const string Json = """
            { "title": "Test", "source": "items", "files": { "rows": "*" }, "records": [
              { "name": "items", "kind": "supplier-item", "file": "rows", "key": "id", "fields": { "supplier": { "column": "supplier", "by": "code" }, "product": { "column": "product", "by": "code" }, "supplierCode": "code" } } ] }
            """;
        await using var world = await ImportWorld.OnAsync(engine);
        await using (var db = world.Db())
        {
            db.AddRange(new Product { Id = 11, Code = "P-1", Name = "Pump" }, new Product { Id = 12, Code = "P-2", Name = "Valve" }, new Company { Id = 13, Code = "S-1", Name = "Supplier", IsSupplier = true });
            db.Add(new SupplierItem { Id = 14, SupplierId = 13, ProductId = 12 });
            await db.SaveChangesAsync();
        }
        // More rows than a batch holds lie between the two that clash.
        var between = string.Concat(Enumerable.Range(1, ImportWorld.BatchSize).Select(i => $"x{i},S-1,none,\n"));
        var file = new OneFile($"id,supplier,product,code\n1,S-1,P-1,first\n2,S-1,P-2,there already\n3,S-1,P-1,beside\n{between}4,S-1,P-1,in a later batch\n");
        var dry = await world.RunAsync(world.Profile(Json), file, new() { DryRun = true });
        var foreseen = world.Refusals.Where(r => r.Reason.Code == "import.taken").Select(r => r.Place.Row).ToList();
        var real = await world.RunAsync(world.Profile(Json), file);

        Assert.Equal([3L, 4, ImportWorld.BatchSize + 5], foreseen);
        Assert.Equal(foreseen, world.Refusals.Where(r => r.Reason.Code == "import.taken").Select(r => r.Place.Row));
        Assert.Equal(real.Of("items"), dry.Of("items"));
    }

    /// <summary>Rows that only the database, the scope or an earlier row of the same run can refuse.</summary>
    [Theory, OnEachEngine]
    public async Task A_dry_run_refuses_exactly_what_the_run_refuses(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        const string Json = """
            {
              "title": "Test", "source": "test", "files": { "rows": "*" },
              "records": [
                { "name": "customers", "kind": "company", "file": "rows", "key": "customer", "group": { "by": ["customer"] }, "fields": { "code": "customer", "name": "customer" } },
                { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "id",
                  "fields": { "number": "number", "title": "id", "stage": { "column": "stage", "by": "code" }, "customer": "customer", "owner": { "column": "owner", "by": "email" } } }
              ]
            }
            """;
        await using (var db = world.Db())
        {
            db.Add(new Person { Id = 98, Name = "Seller", Email = "seller@portal.example" });
            db.Add(new SalesStage { Id = 97, Code = "lead", Name = "Lead", Position = 1, Probability = 10, Kind = StageKind.Open });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        world.Scope = AccessScope.ForStaff(98, "Seller", [Functions.SalesManager], [], [98], []);
        var rows = string.Concat(Enumerable.Range(1, 1_200).Select(i => $"O{i},N{(i == 700 ? 5 : i)},C{i % 9},lead,{(i % 400 == 1 ? "admin" : "seller")}@portal.example\n"));
        var file = new OneFile("id,number,customer,stage,owner\n" + rows);

        var dry = await world.RunAsync(world.Profile(Json), file, new() { DryRun = true });
        var refused = world.Refusals.Select(r => (r.Place.Row, r.Reason.Code)).Order().ToList();
        var real = await world.RunAsync(world.Profile(Json), file);

        Assert.Equal([(2L, "import.out-of-reach"), (402, "import.out-of-reach"), (701, "import.taken"), (802, "import.out-of-reach")], refused);
        Assert.Equal(refused, world.Refusals.Select(r => (r.Place.Row, r.Reason.Code)).Order());
        Assert.Equal(real.Of("opportunities"), dry.Of("opportunities"));
        Assert.Equal((9L, 1_196L), (real.Records[0].Created, real.Records[1].Created));
    }

    [Theory, OnEachEngine]
    public async Task A_strict_run_with_one_refused_row_writes_nothing(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var strict = new ImportOptions { Strict = true };
        Assert.False((await world.RunAsync(Profile(world), new OneFile(Many(1_500) + "x,,,,\n"), strict)).Kept);
        await using (var db = world.Db()) { Assert.Equal(3, await db.Companies.CountAsync()); }
        Assert.True((await world.RunAsync(Profile(world), new OneFile(Many(1_500)), strict)).Kept);
        await using (var db = world.Db()) { Assert.Equal(1_503, await db.Companies.CountAsync()); }
    }

    [Theory, OnEachEngine]
    public async Task A_run_that_dies_in_the_middle_is_completed_by_running_it_again_and_every_row_is_there_once(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        for (var fatal = 700L; fatal <= 3_500; fatal += 1_100)
        {
            var death = fatal;
            await Assert.ThrowsAsync<InvalidOperationException>(() => world.RunAsync(Profile(world), new OneFile(Many(3_500), row => { if (row > death) { throw new InvalidOperationException("killed"); } })));
        }
        await using (var db = world.Db()) { Assert.Equal(0, (await db.Companies.CountAsync() - 3) % ImportWorld.BatchSize); }
        var result = await world.RunAsync(Profile(world), new OneFile(Many(3_500)));
        Assert.Equal((3_500, 0), (result.Of("companies").Created + result.Of("companies").Unchanged, result.Refused));
        await using (var db = world.Db())
        {
            Assert.Equal(3_503, await db.Companies.CountAsync());
            Assert.Equal(3_500, await db.Set<ExternalKey>().CountAsync());
        }
    }

    [Theory, OnEachEngine]
    public async Task Cancelling_keeps_whole_batches_and_says_so(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        using var cancel = new CancellationTokenSource();
        var result = await world.RunAsync(Profile(world), new OneFile(Many(5_000)), progress: now => now.Rows >= 2_000 ? cancel.CancelAsync() : Task.CompletedTask, ct: cancel.Token);
        Assert.True(result.Cancelled);
        await using var db = world.Db();
        Assert.Equal(2_003, await db.Companies.CountAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_record_that_is_there_is_found_by_its_match_field_instead_of_doubled(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var result = await world.RunAsync(Profile(world, "\"match\": [\"code\"],"), new OneFile(Header + "1,cascade,Cascade Europe,Turin,\n"));
        Assert.Equal((1, 0, 1, 0, 0, 0), result.Of("companies"));
        await using var db = world.Db();
        var matched = await db.Companies.AsNoTracking().SingleAsync(c => c.Code == "CASCADE");
        Assert.Equal((1L, "Cascade Europe"), (matched.Id, matched.Name));
        var left = await world.RunAsync(Profile(world, "\"match\": [\"code\"], \"update\": false,"), new OneFile(Header + "2,DUNE,Other,,\n"));
        Assert.Equal((1, 0, 0, 1, 0, 0), left.Of("companies"));
        Assert.Equal("Dune", await db.Companies.Where(c => c.Code == "DUNE").Select(c => c.Name).SingleAsync());
    }

    [Theory, OnEachEngine]
    public async Task Who_may_not_edit_a_kind_of_record_imports_none_of_it(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        world.Scope = AccessScope.ForStaff(4, "Manager", [Functions.Manager], [], [], []);
        var result = await world.RunAsync(Profile(world), new OneFile(Many(3)));
        Assert.Equal("import.not-allowed", world.Refusals.Single().Reason.Code);
        Assert.Equal(0, result.Changed);
    }

    [Theory, OnEachEngine, Trait("asvs", "V8.3.3")]
    public async Task An_import_makes_and_changes_no_opportunity_that_the_importer_does_not_see(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        const string Json = """
            {
              "title": "Test", "source": "test", "files": { "rows": "*" },
              "records": [
                { "name": "stages", "kind": "stage", "file": "rows", "group": { "by": ["stage"] }, "key": "stage", "update": false, "match": ["code"],
                  "fields": { "code": "stage", "name": "stage", "position": { "constant": 1 }, "probability": { "constant": 50 }, "outcome": { "constant": "Open" } } },
                { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "id",
                  "fields": { "number": "id", "title": "title", "stage": "stage", "owner": { "column": "owner", "by": "email" } } }
              ]
            }
            """;
        var profile = world.Profile(Json);
        Assert.Equal(0, (await world.RunAsync(profile, new OneFile("id,title,stage,owner\nO1,Pumps,lead,admin@portal.example\n"))).Refused);
        world.Scope = AccessScope.ForStaff(99, "Seller", [Functions.SalesManager], [], [], []);
        var result = await world.RunAsync(profile, new OneFile("id,title,stage,owner\nO1,Taken over,lead,admin@portal.example\nO2,Given away,lead,admin@portal.example\n"));
        Assert.Equal(0, result.Changed);
        Assert.Contains(world.Refusals, r => r.Reason == ImportRefusals.OutOfSight && r.Place.Row == 2);
        Assert.Contains(world.Refusals, r => r.Reason == ImportRefusals.OutOfReach && r.Place.Row == 3);
        world.Scope = AccessScope.ForStaff(4, "Administrator", [Functions.Administrator], [], [], []);
        await using var db = world.Db();
        Assert.Equal("Pumps", await db.Opportunities.Select(o => o.Title).SingleAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_new_delivery_of_demand_replaces_the_last_and_never_doubles_it(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        const string Json = """
            {
              "title": "Test", "source": "test", "files": { "rows": "*" },
              "records": [
                { "name": "products", "kind": "product", "file": "rows", "group": { "by": ["product"] }, "key": "product", "fields": { "code": "product", "name": "product" } },
                { "name": "demand", "kind": "demand", "file": "rows", "replace": true, "key": { "template": "{product}/{week}" },
                  "fields": { "batch": { "constant": "b" }, "product": "product", "period": "week", "source": { "constant": "Forecast" }, "quantity": "quantity" } }
              ]
            }
            """;
        var profile = world.Profile(Json);
        await world.RunAsync(profile, new OneFile("product,week,quantity\nP,2026-01-05,10\nP,2026-01-12,20\nQ,2026-01-05,5\n"));
        var second = await world.RunAsync(profile, new OneFile("product,week,quantity\nP,2026-01-05,10\nP,2026-01-12,25\nQ,2026-01-19,7\n"));
        var count = second.Records.Single(r => r.Name == "demand");
        Assert.Equal((1, 1, 1, 1), (count.Created, count.Updated, count.Unchanged, count.Removed));
        await using var db = world.Db();
        Assert.Equal(42m, await db.DemandSignals.SumAsync(s => s.Quantity));
        var batch = await db.DemandBatches.SingleAsync();
        Assert.Equal((2, 3), (batch.Delivery, batch.SignalCount));
    }

    /// <summary>Finer than what is stored, spelled otherwise or with blanks around: read as a change, stored as none.</summary>
    [Theory, OnEachEngine]
    public async Task What_is_stored_as_before_counts_as_unchanged_whatever_kind_of_field_it_is(string engine)
    {
        const string Json = """
            {
              "title": "Test", "source": "twice", "files": { "rows": "*" },
              "records": [
                { "name": "companies", "kind": "company", "file": "rows", "key": "id", "fields": { "code": "id", "name": "name", "annualRevenue": "number", "roles": "words", "currency": "currency" } },
                { "name": "contacts", "kind": "contact", "file": "rows", "key": "id", "fields": { "company": "id", "lastName": "name", "consentAt": "at", "active": "flag" } },
                { "name": "products", "kind": "product", "file": "rows", "key": "id", "fields": { "code": "id", "name": "name", "listPrice": "number", "soldFrom": "day" } },
                { "name": "items", "kind": "supplier-item", "file": "rows", "key": "id", "fields": { "supplier": "id", "product": "id", "standardPrice": "number", "leadTimeDays": "whole" } },
                { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "id",
                  "fields": { "number": "id", "title": "name", "stage": { "column": "stage", "by": "code" }, "amount": "number", "product": "id", "quantity": "number", "unitPrice": "number", "description": "name" } }
              ]
            }
            """;
        await using var world = await ImportWorld.WithStagesAsync(engine);
        var profile = world.Profile(Json);
        const string Head = "id,name,number,words,currency,at,flag,day,whole,stage\n";
        await world.RunAsync(profile, new OneFile(Head + "A1,Alpha,1.5,\"Supplier, Customer\",EUR,2026-01-05T10:00:00.1234561Z,true,2026-01-05,7,lead\n"));
        Assert.Empty(world.Refusals);
        foreach (var row in new[]
        {
            "A1,Alpha,1.5,\"Supplier, Customer\",EUR,2026-01-05T10:00:00.1234569Z,true,2026-01-05,7,lead\n",
            "A1, Alpha ,1.5000,customer;supplier,eur,2026-01-05T10:00:00.123456Z,yes,2026/01/05,7.0,lead\n",
            "A1,Alpha,15E-1,Customer|Supplier,Eur,2026-01-05T10:00:00.123456Z,1,20260105,07,lead\n",
        })
        {
            var again = await world.RunAsync(profile, new OneFile(Head + row));
            Assert.Empty(world.Refusals);
            Assert.Equal(["companies 1", "contacts 1", "products 1", "items 1", "opportunities 1"], again.Records.Select(r => $"{r.Name} {r.Unchanged}"));
        }
    }

    [Fact]
    public async Task Any_table_imported_twice_is_the_table_once()
    {
        await using var world = await ImportWorld.OnAsync(Engines.Sqlite);
        var word = Gen.ArrayOf(Gen.Elements("a", "é", "中", " ", ",", "\"", "'", "\n", "0", "="), 4).Select(w => "x" + string.Concat(w));
        var rows = Gen.ListOf(Gen.Zip(Gen.Choose(0, 50), word));
        var run = 0;
        Prop.ForAll(rows.ToArbitrary(), table =>
        {
            var prefix = $"R{run++}-";
            var distinct = table.GroupBy(r => r.Item1).Select(g => g.First()).ToList();
            var text = Header + string.Concat(distinct.Select(r => $"{prefix}{r.Item1},{prefix}{r.Item1},\"{r.Item2.Replace("\"", "\"\"", StringComparison.Ordinal)}\",,\n"));
            var first = world.RunAsync(Profile(world), new OneFile(text)).GetAwaiter().GetResult();
            var second = world.RunAsync(Profile(world), new OneFile(text)).GetAwaiter().GetResult();
            Assert.Equal((distinct.Count, 0), (first.Of("companies").Created, second.Changed));
            using var db = world.Db();
            var names = db.Companies.Where(c => c.Code.StartsWith(prefix)).Select(c => c.Name).ToList();
            Assert.Equal(distinct.Select(r => r.Item2.Trim()).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();
    }
}
