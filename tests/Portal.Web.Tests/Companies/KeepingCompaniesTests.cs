using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Companies;
using Portal.Identity.Federation;
using Portal.Testing;
using Portal.Testing.Hosting;
using Portal.Web.Access;
using Xunit;

namespace Portal.Web.Tests.Companies;

public sealed class KeepingCompaniesTests(RunningHouse house) : IClassFixture<RunningHouse>
{
    private const string Sales = "sales@portal.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_company_is_entered_and_gets_a_code_of_its_own()
    {
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync("/companies/create", Ct);
        var answer = await browser.SendFormAsync(form, Ct, ("Input.Name", "Lakeside Foundry 湖畔铸造"), ("Input.WebDomain", "https://Lakeside.example/about"), ("Input.IsSupplier", "true"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await using var db = house.Portal.System();
        var saved = await db.Companies.SingleAsync(c => c.Name == "Lakeside Foundry 湖畔铸造", Ct);
        Assert.StartsWith("C-", saved.Code, StringComparison.Ordinal);
        Assert.Equal("lakeside.example", saved.WebDomain);
        Assert.True(saved is { IsCustomer: true, IsSupplier: true });
        Assert.Equal($"/companies/{saved.Id}", answer.Headers.Location!.OriginalString);
    }

    [Fact, Trait("asvs", "V3.2.2")]
    public async Task A_name_with_markup_in_it_is_shown_as_typed()
    {
        const string Name = "Quill <img src=x onerror=alert(1)> & \"Sons\"";
        var browser = await house.Portal.AsAsync(Sales);
        var saved = await browser.SendFormAsync(await browser.GetAsync("/companies/create", Ct), Ct, ("Input.Name", Name));
        var id = saved.Headers.Location!.OriginalString.Split('/')[^1];
        foreach (var address in new[] { $"/companies/{id}", $"/companies/{id}/edit", "/companies?q=quill", "/search?q=quill", "/look-up/company?words=quill" })
        {
            var page = await SignIn.ReadAsync(await browser.GetAsync(address, Ct), Ct);
            Assert.Empty(page.QuerySelectorAll("img[src=x], [onerror]"));
            Assert.True(page.DocumentElement.TextContent.Contains(Name, StringComparison.Ordinal) || page.QuerySelectorAll("input").Any(i => i.GetAttribute("value") == Name), address);
        }
    }

    [Fact]
    public async Task A_list_in_which_nothing_is_yet_has_only_its_first_step_and_one_without_a_match_keeps_its_filters()
    {
        var browser = await house.Portal.AsAsync(Sales);
        var made = await browser.SendFormAsync(await browser.GetAsync("/companies/create", Ct), Ct, ("Input.Name", "Millrace Bearings"));
        var sold = made.Headers.Location!.OriginalString + "?tab=opportunities";
        var nothing = (await SignIn.ReadAsync(await browser.GetAsync(sold, Ct), Ct)).QuerySelector(".portal-list")!;
        Assert.NotNull(nothing.QuerySelector(".portal-empty"));
        Assert.Null(nothing.QuerySelector("form, summary, .portal-list-bar, .portal-list-foot"));
        var unmatched = (await SignIn.ReadAsync(await browser.GetAsync(sold + "&outcome=Won", Ct), Ct)).QuerySelector(".portal-list")!;
        Assert.NotNull(unmatched.QuerySelector(".portal-empty"));
        Assert.NotNull(unmatched.QuerySelector(".portal-list-bar input[name=outcome]"));
    }

    [Fact]
    public async Task What_cannot_be_saved_is_named_and_the_draft_stays()
    {
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync("/companies/create", Ct);
        var answer = await browser.SendFormAsync(form, Ct, ("Input.Name", "Draft of a company"), ("Input.Email", "not an address"), ("Input.City", "Somewhere"));
        var page = await SignIn.ReadAsync(answer, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(page.QuerySelector("#Input_Email.is-invalid"));
        Assert.Equal("Draft of a company", page.QuerySelector("#Input_Name")!.GetAttribute("value"));
        Assert.Equal("Somewhere", page.QuerySelector("#Input_City")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_companys_log_in_is_connected_by_pages_and_brings_in_its_own_people_with_the_functions_of_their_groups()
    {
        var (admin, company, other) = (await house.Portal.AsAsync("admin@portal.example"), await house.CompanyAsync("CASCADE"), await house.CompanyAsync("DUNE"));
        var form = await admin.GetAsync("/access/providers/add", Ct);
        (string, string)[] asked = [("Input.CompanyId", $"{company}"), ("Input.Name", "Cascade"), ("Input.Issuer", "https://login.cascade.example"), ("Input.ClientId", "portal"), ("Input.ClientSecret", "what cascade gave"), ("Input.Admits", "true")];
        foreach (var wrong in new[] { "sellers = administrator", "sellers = supplier-person", "sellers", "= reseller-person" })
        {
            var refused = await admin.SendFormAsync(form, Ct, [.. asked, ("Input.Functions", wrong)]);
            Assert.NotNull((await SignIn.ReadAsync(refused, Ct)).QuerySelector("#Input_Functions.is-invalid"));
        }
        var made = await admin.SendFormAsync(form, Ct, [.. asked, ("Input.Functions", "sellers = reseller-person\n* = partner-admin")]);
        var path = made.Headers.Location!.OriginalString;
        var page = await admin.GetAsync(path, Ct);
        Assert.DoesNotContain("what cascade gave", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        async Task<HttpResponseMessage> ActAsync(string handler, params (string Name, string Value)[] fields)
        {
            var token = (await SignIn.ReadAsync(await admin.GetAsync(path, Ct), Ct)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            return await admin.PostAsync($"{path}?handler={handler}", new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]), Ct);
        }
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("Enable")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("Domain", ("Input.Domain", "gmail.com"))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await ActAsync("Domain", ("Input.Domain", "cascade.example"))).StatusCode);
        Assert.Matches("portal-verification=[A-Za-z0-9_-]{32}<", await admin.GetStringAsync(path, Ct));
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("Enable")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("State", ("domain", "cascade.example"), ("evidence", " "))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await ActAsync("State", ("domain", "cascade.example"), ("evidence", "in their contract"))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await ActAsync("Enable")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("Force")).StatusCode);
        var stated = await admin.GetStringAsync(path, Ct);
        Assert.Contains("in their contract", stated, StringComparison.Ordinal);
        var edit = await admin.GetAsync(path + "/edit", Ct);
        Assert.Equal(HttpStatusCode.Found, (await admin.SendFormAsync(edit, Ct, ("Input.Name", "Cascade Channel"))).StatusCode);
        Assert.Contains("Cascade Channel", await admin.GetStringAsync("/access/providers", Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await ActAsync("Disable")).StatusCode);
        var trail = await admin.GetStringAsync("/access/audit", Ct);
        Assert.Contains("stated by", trail, StringComparison.Ordinal);
        Assert.DoesNotContain("what cascade gave", trail, StringComparison.Ordinal);
        await using (var db = house.Portal.System())
        {
            var lines = await db.Audit.Where(line => line.Entity == "CompanyLogIn" && line.RecordId == company).OrderBy(line => line.Id).ToListAsync(Ct);
            Assert.Equal(["created", "changed", "changed", "changed", "changed", "changed"], lines.Select(line => line.Action));
            Assert.All(lines, line => Assert.True(line.PersonName.Length > 0 && line.PersonId > 0 && line.Through.StartsWith("page:/access/providers/", StringComparison.Ordinal)));
        }

        var people = house.Portal.Services.GetRequiredService<IFederatedPeople>();
        var nina = new FederatedNewcomer(Guid.NewGuid().ToString("N"), CompanyPeople.OwnerOf(company), "nina@cascade.example", "Nina Falls", "zh-Hans", ["reseller-person"], "Cascade");
        Assert.Null(await people.OwnerOfAsync(nina.Subject, Ct));
        Assert.True(await people.AdmitAsync(nina, Ct));
        Assert.Equal(nina.Owner, await people.OwnerOfAsync(nina.Subject, Ct));
        Assert.True(await people.AdmitAsync(nina with { Functions = ["partner-admin"] }, Ct));
        await using (var db = house.Portal.System())
        {
            var person = await db.People.Include(p => p.Functions).SingleAsync(p => p.Email == nina.Email, Ct);
            Assert.Equal((company, "Nina Falls", "zh-Hans", "partner-admin"), (person.CompanyId, person.Name, person.Language, person.Functions.Single().Function));
            person.Active = false;
            await db.SaveChangesAsync(Ct);
        }
        Assert.False(await people.AdmitAsync(nina, Ct));
        Assert.False(await people.AdmitAsync(nina with { Owner = CompanyPeople.OwnerOf(other) }, Ct));
        var second = nina with { Subject = Guid.NewGuid().ToString("N"), Email = "otto@cascade.example" };
        Assert.False(await people.AdmitAsync(second with { Functions = ["administrator"] }, Ct));
        Assert.False(await people.AdmitAsync(second with { Functions = ["supplier-person"] }, Ct));
        Assert.False(await people.AdmitAsync(second with { Owner = "no company" }, Ct));
        Assert.False(await people.AdmitAsync(second with { Email = "sales@portal.example" }, Ct));
        Assert.Null(await people.OwnerOfAsync(second.Subject, Ct));
        Assert.Contains(nina.Subject, await people.SubjectsOfAsync(nina.Owner, Ct));

        Assert.Equal("/access/providers", (await ActAsync("Delete")).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(path, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_taken_code_is_refused()
    {
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync("/companies/create", Ct);
        var page = await SignIn.ReadAsync(await browser.SendFormAsync(form, Ct, ("Input.Name", "Another Alpine"), ("Input.Code", "alpine")), Ct);
        Assert.Contains("ALPINE", page.QuerySelector("#Input_Code-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_over_a_newer_one_shows_both()
    {
        var id = await house.CompanyAsync("CASCADE");
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync($"/companies/{id}/edit", Ct);
        await using (var db = house.Portal.System())
        {
            var other = await db.Companies.SingleAsync(c => c.Id == id, Ct);
            other.City = "Grenoble";
            await db.SaveChangesAsync(Ct);
        }
        var answer = await browser.SendFormAsync(form, Ct, ("Input.City", "Annecy"));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var text = (await SignIn.ReadAsync(answer, Ct)).QuerySelector("main")!.TextContent;
        Assert.Contains("Annecy", text, StringComparison.Ordinal);
        Assert.Contains("Grenoble", text, StringComparison.Ordinal);

        var again = await browser.SendFormAsync(answer, Ct, ("Input.City", "Annecy"));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        await using var after = house.Portal.System();
        Assert.Equal("Annecy", await after.Companies.Where(c => c.Id == id).Select(c => c.City).SingleAsync(Ct));
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_contact()
    {
        var id = await house.CompanyAsync("DUNE");
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync($"/companies/{id}/contacts/create", Ct);
        var fields = form.FormOf(await SignIn.ReadAsync(form, Ct), ("Input.LastName", "Twice"), ("Input.FirstName", "Ada"));
        var first = await browser.PostAsync(fields.Action, new FormUrlEncodedContent(fields.Values), Ct);
        var second = await browser.PostAsync(fields.Action, new FormUrlEncodedContent(fields.Values), Ct);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        await using var db = house.Portal.System();
        Assert.Equal(1, await db.Contacts.CountAsync(c => c.LastName == "Twice", Ct));
    }

    [Fact]
    public async Task Nobody_reports_to_somebody_below()
    {
        var id = await house.CompanyAsync("BAYSIDE");
        long top, below;
        await using (var db = house.Portal.System())
        {
            (top, below) = (db.Ids.Next(), db.Ids.Next());
            db.Add(new Contact { Id = top, CompanyId = id, FirstName = "Tom", LastName = "Top" });
            db.Add(new Contact { Id = below, CompanyId = id, FirstName = "Bea", LastName = "Below", ManagerId = top });
            await db.SaveChangesAsync(Ct);
        }
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync($"/contacts/{top}/edit", Ct);
        var page = await SignIn.ReadAsync(await browser.SendFormAsync(form, Ct, ("Input.ManagerId", below.ToString(System.Globalization.CultureInfo.InvariantCulture))), Ct);
        Assert.NotNull(page.QuerySelector("#Input_ManagerId-error"));
        var chart = await SignIn.ReadAsync(await browser.GetAsync($"/companies/{id}?tab=chart", Ct), Ct);
        Assert.Contains("Bea Below", chart.QuerySelectorAll(".portal-org .portal-org").Select(u => u.TextContent).First(t => t.Contains("Bea", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_is_kept_with_its_time()
    {
        var id = await house.CompanyAsync("DUNE");
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync($"/companies/{id}/contacts/create", Ct);
        await browser.SendFormAsync(form, Ct, ("Input.LastName", "Consenting"), ("Input.Consent", nameof(Consent.Given)));
        await using var db = house.Portal.System();
        Assert.NotNull((await db.Contacts.SingleAsync(c => c.LastName == "Consenting", Ct)).ConsentAt);
    }

    [Fact]
    public async Task A_bulk_change_of_owner_is_taken_back_by_its_maker()
    {
        long[] ids = [await house.CompanyAsync("ALPINE"), await house.CompanyAsync("BEIHAI")];
        await using var db = house.Portal.System();
        var service = await db.People.Where(p => p.Email == "service@portal.example").Select(p => p.Id).SingleAsync(Ct);
        var before = await db.Companies.Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).Select(c => c.OwnerId).ToListAsync(Ct);
        var browser = await house.Portal.AsAsync(Sales);
        var list = await SignIn.ReadAsync(await browser.GetAsync("/companies", Ct), Ct);
        var (_, hidden) = HouseForms.Fields(list, "form.portal-bulk");
        await browser.PostAsync("/companies?handler=BulkOwner", new FormUrlEncodedContent(
            [.. hidden.Where(f => f.Key.StartsWith("__", StringComparison.Ordinal)), .. ids.Select(id => KeyValuePair.Create("ids", $"{id}")), KeyValuePair.Create("BulkOwner", $"{service}")]), Ct);
        Assert.Equal(2, await db.Companies.CountAsync(c => ids.Contains(c.Id) && c.OwnerId == service, Ct));

        var after = await SignIn.ReadAsync(await browser.GetAsync("/companies", Ct), Ct);
        var undo = HouseForms.Fields(after, "#toasts form");
        await browser.PostAsync(undo.Action, new FormUrlEncodedContent(undo.Values), Ct);
        Assert.Equal(before, await db.Companies.Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).Select(c => c.OwnerId).ToListAsync(Ct));
    }

    [Fact]
    public async Task The_last_bulk_change_can_be_taken_back_from_the_list_for_a_day()
    {
        var id = await house.CompanyAsync("DUNE");
        await using var db = house.Portal.System();
        var service = await db.People.Where(p => p.Email == "service@portal.example").Select(p => p.Id).SingleAsync(Ct);
        var before = await db.Companies.Where(c => c.Id == id).Select(c => c.OwnerId).SingleAsync(Ct);
        var browser = await house.Portal.AsAsync("salesmanager@portal.example");
        var list = await SignIn.ReadAsync(await browser.GetAsync("/companies", Ct), Ct);
        Assert.Null(list.QuerySelector(".portal-list-undo"));
        var (_, hidden) = HouseForms.Fields(list, "form.portal-bulk");
        await browser.PostAsync("/companies?handler=BulkOwner", new FormUrlEncodedContent(
            [.. hidden.Where(f => f.Key.StartsWith("__", StringComparison.Ordinal)), new("ids", $"{id}"), new("BulkOwner", $"{service}")]), Ct);
        await browser.GetAsync("/companies", Ct);

        var later = await SignIn.ReadAsync(await browser.GetAsync("/companies?q=d", Ct), Ct);
        Assert.Contains("1 row", later.QuerySelector(".portal-list-undo")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await SignIn.ReadAsync(await browser.GetAsync("/opportunities", Ct), Ct)).QuerySelector(".portal-list-undo"));
        var change = await db.BulkChanges.OrderByDescending(c => c.Id).FirstAsync(Ct);
        await db.BulkChanges.Where(c => c.Id == change.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.At, change.At.AddDays(-2)), Ct);
        Assert.Null((await SignIn.ReadAsync(await browser.GetAsync("/companies", Ct), Ct)).QuerySelector(".portal-list-undo"));
        await db.BulkChanges.Where(c => c.Id == change.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.At, change.At), Ct);

        var undo = HouseForms.Fields(later, ".portal-list-undo");
        await browser.PostAsync(undo.Action, new FormUrlEncodedContent(undo.Values), Ct);
        Assert.Equal(before, await db.Companies.Where(c => c.Id == id).Select(c => c.OwnerId).SingleAsync(Ct));
        await browser.GetAsync("/companies", Ct);
        Assert.Null((await SignIn.ReadAsync(await browser.GetAsync("/companies", Ct), Ct)).QuerySelector(".portal-list-undo"));
    }

    [Fact]
    public async Task A_partners_page_lists_what_is_registered_on_it_beside_what_it_buys()
    {
        var id = await house.CompanyAsync("CASCADE");
        await using var db = house.Portal.System();
        var stage = await db.Stages.OrderBy(s => s.Position).FirstAsync(Ct);
        var other = await db.Companies.Where(c => c.Code == "ALPINE").Select(c => new { c.Id, c.Name }).SingleAsync(Ct);
        foreach (var (title, customer, partner) in new (string, long?, long?)[] { ("Buys for itself", id, null), ("Brings to Alpine", other.Id, id), ("Not its business", other.Id, null) })
        {
            db.Add(new Portal.Domain.Sales.Opportunity
            {
                Id = db.Ids.Next(), Number = $"T-{title[..3]}", Title = title, CustomerId = customer, CustomerName = customer == other.Id ? other.Name : "", PartnerId = partner, StageId = stage.Id,
                OpenedOn = new(2026, 1, 5), CloseDate = new(2099, 1, 5),
            });
        }
        await db.SaveChangesAsync(Ct);
        var browser = await house.Portal.AsAsync("admin@portal.example");
        var (bought, registered) = (await RowsAsync("opportunities"), await RowsAsync("registered"));
        Assert.Contains(bought, r => r.Contains("Buys for itself", StringComparison.Ordinal));
        Assert.DoesNotContain(bought, r => r.Contains("Brings to Alpine", StringComparison.Ordinal));
        Assert.Contains(registered, r => r.Contains("Brings to Alpine", StringComparison.Ordinal) && r.Contains(other.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(registered, r => r.Contains("Buys for itself", StringComparison.Ordinal));
        Assert.DoesNotContain(bought.Concat(registered), r => r.Contains("Not its business", StringComparison.Ordinal));
        Assert.InRange(await house.StatementsAsync("admin@portal.example", $"/companies/{id}?tab=registered"), 1, 6);

        async Task<List<string>> RowsAsync(string tab)
        {
            var page = await SignIn.ReadAsync(await browser.GetAsync($"/companies/{id}?tab={tab}", Ct), Ct);
            return [.. page.QuerySelectorAll(".portal-table tbody tr").Select(r => r.TextContent)];
        }
    }

    [Fact]
    public async Task A_page_for_an_act_upon_a_record_names_the_record_in_its_title_and_at_its_head()
    {
        await using var db = house.Portal.System();
        var company = await db.Companies.Where(c => c.Code == "ALPINE").Select(c => new { c.Id, c.Name }).SingleAsync(Ct);
        var contact = await db.Contacts.FirstAsync(c => c.CompanyId == company.Id, Ct);
        var site = await db.Sites.FirstAsync(s => s.CompanyId == company.Id, Ct);
        var sale = await db.Opportunities.FirstAsync(Ct);
        var document = await db.Documents.FirstAsync(Ct);
        var folder = await db.Folders.FirstAsync(Ct);
        var item = await db.SupplierItems.FirstAsync(i => i.SupplierId == company.Id, Ct);
        var product = await db.Products.SingleAsync(p => p.Id == item.ProductId, Ct);
        var category = await db.Categories.FirstAsync(Ct);
        (string Path, string Name)[] pages =
        [
            ($"/companies/{company.Id}/edit", company.Name), ($"/companies/{company.Id}/contacts/create", company.Name), ($"/companies/{company.Id}/sites/create", company.Name),
            ($"/contacts/{contact.Id}/edit", contact.FullName), ($"/sites/{site.Id}/edit", site.Name), ($"/opportunities/{sale.Id}/edit", sale.Title), ($"/opportunities/{sale.Id}/move", sale.Title),
            ($"/documents/{document.Id}/edit", document.Title), ($"/documents/{document.Id}/upload", document.Title), ($"/documents/folders/edit/{folder.Id}", folder.Name),
            ($"/supplier-items/{item.Id}/edit", product.Name), ($"/supplier-items/{item.Id}/edit", company.Name), ($"/products/{product.Id}/edit", product.Name),
            ($"/products/categories/{category.Id}/edit", category.Name), ($"/access/share/company/{company.Id}", company.Name), ($"/access/who-sees/opportunity/{sale.Id}", sale.Title),
        ];
        var admin = await house.Portal.AsAsync("admin@portal.example");
        List<string> silent = [];
        foreach (var (path, name) in pages)
        {
            var page = await SignIn.ReadAsync(await admin.GetAsync(path, Ct), Ct);
            if (!page.Title!.Contains(name, StringComparison.Ordinal)) { silent.Add($"{path}: title \"{page.Title}\""); }
            if (page.QuerySelector("main .portal-page-head")?.TextContent.Contains(name, StringComparison.Ordinal) is not true) { silent.Add($"{path}: head"); }
        }
        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("salesmanager@portal.example", "China")]
    [InlineData("procurement@portal.example", "中国")]
    public async Task Lists_and_their_files_name_the_country_in_the_readers_language(string reader, string country)
    {
        var browser = await house.Portal.AsAsync(reader);
        var list = await SignIn.ReadAsync(await browser.GetAsync("/companies?q=BAYSIDE", Ct), Ct);
        Assert.Contains(country, list.QuerySelectorAll(".portal-list td").Select(c => c.TextContent.Trim()));
        Assert.Contains(country, await browser.GetStringAsync("/companies?q=BAYSIDE&export=csv", Ct), StringComparison.Ordinal);
        var sites = await SignIn.ReadAsync(await browser.GetAsync($"/companies/{await house.CompanyAsync("BAYSIDE")}?tab=sites", Ct), Ct);
        Assert.Contains(country, sites.QuerySelectorAll(".portal-list td").Select(c => c.TextContent.Trim()));
    }

    [Fact]
    public async Task The_timeline_says_what_changed_from_what_to_what()
    {
        var id = await house.CompanyAsync("HANSE");
        var browser = await house.Portal.AsAsync(Sales);
        var form = await browser.GetAsync($"/companies/{id}/edit", Ct);
        await browser.SendFormAsync(form, Ct, ("Input.Status", nameof(CompanyStatus.Paused)), ("Input.Country", "CN"));
        var story = (await SignIn.ReadAsync(await browser.GetAsync($"/companies/{id}?tab=timeline", Ct), Ct)).QuerySelector(".portal-timeline")!.TextContent;
        Assert.Contains("Active → Paused", story, StringComparison.Ordinal);
        Assert.Contains("→ China", story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("contacts")]
    [InlineData("chart")]
    [InlineData("sites")]
    [InlineData("opportunities")]
    [InlineData("items")]
    [InlineData("documents")]
    [InlineData("timeline")]
    public async Task Every_part_of_a_company_asks_the_database_six_times_at_most(string tab)
    {
        var id = await house.CompanyAsync("ALPINE");
        Assert.InRange(await house.StatementsAsync("admin@portal.example", $"/companies/{id}?tab={tab}"), 1, 6);
    }

    [Theory]
    [InlineData("/companies?role=Supplier&status=Active&country=CN&sort=-code")]
    [InlineData("/companies?q=自动&tier=Gold&industry=自动化&mine=1&columns=tax-id,parent,partner,territory")]
    [InlineData("/contacts?consent=Given&inactive=1&department=Engineering&q=an")]
    [InlineData("/companies?export=csv")]
    [InlineData("/companies?export=xlsx")]
    [InlineData("/contacts?export=csv")]
    public async Task Lists_answer_whatever_is_filtered(string path)
    {
        var browser = await house.Portal.AsAsync(Sales);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("reseller@cascade.example")]
    [InlineData("supplier@alpine.example")]
    public async Task Staff_pages_are_not_for_partners(string partner)
    {
        var id = await house.CompanyAsync("ALPINE");
        var browser = await house.Portal.AsAsync(partner);
        foreach (var path in new[] { "/companies", $"/companies/{id}", $"/companies/{id}/edit", "/contacts", "/companies/create" })
        {
            Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync(path, Ct)).StatusCode);
        }
    }

    [Fact]
    public async Task An_unknown_company_is_not_found()
    {
        var browser = await house.Portal.AsAsync(Sales);
        foreach (var path in new[] { "/companies/42", "/companies/42/edit", "/contacts/42", "/contacts/42/edit", "/sites/42/edit", "/companies/42/contacts/create", "/companies/42/sites/create" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path, Ct)).StatusCode);
        }
    }
}
