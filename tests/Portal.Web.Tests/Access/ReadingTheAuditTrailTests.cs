using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Testing;
using Portal.Web.Pages.Access;
using Portal.Web.Pages.Access.Audit;
using Portal.Web.Tests.Companies;
using Portal.Web.Ui;
using Portal.Web.Ui.Lists;
using Xunit;

namespace Portal.Web.Tests.Access;

public sealed class ReadingTheAuditTrailTests(RunningHouse house) : IClassFixture<RunningHouse>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Company", """{"Name":["Alpine","Alpine AG"],"City":[null,"Bern"],"Phone":["1",null]}""", "Name: Alpine → Alpine AG; City: Bern; Phone: 1 → –")]
    [InlineData("Company", """{"AnnualRevenue":[1.5,2],"IsSupplier":[true,false],"Tier":["Gold","Silver"]}""", "Annual revenue: 1.5 → 2; Supplier: Yes → No; Partner tier: Gold → Silver")]
    [InlineData("Product", """{"Unit":["PCE","KGM"],"ListPrice":[null,2]}""", "Unit: pcs → kg; List price: 2")]
    [InlineData("CompanyLogIn", """{"Provider":[null,"Cascade"],"Enabled":["False","True"],"Domain cascade.example":["waits for its record","by its record"],"Function for *":[null,"reseller-person"]}""",
        "Provider: Cascade; Switched on: No → Yes; Domain cascade.example: waits for its record → proved by its record; Function for Everybody: Channel partner person")]
    [InlineData("CompanyLogIn", """{"Domain dune.example":[null,"stated by Ada Sommerfeld: a call"]}""", "Domain dune.example: stated by Ada Sommerfeld: a call")]
    [InlineData("AccessGrant", """{"Key":[null,"kind:Distributor"],"GrantedBy":[null,"0"],"Fields":[null,"Full"]}""", "For whom: Every distributor; Granted by: Portal; What of it: Full")]
    [InlineData("Share", """{"Key":["tier:Gold","region:Europe"],"SharedBy":[null,"94356740505600034"]}""", "For whom: Partners of tier Gold → Partners in region Europe; Shared by: 94356740505600034")]
    [InlineData("Share", """{"Key":["partners","company:94356740505600014"]}""", "For whom: All partners → 94356740505600014")]
    [InlineData("Contact", """{"Language":["en","zh-Hans"]}""", "Language: English → 中文")]
    [InlineData("Company", """{"Country":["CN","DE"]}""", "Country: China → Germany")]
    [InlineData("Contact", """{"Consent":["Given","Withdrawn"]}""", "Consent to marketing: Given → Withdrawn")]
    [InlineData("Thing", """{"Odd":[null,"x"]}""", "Odd: x")]
    [InlineData("Company", "", "")]
    [InlineData("Company", "free text", "free text")]
    [InlineData("Company", """{"count":3}""", """{"count":3}""")]
    public void A_change_is_told_from_what_to_what(string entity, string kept, string told)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Assert.Equal(told, ChangeWords.Of(entity + ChangeWords.Break + kept, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("en", "Europe/Zurich", "In this stage since: 8 Jul 2026 13:05 → 1 Jan 2027 00:30")]
    [InlineData("zh-Hans", "Asia/Shanghai", "进入阶段时间：2026-07-08 19:05 → 2027-01-01 07:30")]
    public void An_instant_in_a_change_is_told_on_the_readers_clock(string language, string zone, string told)
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (Language.Find(language)!, Language.Find(language)!);
        Assert.Equal(told, ChangeWords.Of("Opportunity" + ChangeWords.Break + """{"StageSince":["2026-07-08T11:05:00.0000000+00:00","2026-12-31T23:30:00.0000000+00:00"]}""", TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    [Theory]
    [InlineData("opportunity:94356740505600034", "Opportunity 94356740505600034")]
    [InlineData("entered:house:94356740505600034", "Entered by hand: 94356740505600034")]
    [InlineData("entered:94356740505600014:94356740505600034", "Entered by hand by 94356740505600014: 94356740505600034")]
    [InlineData("partner:94356740505600014:week 3", "94356740505600014: week 3")]
    [InlineData("2026 plan", "2026 plan")]
    public void Where_figures_came_from_is_told_in_words(string kept, string told)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Assert.Equal(told, ChangeWords.Origin(kept));
    }

    [Fact]
    public void Every_kind_of_record_and_every_field_that_the_trail_tells_of_has_words()
    {
        using var db = house.Portal.System();
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-Hans");
        // Kept beside the trail or written from others: no line of their own.
        string[] untold = ["AuditEntry", "TimelineEntry", "SearchEntry", "IdempotencyKey", "ExternalKey", "Job", "BulkChange", "StageChange", "DemandSignal", "DocumentReceipt", "AccessMark", "OpportunityTotal", "OpportunityInFull"];
        var types = db.Model.GetEntityTypes().Where(t => !untold.Contains(t.ClrType.Name)).ToList();
        Assert.DoesNotContain(types.Select(t => t.ClrType.Name), name => ChangeWords.Entity(name) == name);
        var fields = types.SelectMany(t => t.GetProperties().Where(p => p.Name != "Version").Select(p => (t.ClrType.Name, Field: p.Name)));
        Assert.DoesNotContain(fields, f => f.Field is not "Sha256" && ChangeWords.List(f.Name, $$"""{"{{f.Field}}":[null,"x"]}""", TimeZoneInfo.Utc)![0].Label == f.Field);
    }

    [Fact]
    public async Task A_function_that_is_taken_away_is_named_and_the_entry_has_a_page()
    {
        long person;
        await using (var db = house.Portal.System())
        {
            var one = await db.People.AsTracking().Include(p => p.Functions).FirstAsync(p => p.Email == "service@portal.example", Ct);
            person = one.Id;
            Assert.Null(one.Assign([Functions.Manager]));
            await db.SaveChangesAsync(Ct);
        }
        await using var read = house.Portal.System();
        var entry = await read.Audit.SingleAsync(a => a.Entity == "PersonFunction" && a.Action == "deleted" && a.RecordId == person && a.Changes.Contains("\"Function\":[\"service\",null]"), Ct);

        var admin = await house.Portal.AsAsync("admin@portal.example");
        var page = await admin.GetStringAsync($"/access/audit/{entry.Id}", Ct);
        Assert.Contains("Function of a person", page, StringComparison.Ordinal);
        Assert.Contains("Service", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_names_the_records_that_it_tells_of_and_leads_to_them()
    {
        long owner, entry;
        string name;
        await using (var db = house.Portal.System())
        {
            var company = await db.Companies.AsTracking().SingleAsync(c => c.Code == "HUAFENG", Ct);
            var person = await db.People.SingleAsync(p => p.Email == "procurement@portal.example", Ct);
            (owner, name) = (person.Id, person.Name);
            company.OwnerId = owner;
            var item = await db.SupplierItems.AsTracking().FirstAsync(Ct);
            item.LeadTimeDays += 1;
            await db.SaveChangesAsync(Ct);
            entry = await db.Audit.Where(a => a.RecordId == company.Id).OrderByDescending(a => a.Id).Select(a => a.Id).FirstAsync(Ct);
        }
        var admin = await house.Portal.AsAsync("admin@portal.example");
        var page = await SignIn.ReadAsync(await admin.GetAsync("/access/audit", Ct), Ct);
        var row = page.QuerySelectorAll("tbody tr").Single(r => r.QuerySelector($"a[href='/access/audit/{entry}']") is not null);
        Assert.Contains("Huafeng Automation", row.QuerySelector("a[href^='/companies/']")!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"→ {name}", row.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(owner.ToString(CultureInfo.InvariantCulture), row.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("tbody a[href^='/supplier-items/']"));

        var file = await admin.GetStringAsync("/access/audit?columns=at,record,changes&export=csv", Ct);
        Assert.Contains($"→ {name}", file, StringComparison.Ordinal);
        Assert.InRange(await house.StatementsAsync("admin@portal.example", "/access/audit"), 1, 6);
    }

    [Fact]
    public async Task A_record_out_of_sight_has_no_name_and_a_page_is_offered_only_to_who_may_go_there()
    {
        await using var all = house.Portal.System();
        var reseller = await all.People.Where(p => p.Email == "reseller@cascade.example").Select(p => p.Id).SingleAsync(Ct);
        var company = await all.Companies.Where(c => c.Code == "CASCADE").Select(c => c.Id).SingleAsync(Ct);
        var (own, foreign) = (await all.Opportunities.FirstAsync(o => o.PartnerId == company, Ct), await all.Opportunities.FirstAsync(o => o.PartnerId == null && o.CustomerId != company, Ct));
        var foreignLine = await all.OpportunityLines.Where(l => all.Opportunities.Any(o => o.Id == l.OpportunityId && o.PartnerId == null)).FirstAsync(Ct);
        await using var db = house.Portal.Portal.For((await new ScopeBuilder(house.Portal.Portal).ForAsync(reseller, Ct))!);
        var names = await RecordNames.OfAsync(db, [own.Id, foreign.Id, foreignLine.Id, 1], Viewer.Anonymous, Ct);
        Assert.Equal([own.Id], names.Keys);
        Assert.Equal(new RecordName(own.Title), names[own.Id]);
    }

    [Theory]
    [InlineData("Owner: 94356740505600034 → 94356740505600035", "Owner: Ada → 94356740505600035")]
    [InlineData("Quantity: 1234567890123.5; Phone: +94356740505600034", "Quantity: 1234567890123.5; Phone: +94356740505600034")]
    [InlineData("Opportunity 94356740505600034", "Opportunity Ada")]
    public void Only_numbers_of_records_give_way_to_names(string text, string named) =>
        Assert.Equal(named, RecordNumbers.Named(text, new Dictionary<long, RecordName> { [94356740505600034] = new("Ada") }));
}
