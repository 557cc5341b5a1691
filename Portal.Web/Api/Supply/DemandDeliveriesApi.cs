using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Supply;
using Portal.Web.Pages.Supply;

namespace Portal.Web.Api.Supply;

/// <summary>
/// A program delivers demand figures: afterwards the batch holds exactly these, as after an import. All figures are taken or none; what is wrong with each is said with its
/// place. A partner's program delivers for the own company and under a name of its own, so that no partner's batch meets another's.
/// </summary>
public static class DemandDeliveriesApi
{
    private const int MostFigures = 20_000, MostFaults = 50, LongestName = 80;

    /// <summary>Names of batches that belong to pages, partners and the pipeline.</summary>
    private static readonly string[] Reserved = ["entered:", "partner:", "opportunity:"];
    private static readonly string[] OfHouse = ["product", "productCode", "company", "site", "period", "granularity", "quantity"], OfPartner = [.. OfHouse.Where(name => name != "company")];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/demand-batches/{source}/{name}", PutAsync).RequireAuthorization(Permissions.EditDemand).WithMetadata(new NeedsScope(ApiScopes.DemandWrite), new ApiOperation(_ => Describe(OfHouse)));
        api.MapPut("/partner/demand-batches/{source}/{name}", PutAsync).RequireAuthorization(Permissions.PartnerDemand).WithMetadata(new NeedsScope(ApiScopes.DemandWrite), new ApiOperation(_ => Describe(OfPartner)));
    }

    private sealed record Read(string Place, string? Product, string? Code, long? Company, string Site, DateOnly Period, DemandPeriod Granularity, decimal Quantity);

    private static async Task<IResult> PutAsync(string source, string name, HttpContext http, PortalDbContext db, CancellationToken ct)
    {
        var isPartner = db.Scope.Kind is ScopeKind.Partner;
        if (Enum.GetNames<DemandSource>().FirstOrDefault(word => word.Equals(source, StringComparison.OrdinalIgnoreCase)) is not { } word || name.Length > LongestName || name.Any(char.IsControl)) { return Results.NotFound(); }
        var kind = Enum.Parse<DemandSource>(word);
        if (!EnterDemand.MayEnter(db.Scope, kind)) { return ApiProblems.Of<SupplyText>(kind is DemandSource.Pipeline ? SupplyRefusals.PipelineIsDerived : SupplyRefusals.SourceNotYours); }
        if (!isPartner && Reserved.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))) { return ApiProblems.Of(StatusCodes.Status422UnprocessableEntity, "api.name-reserved", name); }
        var (root, bytes, refusal) = await ApiWrites.ReadAsync(http, ct);
        if (refusal is not null) { return refusal; }
        List<ApiFault> faults = [];
        var figures = await FiguresAsync(root, isPartner, db, faults, ct);
        if (faults.Count > 0) { return ApiProblems.OfBody<SupplyText>(faults); }
        var origin = isPartner ? string.Create(CultureInfo.InvariantCulture, $"partner:{db.Scope.RequireCompany()}:{name}") : name;
        return await ApiWrites.OnceAsync(http, db, bytes, () => ReplaceAsync(new(kind, origin), figures, http, db, ct), ct);
    }

    private static async Task<ApiWritten> ReplaceAsync(ReplaceDemandBatch.Request request, IReadOnlyCollection<DemandFigure> figures, HttpContext http, PortalDbContext db, CancellationToken ct)
    {
        var known = await db.DemandBatches.AsNoTracking().Where(b => b.Source == request.Source && b.Origin == request.Origin).Select(b => (long?)b.Version).FirstOrDefaultAsync(ct);
        if (!ApiPreconditions.Hold(http.Request, known is { } version ? TagOf(version) : null)) { return ApiWritten.Refused(ApiProblems.Of(StatusCodes.Status412PreconditionFailed, "api.stale")); }
        var replaced = await new ReplaceDemandBatch(db).ExecuteAsync(request, figures.ToAsyncEnumerable(), ct);
        if (replaced.Refusal is { } refusal) { return ApiWritten.Refused(ApiProblems.Of<SupplyText>(refusal)); }
        var outcome = replaced.Value;
        var now = await db.DemandBatches.AsNoTracking().Where(b => b.Id == outcome.BatchId).Select(b => (long?)b.Version).FirstOrDefaultAsync(ct);
        return new(new JsonObject
        {
            // An empty delivery of a batch that never was leaves none.
            ["id"] = outcome.BatchId == 0 ? null : ApiValues.Text(outcome.BatchId), ["source"] = request.Source.ToString(), ["origin"] = request.Origin, ["delivery"] = outcome.Delivery,
            ["added"] = outcome.Added, ["removed"] = outcome.Removed, ["kept"] = outcome.Kept,
        }, now is { } tag ? TagOf(tag) : null, null);
    }

    private static string TagOf(long version) => $"\"{ApiValues.Text(version)}\"";

    private static async Task<IReadOnlyCollection<DemandFigure>> FiguresAsync(JsonElement root, bool isPartner, PortalDbContext db, List<ApiFault> faults, CancellationToken ct)
    {
        foreach (var other in root.EnumerateObject().Where(property => property.Name != "figures")) { faults.Add(ApiFault.Unknown("", other.Name)); }
        if (!root.TryGetProperty("figures", out var list) || list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() > MostFigures)
        {
            faults.Add(new("/figures", "api.figures-missing", MostFigures));
            return [];
        }
        List<Read> read = [];
        foreach (var (at, figure) in list.EnumerateArray().Index())
        {
            if (ReadFigure($"/figures/{at}", figure, isPartner ? OfPartner : OfHouse, faults) is { } one) { read.Add(one); }
            if (faults.Count >= MostFaults) { return []; }
        }
        long[] ids = [.. read.Select(figure => long.TryParse(figure.Product, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Distinct()];
        string[] codes = [.. read.Select(figure => figure.Code).OfType<string>().Distinct()];
        var products = (await db.Products.Where(p => EF.Parameter(ids).Contains(p.Id) || EF.Parameter(codes).Contains(p.Code)).Select(p => new { p.Id, p.Code }).ToListAsync(ct));
        var (byId, byCode) = (products.ToDictionary(p => ApiValues.Text(p.Id), p => p.Id), products.ToDictionary(p => p.Code, p => p.Id, StringComparer.Ordinal));
        long[] named = [.. read.Select(figure => figure.Company).OfType<long>().Distinct()];
        var companies = named.Length == 0 ? [] : await db.Companies.Where(c => EF.Parameter(named).Contains(c.Id)).Select(c => c.Id).ToHashSetAsync(ct);
        List<DemandFigure> figures = [];
        foreach (var figure in read)
        {
            var product = figure.Product is { } id ? byId.GetValueOrDefault(id) : byCode.GetValueOrDefault(figure.Code!);
            if (product == 0) { faults.Add(new(figure.Place + (figure.Product is null ? "/productCode" : "/product"), SupplyRefusals.DemandProductUnknown.Code)); }
            if (figure.Company is { } company && !companies.Contains(company)) { faults.Add(new(figure.Place + "/company", SupplyRefusals.CompanyUnknown.Code)); }
            var whole = new DemandFigure(product, isPartner ? db.Scope.RequireCompany() : figure.Company, figure.Site, figure.Period, figure.Granularity, figure.Quantity);
            if (ReplaceDemandBatch.Check(whole) is { } wrong) { faults.Add(new($"{figure.Place}/{JsonNamingPolicy.CamelCase.ConvertName(wrong.Field)}", wrong.Code, wrong.Values)); }
            if (faults.Count >= MostFaults) { break; }
            figures.Add(whole);
        }
        return figures;
    }

    /// <returns>Null where something is wrong, which is then among the faults.</returns>
    private static Read? ReadFigure(string pointer, JsonElement figure, string[] names, List<ApiFault> faults)
    {
        var before = faults.Count;
        if (figure.ValueKind is not JsonValueKind.Object)
        {
            faults.Add(new(pointer, "api.value-wrong", "figures"));
            return null;
        }
        foreach (var other in figure.EnumerateObject().Where(property => !names.Contains(property.Name))) { faults.Add(ApiFault.Unknown(pointer, other.Name)); }
        var (product, code) = (Text("product"), Text("productCode"));
        if (product is null == code is null && faults.Count == before) { faults.Add(new($"{pointer}/product", "api.product-once")); }
        var period = default(DateOnly);
        if (!ApiValues.TryRead(Text("period"), out period)) { Wrong("period"); }
        var granularity = DemandPeriod.Week;
        if (Text("granularity") is { } word && !(Enum.TryParse(word, ignoreCase: true, out granularity) && Enum.GetNames<DemandPeriod>().Contains(word, StringComparer.OrdinalIgnoreCase))) { Wrong("granularity"); }
        var quantity = 0m;
        if (!figure.TryGetProperty("quantity", out var amount) || !ApiValues.TryRead(amount, out quantity)) { Wrong("quantity"); }
        long? company = null;
        if (Text("company") is { } given)
        {
            if (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) { company = id; } else { Wrong("company"); }
        }
        var site = Text("site") ?? "";
        return faults.Count == before ? new(pointer, product, code, company, site, period, granularity, quantity) : null;

        string? Text(string name)
        {
            if (!figure.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) { return null; }
            if (value.ValueKind is JsonValueKind.String) { return value.GetString(); }
            Wrong(name);
            return null;
        }
        void Wrong(string name)
        {
            if (!faults.Exists(fault => fault.Place == $"{pointer}/{name}")) { faults.Add(new($"{pointer}/{name}", "api.value-wrong", name)); }
        }
    }

    private static JsonObject Describe(string[] names)
    {
        var fields = new Dictionary<string, JsonObject>
        {
            ["product"] = ApiValues.Of("string"), ["productCode"] = ApiValues.Of("string"), ["company"] = ApiValues.Of("string"), ["site"] = ApiValues.Of("string"), ["period"] = ApiValues.Of("string", "date"),
            ["granularity"] = new() { ["enum"] = new JsonArray([.. Enum.GetNames<DemandPeriod>().Select(word => JsonValue.Create(word))]), ["default"] = nameof(DemandPeriod.Week) }, ["quantity"] = ApiValues.Of("string", "decimal"),
        };
        return ApiDescription.OfWrite(
            "Deliver demand figures: the batch of this source and name holds exactly these afterwards",
            new()
            {
                ["type"] = "object", ["required"] = new JsonArray("figures"),
                ["properties"] = new JsonObject
                {
                    ["figures"] = new JsonObject
                    {
                        ["type"] = "array", ["maxItems"] = MostFigures,
                        ["items"] = new JsonObject { ["type"] = "object", ["required"] = new JsonArray("period", "quantity"), ["description"] = "Either product (its id) or productCode", ["properties"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)fields[name]))) },
                    },
                },
            },
            [ApiWrites.KeyParameter, ("If-Match", "The entity tag of the batch as it was read; another one on record is refused", false), ("If-None-Match", "* for a batch that must not be there yet", false)],
            new()
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["id"] = ApiValues.Of(new JsonArray("string", "null")), ["source"] = ApiValues.Of("string"), ["origin"] = ApiValues.Of("string"), ["delivery"] = ApiValues.Of("integer"), ["added"] = ApiValues.Of("integer"), ["removed"] = ApiValues.Of("integer"),
                    ["kept"] = ApiValues.Of("integer"),
                },
            },
            ("400", "No key, or a body that cannot be read"), ("409", "Somebody replaced the batch at the same moment"), ("412", "The batch is another one than If-Match says"), ("413", "Too large"), ("415", "No JSON"), ("422", "Figures are wrong: each with its place; or the key was used for something else"));
    }
}
