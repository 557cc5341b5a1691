using System.Text.Json.Nodes;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Api;

/// <summary>How an endpoint of the API describes itself; every endpoint has one.</summary>
/// <param name="Write">Adds schemas to the document where it needs them.</param>
/// <returns>An operation object of OpenAPI.</returns>
public sealed record ApiOperation(Func<JsonObject, JsonObject> Write);

/// <summary>
/// The OpenAPI 3.1 document, put together from what the endpoints are mapped from: what the document says of a list is the list's definition itself. Its words are
/// English: programs and their makers read it.
/// </summary>
public static class ApiDescription
{
    private const string Problem = "Problem";

    public static JsonObject Of(IEnumerable<RouteEndpoint> endpoints, ApiAddresses api)
    {
        var schemas = new JsonObject { [Problem] = ProblemSchema() };
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Portal", ["version"] = "1", ["description"] = "Records as the acting person sees them. Lists are read by following next; ids and decimals are strings, instants UTC." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = api.PublicUrl }),
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["portal"] = new JsonObject { ["type"] = "openIdConnect", ["openIdConnectUrl"] = api.Authority.TrimEnd('/') + "/.well-known/openid-configuration", ["description"] = $"Access tokens (at+jwt) for {api.Audience}, in the Authorization header." },
                },
            },
        };
        var paths = document["paths"]!.AsObject();
        foreach (var endpoint in endpoints.OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<ApiOperation>() is not { } operation || endpoint.Metadata.GetMetadata<NeedsScope>() is not { Scope: var scope }) { continue; }
            var path = "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/').Replace(":long", "", StringComparison.Ordinal);
            if (paths[path] is not JsonObject methods) { paths[path] = methods = []; }
            var written = operation.Write(schemas);
            var parameters = written["parameters"] as JsonArray ?? [];
            written["parameters"] = new JsonArray([.. endpoint.RoutePattern.Parameters.Select(part => (JsonNode)Parameter(part.Name, "path", ApiValues.Of("string"), required: true)), .. parameters.Select(p => p!.DeepClone())]);
            written["security"] = new JsonArray(new JsonObject { ["portal"] = new JsonArray(scope) });
            var responses = written["responses"]!.AsObject();
            foreach (var (status, why) in new[] { ("401", "No token, or one that does not hold"), ("403", "A scope, a right or the acting person is missing"), ("429", "Too many requests: wait as Retry-After says") }) { responses[status] = Refusal(why); }
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods) { methods[method.ToLowerInvariant()] = written.DeepClone(); }
        }
        return document;
    }

    public static JsonObject OfList(JsonObject schemas, ApiRecords records)
    {
        var name = SchemaOf(schemas, records);
        JsonArray parameters =
        [
            Parameter("limit", "query", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = ApiRecords.LargestLimit, ["default"] = ApiRecords.UsualLimit }),
            Parameter("after", "query", ApiValues.Of("string"), "As in the address under next; never made up"),
        ];
        if (records.List.Sorts.Count > 0)
        {
            parameters.Add(Parameter("sort", "query", new JsonObject { ["enum"] = new JsonArray([.. records.List.Sorts.Keys.SelectMany(key => new[] { key, "-" + key }).Select(key => JsonValue.Create(key))]) }, $"Descending with a minus before it{(records.List.DefaultSort.Length > 0 ? $"; {records.List.DefaultSort} where left out" : "")}"));
        }
        foreach (var (parameter, filter) in records.Filters) { parameters.Add(FilterParameter(parameter, filter)); }
        return new()
        {
            ["summary"] = $"List {name}",
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["200"] = Answer("A page of rows", new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(name) }, ["next"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["description"] = "Address of the next page; null at the end" } },
                }),
                ["400"] = Refusal("A parameter that is unknown or cannot be read"),
            },
        };
    }

    public static JsonObject OfOne(JsonObject schemas, ApiRecords records)
    {
        var name = SchemaOf(schemas, records);
        var more = Properties(records.MoreFields);
        foreach (var (below, fields) in records.Below) { more[below] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object", ["properties"] = Properties(fields) } }; }
        return new()
        {
            ["summary"] = $"One of {name}",
            ["responses"] = new JsonObject
            {
                ["200"] = Answer("The record; its version is in the header ETag", more.Count == 0 ? Reference(name) : new JsonObject { ["allOf"] = new JsonArray(Reference(name), new JsonObject { ["type"] = "object", ["properties"] = more }) }),
                ["304"] = new JsonObject { ["description"] = "As If-None-Match says" },
                ["404"] = Refusal("None is seen"),
            },
        };
    }

    /// <param name="responses">Status and what it means.</param>
    public static JsonObject OfWrite(string summary, JsonObject body, IEnumerable<(string Name, string Description, bool Required)> headers, JsonObject answer, params (string Status, string Why)[] responses) => new()
    {
        ["summary"] = summary,
        ["parameters"] = new JsonArray([.. headers.Select(header => (JsonNode)Parameter(header.Name, "header", ApiValues.Of("string"), header.Description, header.Required))]),
        ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = body } } },
        ["responses"] = new JsonObject([new("200", Answer("Done; a repeat of the same submission gets the first answer", answer)), .. responses.Select(response => KeyValuePair.Create(response.Status, (JsonNode?)Refusal(response.Why)))]),
    };

    public static JsonObject Answer(string description, JsonObject schema, string type = "application/json") =>
        new() { ["description"] = description, ["content"] = new JsonObject { [type] = new JsonObject { ["schema"] = schema } } };

    public static JsonObject Refusal(string description) => Answer(description, Reference(Problem), ApiProblems.ContentType);

    public static JsonObject Parameter(string name, string place, JsonObject schema, string? description = null, bool required = false)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["schema"] = schema };
        if (description is not null) { parameter["description"] = description; }
        if (required) { parameter["required"] = true; }
        return parameter;
    }

    private static JsonObject FilterParameter(string name, ListFilter filter) => filter switch
    {
        ChoiceFilter choice => Parameter(name, "query", new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["enum"] = new JsonArray([.. choice.Options.Select(option => JsonValue.Create(option.ToString()))]) } }, "May be repeated"),
        CaseFilter cases => Parameter(name, "query", new JsonObject { ["enum"] = new JsonArray([.. cases.Options.Select(option => JsonValue.Create(option.ToString()))]) }),
        RangeFilter { Kind: RangeKind.Number } => Parameter(name, "query", ApiValues.Of("string", "decimal"), "Included"),
        RangeFilter => Parameter(name, "query", ApiValues.Of("string", "date"), "Included; days are those of UTC"),
        FlagFilter => Parameter(name, "query", new JsonObject { ["enum"] = new JsonArray("true") }),
        LookUpFilter => Parameter(name, "query", ApiValues.Of("string"), "Id of a record"),
        SearchFilter => Parameter(name, "query", ApiValues.Of("string"), "Words to search for"),
        _ => Parameter(name, "query", ApiValues.Of("string")),
    };

    private static string SchemaOf(JsonObject schemas, ApiRecords records)
    {
        var name = records.Path.TrimStart('/').Replace('/', '-');
        schemas[name] ??= new JsonObject { ["type"] = "object", ["properties"] = Properties(records.Fields, withId: true) };
        return name;
    }

    private static JsonObject Properties(IEnumerable<(string Name, ListColumn Column)> fields, bool withId = false)
    {
        var properties = new JsonObject();
        if (withId) { properties["id"] = ApiValues.Of("string"); }
        foreach (var (name, column) in fields) { properties[name] = ApiValues.Schema(column); }
        return properties;
    }

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    private static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["description"] = "RFC 9457. Programs read code; title is for people, in the language of Accept-Language (en, zh-Hans).",
        ["properties"] = new JsonObject
        {
            ["type"] = ApiValues.Of("string"), ["title"] = ApiValues.Of("string"), ["status"] = ApiValues.Of("integer"), ["code"] = ApiValues.Of("string"), ["parameter"] = ApiValues.Of("string"), ["field"] = ApiValues.Of("string"),
            ["correlationId"] = ApiValues.Of("string"),
            ["errors"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["pointer"] = ApiValues.Of("string"), ["code"] = ApiValues.Of("string"), ["detail"] = ApiValues.Of("string") } } },
        },
    };
}
