using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Pages.Supply;
using Portal.Web.Pages.Supply.Partner;

namespace Portal.Web.Api.Supply;

/// <summary>The partner's demand page for programs: products with a number for each week or month, added up over everybody. Whose demand it is has no place in it.</summary>
public static class PartnerDemandApi
{
    private static readonly string[] Known = ["across", "from", "source", "product", "q", "after"];

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/partner/demand", GetAsync).RequireAuthorization(Permissions.PartnerDemand).WithMetadata(new NeedsScope(ApiScopes.DemandRead), new ApiOperation(_ => Describe()));

    private static async Task<IResult> GetAsync(HttpContext http, PortalDbContext db, CancellationToken ct)
    {
        var query = http.Request.Query;
        if (query.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown) { return ApiProblems.OfParameter("api.parameter-unknown", unknown); }
        if (query.FirstOrDefault(parameter => parameter.Value.Count > 1 && parameter.Key != "source").Key is { } repeated) { return ApiProblems.OfParameter("api.parameter-repeated", repeated); }
        var asked = query.ToDictionary(parameter => parameter.Key == "after" ? "at" : parameter.Key, parameter => parameter.Value);
        var choice = DemandModel.ChoiceOf(new QueryCollection(asked), db);
        if (Misread(query, choice) is { } wrong) { return ApiProblems.OfParameter("api.parameter-wrong", wrong); }
        var page = await DemandGrid.ReadAsync(db, choice.Query, choice.Place, ct);
        var next = page.Next is { } place ? (choice with { Place = place }).Address(http.RequestServices.GetRequiredService<ApiAddresses>().PublicUrl + http.Request.Path).Replace("&at=", "&after=", StringComparison.Ordinal) : null;
        if (next is not null) { http.Response.Headers.Link = $"<{next}>; rel=\"next\""; }
        return new ApiBody(System.Text.Encoding.UTF8.GetBytes(new JsonObject
        {
            ["across"] = choice.Across.ToString(),
            ["sources"] = new JsonArray([.. choice.Sources.Select(source => JsonValue.Create(source.ToString()))]),
            ["periods"] = new JsonArray([.. page.Periods.Select(period => JsonValue.Create(ApiValues.Text(period)))]),
            ["items"] = new JsonArray([.. page.Rows.Select(row => new JsonObject
            {
                ["product"] = new JsonObject { ["id"] = ApiValues.Text(row.ProductId), ["name"] = row.Name }, ["productCode"] = row.Code, ["unitOfMeasure"] = row.Unit,
                ["demand"] = Numbers(row.Demand?.Select(number => (decimal?)number)), ["stock"] = Numbers(row.Stock),
            })]),
            ["next"] = next,
        }.ToJsonString(ApiProblems.Json)));
    }

    /// <summary>What the page would pass over in silence.</summary>
    private static string? Misread(IQueryCollection query, DemandChoice choice)
    {
        bool Given(string name, Func<StringValues, bool> holds) => query.TryGetValue(name, out var values) && !holds(values);
        return Given("across", values => values is ["week" or "month" or "Week" or "Month"]) ? "across"
            : Given("from", values => ApiValues.TryRead(values, out var from) && Periods.Of(from, choice.Across) == choice.From) ? "from"
            : Given("source", values => values.All(word => choice.Sources.Any(source => source.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)))) ? "source"
            : Given("product", values => choice.ProductId is not null) ? "product"
            : Given("after", values => choice.Place is { Backward: false }) ? "after"
            : null;
    }

    private static JsonArray? Numbers(IEnumerable<decimal?>? numbers) => numbers is null ? null : new([.. numbers.Select(number => number is { } known ? JsonValue.Create(ApiValues.Text(known)) : null)]);

    private static JsonObject Describe()
    {
        var numbers = new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = ApiValues.Of(new JsonArray("string", "null"), "decimal"), ["description"] = "One for each of periods" };
        return new()
        {
            ["summary"] = "Demand by product and period, as the partner's page shows it",
            ["parameters"] = new JsonArray(
                ApiDescription.Parameter("across", "query", new JsonObject { ["enum"] = new JsonArray("week", "month") }), ApiDescription.Parameter("from", "query", ApiValues.Of("string", "date"), "Any day of the first period"),
                ApiDescription.Parameter("source", "query", new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames<DemandSource>().Select(word => JsonValue.Create(word))]) } }, "May be repeated"),
                ApiDescription.Parameter("product", "query", ApiValues.Of("string"), "Id of a product"), ApiDescription.Parameter("q", "query", ApiValues.Of("string"), "Words to search for"),
                ApiDescription.Parameter("after", "query", ApiValues.Of("string"), "As in the address under next; never made up")),
            ["responses"] = new JsonObject
            {
                ["200"] = ApiDescription.Answer("A page of products", new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["across"] = ApiValues.Of("string"), ["sources"] = new JsonObject { ["type"] = "array", ["items"] = ApiValues.Of("string") }, ["periods"] = new JsonObject { ["type"] = "array", ["items"] = ApiValues.Of("string", "date") },
                        ["items"] = new JsonObject
                        {
                            ["type"] = "array",
                            ["items"] = new JsonObject
                            {
                                ["type"] = "object",
                                ["properties"] = new JsonObject
                                {
                                    ["product"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["id"] = ApiValues.Of("string"), ["name"] = ApiValues.Of("string") } }, ["productCode"] = ApiValues.Of("string"),
                                    ["unitOfMeasure"] = ApiValues.Of("string"), ["demand"] = numbers, ["stock"] = numbers.DeepClone(),
                                },
                            },
                        },
                        ["next"] = ApiValues.Of(new JsonArray("string", "null")),
                    },
                }),
                ["400"] = ApiDescription.Refusal("A parameter that is unknown or cannot be read"),
            },
        };
    }
}
