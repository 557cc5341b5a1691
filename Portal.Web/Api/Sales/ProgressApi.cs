using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Persistence;
using Portal.Domain.Sales;
using Portal.Web.Pages.Sales;

namespace Portal.Web.Api.Sales;

/// <summary>A partner's program tells how far a sale has come and what happens next: the act of the partner's page.</summary>
public static class ProgressApi
{
    private static readonly string[] Fields = ["stageCode", "nextStep", "nextStepOn", "outcomeReason"];

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/partner/opportunities/{id:long}", PatchAsync).RequireAuthorization(Permissions.PartnerOpportunities).WithMetadata(new NeedsScope(ApiScopes.OpportunitiesWrite), new ApiOperation(_ => Describe()));

    private static async Task<IResult> PatchAsync(long id, HttpContext http, PortalDbContext db, AdvanceOpportunity advance, CancellationToken ct)
    {
        // What is seen in summary is there, and yet not to be changed.
        if (!await db.OpportunitiesInFull.AnyAsync(o => o.Id == id, ct)) { return await db.Opportunities.AnyAsync(o => o.Id == id, ct) ? ApiProblems.Of<SalesText>(SalesRefusals.ReadOnly, StatusCodes.Status403Forbidden) : Results.NotFound(); }
        if (http.Request.Headers.IfMatch.Count == 0) { return ApiProblems.Of(StatusCodes.Status428PreconditionRequired, "api.tag-missing"); }
        var (root, bytes, refusal) = await ApiWrites.ReadAsync(http, ct);
        if (refusal is not null) { return refusal; }
        List<ApiFault> faults = [.. root.EnumerateObject().Where(property => !Fields.Contains(property.Name)).Select(property => ApiFault.Unknown("", property.Name))];
        faults.AddRange(root.EnumerateObject().Where(property => Fields.Contains(property.Name) && property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)).Select(property => new ApiFault($"/{property.Name}", "api.value-wrong", property.Name)));
        if (faults.Count == 0 && Text(root, "nextStepOn") is { Length: > 0 } day && !ApiValues.TryRead(day, out _)) { faults.Add(new("/nextStepOn", "api.value-wrong", "nextStepOn")); }
        if (faults.Count > 0) { return ApiProblems.OfBody<SalesText>(faults); }
        return await ApiWrites.OnceAsync(http, db, bytes, () => AdvanceAsync(id, root, http, db, advance, ct), ct);
    }

    private static async Task<ApiWritten> AdvanceAsync(long id, JsonElement root, HttpContext http, PortalDbContext db, AdvanceOpportunity advance, CancellationToken ct)
    {
        if (await SalesApi.OfPartner.TellAsync(id, db, ct) is not var (_, tag) || !ApiPreconditions.Hold(http.Request, tag)) { return ApiWritten.Refused(ApiProblems.Of(StatusCodes.Status412PreconditionFailed, "api.stale")); }
        var now = await db.OpportunitiesInFull.AsNoTracking().Where(o => o.Id == id).Select(o => new AdvanceOpportunity.Standing(o.StageId, o.NextStep, o.NextStepOn)).FirstAsync(ct);
        var wanted = now;
        if (Text(root, "stageCode") is { } code)
        {
            if (await db.Stages.Where(s => s.Code == code).Select(s => (long?)s.Id).FirstOrDefaultAsync(ct) is not { } stage) { return ApiWritten.Refused(ApiProblems.Of<SalesText>(SalesRefusals.StageUnknown)); }
            wanted = wanted with { StageId = stage };
        }
        if (root.TryGetProperty("nextStep", out _)) { wanted = wanted with { NextStep = Text(root, "nextStep") }; }
        if (root.TryGetProperty("nextStepOn", out _)) { wanted = wanted with { NextStepOn = ApiValues.TryRead(Text(root, "nextStepOn"), out DateOnly on) ? on : null }; }
        var told = await advance.ExecuteAsync(new(id, now, wanted, Text(root, "outcomeReason")), ct);
        if (told.Refusal is { } refusal) { return ApiWritten.Refused(ApiProblems.Of<SalesText>(refusal, refusal == SalesRefusals.ReadOnly ? StatusCodes.Status403Forbidden : null)); }
        var after = await SalesApi.OfPartner.TellAsync(id, db, ct);
        return new(new JsonObject { ["id"] = ApiValues.Text(id), ["changed"] = told.Value }, after?.Tag, null);
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static JsonObject Describe() => ApiDescription.OfWrite(
        "Report progress: what is left out stays as it is",
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["stageCode"] = ApiValues.Of("string"), ["nextStep"] = ApiValues.Of(new JsonArray("string", "null")), ["nextStepOn"] = ApiValues.Of(new JsonArray("string", "null"), "date"), ["outcomeReason"] = ApiValues.Of("string") },
        },
        [ApiWrites.KeyParameter, ("If-Match", "The entity tag of the opportunity as it was read", true)],
        new() { ["type"] = "object", ["properties"] = new JsonObject { ["id"] = ApiValues.Of("string"), ["changed"] = ApiValues.Of("boolean") } },
        ("400", "No key, or a body that cannot be read"), ("404", "None is seen"), ("409", "Somebody changed it at the same moment"), ("412", "It is another one than If-Match says"), ("422", "A field is wrong, or the sale is closed"), ("428", "If-Match is missing"));
}
