using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Catalog;
using Portal.Domain.Common;
using Portal.Domain.Companies;
using Portal.Domain.Exchange;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Portal.Testing.Databases;
using Xunit;

namespace Portal.Web.Tests.Exchange;

/// <summary>What a page would refuse of a record, an import refuses as well.</summary>
public sealed class ImportingByTheRulesTests
{
    private const string Sales = """
        {
          "title": "Test", "source": "sales", "files": { "rows": "*" },
          "records": [
            { "name": "products", "kind": "product", "file": "rows", "group": { "by": ["product"] }, "key": "product", "fields": { "code": "product", "name": "product" } },
            { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "id",
              "fields": { "number": "id", "title": "id", "stage": { "column": "stage", "by": "code" }, "outcomeReason": "reason", "product": "product", "quantity": "quantity", "unitPrice": "price" } }
          ]
        }
        """;

    [Fact]
    public async Task A_currency_that_is_none_is_refused_with_row_and_column_whatever_is_imported()
    {
        const string Json = """
            {
              "title": "Test", "source": "money", "files": { "rows": "*" },
              "records": [
                { "name": "companies", "kind": "company", "file": "rows", "key": "code", "fields": { "code": "code", "name": "name", "roles": { "constant": "Supplier" }, "currency": "currency" } },
                { "name": "products", "kind": "product", "file": "rows", "key": "code", "fields": { "code": "code", "name": "name", "currency": "currency" } },
                { "name": "items", "kind": "supplier-item", "file": "rows", "key": "code",
                  "fields": { "supplier": { "column": "of", "by": "code" }, "product": { "column": "of", "by": "code" }, "currency": "currency" } },
                { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "code",
                  "fields": { "number": "code", "title": "name", "stage": { "column": "stage", "by": "name" }, "currency": "currency" } }
              ]
            }
            """;
        await using var world = await ImportWorld.OnAsync(Engines.Sqlite);
        await using var db = world.Db();
        var stage = await db.Stages.Select(s => s.Name).FirstOrDefaultAsync() ?? "";
        await world.RunAsync(world.Profile(Json), new OneFile($"code,name,currency,of,stage\nA1,Alpha,usd,A1,{stage}\nB1,Beta,XXQ,A1,{stage}\nC1,Gamma,,C1,{stage}\n"));
        Assert.Equal(
            [("companies", 3L, "currency", "XXQ"), ("items", 3L, "currency", "XXQ"), ("opportunities", 3L, "currency", "XXQ"), ("products", 3L, "currency", "XXQ")],
            world.Refusals.Where(r => r.Reason.Code == "import.unknown-currency").OrderBy(r => r.Records, StringComparer.Ordinal).Select(r => (r.Records, r.Place.Row, r.Column, r.Value)));
        Assert.Equal(["USD", "EUR"], await db.Products.Where(p => p.Code == "A1" || p.Code == "C1").OrderBy(p => p.Code).Select(p => p.Currency).ToListAsync());
    }

    [Fact]
    public async Task A_unit_is_taken_by_its_code_or_as_people_write_it_and_another_word_is_refused()
    {
        const string Json = """
            { "title": "Test", "source": "products", "files": { "rows": "*" }, "records": [ { "name": "products", "kind": "product", "file": "rows", "key": "code", "fields": { "code": "code", "name": "name", "unit": "unit" } } ] }
            """;
        await using var world = await ImportWorld.OnAsync(Engines.Sqlite);
        var result = await world.RunAsync(world.Profile(Json), new OneFile("code,name,unit\nA,Alpha,kgm\nB,Beta,Stück\nC,Gamma,bunch\nD,Delta,\n"));
        Assert.Equal((4, 3, 0, 0, 1, 0), result.Of("products"));
        Assert.Equal((4L, "unit", "bunch", "import.unknown-word"), world.Refusals.Select(r => (r.Place.Row, r.Column, r.Value, r.Reason.Code)).Single());
        await using var db = world.Db();
        Assert.Equal(["KGM", "PCE", "PCE"], await db.Products.OrderBy(p => p.Code).Select(p => p.Unit).ToListAsync());
    }

    [Theory, OnEachEngine]
    public async Task A_line_that_comes_to_more_than_an_amount_holds_is_refused_and_spoils_no_other_row(string engine)
    {
        await using var world = await ImportWorld.WithStagesAsync(engine);
        const string Rows = "id,stage,reason,product,quantity,price\nO1,lead,,P,2,5\nO2,lead,,P,9999999999,99999999999\nO3,lead,,P,0,5\nO4,lead,,P,0.5,99999999999.9999\n";
        var dry = await world.RunAsync(world.Profile(Sales), new OneFile(Rows), new() { DryRun = true });
        var real = await world.RunAsync(world.Profile(Sales), new OneFile(Rows));
        Assert.Equal((4, 2, 0, 0, 2, 0), real.Of("opportunities"));
        Assert.Equal(real.Of("opportunities"), dry.Of("opportunities"));
        Assert.Equal(
            [(3L, "price", "99999999999", "import.out-of-range"), (4, "quantity", "0", "import.out-of-range")],
            world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Value, r.Reason.Code)));
    }

    [Theory, OnEachEngine]
    public async Task Another_reason_for_what_was_lost_already_is_taken(string engine)
    {
        await using var world = await ImportWorld.WithStagesAsync(engine);
        await world.RunAsync(world.Profile(Sales), new OneFile("id,stage,reason,product,quantity,price\nO1,lost,Price,P,1,1\n"));
        var again = await world.RunAsync(world.Profile(Sales), new OneFile("id,stage,reason,product,quantity,price\nO1,lost,Delivery time,P,1,1\n"));
        Assert.Equal((1, 0, 1, 0, 0, 0), again.Of("opportunities"));
        await using var db = world.Db();
        Assert.Equal("Delivery time", await db.Opportunities.Select(o => o.OutcomeReason).SingleAsync());
        Assert.Equal(1, await db.Set<StageChange>().CountAsync());
    }

    [Theory, OnEachEngine]
    public async Task What_the_pages_refuse_of_products_and_supplier_items_an_import_refuses_too(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        await using (var db = world.Db())
        {
            db.Add(new Company { Id = 11, Code = "ALPINE", Name = "Alpine", IsSupplier = true });
            db.Add(new Company { Id = 12, Code = "BASALT", Name = "Basalt", IsSupplier = true });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var products = world.Profile("""
            { "title": "Test", "source": "catalog", "files": { "rows": "*" }, "records": [
              { "name": "products", "kind": "product", "file": "rows", "key": "code", "fields": { "code": "code", "name": "code", "soldFrom": "from", "soldUntil": "until" } } ] }
            """);
        var items = world.Profile("""
            { "title": "Test", "source": "catalog", "files": { "rows": "*" }, "records": [
              { "name": "items", "kind": "supplier-item", "file": "rows", "key": { "template": "{supplier} {product}" },
                "fields": { "supplier": { "column": "supplier", "by": "code" }, "product": { "column": "product", "by": "code" }, "minimumQuantity": "minimum", "multipleQuantity": "multiple", "preferred": "preferred", "active": "active" } } ] }
            """);

        Assert.Equal((3, 2, 0, 0, 1, 0), (await world.RunAsync(products, new OneFile("code,from,until\nP1,2026-01-01,2025-12-31\nP2,2026-01-01,2026-01-01\nP3,,2026-01-01\n"))).Of("products"));
        Assert.Equal([(2L, "until", "product.sold-until-too-early")], world.Refusals.Select(r => (r.Place.Row, r.Column, r.Reason.Code)));
        const string Rows = "supplier,product,minimum,multiple,preferred,active\nALPINE,P2,10,5,true,true\nCASCADE,P2,1,1,false,true\nALPINE,P3,7,5,false,true\nBASALT,P3,0,0,true,false\nBASALT,P2,0,5,true,true\n";
        var dry = await world.RunAsync(items, new OneFile(Rows), new() { DryRun = true });
        var real = await world.RunAsync(items, new OneFile(Rows));
        Assert.Equal((5, 2, 0, 0, 3, 0), real.Of("items"));
        Assert.Equal(real.Of("items"), dry.Of("items"));
        Assert.Equal(
            [(3L, "supplier", "supplier-item.supplier-unknown"), (4L, "minimum", "supplier-item.minimum-no-multiple"), (5L, "preferred", "supplier-item.preferred-inactive")],
            world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Reason.Code)));

        await using var after = world.Db();
        // The later choice of a product's preferred supplier releases the earlier one.
        Assert.Equal(["BASALT"], await after.SupplierItems.Where(i => i.Preferred).Select(i => after.Companies.First(c => c.Id == i.SupplierId).Code).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((5, 0, 0, 2, 3, 0), (await world.RunAsync(items, new OneFile(Rows))).Of("items"));
        Assert.Equal((1, 0, 1, 0, 0, 0), (await world.RunAsync(items, new OneFile("supplier,product,minimum,multiple,preferred,active\nALPINE,P2,20,5,true,true\n"))).Of("items"));
        Assert.Equal(["ALPINE"], await after.SupplierItems.Where(i => i.Preferred).Select(i => after.Companies.First(c => c.Id == i.SupplierId).Code).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory, OnEachEngine]
    public async Task A_supplier_item_is_found_by_its_supplier_and_product_and_terms_that_stay_are_not_asked_again(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        await using (var db = world.Db())
        {
            db.Add(new Company { Id = 11, Code = "ALPINE", Name = "Alpine", IsSupplier = true });
            db.Add(new Product { Id = 21, Code = "P1", Name = "Pump" });
            db.Add(new SupplierItem { Id = 31, SupplierId = 11, ProductId = 21, MinimumQuantity = 7, MultipleQuantity = 5, Preferred = true, Active = false });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        string Items(string match) => $$"""
            { "title": "Test", "source": "terms", "files": { "rows": "*" }, "records": [
              { "name": "items", "kind": "supplier-item", "file": "rows", "key": "nr", {{match}}
                "fields": { "supplier": { "column": "supplier", "by": "code" }, "product": { "column": "product", "by": "code" }, "leadTimeDays": "days", "multipleQuantity": "multiple" } } ] }
            """;
        const string Header = "nr,supplier,product,days,multiple\n";

        Assert.Equal((1, 0, 0, 0, 1, 0), (await world.RunAsync(world.Profile(Items("")), new OneFile(Header + "1,ALPINE,P1,9,5\n"))).Of("items"));
        var matched = world.Profile(Items("\"match\": [\"place\"],"));
        Assert.Equal((2, 0, 1, 0, 1, 0), (await world.RunAsync(matched, new OneFile(Header + "1,ALPINE,P1,9,5\n2,ALPINE,P1,8,5\n"))).Of("items"));
        await using (var after = world.Db()) { Assert.Equal([(31L, 9)], (await after.SupplierItems.ToListAsync(TestContext.Current.CancellationToken)).Select(i => (i.Id, i.LeadTimeDays))); }
        world.Refusals.Clear();
        Assert.Equal((1, 0, 0, 0, 1, 0), (await world.RunAsync(matched, new OneFile(Header + "1,ALPINE,P1,9,4\n"))).Of("items"));
        Assert.Equal("supplier-item.minimum-no-multiple", Assert.Single(world.Refusals).Reason.Code);
    }

    [Theory, OnEachEngine]
    public async Task An_imported_opportunity_is_registered_on_partners_only_and_worth_its_lines(string engine)
    {
        await using var world = await ImportWorld.WithStagesAsync(engine);
        await using (var db = world.Db())
        {
            db.Add(new Company { Id = 11, Code = "ALPINE", Name = "Alpine", IsSupplier = true, IsCompetitor = true });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var profile = world.Profile(Sales.Replace("\"title\": \"id\",", "\"title\": \"id\", \"partner\": { \"column\": \"partner\", \"by\": \"code\" }, \"competitor\": { \"column\": \"competitor\", \"by\": \"code\" },", StringComparison.Ordinal));
        var result = await world.RunAsync(profile, new OneFile("id,partner,competitor,stage,reason,product,quantity,price\nO1,CASCADE,ALPINE,lead,,P,2,5\nO2,ALPINE,,lead,,P,1,5\nO3,BAYSIDE,CASCADE,lead,,P,1,5\n"));
        Assert.Equal((3, 1, 0, 0, 2, 0), result.Of("opportunities"));
        Assert.Equal([(3L, "partner", "opportunity.partner-unknown"), (4L, "competitor", "opportunity.competitor-unknown")], world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Reason.Code)));
        await using var after = world.Db();
        Assert.Equal(("O1", 10m), await after.Opportunities.Select(o => new ValueTuple<string, decimal>(o.Number, o.Amount)).SingleAsync(TestContext.Current.CancellationToken));
    }

    [Theory, OnEachEngine]
    public async Task An_open_opportunity_has_an_owner_who_is_still_there_and_one_that_is_over_keeps_its_own(string engine)
    {
        await using var world = await ImportWorld.WithStagesAsync(engine);
        await using (var db = world.Db())
        {
            db.AddRange(new Person { Id = 21, Name = "Here", Email = "here@portal.example" }, new Person { Id = 22, Name = "Left", Email = "left@portal.example", Active = false },
                new Person { Id = 23, Name = "Partner's", Email = "reseller@cascade.example", CompanyId = 1 });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var profile = world.Profile("""
            { "title": "Test", "source": "owners", "files": { "rows": "*" }, "records": [
              { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "id",
                "fields": { "number": "id", "title": "title", "stage": { "column": "stage", "by": "code" }, "outcomeReason": { "constant": "Price" }, "owner": { "column": "owner", "by": "email" } } } ] }
            """);
        const string Rows = "id,title,stage,owner\nO1,Won back,lead,here@portal.example\nO2,Orphan,lead,left@portal.example\nO3,History,lost,left@portal.example\nO4,Not ours,lost,reseller@cascade.example\n";
        var dry = await world.RunAsync(profile, new OneFile(Rows), new() { DryRun = true });
        var real = await world.RunAsync(profile, new OneFile(Rows));
        Assert.Equal((4, 2, 0, 0, 2, 0), real.Of("opportunities"));
        Assert.Equal(real.Of("opportunities"), dry.Of("opportunities"));
        Assert.Equal([(3L, "owner", "opportunity.owner-unknown"), (5L, "owner", "opportunity.owner-unknown")], world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Reason.Code)));

        await using (var db = world.Db())
        {
            Assert.Equal(["Here", "Left"], await db.Opportunities.OrderBy(o => o.Number).Select(o => o.OwnerName).ToListAsync(TestContext.Current.CancellationToken));
            (await db.People.AsTracking().SingleAsync(p => p.Id == 21, TestContext.Current.CancellationToken)).Active = false;
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        // As on the pages: what an opportunity has already is not asked again.
        Assert.Equal((1, 0, 1, 0, 0, 0), (await world.RunAsync(profile, new OneFile("id,title,stage,owner\nO1,Won back twice,lead,here@portal.example\n"))).Of("opportunities"));
    }

    [Theory, OnEachEngine]
    public async Task A_dry_run_foresees_the_roles_and_stages_that_the_same_run_would_make(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var profile = world.Profile("""
            { "title": "Test", "source": "foreseen", "files": { "rows": "*" }, "records": [
              { "name": "stages", "kind": "stage", "file": "rows", "group": { "by": ["stage"] }, "key": "stage",
                "fields": { "code": "stage", "name": "stage", "position": { "constant": 1 }, "probability": { "constant": 50 }, "outcome": "stage" } },
              { "name": "people", "kind": "person", "file": "rows", "group": { "by": ["owner", "active"] }, "key": "owner", "fields": { "name": "owner", "email": "owner", "active": "active" } },
              { "name": "companies", "kind": "company", "file": "rows", "key": "company", "match": ["code"], "fields": { "code": "company", "name": "company", "roles": "roles" } },
              { "name": "products", "kind": "product", "file": "rows", "key": "company", "fields": { "code": "company", "name": "company" } },
              { "name": "items", "kind": "supplier-item", "file": "rows", "key": "company", "fields": { "supplier": "company", "product": "company" } },
              { "name": "opportunities", "kind": "opportunity", "file": "rows", "key": "company",
                "fields": { "number": "company", "title": "company", "stage": "stage", "firstStage": { "constant": "Open" }, "partner": "company", "owner": "owner" } } ] }
            """);
        const string Rows = "company,roles,stage,owner,active\nNEW-1,Supplier,Open,one@portal.example,true\nNEW-2,ChannelPartner,Open,one@portal.example,true\n"
            + "CASCADE,Supplier,Open,one@portal.example,true\nNEW-3,Distributor,Open,two@portal.example,false\nNEW-4,Distributor,Won,two@portal.example,false\n";
        await world.RunAsync(profile, new OneFile(Rows), new() { DryRun = true });
        var foreseen = world.Refusals.Select(r => (r.Records, r.Place.Row, r.Column, r.Reason.Code)).ToList();
        await world.RunAsync(profile, new OneFile(Rows));
        Assert.Equal(
            [
                ("items", 3L, "company", "supplier-item.supplier-unknown"), ("items", 5L, "company", "supplier-item.supplier-unknown"), ("items", 6L, "company", "supplier-item.supplier-unknown"),
                ("opportunities", 2L, "company", "opportunity.partner-unknown"), ("opportunities", 4L, "company", "opportunity.partner-unknown"), ("opportunities", 5L, "owner", "opportunity.owner-unknown"),
            ],
            foreseen);
        Assert.Equal(foreseen, world.Refusals.Select(r => (r.Records, r.Place.Row, r.Column, r.Reason.Code)));
    }

    [Theory, OnEachEngine]
    public async Task A_product_keeps_one_preferred_supplier_whichever_row_of_the_batch_is_refused(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        await using (var db = world.Db())
        {
            db.AddRange(new Company { Id = 11, Code = "ALPINE", Name = "Alpine", IsSupplier = true }, new Company { Id = 12, Code = "BASALT", Name = "Basalt", IsSupplier = true });
            db.AddRange(Enumerable.Range(1, 5).Select(i => new Product { Id = 20 + i, Code = $"P{i}", Name = $"P{i}" }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var profile = world.Profile("""
            { "title": "Test", "source": "terms", "files": { "rows": "*" }, "records": [
              { "name": "items", "kind": "supplier-item", "file": "rows", "key": { "template": "{supplier} {product}" },
                "fields": { "supplier": { "column": "supplier", "by": "code" }, "product": { "column": "product", "by": "code" }, "minimumQuantity": "minimum", "multipleQuantity": { "constant": 5 }, "preferred": "preferred" } } ] }
            """);
        const string Head = "supplier,product,minimum,preferred\n";
        await world.RunAsync(profile, new OneFile(Head + string.Concat(Enumerable.Range(1, 5).Select(i => $"ALPINE,P{i},5,true\n"))));
        Assert.Empty(world.Refusals);

        // The row that was preferred is refused before and after the one that takes its place; the taker is refused; two takers, of which one is refused.
        var again = await world.RunAsync(profile, new OneFile(Head
            + "ALPINE,P1,7,true\nBASALT,P1,5,true\n" + "BASALT,P2,5,true\nALPINE,P2,7,false\n" + "BASALT,P3,7,true\n" + "ALPINE,P4,10,true\nBASALT,P4,7,true\n" + "BASALT,P5,5,true\nALPINE,P5,10,true\n"));
        Assert.Equal((9, 3, 2, 0, 4, 0), again.Of("items"));
        await using var after = world.Db();
        Assert.Equal(["P1 BASALT", "P2 BASALT", "P3 ALPINE", "P4 ALPINE", "P5 ALPINE"], await (
            from item in after.SupplierItems
            join product in after.Products on item.ProductId equals product.Id
            join supplier in after.Companies on item.SupplierId equals supplier.Id
            where item.Preferred
            orderby product.Code, supplier.Code
            select product.Code + " " + supplier.Code).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory, OnEachEngine]
    public async Task What_the_page_refuses_of_a_company_an_import_refuses_too(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        await using (var db = world.Db())
        {
            db.Add(new Company { Id = 11, Code = "ALPINE", Name = "Alpine", IsSupplier = true, Email = "as it came in", TaxId = "none" });
            db.Add(new Person { Id = 12, Name = "Here", Email = "here@portal.example" });
            db.Add(new Person { Id = 13, Name = "Left", Email = "left@portal.example", Active = false });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var companies = world.Profile("""
            { "title": "Test", "source": "companies", "files": { "rows": "*" }, "records": [
              { "name": "companies", "kind": "company", "file": "rows", "key": "code", "match": ["code"],
                "fields": { "code": "code", "name": "name", "taxId": "tax", "webDomain": "web", "email": "mail", "country": "country", "foundedYear": "founded",
                  "partner": { "column": "partner", "by": "code" }, "owner": { "column": "owner", "by": "email" } } } ] }
            """);
        const string Rows = """
            code,name,tax,web,mail,country,founded,partner,owner
            A1,Alpha,DE 123.456,https://WWW.Alpha.example/about,a@alpha.example,Germany,1999,CASCADE,here@portal.example
            B 2,Beta,,,,,,,
            C3,Gamma,none,,,,,,
            D4,Delta,,nowhere,,,,,
            E5,Epsilon,,,nobody,,,,
            F6,Zeta,,,,Atlantis,,,
            G7,Eta,,,,,2999,,
            H8,Theta,,,,,,ALPINE,
            I9,Iota,,,,,,,left@portal.example
            ALPINE,Alpine,none,,as it came in,cn,,,
            CASCADE,Cascade,,,,中国,,CASCADE,

            """;
        var dry = await world.RunAsync(companies, new OneFile(Rows), new() { DryRun = true });
        var real = await world.RunAsync(companies, new OneFile(Rows));
        Assert.Equal((11, 1, 1, 0, 9, 0), real.Of("companies"));
        Assert.Equal(real.Of("companies"), dry.Of("companies"));
        Assert.Equal(
            [
                (3L, "code", "company.code-malformed"), (4L, "tax", "company.tax-id-malformed"), (5L, "web", "company.web-domain-malformed"), (6L, "mail", "company.email-malformed"),
                (7L, "country", "import.unknown-country"), (8L, "founded", "company.founded-out-of-range"), (9L, "partner", "company.partner-unknown"), (10L, "owner", "company.owner-unknown"),
                (12L, "partner", "company.partner-itself"),
            ],
            world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Reason.Code)));
        await using var after = world.Db();
        var alpha = await after.Companies.SingleAsync(c => c.Code == "A1", TestContext.Current.CancellationToken);
        Assert.Equal(("www.alpha.example", "DE"), (alpha.WebDomain, alpha.Country));
        // What is left as it was is not asked again.
        var alpine = await after.Companies.SingleAsync(c => c.Id == 11, TestContext.Current.CancellationToken);
        Assert.Equal(("as it came in", "none", "CN"), (alpine.Email, alpine.TaxId, alpine.Country));
    }

    [Theory, OnEachEngine]
    public async Task What_the_pages_refuse_of_contacts_and_sites_an_import_refuses_too(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var contacts = world.Profile("""
            { "title": "Test", "source": "people", "files": { "rows": "*" }, "records": [
              { "name": "contacts", "kind": "contact", "file": "rows", "key": "id",
                "fields": { "company": { "column": "company", "by": "code" }, "lastName": "id", "email": "mail", "language": "language", "manager": { "column": "manager", "missing": "refuse" }, "consentAt": "at" } },
              { "name": "sites", "kind": "site", "file": "rows", "key": "id", "fields": { "company": { "column": "company", "by": "code" }, "name": "id", "country": "country" } } ] }
            """);
        const string Head = "id,company,mail,language,manager,at,country\n";
        const string Rows = Head
            + "boss,CASCADE,boss@cascade.example,zh-Hans,,2020-01-01,uk\nsecond,CASCADE,,de,boss,,France\nstranger,DUNE,,,boss,,\nmail,CASCADE,at home,,,,\n"
            + "tongue,CASCADE,,German,,,\nsoon,CASCADE,,,,2999-01-01,\nwhere,CASCADE,,,,,Utopia\n";
        var dry = await world.RunAsync(contacts, new OneFile(Rows), new() { DryRun = true });
        var real = await world.RunAsync(contacts, new OneFile(Rows));
        Assert.Equal((7, 3, 0, 0, 4, 0), real.Of("contacts"));
        Assert.Equal((7, 6, 0, 0, 1, 0), real.Of("sites"));
        Assert.Equal((real.Of("contacts"), real.Of("sites")), (dry.Of("contacts"), dry.Of("sites")));
        Assert.Equal(
            [(4L, "manager", "contact.manager-unknown"), (5L, "mail", "company.email-malformed"), (6L, "language", "contact.language-unknown"), (7L, "at", "contact.consent-in-future"), (8L, "country", "import.unknown-country")],
            world.Refusals.OrderBy(r => r.Place.Row).Select(r => (r.Place.Row, r.Column, r.Reason.Code)));
        // Who moves to another company leaves the manager there, or is refused.
        Assert.Equal((1, 0, 0, 0, 1, 0), (await world.RunAsync(contacts, new OneFile(Head + "second,DUNE,,de,boss,,France\n"))).Of("contacts"));
        await using var after = world.Db();
        Assert.Equal(["FR", "GB"], await after.Sites.Where(s => s.Country != null).Select(s => s.Country).OrderBy(c => c).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory, OnEachEngine]
    public async Task Who_follows_a_manager_to_another_company_comes_in_at_the_second_run_at_the_latest(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var contacts = world.Profile("""
            { "title": "Test", "source": "movers", "files": { "rows": "*" }, "records": [
              { "name": "contacts", "kind": "contact", "file": "rows", "key": "id", "fields": { "company": { "column": "company", "by": "code" }, "lastName": "id" } } ] }
            """);
        await world.RunAsync(contacts, new OneFile("id,company\nreport,CASCADE\nboss,CASCADE\n"));
        await using (var db = world.Db())
        {
            // Kept by hand: the source knows no managers.
            var boss = await db.Contacts.SingleAsync(c => c.LastName == "boss", TestContext.Current.CancellationToken);
            (await db.Contacts.AsTracking().SingleAsync(c => c.LastName == "report", TestContext.Current.CancellationToken)).ManagerId = boss.Id;
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var moved = new OneFile("id,company\nreport,DUNE\nboss,DUNE\n");
        Assert.Equal((2, 0, 1, 0, 1, 0), (await world.RunAsync(contacts, moved)).Of("contacts"));
        Assert.Equal((2, 0, 1, 1, 0, 0), (await world.RunAsync(contacts, moved)).Of("contacts"));
        Assert.Empty(world.Refusals);
    }

    [Theory, OnEachEngine]
    public async Task No_import_leads_a_tree_in_a_circle(string engine)
    {
        await using var world = await ImportWorld.OnAsync(engine);
        var trees = world.Profile("""
            { "title": "Test", "source": "trees", "files": { "rows": "*" }, "records": [
              { "name": "companies", "kind": "company", "file": "rows", "key": "id", "fields": { "code": "id", "name": "id", "parent": "above" } },
              { "name": "territories", "kind": "territory", "file": "rows", "key": "id", "fields": { "code": "id", "name": "id", "parent": "above" } },
              { "name": "categories", "kind": "category", "file": "rows", "key": "id", "fields": { "code": "id", "name": "id", "parent": "above" } },
              { "name": "contacts", "kind": "contact", "file": "rows", "key": "id", "fields": { "company": { "constant": "CASCADE", "by": "code" }, "lastName": "id", "manager": "above" } } ] }
            """);
        await world.RunAsync(trees, new OneFile("id,above\nA,\nB,A\nC,B\nD,\nE,\n"));
        // A under C would close what is stored; D under E and E under D close it between them, and the first of both is taken.
        const string Rows = "id,above\nA,C\nD,E\nE,D\nB,B\n";
        var dry = await world.RunAsync(trees, new OneFile(Rows), new() { DryRun = true });
        var real = await world.RunAsync(trees, new OneFile(Rows));
        foreach (var set in new[] { "companies", "territories", "categories", "contacts" })
        {
            Assert.Equal((set, (4, 0, 1, 0, 3, 0)), (set, real.Of(set)));
            Assert.Equal((set, real.Of(set)), (set, dry.Of(set)));
        }
        Assert.Equal(
            ["category.parent-below", "company.parent-circle", "company.parent-itself", "contact.manager-circle", "contact.manager-itself", "territory.parent-circle"],
            world.Refusals.Select(r => r.Reason.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.All(world.Refusals, r => Assert.Equal("above", r.Column));
    }
}
