using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Sales;
using Portal.Domain.Supply;
using Xunit;

namespace Portal.Web.Tests.Api;

/// <summary>What a program writes: once, whole, in its person's name, and never over what it has not read.</summary>
[Collection(ApiHouses.Name)]
public sealed class WritingByTheApiTests(ApiHouse house)
{
    private const string Buyer = "procurement@portal.example", Distributor = "distributor@bayside.example", Supplier = "supplier@alpine.example", Reseller = "reseller@cascade.example", Write = "portal.demand.write", Read = "portal.demand.read";

    private static (string, string) Key(string? key = null) => ("Idempotency-Key", key ?? Guid.NewGuid().ToString("N"));

    private async Task<string> ProductAsync()
    {
        await using var db = house.Portal.System();
        return await db.Products.OrderBy(p => p.Id).Where(p => p.Lifecycle == Portal.Domain.Catalog.Lifecycle.Active).Select(p => p.Code).FirstAsync();
    }

    private static string Figures(params object[] figures) => JsonSerializer.Serialize(new { figures });

    private Task<ApiAnswer> PutAsync(string token, string path, string body, params (string, string)[] headers) => house.SendAsync(token, HttpMethod.Put, path, body, headers);

    private async Task<DemandBatch?> BatchAsync(string origin)
    {
        await using var db = house.Portal.System();
        return await db.DemandBatches.AsNoTracking().SingleOrDefaultAsync(b => b.Origin == origin);
    }

    [Fact]
    public async Task The_same_submission_twice_is_one_delivery_with_one_answer()
    {
        var (token, product) = (await house.TokenAsync(Buyer, Write), await ProductAsync());
        var (key, body) = (Key(), Figures(new { productCode = product, period = "2026-03-04", quantity = "12.5" }, new { productCode = product, period = "2026-03-11", quantity = 7 }));
        var first = await PutAsync(token, "demand-batches/forecast/twice", body, key);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(2, first.Body.GetProperty("added").GetInt32());
        var second = await PutAsync(token, "demand-batches/forecast/twice", body, key);
        Assert.Equal("true", Assert.Single(second.Response.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal((first.Body.GetRawText(), first.Tag), (second.Body.GetRawText(), second.Tag));
        Assert.Equal(1, (await BatchAsync("twice"))!.Delivery);
        var other = await PutAsync(token, "demand-batches/forecast/twice", Figures(), key);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "api.key-used"), (other.Status, other.Code));
        await using var db = house.Portal.System();
        var line = await db.Audit.Where(e => e.Through == "api:app").OrderByDescending(e => e.Id).FirstAsync();
        Assert.Equal(await db.People.Where(p => p.Email == Buyer).Select(p => p.Id).SingleAsync(), line.PersonId);
    }

    [Fact]
    public async Task An_old_submission_that_comes_again_does_not_undo_a_newer_one()
    {
        var (token, product) = (await house.TokenAsync(Buyer, Write), await ProductAsync());
        var (key, old) = (Key(), Figures(new { productCode = product, period = "2026-03-04", quantity = "1" }));
        await PutAsync(token, "demand-batches/forecast/newer", old, Key());
        // Changes nothing, and is on record all the same.
        await PutAsync(token, "demand-batches/forecast/newer", old, key);
        await PutAsync(token, "demand-batches/forecast/newer", Figures(new { productCode = product, period = "2026-03-04", quantity = "2" }), Key());
        await PutAsync(token, "demand-batches/forecast/newer", old, key);
        await using var db = house.Portal.System();
        var batch = (await BatchAsync("newer"))!.Id;
        Assert.Equal(2m, await db.DemandSignals.Where(s => s.BatchId == batch).Select(s => s.Quantity).SingleAsync());
    }

    [Fact]
    public async Task The_same_submission_many_times_at_once_is_one_delivery()
    {
        var (token, product) = (await house.TokenAsync(Buyer, Write), await ProductAsync());
        var (key, body) = (Key(), Figures(new { productCode = product, period = "2026-03-04", quantity = "3" }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync(token, "demand-batches/forecast/at-once", body, key)));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Body.GetRawText()), (answer.Status, answer.Body.GetRawText())));
        Assert.Equal((1, 1), (await BatchAsync("at-once") is { } batch ? (batch.Delivery, batch.SignalCount) : default));
    }

    [Fact]
    public async Task What_was_replaced_since_it_was_read_is_not_replaced_again()
    {
        var (token, product) = (await house.TokenAsync(Buyer, Write, Read), await ProductAsync());
        var first = await PutAsync(token, "demand-batches/order/stale", Figures(new { productCode = product, period = "2026-03-04", quantity = "1" }), Key(), ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, first.Status);
        var read = await house.GetAsync(token, $"demand-batches/{first.Body.GetProperty("id").GetString()}");
        Assert.Equal(first.Tag, read.Tag);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(token, "demand-batches/order/stale", Figures(new { productCode = product, period = "2026-03-04", quantity = "2" }), Key(), ("If-Match", read.Tag!))).Status);
        var stale = await PutAsync(token, "demand-batches/order/stale", Figures(), Key(), ("If-Match", read.Tag!));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "api.stale"), (stale.Status, stale.Code));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(token, "demand-batches/order/stale", Figures(), Key(), ("If-None-Match", "*"))).Status);
        Assert.Equal(1, (await BatchAsync("stale"))!.SignalCount);
    }

    [Fact]
    public async Task Every_fault_is_named_with_its_place_and_nothing_is_written()
    {
        var (token, product) = (await house.TokenAsync(Buyer, Write), await ProductAsync());
        var answer = await PutAsync(token, "demand-batches/forecast/faulty", Figures(
            new { productCode = product, period = "2026-03-04", quantity = "1" }, new { productCode = "NO-SUCH", period = "2026-03-04", quantity = "1" }, new { productCode = product, period = "4 March", quantity = "many" },
            new { productCode = product, product = "1", period = "2026-03-04", quantity = "1" }, new { productCode = product, period = "2026-03-04", quantity = "1", colour = "red" },
            new { productCode = product, period = "2026-03-04", quantity = "1", company = "1234567890123456789" }), Key());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "api.body-wrong"), (answer.Status, answer.Code));
        var faults = answer.Body.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()).ToList();
        Assert.Equal(["/figures/1/productCode", "/figures/2/period", "/figures/2/quantity", "/figures/3/product", "/figures/4/colour", "/figures/5/company"], faults.Order(StringComparer.Ordinal));
        Assert.All(answer.Body.GetProperty("errors").EnumerateArray(), fault => Assert.NotEqual(fault.GetProperty("code").GetString(), fault.GetProperty("detail").GetString()));
        Assert.Null(await BatchAsync("faulty"));
    }

    [Theory]
    [InlineData("[]", HttpStatusCode.BadRequest, "api.body-unreadable")]
    [InlineData("{\"figures\":[],\"figures\":[]}", HttpStatusCode.BadRequest, "api.body-unreadable")]
    [InlineData("{\"figures\":", HttpStatusCode.BadRequest, "api.body-unreadable")]
    [InlineData("{\"figures\":7}", HttpStatusCode.UnprocessableEntity, "api.body-wrong")]
    [InlineData("{\"figures\":[7]}", HttpStatusCode.UnprocessableEntity, "api.body-wrong")]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity, "api.body-wrong")]
    public async Task A_body_that_is_none_is_refused(string body, HttpStatusCode status, string code)
    {
        var answer = await PutAsync(await house.TokenAsync(Buyer, Write), "demand-batches/forecast/none", body, Key());
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact, Trait("asvs", "V3.5.2")]
    public async Task Without_a_key_or_as_something_else_than_json_or_too_large_nothing_is_taken()
    {
        var token = await house.TokenAsync(Buyer, Write);
        Assert.Equal("api.key-missing", (await PutAsync(token, "demand-batches/forecast/none", Figures())).Code);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/demand-batches/forecast/none") { Content = new StringContent("figures=1", Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await house.Portal.Browser().SendAsync(request)).StatusCode);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "api.body-large"), await PutAsync(token, "demand-batches/forecast/none", "{\"figures\":[" + new string(' ', 4 * 1024 * 1024) + "]}", Key()) is var large ? (large.Status, large.Code) : default);
        Assert.Null(await BatchAsync("none"));
    }

    [Fact]
    public async Task A_scope_to_read_writes_nothing_and_a_right_to_read_neither()
    {
        var reading = await PutAsync(await house.TokenAsync(Buyer, Read), "demand-batches/forecast/none", Figures(), Key());
        Assert.Equal((HttpStatusCode.Forbidden, "api.scope-missing"), (reading.Status, reading.Code));
        var manager = await PutAsync(await house.TokenAsync("manager@portal.example", Write), "demand-batches/forecast/none", Figures(), Key());
        Assert.Equal((HttpStatusCode.Forbidden, "api.right-missing"), (manager.Status, manager.Code));
        Assert.Equal("demand.source-not-yours", (await PutAsync(await house.TokenAsync(Supplier, Write), "partner/demand-batches/forecast/none", Figures(), Key())).Code);
        Assert.Equal("demand.pipeline-is-derived", (await PutAsync(await house.TokenAsync(Buyer, Write), "demand-batches/pipeline/none", Figures(), Key())).Code);
        Assert.Equal("api.name-reserved", (await PutAsync(await house.TokenAsync(Buyer, Write), "demand-batches/forecast/entered:house:1", Figures(), Key())).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(await house.TokenAsync(Buyer, Write), "demand-batches/gossip/none", Figures(), Key())).Status);
    }

    [Fact]
    public async Task A_partner_delivers_for_the_own_company_under_a_name_of_its_own()
    {
        var product = await ProductAsync();
        await PutAsync(await house.TokenAsync(Buyer, Write), "demand-batches/forecast/weekly", Figures(new { productCode = product, period = "2026-03-04", quantity = "1" }), Key());
        var token = await house.TokenAsync(Distributor, Write, Read);
        var answer = await PutAsync(token, "partner/demand-batches/forecast/weekly", Figures(new { productCode = product, period = "2026-03-04", quantity = "9" }), Key());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        await using var db = house.Portal.System();
        var company = await db.People.Where(p => p.Email == Distributor).Select(p => p.CompanyId).SingleAsync();
        var batch = await db.DemandBatches.SingleAsync(b => b.Origin == $"partner:{company}:weekly");
        Assert.Equal(company, batch.ReporterId);
        Assert.Equal([company], await db.DemandSignals.Where(s => s.BatchId == batch.Id).Select(s => s.CompanyId).ToListAsync());
        Assert.Equal(1, (await BatchAsync("weekly"))!.Delivery);
        var named = await PutAsync(token, "partner/demand-batches/forecast/weekly", Figures(new { productCode = product, period = "2026-03-04", quantity = "9", company = "1" }), Key());
        Assert.Equal("/figures/0/company", named.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal([$"partner:{company}:weekly"], (await house.GetAsync(token, "partner/demand-batches?source=Forecast")).Items.Select(row => row.GetProperty("origin").GetString()!).Where(origin => origin.EndsWith("weekly", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_partner_reports_progress_of_what_was_read_and_of_nothing_else()
    {
        var token = await house.TokenAsync(Reseller, "portal.opportunities.read", "portal.opportunities.write");
        await using var db = house.Portal.System();
        var company = await db.People.Where(p => p.Email == Reseller).Select(p => p.CompanyId).SingleAsync();
        var id = await db.Opportunities.Where(o => o.PartnerId == company && o.Outcome == StageKind.Open).OrderBy(o => o.Id).Select(o => o.Id).FirstAsync();
        var path = string.Create(CultureInfo.InvariantCulture, $"partner/opportunities/{id}");
        Task<ApiAnswer> PatchAsync(string body, params (string, string)[] headers) => house.SendAsync(token, HttpMethod.Patch, path, body, headers);
        var read = await house.GetAsync(token, path);
        Assert.Equal((HttpStatusCode.PreconditionRequired, "api.tag-missing"), await PatchAsync("{}", Key()) is var bare ? (bare.Status, bare.Code) : default);
        var (key, body) = (Key(), """{"nextStep":"Send the sample","nextStepOn":"2026-12-24"}""");
        var done = await PatchAsync(body, key, ("If-Match", read.Tag!));
        Assert.True(done.Status is HttpStatusCode.OK && done.Body.GetProperty("changed").GetBoolean(), done.Body.ToString());
        Assert.Equal(done.Body.GetRawText(), (await PatchAsync(body, key, ("If-Match", read.Tag!))).Body.GetRawText());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PatchAsync("""{"nextStep":"Other"}""", Key(), ("If-Match", read.Tag!))).Status);
        var now = await house.GetAsync(token, path);
        Assert.Equal(("Send the sample", "2026-12-24", done.Tag), (now.Body.GetProperty("nextStep").GetString(), now.Body.GetProperty("nextStepOn").GetString(), now.Tag));
        Assert.Equal("opportunity.stage-unknown", (await PatchAsync("""{"stageCode":"nowhere"}""", Key(), ("If-Match", now.Tag!))).Code);
        Assert.Equal("/amount", (await PatchAsync("""{"amount":"1"}""", Key(), ("If-Match", now.Tag!))).Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }
}
