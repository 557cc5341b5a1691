using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Portal.Web.Access;

namespace Portal.Web.Api;

/// <summary>Requests of one program in a minute. Setting <c>Portal:ApiRequestsPerMinute</c>, 600 if absent; each node counts for itself.</summary>
public sealed class ApiLimits(IConfiguration settings) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limits = Make(Math.Clamp(settings.GetValue("Portal:ApiRequestsPerMinute", 600), 1, 1_000_000));

    private static PartitionedRateLimiter<string> Make(int perMinute) => PartitionedRateLimiter.Create<string, string>(program => RateLimitPartition.GetTokenBucketLimiter(program, _ => new()
    {
        // A minute's worth at once; then it comes back bit by bit.
        TokenLimit = perMinute, TokensPerPeriod = Math.Max(1, perMinute / 20), ReplenishmentPeriod = TimeSpan.FromMinutes(1) / Math.Min(20, perMinute), QueueLimit = 0,
    }));

    /// <returns>Null where the request may pass; else how long to wait.</returns>
    public TimeSpan? Take(string program)
    {
        using var lease = _limits.AttemptAcquire(program);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(3);
    }

    public void Dispose() => _limits.Dispose();
}

/// <summary>Which scope an endpoint of the API needs.</summary>
public sealed record NeedsScope(string Scope);

/// <summary>
/// Between the token and the endpoint: how often the program calls, whom it acts for now, and how much of that person's rights its scopes leave. What is missing is said
/// in words that tell what to do.
/// </summary>
internal static class ApiDoor
{
    /// <summary>Of a request's body, in bytes: a delivery of some ten thousand figures.</summary>
    public const int LargestBody = 4 * 1024 * 1024;

    public static async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) { size.MaxRequestBodySize = LargestBody; }
        if (ApiToken.Of(http) is { } token && http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null && !await EnterAsync(http, token)) { return; }
        await next(http);
    }

    private static async Task<bool> EnterAsync(HttpContext http, ApiToken token)
    {
        var services = http.RequestServices;
        if (services.GetRequiredService<ApiLimits>().Take(token.ClientId) is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await ApiProblems.WriteAsync(http, StatusCodes.Status429TooManyRequests, "api.too-many");
            return false;
        }
        var api = services.GetRequiredService<ApiAddresses>();
        if (await services.GetRequiredService<Askers>().FindAsync(token.IsOfProgram ? api.IssuerOfPrograms : api.IssuerOfPeople, token.Subject, http.RequestAborted) is not { } person)
        {
            await ApiProblems.WriteAsync(http, StatusCodes.Status403Forbidden, token.IsOfProgram ? "api.program-without-person" : "api.no-person", token.ClientId);
            return false;
        }
        if (http.GetEndpoint()?.Metadata.GetMetadata<NeedsScope>() is { Scope: var needed } && !token.Scopes.Contains(needed))
        {
            http.Response.Headers.WWWAuthenticate = ApiTokenHandler.Challenge(api, "insufficient_scope", needed);
            await ApiProblems.WriteAsync(http, StatusCodes.Status403Forbidden, "api.scope-missing", needed);
            return false;
        }
        var scope = ApiScopes.Narrow(person.Scope, token.Scopes);
        http.Items[typeof(Asker)] = person with { Scope = scope, Viewer = person.Viewer with { Permissions = scope.Permissions, TimeZone = TimeZoneInfo.Utc } };
        services.GetRequiredService<CurrentScope>().Set(scope, $"api:{token.ClientId}");
        return true;
    }
}
