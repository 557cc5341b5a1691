using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Portal.Identity.Endpoints;

namespace Portal.Identity.Pages;

/// <summary>
/// For a host that has no error pages of its own: what goes wrong is logged once and answered without detail, to people as a page in their language, to programs in
/// the protocol's words.
/// </summary>
public static partial class FaultPages
{
    /// <summary>After the middleware that sets headers on every answer, and before all other: those headers stand on answers to faults too.</summary>
    /// <param name="isUnreachable">Whether an exception of the engine means that a later try may succeed; what every engine has in common is known here.</param>
    public static IApplicationBuilder UsePortalIdentityFaults(this IApplicationBuilder app, Func<Exception, bool> isUnreachable) => app.Use(async (http, next) =>
    {
        KeyValuePair<string, StringValues>[] ofEveryAnswer = [.. http.Response.Headers];
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            foreach (var header in ofEveryAnswer) { http.Response.Headers.Append(header.Key, header.Value); }
            http.Response.StatusCode = fault switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                InvalidDataException => StatusCodes.Status413PayloadTooLarge,
                _ when Chain(fault).Any(e => isUnreachable(e) || e is SocketException or TimeoutException or DbException { IsTransient: true }) => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            };
            var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(FaultPages));
            if (http.Response.StatusCode < 500) { LogRefused(log, http.Request.Method, http.Request.Path, http.Response.StatusCode, fault.Message); }
            else { LogFailed(log, fault, http.Request.Method, http.Request.Path, http.Response.StatusCode); }
        }
        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null }) { await AnswerAsync(http); }
    });

    private static Task AnswerAsync(HttpContext http)
    {
        var (status, name) = http.Response.StatusCode switch
        {
            StatusCodes.Status503ServiceUnavailable => (StatusCodes.Status503ServiceUnavailable, "busy"),
            >= 500 and var other => (other, "failed"),
            StatusCodes.Status404NotFound => (StatusCodes.Status404NotFound, "not-found"),
            var other => (other, "request"),
        };
        if (status == StatusCodes.Status503ServiceUnavailable) { http.Response.Headers.RetryAfter = "5"; }
        if (!http.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html"))
        {
            var error = name switch { "busy" => "temporarily_unavailable", "failed" => "server_error", _ => "invalid_request" };
            return new JsonAnswer(new JsonObject { ["error"] = error }, status).ExecuteAsync(http);
        }
        return http.RequestServices.GetRequiredService<PageRenderer>().Problem(http, $"error.{name}", status).ExecuteAsync(http);
    }

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException) { yield return e; }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed with {Status}")]
    private static partial void LogFailed(ILogger log, Exception fault, string method, string path, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was refused with {Status}: {Reason}")]
    private static partial void LogRefused(ILogger log, string method, string path, int status, string reason);
}
