using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
using Portal.Domain.Common;
using Portal.Web.Host;
using Portal.Web.Ui;
using Portal.Web.Ui.Forms;

namespace Portal.Web.Api;

/// <summary>One thing that is wrong with a body.</summary>
/// <param name="Place">Where, as a JSON pointer (RFC 6901).</param>
public sealed record ApiFault(string Place, string Code, params object[] Values)
{
    public static ApiFault Unknown(string within, string name) => new($"{within}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", "api.field-unknown", name);
}

/// <summary>Refusals of the API: problem details (RFC 9457). Programs read <c>code</c>, people the title in the language that they asked for.</summary>
public static class ApiProblems
{
    public const string ContentType = "application/problem+json";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="code">Key of the portal's shared words.</param>
    public static Task WriteAsync(HttpContext http, int status, string code, params object[] values) => WriteAsync(http, status, code, Words(http)[code, values]);

    /// <summary>For a status that nothing more is known of.</summary>
    public static Task WriteAsync(HttpContext http, int status)
    {
        var title = Words(http)[$"error.{status}.title"];
        return WriteAsync(http, status, $"http.{status}", title.ResourceNotFound ? Words(http)[status < 500 ? "error.400.title" : "error.500.title"] : title.Value);
    }

    public static IResult Of(int status, string code, params object[] values) => new Problem(http => WriteAsync(http, status, code, values));

    /// <summary>A parameter of the address that is unknown or cannot be read.</summary>
    public static IResult OfParameter(string code, string parameter) =>
        new Problem(http => WriteAsync(http, StatusCodes.Status400BadRequest, code, Words(http)[code, parameter], new JsonObject { ["parameter"] = parameter }));

    /// <summary>A body of which parts are wrong: all that were found, each with its place.</summary>
    /// <typeparam name="TText">The words of the area whose body it is.</typeparam>
    public static IResult OfBody<TText>(IReadOnlyCollection<ApiFault> faults) => new Problem(http => WriteAsync(http, StatusCodes.Status422UnprocessableEntity, "api.body-wrong", Words(http)["api.body-wrong"], new JsonObject
    {
        ["errors"] = new JsonArray([.. faults.Select(fault => new JsonObject { ["pointer"] = fault.Place, ["code"] = fault.Code, ["detail"] = Words<TText>(http)[fault.Code, fault.Values].Value })]),
    }));

    /// <typeparam name="TText">The words of the area whose refusal it is.</typeparam>
    public static IResult Of<TText>(Refusal refusal, int? status = null) => new Problem(http =>
    {
        var more = new JsonObject();
        if (refusal.Field.Length > 0) { more["field"] = JsonNamingPolicy.CamelCase.ConvertName(refusal.Field); }
        return WriteAsync(http, status ?? StatusOf(refusal.Kind), refusal.Code, refusal.TextIn(Words<TText>(http)), more);
    });

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static Task WriteAsync(HttpContext http, int status, string code, string title, JsonObject? more = null)
    {
        var id = Correlation.Id(http);
        var problem = new JsonObject { ["type"] = "about:blank", ["title"] = title, ["status"] = status, ["code"] = code };
        foreach (var (name, value) in more ?? []) { problem[name] = value?.DeepClone(); }
        // What is absent and what is not yours get the same words; the id then stands in the header alone.
        if (status is not StatusCodes.Status404NotFound) { problem["correlationId"] = id; }
        http.Response.StatusCode = status;
        http.Response.Headers[Correlation.Header] = id;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsJsonAsync(problem, Json, ContentType, http.RequestAborted);
    }

    private static IStringLocalizer Words(HttpContext http) => http.RequestServices.GetRequiredService<IStringLocalizer<UiText>>();

    private static IStringLocalizer Words<TText>(HttpContext http) => AreaTexts.Both(http.RequestServices.GetRequiredService<IStringLocalizer<TText>>(), Words(http));

    private sealed class Problem(Func<HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(httpContext);
    }
}
