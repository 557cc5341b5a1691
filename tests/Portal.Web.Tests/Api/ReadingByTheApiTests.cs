using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Documents;
using Portal.Web.Api;
using Xunit;

namespace Portal.Web.Tests.Api;

/// <summary>What a program reads: what its person's pages show, exact, page by page.</summary>
[Collection(ApiHouses.Name)]
public sealed class ReadingByTheApiTests(ApiHouse house)
{
    private const string Admin = "admin@portal.example", Sales = "sales@portal.example", Reseller = "reseller@cascade.example", Supplier = "supplier@alpine.example";

    private Task<string> TokenAsync(string email) => house.TokenAsync(email, ApiHouse.Everything);

    private static async Task<List<JsonElement>> AllAsync(ApiHouse house, string token, string path)
    {
        List<JsonElement> all = [];
        for (string? next = path; next is not null;)
        {
            var page = await house.GetAsync(token, next);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            all.AddRange(page.Items);
            next = page.Body.GetProperty("next").GetString();
            Assert.Equal(next is not null, page.Response.Headers.Contains("Link"));
            Assert.True(all.Count < 100_000);
        }
        return all;
    }

    [Theory]
    [InlineData(Sales, "opportunities?limit=7&sort=title", "/opportunities?sort=title&columns=title,number&export=csv", "number", 1)]
    [InlineData(Sales, "opportunities?limit=200&outcome=Open&outcome=Won", "/opportunities?outcome=Open&outcome=Won&columns=title,number&export=csv", "number", 1)]
    [InlineData(Admin, "companies?limit=13&role=Customer&sort=-code", "/companies?role=Customer&sort=-code&columns=name,code&export=csv", "code", 1)]
    [InlineData(Reseller, "partner/opportunities?limit=3", "/partner/opportunities?columns=title,number&export=csv", "number", 1)]
    public async Task Page_by_page_comes_exactly_what_the_page_lists_and_in_its_order(string email, string path, string page, string field, int column)
    {
        var told = (await AllAsync(house, await TokenAsync(email), path)).ConvertAll(row => row.GetProperty(field).GetString()!);
        var file = await (await house.Portal.AsAsync(email)).GetStringAsync(page);
        var listed = file.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => Cells(line)[column]).ToList();
        Assert.NotEmpty(listed);
        Assert.Equal(listed, told);
    }

    private static List<string> Cells(string line)
    {
        List<string> cells = [""];
        var quoted = false;
        foreach (var sign in line)
        {
            if (sign == '"') { quoted = !quoted; }
            else if (sign is ',' or ';' && !quoted) { cells.Add(""); }
            else { cells[^1] += sign; }
        }
        return cells;
    }

    [Theory]
    [InlineData("companies?colour=red", "api.parameter-unknown", "colour")]
    [InlineData("companies?status=Acitve", "api.parameter-wrong", "status")]
    [InlineData("companies?status=Active&status=Nothing", "api.parameter-wrong", "status")]
    [InlineData("companies?limit=0", "api.parameter-wrong", "limit")]
    [InlineData("companies?limit=201", "api.parameter-wrong", "limit")]
    [InlineData("companies?limit=1&limit=2", "api.parameter-repeated", "limit")]
    [InlineData("companies?sort=colour", "api.parameter-wrong", "sort")]
    [InlineData("companies?after=x", "api.parameter-wrong", "after")]
    [InlineData("companies?owner=me", "api.parameter-wrong", "owner")]
    [InlineData("companies?owner.words=me", "api.parameter-unknown", "owner.words")]
    [InlineData("opportunities?close.from=yesterday", "api.parameter-wrong", "close.from")]
    [InlineData("opportunities?export=csv", "api.parameter-unknown", "export")]
    public async Task What_is_not_understood_is_refused(string path, string code, string parameter)
    {
        var answer = await house.GetAsync(await TokenAsync(Admin), path);
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
        Assert.Equal(parameter, answer.Body.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_place_of_another_order_is_none()
    {
        var token = await TokenAsync(Admin);
        var next = (await house.GetAsync(token, "companies?limit=2&sort=name")).Body.GetProperty("next").GetString()!;
        Assert.Equal("api.parameter-wrong", (await house.GetAsync(token, next.Replace("sort=name", "sort=-name", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task Values_are_exact_and_in_no_language()
    {
        var token = await TokenAsync(Admin);
        await using var db = house.Portal.System();
        var known = await db.Opportunities.AsNoTracking().OrderBy(o => o.Id).FirstAsync(o => o.CustomerId != null && o.CloseDate != null && o.Lines.Count > 0);
        var answer = await house.GetAsync(token, $"opportunities/{known.Id}", ("Accept-Language", "zh-Hans"));
        var told = answer.Body;
        Assert.Equal($"\"{known.Version}\"", answer.Tag);
        Assert.Equal(known.Id.ToString(CultureInfo.InvariantCulture), told.GetProperty("id").GetString());
        Assert.Equal(known.Amount, decimal.Parse(told.GetProperty("amount").GetProperty("amount").GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal(known.Currency, told.GetProperty("amount").GetProperty("currency").GetString());
        Assert.Equal(known.CloseDate!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), told.GetProperty("closeDate").GetString());
        Assert.Equal(known.CustomerId!.Value.ToString(CultureInfo.InvariantCulture), told.GetProperty("customer").GetProperty("id").GetString());
        Assert.Equal(known.Outcome.ToString(), told.GetProperty("outcome").GetString());
        Assert.Equal(known.Probability, told.GetProperty("probability").GetInt32());
        Assert.EndsWith("Z", told.GetProperty("stageSince").GetString(), StringComparison.Ordinal);
        Assert.Equal(known.StageSince, DateTimeOffset.Parse(told.GetProperty("stageSince").GetString()!, CultureInfo.InvariantCulture));
        Assert.NotEmpty(told.GetProperty("lines").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotModified, (await house.GetAsync(token, $"opportunities/{known.Id}", ("If-None-Match", answer.Tag!))).Status);
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(token, $"opportunities/{known.Id}", ("If-None-Match", "\"0\""))).Status);
    }

    [Fact, Trait("asvs", "V8.2.3")]
    public async Task A_partner_reads_the_partners_fields()
    {
        var token = await TokenAsync(Reseller);
        var id = (await house.GetAsync(token, "partner/opportunities?limit=1")).Items[0].GetProperty("id").GetString();
        var told = await house.GetAsync(token, $"partner/opportunities/{id}");
        Assert.Equal(HttpStatusCode.OK, told.Status);
        var names = told.Body.EnumerateObject().Select(field => field.Name).ToList();
        Assert.Contains("stageCode", names);
        Assert.Empty(names.Intersect(["internalNotes", "probability", "competitor", "partner", "territory"]));
        Assert.Equal(HttpStatusCode.NotFound, (await house.GetAsync(await TokenAsync("reseller@dune.example"), $"partner/opportunities/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await house.GetAsync(token, "partner/opportunities/1234567890123456789")).Status);
    }

    [Fact]
    public async Task A_supplier_reads_demand_as_the_page_shows_it()
    {
        var answer = await house.GetAsync(await TokenAsync(Supplier), "partner/demand?across=month&source=Pipeline&source=Order");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var columns = answer.Body.GetProperty("periods").GetArrayLength();
        Assert.Equal(12, columns);
        Assert.NotEmpty(answer.Items);
        Assert.All(answer.Items, row => Assert.Equal(columns, row.GetProperty("demand").GetArrayLength()));
        Assert.Equal("api.parameter-wrong", (await house.GetAsync(await TokenAsync(Supplier), "partner/demand?source=Gossip")).Code);
        Assert.Equal("api.parameter-unknown", (await house.GetAsync(await TokenAsync(Supplier), "partner/demand?supplier=1")).Code);
    }

    [Fact]
    public async Task A_document_comes_with_what_is_known_of_its_file_and_the_file_itself()
    {
        var token = await TokenAsync(Supplier);
        var row = (await house.GetAsync(token, "partner/documents")).Items[0];
        var known = (await house.GetAsync(token, $"partner/documents/{row.GetProperty("id").GetString()}")).Body;
        // The demo house's database is a copy; its files are not.
        var (sha, content) = (known.GetProperty("sha256").GetString()!, RandomNumberGenerator.GetBytes(known.GetProperty("size").GetInt32()));
        Directory.CreateDirectory(Path.Combine(house.Portal.Folder, "files", sha[..2], sha[2..4]));
        await File.WriteAllBytesAsync(Path.Combine(house.Portal.Folder, "files", sha[..2], sha[2..4], sha), content);
        var file = await house.GetAsync(token, $"partner/documents/{row.GetProperty("id").GetString()}/file");
        Assert.Equal(HttpStatusCode.OK, file.Status);
        Assert.Equal(content, await file.Response.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", file.Response.Content.Headers.ContentDisposition?.DispositionType);
        await using var db = house.Portal.System();
        var id = long.Parse(row.GetProperty("id").GetString()!, CultureInfo.InvariantCulture);
        Assert.True(await db.DocumentReceipts.AnyAsync(receipt => receipt.DocumentId == id && receipt.Kind == ReceiptKind.Downloaded));
    }

    [Fact]
    public async Task The_description_names_every_endpoint_with_its_scope_and_nothing_else()
    {
        var document = (await house.GetAsync(null, ApiAddresses.Description)).Body;
        var told = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal).ToList();
        var mapped = house.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith(ApiAddresses.Current, StringComparison.Ordinal) == true && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal)}")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(mapped, told);
        Assert.True(told.Count >= 30);
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(method => method.Value))
        {
            Assert.Contains(operation.GetProperty("security")[0].GetProperty("portal")[0].GetString(), ApiHouse.Everything);
            Assert.True(operation.GetProperty("responses").TryGetProperty("401", out _));
        }
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => $"#/components/schemas/{schema.Name}").ToHashSet();
        Assert.Empty(References(document).Except(schemas));
    }

    [Fact, Trait("asvs", "V8.1.2")]
    public async Task A_record_has_the_fields_that_the_description_gives_it()
    {
        var schemas = (await house.GetAsync(null, ApiAddresses.Description)).Body.GetProperty("components").GetProperty("schemas");
        foreach (var (email, path) in new[] { (Admin, "companies"), (Admin, "contacts"), (Admin, "products"), (Admin, "opportunities"), (Admin, "demand-signals"), (Admin, "supplier-items"), (Admin, "documents"), (Supplier, "partner/supplier-items"), (Reseller, "partner/products"), (Reseller, "partner/documents") })
        {
            var row = (await house.GetAsync(await TokenAsync(email), path + "?limit=1")).Items[0];
            Assert.Equal(schemas.GetProperty(path.Replace('/', '-')).GetProperty("properties").EnumerateObject().Select(field => field.Name), row.EnumerateObject().Select(field => field.Name));
        }
    }

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
