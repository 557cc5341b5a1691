using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Persistence;

namespace Portal.Web.Host;

/// <summary>
/// The one place where an exception becomes an answer: logged once with the correlation id, shown without detail.
/// </summary>
public sealed class Faults(RequestDelegate next, ILogger<Faults> log)
{
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteInputOutput = 10, SqliteDamaged = 11, SqliteFull = 13, SqliteCannotOpen = 14, SqliteNoDatabase = 26;
    private const string PostgresDiskFull = "53100";
    private const int ClientClosed = 499;

    /// <summary>No space and quota reached on Linux, disk full on Windows, as exceptions carry them.</summary>
    private const int NoSpace = 28, QuotaReached = 122, WindowsDiskFull = unchecked((int)0x80070070);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted) { context.Response.StatusCode = ClientClosed; }
            return;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var status = StatusOf(fault);
            if (status >= 500) { log.LogError(fault, "{Method} {Path} failed with {Status}", context.Request.Method, context.Request.Path, status); }
            else { log.LogWarning("{Method} {Path} was refused with {Status}: {Reason}", context.Request.Method, context.Request.Path, status, fault.Message); }
            var httpsOnly = context.Response.Headers.StrictTransportSecurity;
            context.Response.Clear();
            SecurityHeaders.Apply(context);
            context.Response.Headers.StrictTransportSecurity = httpsOnly;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status503ServiceUnavailable) { context.Response.Headers.RetryAfter = "5"; }
        }
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
        {
            await ErrorAnswers.WriteAsync(context);
        }
    }

    /// <summary>True where the disk of the portal or of its database holds no more.</summary>
    public static bool IsFull(Exception fault) => Chain(fault).Any(e => e is IOException { HResult: NoSpace or QuotaReached or WindowsDiskFull } or SqliteException { SqliteErrorCode: SqliteFull }
        or DbException { SqlState: PostgresDiskFull });

    /// <summary>True where the machine or a service behind the portal is at fault and a later try may succeed.</summary>
    public static bool IsUnreachable(Exception fault) => Chain(fault).Any(e => e is SocketException or TimeoutException
        or DbException { IsTransient: true } or SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked or SqliteReadOnly or SqliteInputOutput or SqliteCannotOpen }) || IsFull(fault);

    /// <summary>True where the file of the database is broken, or is something else: only a backup helps.</summary>
    public static bool IsDamaged(Exception fault) => Chain(fault).Any(e => e is SqliteException { SqliteErrorCode: SqliteDamaged or SqliteNoDatabase });

    /// <summary>For people at a console, where the program cannot begin because of its settings or its database.</summary>
    /// <returns>Nothing for a fault of another sort.</returns>
    public static string? WhyNoStart(Exception fault) => fault switch
    {
        StartRefusedException or Portal.Sqlite.DatabaseOwnedException or Portal.Identity.Keys.MasterKeyException => fault.Message,
        _ when IsDamaged(fault) => $"The database cannot be read: {fault.GetBaseException().Message} Restore a backup.",
        _ => null,
    };

    private static int StatusOf(Exception fault) => fault switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        ScopeViolationException => StatusCodes.Status404NotFound,
        ReadOnlyScopeException => StatusCodes.Status403Forbidden,
        DuplicateSubmissionException or DbUpdateConcurrencyException => StatusCodes.Status409Conflict,
        InvalidDataException => StatusCodes.Status413PayloadTooLarge,
        _ when IsFull(fault) => StatusCodes.Status507InsufficientStorage,
        _ when IsUnreachable(fault) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException) { yield return e; }
    }
}
