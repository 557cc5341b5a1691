using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Supply;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Supply;

public sealed class UsingDemandPagesTests : IAsyncLifetime
{
    private const string Supplier = "supplier@alpine.example", Distributor = "distributor@bayside.example", Reseller = "reseller@cascade.example", Procurement = "procurement@portal.example";

    private RunningPortal _portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _portal = await RunningPortal.StartAsync(Engines.Sqlite);

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData("/partner/demand?source=Order&source=Pipeline&source=SellThrough&source=StockOnHand&source=Forecast")]
    [InlineData("/partner/demand?across=Month&source=SellThrough")]
    [InlineData("/partner/products")]
    [InlineData("/partner/products?export=csv")]
    public async Task A_supplier_finds_no_other_company_and_no_product_that_it_does_not_supply(string path)
    {
        var supplier = await _portal.AsAsync(Supplier);
        using var answer = await supplier.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
        await using var db = _portal.System();
        var alpine = await db.Companies.SingleAsync(c => c.Code == "ALPINE", Ct);
        var own = await db.SupplierItems.Where(i => i.SupplierId == alpine.Id && i.Active).Select(i => i.ProductId).ToListAsync(Ct);
        Assert.Contains(await db.Products.Where(p => own.Contains(p.Id)).Select(p => p.Code).ToListAsync(Ct), code => page.Contains(code, StringComparison.Ordinal));
        Assert.All(await db.Products.Where(p => !own.Contains(p.Id)).Select(p => p.Code).ToListAsync(Ct), code => Assert.DoesNotContain(code, page, StringComparison.Ordinal));
        Assert.All(await db.Companies.Where(c => c.Id != alpine.Id).Select(c => c.Name).ToListAsync(Ct), name => Assert.DoesNotContain(name, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_distributor_sees_what_it_reported_in_one_row_for_each_product_and_the_sum_for_each_unit()
    {
        await using var db = _portal.System();
        var bayside = await db.Companies.SingleAsync(c => c.Code == "BAYSIDE", Ct);
        var sold = await db.DemandSignals.Where(s => s.CompanyId == bayside.Id && s.Source == DemandSource.SellThrough).OrderByDescending(s => s.Period).FirstAsync(Ct);
        var totals = await (from signal in db.DemandSignals.Where(s => s.CompanyId == bayside.Id && s.Source == DemandSource.SellThrough && s.Period == sold.Period)
                            join product in db.Products on signal.ProductId equals product.Id
                            group signal.Quantity by product.Unit into sum
                            select sum.Sum()).ToListAsync(Ct);
        var distributor = await _portal.AsAsync(Distributor);
        using var answer = await distributor.GetAsync($"/partner/demand?source=SellThrough&from={sold.Period:yyyy-MM-dd}", Ct);
        var page = await SignIn.ReadAsync(answer, Ct);
        Assert.Equal(totals.ConvertAll(t => t.ToString("#,##0.####", CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal),
            page.QuerySelectorAll(".portal-demand tfoot tr").Select(unit => unit.QuerySelectorAll("td")[1].TextContent.Trim()).Where(sum => sum != "0").Order(StringComparer.Ordinal));

        using var all = await distributor.GetAsync("/partner/demand", Ct);
        var rows = (await SignIn.ReadAsync(all, Ct)).QuerySelectorAll(".portal-demand tbody tr").ToList();
        Assert.Distinct(rows.Select(row => row.QuerySelector("th small")!.TextContent));
        Assert.Contains(rows, row => row.QuerySelector("td:not(.total) small .visually-hidden") is not null);
    }

    [Theory]
    [InlineData(Distributor, "/partner/demand", "/partner/demand/report")]
    [InlineData(Procurement, "/demand", "/demand/enter")]
    [InlineData(Supplier, "/partner/demand", null)]
    public async Task A_grid_without_any_demand_shows_the_first_step_alone(string person, string path, string? step)
    {
        await using var db = _portal.System();
        db.RemoveRange(await db.DemandSignals.ToListAsync(Ct));
        await db.SaveChangesAsync(Ct);
        var browser = await _portal.AsAsync(person);
        using var answer = await browser.GetAsync(path, Ct);
        var page = await SignIn.ReadAsync(answer, Ct);
        Assert.Equal(step, page.QuerySelector("main .portal-empty a")?.GetAttribute("href"));
        Assert.False(page.QuerySelector("main details:has(form[role=search])")!.HasAttribute("open"));

        using var chosen = await browser.GetAsync(path + "?across=Month", Ct);
        var other = await SignIn.ReadAsync(chosen, Ct);
        Assert.NotNull(other.QuerySelector("main > form[role=search]"));
        Assert.NotNull(other.QuerySelector("main .portal-empty"));
    }

    [Fact]
    public async Task A_distributor_reports_a_week_by_form_and_takes_it_back()
    {
        var distributor = await _portal.AsAsync(Distributor);
        await using var db = _portal.System();
        var product = await db.Products.OrderBy(p => p.Id).FirstAsync(Ct);
        var bayside = await db.Companies.SingleAsync(c => c.Code == "BAYSIDE", Ct);
        var address = $"/partner/demand/report?Choice.ProductId={product.Id}&Choice.Source=SellThrough&Choice.Site=Dock&Choice.From=2026-11-18";
        using var saved = await FillInAsync(distributor, address, ("Rows[0].Quantity", "42.5"));
        Assert.Equal("/partner/demand", saved.Headers.Location?.OriginalString);
        var signal = await db.DemandSignals.AsNoTracking().SingleAsync(s => s.Site == "Dock", Ct);
        Assert.Equal((product.Id, bayside.Id, new DateOnly(2026, 11, 16), 42.5m), (signal.ProductId, signal.CompanyId, signal.Period, signal.Quantity));

        using var again = await distributor.GetAsync(address, Ct);
        Assert.Equal("42.5", ((IHtmlInputElement)(await SignIn.ReadAsync(again, Ct)).QuerySelector("[name='Rows[0].Quantity']")!).Value);
        using var taken = await FillInAsync(distributor, address, ("Rows[0].Quantity", ""));
        Assert.Equal(HttpStatusCode.Found, taken.StatusCode);
        Assert.Equal(0, await db.DemandSignals.CountAsync(s => s.Site == "Dock", Ct));
    }

    [Fact]
    public async Task What_cannot_be_read_as_a_quantity_is_said_beside_its_field_and_kept()
    {
        var distributor = await _portal.AsAsync(Distributor);
        await using var db = _portal.System();
        var product = await db.Products.OrderBy(p => p.Id).Select(p => p.Id).FirstAsync(Ct);
        using var refused = await FillInAsync(distributor, $"/partner/demand/report?Choice.ProductId={product}", ("Rows[1].Quantity", "many"));
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        var field = (IHtmlInputElement)(await SignIn.ReadAsync(refused, Ct)).QuerySelector("[name='Rows[1].Quantity']")!;
        Assert.Equal(("many", "true"), (field.Value, field.GetAttribute("aria-invalid")));
    }

    [Theory]
    [InlineData(Supplier, "/demand")]
    [InlineData(Supplier, "/demand/signals")]
    [InlineData(Supplier, "/demand/enter")]
    [InlineData(Supplier, "/supplier-items")]
    [InlineData(Distributor, "/demand/signals?export=csv")]
    [InlineData(Reseller, "/partner/demand")]
    [InlineData(Procurement, "/partner/demand")]
    public async Task A_page_that_is_not_for_the_asker_is_refused(string email, string path)
    {
        var browser = await _portal.AsAsync(email);
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_supplier_finds_no_form_to_report_with()
    {
        var supplier = await _portal.AsAsync(Supplier);
        using var answer = await supplier.GetAsync("/partner/demand/report", Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_product_out_of_sight_opens_no_form()
    {
        await using var db = _portal.System();
        var planned = await db.Products.Where(p => p.Lifecycle == Domain.Catalog.Lifecycle.Planned).Select(p => p.Id).FirstAsync(Ct);
        var distributor = await _portal.AsAsync(Distributor);
        foreach (var id in new[] { planned, 4711 })
        {
            using var answer = await distributor.GetAsync($"/partner/demand/report?Choice.ProductId={id}", Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Staff_enter_a_forecast_and_find_it_behind_its_cell()
    {
        var staff = await _portal.AsAsync(Procurement);
        await using var db = _portal.System();
        var product = await db.Products.OrderBy(p => p.Id).FirstAsync(Ct);
        using var saved = await FillInAsync(staff, $"/demand/enter?Choice.ProductId={product.Id}&Choice.Source=Forecast&Choice.Granularity=Week&Choice.From=2027-11-15&Choice.Site=Line+7", ("Rows[0].Quantity", "77"));
        Assert.StartsWith("/demand?", saved.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var grid = await staff.GetAsync(saved.Headers.Location, Ct);
        var cell = (await SignIn.ReadAsync(grid, Ct)).QuerySelectorAll(".portal-demand tbody td a").OfType<IHtmlAnchorElement>().First(a => a.TextContent == "77");
        using var signals = await staff.GetAsync(cell.GetAttribute("href"), Ct);
        Assert.Contains("Line 7", await signals.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> FillInAsync(HttpClient browser, string address, params (string Name, string Value)[] values)
    {
        using var answer = await browser.GetAsync(address, Ct);
        var page = await SignIn.ReadAsync(answer, Ct);
        var form = page.QuerySelectorAll("main form[method=post]").OfType<IHtmlFormElement>().Single();
        var fields = form.Elements.OfType<IHtmlInputElement>().Where(i => i.Name is { Length: > 0 }).ToDictionary(i => i.Name!, i => i.Value);
        foreach (var (name, value) in values) { fields[name] = value; }
        return await browser.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(fields), Ct);
    }
}
