using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Catalog;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Hosting;
using Xunit;

namespace Portal.Web.Tests.Catalog;

public sealed class UsingProductPagesTests : IAsyncLifetime
{
    private const string Procurement = "procurement@portal.example", Sales = "sales@portal.example", Reseller = "reseller@cascade.example", Supplier = "supplier@alpine.example";

    private RunningPortal _portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _portal = await RunningPortal.StartAsync(Engines.Sqlite);

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Procurement_makes_a_product_and_finds_it_by_two_Chinese_characters()
    {
        var browser = await _portal.AsAsync(Procurement);
        using var form = await browser.GetAsync("/products/create", Ct);
        using var saved = await browser.SubmitAsync(form, Ct, ("Input.Code", "ZZ-900"), ("Input.Name", "Vacuum pump 真空泵"), ("Input.ListPrice", "1234.5"));
        Assert.StartsWith("/products/", saved.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var detail = await browser.GetAsync(saved.Headers.Location, Ct);
        Assert.Contains("1,234.50 EUR", await detail.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var list = await browser.GetAsync("/products?q=%E7%9C%9F%E7%A9%BA", Ct);
        Assert.Equal(["Vacuum pump 真空泵"], (await SignIn.ReadAsync(list, Ct)).QuerySelectorAll("td.lead").Select(td => td.TextContent.Trim()));
    }

    [Fact]
    public async Task A_number_that_is_taken_is_said_in_the_form()
    {
        await using var db = _portal.System();
        var code = await db.Products.Select(p => p.Code).FirstAsync(Ct);
        var browser = await _portal.AsAsync(Procurement);
        using var form = await browser.GetAsync("/products/create", Ct);
        using var refused = await browser.SubmitAsync(form, Ct, ("Input.Code", code), ("Input.Name", "Another"));
        Assert.Contains(code, (await SignIn.ReadAsync(refused, Ct)).QuerySelector(".portal-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_over_a_newer_one_shows_both()
    {
        await using var db = _portal.System();
        var product = await db.Products.OrderBy(p => p.Id).FirstAsync(Ct);
        var browser = await _portal.AsAsync(Procurement);
        using var form = await browser.GetAsync($"/products/{product.Id}/edit", Ct);
        product.Name = "Renamed meanwhile";
        await db.SaveChangesAsync(Ct);
        using var conflict = await browser.SubmitAsync(form, Ct, ("Input.Name", "Renamed by me"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var page = await conflict.Content.ReadAsStringAsync(Ct);
        Assert.Contains("Renamed meanwhile", page, StringComparison.Ordinal);
        Assert.Contains("Renamed by me", page, StringComparison.Ordinal);
        Assert.Equal("Renamed meanwhile", await db.Products.Where(p => p.Id == product.Id).Select(p => p.Name).SingleAsync(Ct));
    }

    [Fact]
    public async Task Filtered_by_a_supplier_the_list_and_its_file_hold_what_that_supplier_makes()
    {
        await using var db = _portal.System();
        var alpine = await db.Companies.Where(c => c.Code == "ALPINE").Select(c => c.Id).SingleAsync(Ct);
        var made = await db.SupplierItems.CountAsync(i => i.SupplierId == alpine && i.Active, Ct);
        var browser = await _portal.AsAsync(Sales);
        using var list = await browser.GetAsync($"/products?supplier={alpine}", Ct);
        Assert.Equal(made, (await SignIn.ReadAsync(list, Ct)).QuerySelectorAll("td.lead").Length);
        var file = await browser.GetStringAsync($"/products?supplier={alpine}&export=csv", Ct);
        Assert.Equal(made + 1, file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_reseller_reads_the_range_on_sale_with_prices_and_without_costs()
    {
        await using var db = _portal.System();
        var planned = await db.Products.Where(p => p.Lifecycle == Lifecycle.Planned).Select(p => p.Code).ToListAsync(Ct);
        var sold = await db.Products.Where(p => p.Lifecycle == Lifecycle.Active).OrderBy(p => p.Name).FirstAsync(Ct);
        sold.StandardCost = 31.4159m;
        await db.SaveChangesAsync(Ct);
        var browser = await _portal.AsAsync(Reseller);
        var file = await browser.GetStringAsync("/partner/products?export=csv&columns=name,code,price,cost,unit", Ct);
        Assert.Contains(sold.Code, file, StringComparison.Ordinal);
        Assert.DoesNotContain("31.4159", file, StringComparison.Ordinal);
        Assert.All(planned, code => Assert.DoesNotContain(code, file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_supplier_reads_its_own_terms_and_no_list_price()
    {
        await using var db = _portal.System();
        var item = await db.SupplierItems.FirstAsync(i => i.Active && db.Companies.Any(c => c.Id == i.SupplierId && c.Code == "ALPINE"), Ct);
        var product = await db.Products.SingleAsync(p => p.Id == item.ProductId, Ct);
        (product.ListPrice, item.StandardPrice) = (31.4159m, 27.1828m);
        await db.SaveChangesAsync(Ct);
        var browser = await _portal.AsAsync(Supplier);
        var page = await browser.GetStringAsync($"/partner/products?q={item.SupplierCode}", Ct);
        Assert.Contains(item.SupplierCode!, page, StringComparison.Ordinal);
        Assert.Contains("27.1828", page, StringComparison.Ordinal);
        foreach (var way in new[] { "", "&view=range", "&columns=name,code,price" })
        {
            Assert.DoesNotContain("31.4159", await browser.GetStringAsync($"/partner/products?export=csv{way}", Ct), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Reseller, "/products")]
    [InlineData(Reseller, "/products/create")]
    [InlineData(Sales, "/products/create")]
    [InlineData(Sales, "/supplier-items/create")]
    [InlineData(Sales, "/partner/products")]
    public async Task A_page_that_is_not_for_the_asker_is_refused(string email, string path)
    {
        var browser = await _portal.AsAsync(email);
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/products/1")]
    [InlineData("/products/1/edit")]
    [InlineData("/products/categories/1/edit")]
    [InlineData("/supplier-items/1")]
    [InlineData("/supplier-items/1/edit")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        var browser = await _portal.AsAsync(Procurement);
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
