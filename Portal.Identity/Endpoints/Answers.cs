using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Identity.Endpoints;

/// <summary>303: the browser comes again with GET, and a posted password is never sent on (RFC 9700, 4.12).</summary>
internal sealed class SeeOther(string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = location;
        NoStore.On(httpContext.Response);
        return Task.CompletedTask;
    }
}

internal sealed class JsonAnswer(JsonObject body, int status = StatusCodes.Status200OK, string? challenge = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        NoStore.On(response);
        if (challenge is not null)
        {
            response.Headers.WWWAuthenticate = challenge;
        }
        response.ContentType = "application/json";
        return response.WriteAsync(body.ToJsonString(), httpContext.RequestAborted);
    }

    public static JsonAnswer Error(string error, string description, int status = StatusCodes.Status400BadRequest, string? challenge = null) =>
        new(new JsonObject { ["error"] = error, ["error_description"] = description }, status, challenge);
}

internal static class NoStore
{
    public static void On(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}

internal static class Address
{
    /// <summary>Adds parameters after whatever query the registered address has.</summary>
    public static string With(string uri, params IEnumerable<(string Name, string? Value)> parameters) =>
        QueryHelpers.AddQueryString(uri, parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));
}
