using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Sales;
using Portal.Testing;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Sales;

public sealed class UsingOpportunityPagesTests : IAsyncLifetime
{
    private const string Seller = "sales@portal.example", Cascade = "reseller@cascade.example", Dune = "reseller@dune.example";
    private RunningPortal _portal = null!;
    private Opportunity _cascades = null!;
    private long _dune, _lost;

    public async ValueTask InitializeAsync()
    {
        _portal = await RunningPortal.StartAsync();
        await using var db = _portal.System();
        var cascade = await db.Companies.Where(c => c.Code == "CASCADE").Select(c => c.Id).SingleAsync();
        _dune = await db.Companies.Where(c => c.Code == "DUNE").Select(c => c.Id).SingleAsync();
        var seller = await db.People.Where(p => p.Email == Seller).Select(p => p.Id).SingleAsync();
        _lost = await db.Stages.Where(s => s.Kind == StageKind.Lost).OrderBy(s => s.Position).Select(s => s.Id).FirstAsync();
        _cascades = await db.Opportunities.AsNoTracking()
            .FirstAsync(o => o.PartnerId == cascade && o.OwnerId == seller && o.Outcome == StageKind.Open && !db.Shares.Any(s => s.RecordId == o.Id));
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task The_partner_it_is_registered_on_reads_it_and_a_rival_finds_nothing()
    {
        var (cascade, dune) = (await _portal.AsAsync(Cascade), await _portal.AsAsync(Dune));
        var mine = await cascade.GetAsync($"/partner/opportunities/{_cascades.Id}");
        Assert.Contains(WebUtility.HtmlEncode(_cascades.CustomerName), await mine.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await dune.GetAsync($"/partner/opportunities/{_cascades.Id}")).StatusCode);
        Assert.DoesNotContain(_cascades.Number, await dune.GetStringAsync("/partner/opportunities?columns=number"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_summary_neither_the_customer_nor_the_amount_is_told()
    {
        await using (var db = _portal.System())
        {
            db.Add(new Share
            {
                Id = db.Ids.Next(), Key = ScopeKeys.Company(_dune), RecordClass = RecordClass.Opportunity, RecordId = _cascades.Id, Fields = FieldSet.Summary, Actions = GrantActions.Read,
                Reason = "test", Until = db.Now.AddDays(1), SharedBy = _cascades.OwnerId!.Value, SharedAt = db.Now,
            });
            await db.SaveChangesAsync();
        }
        var dune = await _portal.AsAsync(Dune);
        var month = _cascades.CloseDate!.Value.ToString("MMMM yyyy", CultureInfo.InvariantCulture);
        var list = await dune.GetStringAsync("/partner/opportunities/summaries");
        Assert.Contains(_cascades.Number, list, StringComparison.Ordinal);
        Assert.Contains(month, list, StringComparison.Ordinal);
        Assert.DoesNotContain(_cascades.Id.ToString(CultureInfo.InvariantCulture), await dune.GetStringAsync("/partner/opportunities"), StringComparison.Ordinal);
        var page = await dune.GetStringAsync($"/partner/opportunities/{_cascades.Id}");
        Assert.Contains(month, page, StringComparison.Ordinal);
        Assert.DoesNotContain(_cascades.CustomerName, page, StringComparison.Ordinal);
        Assert.DoesNotContain(_cascades.Amount.ToString("#,##0.00", CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_without_a_reason_stays_where_it_was_and_asks()
    {
        var seller = await _portal.AsAsync(Seller);
        var path = $"/opportunities/{_cascades.Id}/move";
        var answer = await seller.SubmitAsync(await seller.GetAsync(path), default, ("Input.StageId", _lost.ToString(CultureInfo.InvariantCulture)), ("Input.OutcomeReason", ""));
        Assert.Contains("Say why it was lost", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using var db = _portal.System();
        Assert.Equal(_cascades.StageId, await db.Opportunities.Where(o => o.Id == _cascades.Id).Select(o => o.StageId).SingleAsync());
    }

    [Fact]
    public async Task An_edit_over_a_newer_version_shows_both_and_saves_nothing()
    {
        var seller = await _portal.AsAsync(Seller);
        var form = await seller.GetAsync($"/opportunities/{_cascades.Id}/edit");
        await using (var db = _portal.System())
        {
            var one = await db.Opportunities.SingleAsync(o => o.Id == _cascades.Id);
            one.Title = "Renamed meanwhile";
            await db.SaveChangesAsync();
        }
        var answer = await seller.SubmitAsync(form, default, ("Input.Title", "Mine"));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<h1>Edit Renamed meanwhile</h1>", page, StringComparison.Ordinal);
        Assert.Contains("Mine", page, StringComparison.Ordinal);
        await using var after = _portal.System();
        Assert.Equal("Renamed meanwhile", await after.Opportunities.Where(o => o.Id == _cascades.Id).Select(o => o.Title).SingleAsync());
    }

    [Fact]
    public async Task Who_saves_after_a_conflict_without_choosing_undoes_nothing_of_the_other_edit()
    {
        var path = $"/opportunities/{_cascades.Id}/edit";
        var (seller, lead) = (await _portal.AsAsync(Seller), await _portal.AsAsync("salesmanager@portal.example"));
        var (mine, theirs) = (await seller.GetAsync(path), await lead.GetAsync(path));
        long contact;
        await using (var db = _portal.System()) { contact = await db.Contacts.Where(c => c.CompanyId == _cascades.CustomerId).Select(c => c.Id).FirstAsync(); }
        await lead.SaveAsync(theirs, ("Input.NextStep", "Call on Monday"), ("Input.Currency", "USD"), ("Input.Lines[0].Quantity", "77"), ("Input.Contacts[0].ContactId", contact.ToString(CultureInfo.InvariantCulture)), ("Input.Contacts[0].Part", "Decides"));

        var conflict = await seller.SaveAsync(mine, ("Input.Description", "Told by the buyer"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var page = await SignIn.ReadAsync(conflict);
        var chosen = page.QuerySelectorAll("fieldset.portal-choice input[checked]").ToDictionary(radio => radio.GetAttribute("name")!, radio => radio.GetAttribute("value"));
        Assert.Equal(["Input.Amount", "Input.Currency", "Input.NextStep"], chosen.Keys.Order());
        Assert.Equal(("USD", "Call on Monday"), (chosen["Input.Currency"], chosen["Input.NextStep"]));
        Assert.Equal(HttpStatusCode.Redirect, (await seller.SaveAsync(conflict)).StatusCode);

        await using var after = _portal.System();
        var saved = await after.Opportunities.Include(o => o.Lines).SingleAsync(o => o.Id == _cascades.Id);
        Assert.Equal(("Call on Monday", "USD", "Told by the buyer"), (saved.NextStep, saved.Currency, saved.Description));
        Assert.Contains(77m, saved.Lines.Select(l => l.Quantity));
        Assert.Equal("Decides", await after.OpportunityContacts.Where(c => c.OpportunityId == _cascades.Id && c.ContactId == contact).Select(c => c.Part).SingleAsync());
    }

    [Fact]
    public async Task Who_decides_is_written_to_from_the_opportunity()
    {
        var path = $"/opportunities/{_cascades.Id}";
        (long Id, string? Email) contact;
        await using (var db = _portal.System()) { contact = await db.Contacts.Where(c => c.CompanyId == _cascades.CustomerId && c.Email != null).Select(c => new ValueTuple<long, string?>(c.Id, c.Email)).FirstAsync(); }
        var seller = await _portal.AsAsync(Seller);
        await seller.SaveAsync(await seller.GetAsync(path + "/edit"), ("Input.Contacts[0].ContactId", contact.Id.ToString(CultureInfo.InvariantCulture)), ("Input.Contacts[0].Part", "Decides"));
        Assert.NotNull((await SignIn.ReadAsync(await seller.GetAsync(path))).QuerySelector($"a[href='mailto:{contact.Email}']"));
    }

    [Fact]
    public async Task Where_both_changed_the_same_the_reader_chooses_and_an_amount_keeps_its_currency()
    {
        long opened;
        var seller = await _portal.AsAsync(Seller);
        var made = await seller.SaveAsync(await seller.GetAsync("/opportunities/create"), ("Input.Title", "In dollars"), ("Input.Amount", "100"), ("Input.Currency", "USD"));
        opened = long.Parse(made.Headers.Location!.OriginalString.Split('/')[^1], CultureInfo.InvariantCulture);
        var path = $"/opportunities/{opened}/edit";
        var (first, second) = (await seller.GetAsync(path), await seller.GetAsync(path));
        await seller.SaveAsync(first, ("Input.Amount", "200"));

        var conflict = await seller.SaveAsync(second, ("Input.Amount", "300"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        await seller.SaveAsync(conflict);

        await using var after = _portal.System();
        Assert.Equal((300m, "USD"), await after.Opportunities.Where(o => o.Id == opened).Select(o => ValueTuple.Create(o.Amount, o.Currency)).SingleAsync());
    }

    [Fact]
    public async Task Another_partner_reads_the_words_and_not_who_said_them()
    {
        await using (var db = _portal.System())
        {
            db.Add(new Share
            {
                Id = db.Ids.Next(), Key = ScopeKeys.Company(_dune), RecordClass = RecordClass.Opportunity, RecordId = _cascades.Id, Fields = FieldSet.Full, Actions = GrantActions.Read,
                Until = db.Now.AddDays(1), Reason = "joint bid", SharedAt = db.Now, SharedBy = _cascades.OwnerId!.Value,
            });
            await db.SaveChangesAsync();
        }
        var (cascade, dune) = (await _portal.AsAsync(Cascade), await _portal.AsAsync(Dune));
        var form = await cascade.GetAsync($"/partner/opportunities/{_cascades.Id}");
        Assert.Equal(HttpStatusCode.Redirect, (await cascade.SubmitAsync(form, default, ("text", "Which week is it to be?"))).StatusCode);
        await using var after = _portal.System();
        var author = await after.Comments.Where(c => c.Body == "Which week is it to be?").Select(c => c.AuthorName).SingleAsync();

        var (own, others) = (await cascade.GetStringAsync($"/partner/opportunities/{_cascades.Id}"), await dune.GetStringAsync($"/partner/opportunities/{_cascades.Id}"));

        Assert.Contains(author, own, StringComparison.Ordinal);
        Assert.Contains("Which week is it to be?", others, StringComparison.Ordinal);
        Assert.Contains("Another partner", others, StringComparison.Ordinal);
        Assert.DoesNotContain(author, others, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_a_price_gets_the_list_price_and_a_customers_page_begins_the_form()
    {
        long customer;
        (long Id, decimal Price) product;
        await using (var db = _portal.System())
        {
            customer = await db.Companies.Where(c => c.IsCustomer).OrderBy(c => c.Id).Select(c => c.Id).FirstAsync();
            var one = await db.Products.Where(p => p.Currency == "EUR" && p.ListPrice > 1).OrderBy(p => p.Id).Select(p => new { p.Id, p.ListPrice }).FirstAsync();
            product = (one.Id, one.ListPrice!.Value);
        }
        var seller = await _portal.AsAsync("salesmanager@portal.example");
        Assert.Contains($"/opportunities/create?customerId={customer}", await seller.GetStringAsync($"/companies/{customer}"), StringComparison.Ordinal);
        var form = await seller.GetAsync($"/opportunities/create?customerId={customer}");
        var made = await seller.SubmitAsync(form, default, ("Input.Title", "At the list price"), ("Input.Lines[0].ProductId", product.Id.ToString(CultureInfo.InvariantCulture)), ("Input.Lines[0].Quantity", "3"),
            ("Input.Lines[0].Remove", "false"));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        await using var after = _portal.System();
        var saved = await after.Opportunities.Include(o => o.Lines).SingleAsync(o => o.Title == "At the list price");
        Assert.Equal((customer, product.Price, product.Price * 3), (saved.CustomerId, saved.Lines.Single().UnitPrice, saved.Amount));
    }

    [Fact]
    public async Task Its_own_timeline_names_what_a_change_was_from_and_to()
    {
        string was, now, owner;
        await using (var db = _portal.System())
        {
            var one = await db.Opportunities.AsTracking().SingleAsync(o => o.Id == _cascades.Id);
            var stages = await db.Stages.Where(s => s.Kind == StageKind.Open).OrderBy(s => s.Position).ToListAsync();
            var next = stages.First(s => s.Id != one.StageId);
            var person = await db.People.FirstAsync(p => p.Email == "salesmanager@portal.example");
            (was, now, owner) = (stages.Single(s => s.Id == one.StageId).Name, next.Name, person.Name);
            (one.StageId, one.OwnerId, one.CloseDate) = (next.Id, person.Id, new(2031, 4, 9));
            await db.SaveChangesAsync();
        }
        var manager = await _portal.AsAsync("salesmanager@portal.example");
        var story = (await SignIn.ReadAsync(await manager.GetAsync($"/opportunities/{_cascades.Id}?tab=timeline"))).QuerySelector(".portal-timeline")!.TextContent;
        Assert.Contains($"Stage: {was} → {now}", story, StringComparison.Ordinal);
        Assert.Contains($"→ {owner}", story, StringComparison.Ordinal);
        Assert.Contains("→ 9 Apr 2031", story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_opens_for_staff_and_the_house_is_closed_to_partners()
    {
        var (seller, cascade) = (await _portal.AsAsync(Seller), await _portal.AsAsync(Cascade));
        foreach (var path in (string[])["", "?q=pump", "?sort=-amount", "/board", "/board?mine=true", "/create", $"/{_cascades.Id}", $"/{_cascades.Id}?tab=internal", $"/{_cascades.Id}?tab=shared", $"/{_cascades.Id}?tab=timeline", $"/{_cascades.Id}/edit", $"/{_cascades.Id}/move"])
        {
            Assert.Equal(HttpStatusCode.OK, (await seller.GetAsync("/opportunities" + path)).StatusCode);
            Assert.NotEqual(HttpStatusCode.OK, (await cascade.GetAsync("/opportunities" + path)).StatusCode);
        }
    }
}
